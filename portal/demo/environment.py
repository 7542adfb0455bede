"""What the demo's programs are told: the settings of a real installation, on this machine alone."""

import base64
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.demo.errors import DemoError

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
SENDER_ID = "strongbox"
# Not a secret: it opens the sandbox on this machine and nothing else.
SENDER_PASSWORD = "sandbox-sender-1"  # noqa: S105


@dataclass(frozen=True)
class Ports:
    """Where the portal and the sandbox gateway listen."""

    web: int
    sandbox: int

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.web}"

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.sandbox}/ia/xml/xmlgw.phtml"


def find_ports(environment: Mapping[str, str]) -> Ports:
    """The ports of DEMO_PORT and SANDBOX_PORT. Raises DemoError when one is no port or busy."""
    ports = Ports(free_port(environment, "DEMO_PORT", 8000), free_port(environment, "SANDBOX_PORT", 8090))
    if ports.web == ports.sandbox:
        raise DemoError(
            f"DEMO_PORT and SANDBOX_PORT are both {ports.web}. Set one of them to another number."
        )
    return ports


def free_port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise DemoError(f"{name}={text} is not a port. Set {name} to a number from 1 to 65535.")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, int(text)))
        except OSError:
            raise DemoError(
                f"Port {text} is busy. Set {name} to another port, or stop what uses it."
            ) from None
    return int(text)


def stored_secrets(data_folder: Path) -> dict[str, str]:
    """The demo's keys and its staff password, made at the first start, in a file only its owner can read."""
    path = data_folder / "demo-secrets.env"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "VAULT_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "DEMO_STAFF_PASSWORD": secrets.token_urlsafe(12),
        }
        unfinished = path.with_suffix(".unfinished")
        with open(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
        unfinished.rename(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def program_environment(
    inherited: Mapping[str, str], data_folder: Path, ports: Ports, kept: Mapping[str, str]
) -> dict[str, str]:
    """The environment of every program. DATABASE_URL and CELERY_BROKER_URL pass through when set."""
    return dict(inherited) | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "0",
        "SECRET_KEY": kept["SECRET_KEY"],
        "VAULT_KEYS": kept["VAULT_KEYS"],
        "DATA_DIR": str(data_folder),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "BASE_URL": ports.base_url,
        "EMAIL_URL": f"filemail://{data_folder / 'mail'}",
        "INTACCT_SANDBOX": "1",
        "INTACCT_ENDPOINT": ports.endpoint,
        "INTACCT_SENDER_ID": SENDER_ID,
        "INTACCT_SENDER_PASSWORD": SENDER_PASSWORD,
        "DEMO_STAFF_PASSWORD": kept["DEMO_STAFF_PASSWORD"],
        # The demo's password stands on the screen of whoever started it, on this machine alone.
        "STAFF_TWO_FACTOR": inherited.get("STAFF_TWO_FACTOR", "0"),
    }

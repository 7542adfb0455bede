"""Ports, secrets and settings of the demo."""

import socket
import stat
from pathlib import Path

import pytest

from portal.demo.environment import Ports, find_ports, program_environment, stored_secrets
from portal.demo.errors import DemoError


def test_a_busy_port_is_an_error_that_names_the_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoError, match=f"Port {port} is busy. Set SANDBOX_PORT to another port"):
            find_ports({"DEMO_PORT": "18755", "SANDBOX_PORT": str(port)})


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_an_error_that_names_the_variable(text: str) -> None:
    with pytest.raises(DemoError, match="Set DEMO_PORT to a number from 1 to 65535"):
        find_ports({"DEMO_PORT": text})


def test_one_port_cannot_serve_both() -> None:
    with pytest.raises(DemoError, match="DEMO_PORT and SANDBOX_PORT are both 18755"):
        find_ports({"DEMO_PORT": "18755", "SANDBOX_PORT": "18755"})


def test_the_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = stored_secrets(tmp_path)
    assert stored_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "demo-secrets.env").stat().st_mode) == 0o600
    assert set(first) == {"SECRET_KEY", "VAULT_KEYS", "DEMO_STAFF_PASSWORD"} and all(first.values())


def test_the_programs_run_as_in_production_whatever_the_shell_has_set(tmp_path: Path) -> None:
    shell = {
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BASE_URL": "https://elsewhere.example",
    }
    environment = program_environment(shell, tmp_path, Ports(18000, 18090), stored_secrets(tmp_path))
    assert environment["DEBUG"] == "0"
    assert environment["DJANGO_SETTINGS_MODULE"] == "portal.settings"
    assert environment["BASE_URL"] == "http://127.0.0.1:18000"
    assert environment["INTACCT_ENDPOINT"] == "http://127.0.0.1:18090/ia/xml/xmlgw.phtml"

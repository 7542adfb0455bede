"""docker-compose.yml: what it promises, and its commands run as processes against its own health checks."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.installation import Installation

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = ("web", "worker", "beat", "sandbox")
PORTS = (8000, 8090)
SECONDS_TO_BECOME_WELL = 60


def test_every_service_that_stays_has_a_health_check() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_every_image_has_a_pinned_tag() -> None:
    images = [service["image"] for service in SERVICES.values()]
    base = re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert base
    assert [image for image in [*images, base[1]] if not re.search(r":\d+\.\d+", image)] == []


@pytest.mark.slow
def test_the_images_own_steps_run_with_the_files_that_it_copies(tmp_path: Path) -> None:
    """Without Docker: the tree that COPY makes, and the step that starts our program in it, as written."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for sources, target in re.findall(r"^COPY (.+) (\S+)$", dockerfile, re.MULTILINE):
        for source in sources.split():
            place = tmp_path / target / ("" if (ROOT / source).is_dir() else source)
            (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, place)
    (step,) = re.findall(r"^RUN (.+ manage\.py .+)$", dockerfile, re.MULTILINE)
    static = tmp_path / "static-files"
    # Only what the image has: no secret and no setting of this machine.
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "DATA_DIR": str(tmp_path / "data"),
        "STATIC_ROOT": str(static),
    }
    finished = subprocess.run(
        ["sh", "-c", step], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    assert (static / "staticfiles.json").is_file()


def test_one_service_migrates_and_the_others_wait_for_it() -> None:
    assert [name for name, service in SERVICES.items() if "migrate" in service.get("command", [])] == [
        "migrate"
    ]
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_there_may_be_any_number_of_workers_and_one_clock() -> None:
    worker, beat = SERVICES["worker"], SERVICES["beat"]
    assert worker["deploy"]["replicas"] > 1
    assert not {"container_name", "hostname", "ports"} & set(worker)
    assert not {"-B", "--beat"} & set(worker["command"])
    assert "deploy" not in beat


def test_no_secret_is_written_down() -> None:
    values = re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEYS?)\w*:\s*(.+)$", TEXT, re.MULTILINE)
    assert values and all(value.startswith('"${') and ":?" in value for value in values)
    assert "strongbox:${POSTGRES_PASSWORD:?" in SERVICES["web"]["environment"]["DATABASE_URL"]


def test_the_sandbox_is_started_only_by_its_profile_and_sees_no_secret() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["sandbox"]
    assert not SERVICES["sandbox"]["env_file"] and not SERVICES["sandbox"]["environment"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the containers are told: .env as an operator would fill it, and the addresses of real servers."""
    folder = tmp_path_factory.mktemp("compose")
    servers = {
        "DATABASE_URL": os.environ["SERVICES_DATABASE_URL"],
        "CELERY_BROKER_URL": os.environ["SERVICES_REDIS_URL"],
    }
    Installation(folder / "unused", **servers).empty_services()
    return servers | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "SECRET_KEY": "a key of the compose test " + "0123456789" * 3,
        "VAULT_KEYS": "dGhlIHZhdWx0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI=",
        "BASE_URL": "https://portal.example.com",
        "ALLOWED_HOSTS": "portal.example.com",
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
    }


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def command_of(name: str, company: Path) -> list[str]:
    """The service's command; the company folder stands where the container would have it mounted."""
    return [part.replace("/company", str(company)) for part in SERVICES[name]["command"]]


def health(name: str, environment: dict[str, str]) -> bool:
    kind, *command = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD"
    return run(command, environment).returncode == 0


def require_free_ports() -> None:
    for port in PORTS:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                pytest.skip(f"port {port} is busy: the containers' own commands cannot run here")


@pytest.fixture(scope="module")
def migrated(environment: dict[str, str]) -> dict[str, str]:
    require_free_ports()
    for command in (SERVICES["migrate"]["command"], ["python", "manage.py", "collectstatic", "--noinput"]):
        result = run(command, environment)
        assert result.returncode == 0, result.stderr
    return environment


@pytest.fixture(scope="module")
def ill_before(migrated: dict[str, str]) -> dict[str, bool]:
    """What the health checks say while nothing runs."""
    return {name: health(name, migrated) for name in OURS}


@pytest.fixture(scope="module")
def processes(
    migrated: dict[str, str],
    ill_before: dict[str, bool],
    small_company: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    log = (tmp_path_factory.mktemp("logs") / "log").open("wb")
    started = {
        name: subprocess.Popen(
            command_of(name, small_company), cwd=ROOT, env=migrated, stdout=log, stderr=log
        )
        for name in OURS
    }
    yield started
    for process in started.values():
        if process.poll() is None:
            process.kill()
        process.wait()
    log.close()


@pytest.mark.services
@pytest.mark.parametrize("name", OURS)
def test_the_command_satisfies_the_health_check(
    name: str,
    processes: dict[str, subprocess.Popen[bytes]],
    migrated: dict[str, str],
    ill_before: dict[str, bool],
) -> None:
    assert not ill_before[name]
    deadline = time.monotonic() + SECONDS_TO_BECOME_WELL
    while not health(name, migrated):
        assert processes[name].poll() is None, f"{name} ended"
        assert time.monotonic() < deadline, f"{name} did not become well"
        time.sleep(0.5)


@pytest.mark.services
def test_all_stop_in_good_order_when_told_to(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.send_signal(signal.SIGTERM)
    assert {name: process.wait(timeout=30) for name, process in processes.items()} == dict.fromkeys(OURS, 0)

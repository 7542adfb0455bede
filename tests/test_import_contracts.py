"""The import contracts of pyproject.toml name every module, and each of them bites."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("portal", "collections_app", "intacct")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]


def contract(name: str) -> dict[str, list[str]]:
    return next(each for each in CONTRACTS if each["name"] == name)


def client_modules() -> set[str]:
    entries = (ROOT / "intacct").iterdir()
    names = {path.stem for path in entries if path.suffix == ".py" or (path / "__init__.py").exists()}
    return {f"intacct.{name}" for name in names - {"__init__", "sandbox"}}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_client_and_sandbox_are_kept_apart_module_by_module() -> None:
    assert set(contract("the sandbox uses nothing of the client")["forbidden_modules"]) == client_modules()
    assert set(contract("the client uses nothing of the sandbox")["source_modules"]) == client_modules()


def test_no_sandbox_module_imports_the_client_by_its_package(graph: grimp.ImportGraph) -> None:
    sandbox = {"intacct.sandbox"} | graph.find_descendants("intacct.sandbox")
    assert not sandbox & graph.find_modules_that_directly_import("intacct")


def test_every_source_file_is_seen_by_the_contracts(graph: grimp.ImportGraph) -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert {module_of(path) for path in files} - graph.modules == set()


# What is planted where, and the import that the linter must then report.
VIOLATIONS = {
    "collections_app/states.py": ("import portal.apps", "collections_app.states -> portal.apps"),
    "intacct/records.py": ("import celery", "intacct.records -> celery"),
    "portal/views.py": ("import intacct", "portal.views -> intacct"),
    "collections_app/vault.py": ("import intacct.errors", "collections_app.vault -> intacct.errors"),
    "intacct/sandbox/server.py": ("import intacct.parsing", "intacct.sandbox.server -> intacct.parsing"),
    "intacct/transport.py": ("import intacct.sandbox", "intacct.transport -> intacct.sandbox"),
    "collections_app/reports/build.py": ("import requests", "collections_app.reports.build -> requests"),
}


def test_a_planted_violation_of_each_contract_is_caught(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, (line, _) in VIOLATIONS.items():
        with (tmp_path / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}
    result = subprocess.run(
        [linter, "--no-cache"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert f"{len(CONTRACTS)} broken" in result.stdout
    missed = [chain for _, chain in VIOLATIONS.values() if chain not in result.stdout]
    assert not missed, result.stdout

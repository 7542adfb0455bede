"""Public clients in a cache outside the checkout, installed when they are first needed."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NPM_CLIENT, PYPI_CLIENT = "@intacct/intacct-sdk@2.2.1", "sageintacctsdk==1.28.1"


class PeerMissing(Exception):
    """A public client that cannot be installed here; the text says what it needs."""


@dataclass(frozen=True)
class Peer:
    """A public client: its name, and the command that drives it."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()

    def run(self, *arguments: str, timeout: float = 110) -> str:
        """What the client's program prints; raises CalledProcessError where it fails."""
        environment = {**os.environ, **dict(self.environment)}
        ended = subprocess.run(
            [*self.command, *arguments],
            check=True,
            text=True,
            capture_output=True,
            timeout=timeout,
            env=environment,
        )
        return ended.stdout


def cache() -> Path:
    """Where the clients are kept between runs."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "intacct-peers"


def sage_intacct_sdk() -> Peer:
    """PyPI's sageintacctsdk, in a virtual environment; raises PeerMissing."""
    folder = cache() / "python"
    python = folder / "bin" / "python"
    if not any(folder.glob("lib/python3*/site-packages/sageintacctsdk/__init__.py")):
        _install([sys.executable, "-m", "venv", str(folder)], "a virtual environment")
        _install(
            [str(python), "-m", "pip", "install", "--quiet", PYPI_CLIENT], "the package registry of Python"
        )
    return Peer("sageintacctsdk", (str(python), str(HERE / "python_peer.py")))


def intacct_sdk() -> Peer:
    """npm's @intacct/intacct-sdk; raises PeerMissing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise PeerMissing("needs node and npm")
    folder = cache() / "npm"
    modules = folder / "node_modules"
    if not (modules / "@intacct" / "intacct-sdk" / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", str(folder)]
        _install([npm, "install", *options, NPM_CLIENT], "the package registry of npm")
    program = str(HERE / "javascript_peer.cjs")
    return Peer("@intacct/intacct-sdk", (node, program), (("NODE_PATH", str(modules)),))


def _install(command: list[str], need: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=100)
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerMissing(f"needs {need}") from error

"""On a bare system the pack cannot be drawn; the sentence says what to install."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

CODE = """
from collections_app.reports.statement_pack.printing import PackUnavailable, print_markup
try:
    print_markup("<html lang=en><title>t</title><p>text</p>")
except PackUnavailable as error:
    print(error)
"""
CURE = "install the packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core."


def said(**environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    # The engine has words of its own about libraries, before ours.
    return result.stdout.strip().splitlines()[-1]


def test_a_system_without_fonts_is_told_which_packages_to_install(tmp_path: Path) -> None:
    nothing = tmp_path / "fonts.conf"
    nothing.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    assert said(FONTCONFIG_FILE=str(nothing)) == (
        f"statements.pdf cannot be made because no font is installed; {CURE}"
    )


def test_a_system_without_the_libraries_is_told_which_packages_to_install(tmp_path: Path) -> None:
    """The engine asks the loader for its libraries by name; this loader knows none of them."""
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    assert said(PYTHONPATH=str(tmp_path)) == (
        f"statements.pdf cannot be made because a library that draws its pages is missing; {CURE}"
    )

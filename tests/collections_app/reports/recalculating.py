"""LibreOffice as an independent calculator: it is given formulas without their values and works them out."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

SOFFICE = shutil.which("soffice")
MISSING = "NOT TESTED: LibreOffice is not installed; the Debian package libreoffice-calc has it."
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
_CACHED = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")


def recalculated(file: Path, folder: Path) -> Workbook:
    """The workbook as LibreOffice opens, computes and saves it. Without it, skips, or fails in CI."""
    if SOFFICE is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    bare = folder / "bare.xlsx"
    _without_values(file, bare)
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "done"), str(bare)]
    subprocess.run([SOFFICE, "--headless", profile, *convert], check=True, capture_output=True, timeout=400)
    return load_workbook(folder / "done" / "bare.xlsx", data_only=True)


def _without_values(file: Path, bare: Path) -> None:
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as written:
        for name in given.namelist():
            content = given.read(name)
            if name.startswith("xl/worksheets/"):
                content = _CACHED.sub(rb"\1", content)
            written.writestr(name, content)

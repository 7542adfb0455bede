"""The company folder that the demo's gateway serves: where it is, who signs in, which period to ask for."""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from portal.demo.environment import ROOT
from portal.demo.errors import DemoError


@dataclass(frozen=True)
class Company:
    """A company folder, a sign-in that its gateway accepts, and the first and last day to collect."""

    folder: Path
    company_id: str
    user_id: str
    password: str = field(repr=False)
    date_from: date
    date_to: date


def find_company(environment: Mapping[str, str], data_folder: Path) -> Company:
    """The company of DEMO_COMPANY, or the demo's own, which is generated once. Raises DemoError."""
    chosen = environment.get("DEMO_COMPANY")
    folder = Path(chosen).resolve() if chosen else own_company(data_folder / "demo-company")
    try:
        description = json.loads((folder / "company.json").read_text(encoding="utf-8"))
        user = next(user for user in description["users"] if user["status"] == "active")
        first, last = ledger_days(folder)
    except FileNotFoundError as error:
        raise DemoError(
            f"{folder} is not a company folder: {Path(error.filename).name} is missing."
        ) from None
    except (KeyError, StopIteration, ValueError):
        raise DemoError(
            f"{folder} is not a company folder: it has no active user or no ledger lines."
        ) from None
    date_from, date_to = period_to_ask_for(first, last)
    return Company(folder, description["companyid"], user["userid"], user["password"], date_from, date_to)


def own_company(folder: Path) -> Path:
    """Generates the demo's company unless it is there. Raises DemoError."""
    if folder.exists():
        return folder
    # Elsewhere until it is whole: a start that was cut off must not leave half a company.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="generating-") as workshop:
        made = Path(workshop) / folder.name
        command = [sys.executable, "-m", "intacct.sandbox", "generate", str(made)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            raise DemoError(f"The demo company could not be generated: {result.stderr.strip()[-500:]}")
        return made.rename(folder)


def ledger_days(folder: Path) -> tuple[date, date]:
    """The first and the last day of the posted lines. Raises ValueError when there are none."""
    first, last = date.max, date.min
    with (folder / "GLDETAIL.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            month, day, year = row["ENTRY_DATE"].split("/")
            entry = date(int(year), int(month), int(day))
            first, last = min(first, entry), max(last, entry)
    if first > last:
        raise ValueError("no lines")
    return first, last


def period_to_ask_for(first: date, last: date) -> tuple[date, date]:
    """The last calendar year that the lines cover whole; where there is none, the months they touch."""
    for year in range(last.year, first.year - 1, -1):
        if first <= date(year, 1, 31) and last >= date(year, 12, 1):
            return date(year, 1, 1), date(year, 12, 31)
    return first.replace(day=1), (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

"""The tables of a company folder as a collection hands them on: dates ISO 8601, everything else as it is."""

import csv
import re
from pathlib import Path

Rows = list[dict[str, str]]
Tables = dict[str, Rows]

_AMERICAN_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def company_tables(folder: Path) -> Tables:
    """Every table of the folder, by the name of its object."""
    return {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {name: _AMERICAN_DATE.sub(r"\3-\1-\2", value) for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]

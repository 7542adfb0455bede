"""Writing one CSV file."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the rows of an object under its header, in the form the gateway's fields have."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

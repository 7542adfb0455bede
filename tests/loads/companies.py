"""Company folders of a size, and many companies with the same books."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def generate(folder: Path, company_id: str, **sizes: int) -> Path:
    """Writes a company; ``sizes`` are the options of `python -m intacct.sandbox generate`."""
    given = [part for name, size in sizes.items() for part in (f"--{name.replace('_', '-')}", str(size))]
    command = [sys.executable, "-m", "intacct.sandbox", "generate", str(folder), "--company-id", company_id]
    subprocess.run([*command, *given], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


def copies(company: Path, folder: Path, company_ids: Iterable[str]) -> list[Path]:
    """The same books under many ids. Only the description is copied; the tables are links."""
    description = json.loads((company / "company.json").read_text("utf-8"))
    made = []
    for company_id in company_ids:
        copy = folder / company_id
        copy.mkdir(parents=True)
        changed = description | {"companyid": company_id, "name": f"Company {company_id}"}
        (copy / "company.json").write_text(json.dumps(changed), "utf-8")
        for table in company.glob("*.csv"):
            (copy / table.name).symlink_to(table.resolve())
        made.append(copy)
    return made

"""How often the suggested category is right: ``python -m tests.benchmarks.suggestions FOLDER...``

For each company folder, the accounts that have a category are asked about as if they had none.
"""

import sys
from pathlib import Path

from tests.collections_app.reports.hit_rates import (
    categorized,
    decisions_for,
    from_nothing,
    in_three_branches,
    leaving_one_out,
    wrong_in,
)
from tests.collections_app.reports.integer_ledger import company_accounts


def lines_about(folder: Path) -> list[str]:
    accounts = categorized(company_accounts(folder, {}))
    lines = [
        f"{folder.name}: {len(accounts)} accounts with a category",
        f"  title, number and type alone   {from_nothing(accounts)}",
        f"  with the neighbors' categories {leaving_one_out(accounts)}",
    ]
    for name, chart in (("no category at all", accounts), ("in three branches", in_three_branches(accounts))):
        found = decisions_for(chart)
        wrong = wrong_in(found, chart)
        lines.append(
            f"  {name}: {len(found)} answers for {len(chart)} accounts, "
            f"{wrong} accounts to take out of their group"
        )
    return lines


def main(folders: list[str]) -> int:
    if not folders:
        print("Name one or more company folders.", file=sys.stderr)
        return 2
    for folder in folders:
        print("\n".join(lines_about(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

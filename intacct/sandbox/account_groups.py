"""Groups of accounts: which accounts a group holds, by ranges, by categories and by groups inside it.

`GLACCTGRP.csv` names the groups. Their members stand in files of their own, each row with the group's name
in GLACCTGRPNAME: `ACCTRANGE.csv` (RANGEFROM, RANGETO), `GLCOACATMEMBER.csv` (CATEGORYNAME) and
`GLACCTGRPMEMBER.csv` (CHILDNAME). The flattened view follows from them, as it does at the gateway.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intacct.sandbox.tables import Row, Table

Tables = Callable[[str], Table]
_HIERARCHY = (
    "RECORDNO", "GLACCTGRPNAME", "ACCOUNTNO", "ACCOUNTTITLE", "ACCOUNTTYPE", "ACCOUNTNORMALBALANCE",
)  # fmt: skip


@dataclass(frozen=True)
class AccountGroup:
    """A group, the groups inside it, and the accounts that it names itself: number and title."""

    name: str
    groups: tuple["AccountGroup", ...]
    accounts: tuple[tuple[str, str], ...]

    def numbers(self) -> frozenset[str]:
        """Every account of the group, however deep."""
        own = frozenset(number for number, _ in self.accounts)
        return own.union(*(group.numbers() for group in self.groups))


def account_group(tables: Tables, name: str, above: tuple[str, ...] = ()) -> AccountGroup | None:
    """The group of this name, None where there is none; a group inside itself is left out."""
    if name in above or all(row["NAME"] != name for row in tables("GLACCTGRP").records()):
        return None
    inside = (
        account_group(tables, row["CHILDNAME"], (*above, name))
        for row in _members(tables, "GLACCTGRPMEMBER", name)
    )
    return AccountGroup(
        name, tuple(group for group in inside if group is not None), tuple(_accounts(tables, name))
    )


def _members(tables: Tables, kind: str, name: str) -> list[dict[str, str]]:
    return [row for row in tables(kind).records() if row["GLACCTGRPNAME"] == name]


def _accounts(tables: Tables, name: str) -> Iterator[tuple[str, str]]:
    ranges = [(row["RANGEFROM"], row["RANGETO"]) for row in _members(tables, "ACCTRANGE", name)]
    categories = {row["CATEGORYNAME"] for row in _members(tables, "GLCOACATMEMBER", name)}
    for kind in ("GLACCOUNT", "STATACCOUNT"):
        for account in sorted(tables(kind).records(), key=lambda row: row["ACCOUNTNO"]):
            number = account["ACCOUNTNO"]
            if account.get("CATEGORY") in categories or any(
                first <= number <= last for first, last in ranges
            ):
                yield number, account.get("TITLE", "")


def group_members(tables: Tables) -> Table:
    """The flattened view, GLACCTGRPHIERARCHY: a row for each account of each group."""
    chart = {row["ACCOUNTNO"]: row for row in tables("GLACCOUNT").records()}
    rows: list[Row] = []
    for record in tables("GLACCTGRP").records():
        group = account_group(tables, record["NAME"])
        for number in sorted(group.numbers()) if group is not None else ():
            account = chart.get(number, {})
            described = (account.get(name, "") for name in ("TITLE", "ACCOUNTTYPE", "NORMALBALANCE"))
            rows.append((str(len(rows) + 1), record["NAME"], number, *described))
    return Table(_HIERARCHY, tuple(rows))

"""GLDETAIL: every line of every book."""

from collections.abc import Iterator
from pathlib import Path

from intacct.sandbox.generate.currencies import BASE
from intacct.sandbox.generate.group import Group
from intacct.sandbox.generate.journals import Batch
from intacct.sandbox.generate.plan import american, money
from intacct.sandbox.generate.tables import write_table

_HEADER = (
    "RECORDNO", "BATCHKEY", "BATCH_DATE", "BATCH_TITLE", "BATCH_NO", "SYMBOL", "BOOKID", "MODULEKEY",
    "LINE_NO", "ENTRY_DATE", "TR_TYPE", "ACCOUNTNO", "ACCOUNTTITLE", "STATISTICAL", "DEPARTMENTID",
    "LOCATIONID", "CURRENCY", "BASECURR", "AMOUNT", "DEBITAMOUNT", "CREDITAMOUNT", "TRX_AMOUNT", "DOCUMENT",
    "DESCRIPTION", "ADJ", "STATE", "CUSTOMERID", "VENDORID", "WHENCREATED", "AUWHENCREATED", "WHENMODIFIED",
)  # fmt: skip
_MODULES = {"ARJ": "4.AR", "CRJ": "4.AR", "APJ": "3.AP", "CDJ": "3.AP", "TRJ": "11.CM", "IJ": "7.INV"}


def write_ledger(group: Group, folder: Path) -> None:
    """Write GLDETAIL.csv."""
    titles = {account.number: account.title for account in group.chart} | {"9000": "People employed"}
    write_table(folder, "GLDETAIL", _HEADER, _rows(group, titles))


def _rows(group: Group, titles: dict[str, str]) -> Iterator[tuple[object, ...]]:
    for number, batch in enumerate(group.batches, 1):
        yield from _batch_rows(number, batch, titles)


def _batch_rows(number: int, batch: Batch, titles: dict[str, str]) -> Iterator[tuple[object, ...]]:
    day = american(batch.day)
    module = (
        _MODULES.get(batch.journal, "2.GL") if batch.partner or batch.journal in ("TRJ", "IJ") else "2.GL"
    )
    customer = batch.partner if batch.partner.startswith("C") else ""
    vendor = batch.partner if batch.partner.startswith("V") else ""
    currency = "" if batch.statistical else batch.currency
    created = american(batch.documented or batch.day)
    flags = ("T" if batch.adjusting else "F", batch.state)
    for place, line in enumerate(batch.lines, 1):
        credit = line.cents < 0
        amount, unsigned = money(line.cents), money(abs(line.cents))
        abroad = amount if batch.currency == BASE else money(line.foreign)
        yield (
            f"{number}-{place}", number, day, batch.title, number, batch.journal, batch.book, module, place,
            day, -1 if credit else 1, line.account, titles[line.account], "T" if batch.statistical else "F",
            line.department, batch.location, currency, BASE, amount, "0" if credit else unsigned,
            unsigned if credit else "0", abroad, batch.title, batch.title, *flags, customer, vendor, created,
            f"{day} 18:00:00", f"{day} 18:00:00",
        )  # fmt: skip

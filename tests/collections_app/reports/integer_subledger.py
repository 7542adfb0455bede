"""An independent subledger for the tests: whole cents in SQLite, no arithmetic shared with the reports.

It is read straight from a company folder's files and answers an aging for any day by one query over all rows.
"""

import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.collections_app.reports.integer_ledger import cents, gateway_date, money, read_csv

_SCHEMA = """
CREATE TABLE document (
    key TEXT PRIMARY KEY, kind TEXT, party TEXT, number TEXT, entered TEXT, created TEXT, due TEXT,
    cents INTEGER, state TEXT, gone TEXT
);
CREATE TABLE application (
    document TEXT, source TEXT, day TEXT, cents INTEGER, state TEXT, payment TEXT
);
"""
# What enters, from when to when each settlement counts, and what is open at the end of the day in `moment`.
# A settlement works against the sign of what it settles.
_OPEN = """
CREATE TABLE item AS
    SELECT * FROM document
    WHERE state NOT IN ('Draft', 'Submitted', 'Declined', 'No Value', 'Reversal')
      AND (state NOT IN ('Reversed', 'Voided') OR gone IS NOT NULL);
CREATE UNIQUE INDEX item_key ON item (key);
CREATE TABLE part AS
    SELECT a.document, a.source, a.cents,
           MAX(a.day, d.entered, COALESCE(s.entered, p.entered, '')) AS starts,
           MIN(COALESCE(d.gone, '9999'), COALESCE(s.gone, p.gone, '9999')) AS ends
    FROM application a
    JOIN item d ON d.key = a.document
    LEFT JOIN item s ON s.key = a.source
    LEFT JOIN item p ON p.key = a.payment
    WHERE a.state NOT IN ('Draft', 'Reversal')
      AND (a.source = '' OR s.key IS NOT NULL)
      AND (a.payment = '' OR p.key IS NOT NULL);
CREATE TABLE moment (day TEXT);
INSERT INTO moment VALUES ('');
CREATE VIEW settled AS
    WITH live AS (SELECT part.* FROM part, moment WHERE starts <= day AND ends > day)
    SELECT key, SUM(cents) AS cents FROM (
        SELECT document AS key, cents FROM live UNION ALL SELECT source, cents FROM live WHERE source <> ''
    ) GROUP BY key;
CREATE VIEW opened AS
    SELECT i.party, i.kind, i.key, day, i.created,
           CASE WHEN i.kind = 'document' AND i.cents > 0 THEN COALESCE(NULLIF(i.due, ''), i.created)
                ELSE i.created END AS due,
           i.cents - SIGN(i.cents) * COALESCE(s.cents, 0) AS open
    FROM moment, item i LEFT JOIN settled s ON s.key = i.key
    WHERE i.entered <= day AND (i.gone IS NULL OR i.gone > day)
      AND i.cents - SIGN(i.cents) * COALESCE(s.cents, 0) <> 0;
"""
_AGING = {
    "due_date": """
        WITH aged AS (SELECT *, julianday(day) - julianday(due) AS age FROM opened)
        SELECT party,
               SUM(open) FILTER (WHERE kind = 'document' AND age <= 0),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 1 AND 30),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 31 AND 60),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 61 AND 90),
               SUM(open) FILTER (WHERE kind = 'document' AND age > 90),
               SUM(open) FILTER (WHERE kind = 'unapplied')
        FROM aged GROUP BY party""",
    "invoice_date": """
        WITH aged AS (SELECT *, julianday(day) - julianday(created) AS age FROM opened)
        SELECT party,
               SUM(open) FILTER (WHERE kind = 'document' AND age <= 30),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 31 AND 60),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 61 AND 90),
               SUM(open) FILTER (WHERE kind = 'document' AND age BETWEEN 91 AND 120),
               SUM(open) FILTER (WHERE kind = 'document' AND age > 120),
               SUM(open) FILTER (WHERE kind = 'unapplied')
        FROM aged GROUP BY party""",
}
_SIDES = {
    "receivable": ("CUSTOMERID", "ARINVOICE", "ARADJUSTMENT", "ARADVANCE", "ARPYMT", "ARPYMTDETAIL"),
    "payable": ("VENDORID", "APBILL", "APADJUSTMENT", "APADVANCE", "APPYMT", "APPYMTDETAIL"),
}
_SOURCES = (
    ("PAYMENTKEY", "PAYMENTAMOUNT", "payment"),
    ("POSTEDADVANCEKEY", "POSTEDADVANCEAMOUNT", "advance"),
    ("ADJUSTMENTKEY", "ADJUSTMENTAMOUNT", "adjustment"),
    ("", "DISCOUNTAMOUNT", ""),
    ("", "INLINEAMOUNT", ""),
)


def _day(text: str) -> str:
    return gateway_date(text).isoformat() if text else ""


class IntegerSubledger:
    """One side of a company folder; amounts are cents, positive where they are owed."""

    def __init__(self, folder: Path, side: str) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(_SCHEMA)
        self._party, *self._tables = _SIDES[side]
        invoices, adjustments, advances, payments, applications = self._tables
        self._documents(folder, invoices, "document", "invoice")
        self._documents(folder, adjustments, "document", "adjustment")
        self._documents(folder, advances, "unapplied", "advance")
        self._payments(folder, payments)
        self._applications(folder, applications)
        self._reversals()
        self.database.executescript(_OPEN)

    def close(self) -> None:
        self.database.close()

    def total(self, day: date) -> Decimal:
        """All that is open on a day."""
        self._go_to(day)
        return money(self.database.execute("SELECT COALESCE(SUM(open), 0) FROM opened").fetchone()[0])

    def aging(self, day: date, by: str) -> dict[str, tuple[tuple[Decimal, ...], Decimal]]:
        """By party: the amounts of the five buckets, and what is unapplied."""
        self._go_to(day)
        found = {}
        for party, *amounts in self.database.execute(_AGING[by]):
            *buckets, unapplied = (money(amount or 0) for amount in amounts)
            found[party] = (tuple(buckets), unapplied)
        return found

    def _go_to(self, day: date) -> None:
        self.database.execute("UPDATE moment SET day = ?", (day.isoformat(),))

    def _documents(self, folder: Path, table: str, kind: str, prefix: str) -> None:
        sign = -1 if kind == "unapplied" else 1
        for row in self._rows(folder, table):
            values = (
                f"{prefix}:{row['RECORDNO']}",
                kind,
                row[self._party],
                row["RECORDID"],
                _day(row["WHENPOSTED"] or row["WHENCREATED"]),
                _day(row["WHENCREATED"]),
                _day(row["WHENDUE"]),
                sign * cents(row["TOTALENTERED"]),
                row["STATE"],
            )
            self.database.execute("INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?,NULL)", values)

    def _payments(self, folder: Path, table: str) -> None:
        for row in self._rows(folder, table):
            day = _day(row.get("RECEIPTDATE") or row.get("PAYMENTDATE") or row["WHENPAID"])
            amount = -cents(row["TOTALENTERED"])
            key, number = f"payment:{row['RECORDNO']}", row["DOCNUMBER"]
            values = (key, "unapplied", row[self._party], number, day, day, "", amount, row["STATE"])
            self.database.execute("INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?,NULL)", values)

    def _applications(self, folder: Path, table: str) -> None:
        keys = {key for (key,) in self.database.execute("SELECT key FROM document")}
        for row in self._rows(folder, table):
            document = f"invoice:{row['RECORDKEY']}"
            if document not in keys:
                document = f"adjustment:{row['RECORDKEY']}"
            payment = f"payment:{row['PAYMENTKEY']}" if row["PAYMENTKEY"] else ""
            for key, amount, prefix in _SOURCES:
                if row.get(amount):
                    source = f"{prefix}:{row[key]}" if key and row[key] else ""
                    values = (document, source, _day(row["PAYMENTDATE"]), cents(row[amount]), row["STATE"])
                    self.database.execute("INSERT INTO application VALUES (?,?,?,?,?,?)", (*values, payment))

    def _reversals(self) -> None:
        """The day on which each reversed document was taken back, where its reversal is in the table."""
        self.database.execute(
            """
            UPDATE document SET gone = (
                SELECT MIN(r.entered) FROM document r
                WHERE r.state = 'Reversal' AND r.party = document.party AND r.kind = document.kind
                  AND ABS(r.cents) = ABS(document.cents) AND r.entered >= document.entered
                  AND substr(r.key, 1, 4) = substr(document.key, 1, 4)
            ) WHERE state IN ('Reversed', 'Voided')
            """
        )

    @staticmethod
    def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
        path = folder / f"{table}.csv"
        yield from read_csv(path) if path.exists() else ()

"""The checks of some books, without the other reports."""

from collections_app.reports.books import Books
from collections_app.reports.cash_flow_classes import cash_flow_placements
from collections_app.reports.checks.check import Check
from collections_app.reports.checks.material import Material, gather
from collections_app.reports.checks.run import run_checks
from collections_app.reports.consolidation import consolidation_bridges
from collections_app.reports.fiscal_ledger import fiscal_ledger
from collections_app.reports.period_sets import collected_windows
from collections_app.reports.period_statements import period_statements
from collections_app.reports.tie_out import tie_out


def material_of(books: Books) -> Material:
    ledger = fiscal_ledger(books)
    accounts = cash_flow_placements(ledger.placements, books.cash_flow_overrides, books.translation_accounts)
    return gather(
        books,
        ledger,
        period_statements(ledger, collected_windows(ledger.calendar), accounts, books.translation_accounts),
        consolidation_bridges(books),
        tie_out(books, "receivable"),
        tie_out(books, "payable"),
    )


def prove(books: Books) -> dict[str, Check]:
    """Every check of the books by its id."""
    return {check.id: check for check in run_checks(material_of(books))}


def failing(books: Books) -> dict[str, str]:
    """The differences of the checks that fail, as text, by their ids."""
    return {name: f"{check.difference:f}" for name, check in prove(books).items() if check.outcome == "fail"}


def only(books: Books, check: str) -> str:
    """The difference of the only check that fails."""
    failed = failing(books)
    assert failed.keys() == {check}
    return failed[check]


def inconclusive(books: Books) -> set[str]:
    return {name for name, check in prove(books).items() if check.outcome == "inconclusive"}

"""The aging against the control accounts of whole companies."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.books import Books
from collections_app.reports.control_accounts import ControlAccountUnknown
from collections_app.reports.open_items import history
from collections_app.reports.periods import month_end
from collections_app.reports.subledger import Side
from collections_app.reports.tie_out import TieOut, TieOutMonth, tie_out
from tests.collections_app.reports.company_books import company_books
from tests.collections_app.reports.folder_journal import FolderJournal

SIDES = pytest.mark.parametrize("side", ["receivable", "payable"])


@pytest.fixture(scope="module")
def generated(small_company: Path) -> Books:
    days = [line.entry_date for line in FolderJournal(small_company).all]
    return company_books(small_company, min(days).replace(day=1), month_end(max(days)))


@pytest.fixture(scope="module")
def maple_with_documents(maple: Path) -> Books:
    return company_books(maple, date(2019, 10, 1), date(2021, 3, 31))


def differences(result: TieOut) -> dict[date, Decimal]:
    return {month.as_of: month.difference for month in result.months if month.difference}


def on_evidence(result: TieOut, day: date) -> set[tuple[str, Decimal]]:
    month = next(month for month in result.months if month.as_of == day)
    return {(each.cause, found.amount) for each in month.explanations for found in each.evidence}


@SIDES
def test_with_the_account_of_advances_named_every_month_ties_to_the_cent(
    generated: Books, side: Side
) -> None:
    advances = {"receivable": "2210", "payable": "1430"}[side]
    result = tie_out(generated, side, [advances])
    assert len(result.months) > 12
    assert all(month.aging for month in result.months)
    assert differences(result) == {}
    assert {month.outcome for month in result.months} == {"pass"}


@SIDES
def test_advances_on_an_account_of_their_own_are_found_and_not_held_against_the_aging(
    generated: Books, side: Side
) -> None:
    result = tie_out(generated, side)
    apart = [month for month in result.months if month.difference]
    assert apart
    for month in apart:
        (explanation,) = month.explanations
        assert (explanation.cause, explanation.amount) == ("advance_account", month.difference)
        assert {found.account for found in explanation.evidence} == {
            {"receivable": "2210", "payable": "1430"}[side]
        }
        assert month.unexplained == month.judged == 0
        assert month.outcome == "pass"


def test_the_real_ledger_ties_to_the_cent_of_its_source(maple_with_documents: Books) -> None:
    customers, vendors = (
        tie_out(maple_with_documents, side).months[-1] for side in ("receivable", "payable")
    )
    assert (customers.aging, customers.control) == (Decimal("60596.17"), Decimal("60596.16"))
    assert (vendors.aging, vendors.control) == (Decimal("88.46"), Decimal("88.46"))
    assert customers.outcome == vendors.outcome == "pass"


@SIDES
def test_nothing_in_the_real_ledger_stays_unexplained(maple_with_documents: Books, side: Side) -> None:
    result = tie_out(maple_with_documents, side)
    assert differences(result)
    for month in result.months:
        assert month.unexplained == 0
        assert sum(each.amount for each in month.explanations) == month.difference


def test_a_receipt_that_the_ledger_has_a_month_earlier_is_the_evidence(maple_with_documents: Books) -> None:
    """The ledger has a receipt of 6,519.23 in February 2021; the customer's payments show it in March."""
    result = tie_out(maple_with_documents, "receivable")
    february = next(month for month in result.months if month.as_of == date(2021, 2, 28))
    assert february.difference == Decimal("6519.24")
    assert february.outcome == "fail"
    assert ("different_month", Decimal("6519.23")) in on_evidence(result, february.as_of)


def test_a_difference_older_than_the_period_is_brought_forward(maple: Path) -> None:
    """At the end of February 2020 the bills were 351.05 more than the account; March mends that."""
    result = tie_out(company_books(maple, date(2020, 3, 1), date(2020, 4, 30)), "payable")
    march = result.months[0]
    found = {each.cause: each.amount for each in march.explanations}
    assert found["brought_forward"] == Decimal("351.05")
    assert march.difference == march.unexplained == 0


def test_without_journal_lines_the_whole_difference_is_unexplained(maple_with_documents: Books) -> None:
    result = tie_out(replace(maple_with_documents, journal=None), "receivable")
    february = next(month for month in result.months if month.as_of == date(2021, 2, 28))
    assert february.explanations == ()
    assert february.unexplained == february.difference == Decimal("6519.24")


@pytest.mark.parametrize(
    ("difference", "control", "outcome"),
    [
        ("1.00", "0", "pass"),
        ("1.01", "0", "fail"),
        ("-1.01", "100", "fail"),
        ("1.01", "102", "warning"),
        ("10", "100000", "pass"),
        ("10.01", "100000", "warning"),
        ("1000", "100000", "warning"),
        ("-1000.01", "-100000", "fail"),
    ],
)
def test_the_outcome_follows_the_size_of_the_difference(difference: str, control: str, outcome: str) -> None:
    balance, apart = Decimal(control), Decimal(difference)
    month = TieOutMonth(date(2026, 3, 31), balance + apart, balance, apart, (), apart)
    assert month.outcome == outcome


def test_a_history_worked_out_before_gives_the_same_tie_out(generated: Books) -> None:
    assert generated.payables is not None
    known = history(generated.payables)
    assert tie_out(generated, "payable", known=known) == tie_out(generated, "payable")


def test_on_the_cash_basis_nothing_is_compared(generated: Books) -> None:
    cash = replace(generated, heading=replace(generated.heading, basis="cash"))
    result = tie_out(cash, "receivable")
    assert result.months == ()
    assert result.reason == "On the cash basis the ledger holds no open documents."


def test_documents_that_were_not_collected_are_no_zero(generated: Books) -> None:
    assert tie_out(replace(generated, payables=None), "payable").reason.startswith("The documents were not")


def test_without_a_control_account_the_reason_says_what_to_do(generated: Books) -> None:
    plain = tuple(replace(account, control="") for account in generated.accounts)
    result = tie_out(replace(generated, accounts=plain), "receivable")
    assert result.reason == "No control account is known; name the account that holds them."


def test_a_named_account_must_be_in_the_chart(generated: Books) -> None:
    with pytest.raises(ControlAccountUnknown, match="Account 9999 is named as a control account"):
        tie_out(generated, "receivable", ["9999"])

from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

import pytest

from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.cash_flow_classes import CashFlowClass, CashFlowOverride, standard_class
from collections_app.reports.cash_flow_lines import ROWS
from collections_app.reports.categories import STANDARD
from collections_app.reports.consistency import OverrideUnclear
from collections_app.reports.figures import Account, TrialBalanceRow
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cast import CASH, CHART, EARNINGS, JANUARY, RENT, row, small_books

TRUCK = replace(CASH, number="1500", title="Truck", category="Fixed Assets")
WEAR = replace(
    CASH,
    number="1590",
    title="Accumulated depreciation",
    normal_balance="credit",
    category="Accumulated Depreciation",
)
DEPRECIATION = replace(RENT, number="6500", title="Depreciation", category="Depreciation Expense")
AMORTIZATION = replace(RENT, number="6510", title="Amortization", category="Amortization Expense")
GAIN = replace(RENT, number="7000", title="Sold trucks", category="Gain/Loss on Sales of Fixed Assets")
PATENTS = replace(CASH, number="1700", title="Patents", category="Patents")
LOAN = replace(CASH, number="2500", title="Loan", category="Note Payable - Long Term")
TAX = replace(CASH, number="2600", title="Tax later", category="Deferred Taxes Liabilities - Long Term")


def books_with(*moved: tuple[Account, str], **overrides: object) -> Books:
    """January of a company whose accounts moved by these amounts, debit positive, against cash."""
    total = sum((Decimal(amount) for _, amount in moved), Decimal(0))
    rows = tuple(moved_row(account.number, Decimal(amount)) for account, amount in moved)
    rows += (moved_row("1000", -total),)
    extra = tuple(account for account, _ in moved if account not in CHART)
    books = replace(small_books(accounts=(*CHART, *extra)), months=(replace(JANUARY, rows=rows),))
    return replace(books, **overrides)  # type: ignore[arg-type]


def moved_row(number: str, amount: Decimal) -> TrialBalanceRow:
    return row(number, "0", str(max(amount, Decimal(0))), str(max(-amount, Decimal(0))))


def flow_of(*moved: tuple[Account, str], **overrides: object) -> Statement:
    return build(books_with(*moved, **overrides)).cash_flow


def value(statement: Statement, key: str) -> Decimal:
    return statement.values(key)[-1]


def keys(statement: Statement) -> set[str]:
    return {line.key for line in statement.lines}


def under(statement: Statement, key: str) -> list[str]:
    """The keys of the detail that stands under a line."""
    lines = list(statement.lines)
    rest = lines[lines.index(statement.line(key)) + 1 :]
    return [line.key for line in takewhile(lambda line: line.style in ("account", "memo"), rest)]


def test_the_promised_lines_are_there_even_when_zero() -> None:
    promised = {
        "net_income",
        "depreciation_and_amortization",
        "change_in_receivables",
        "change_in_inventory",
        "change_in_payables",
        "cash_from_operations",
        "cash_from_investing",
        "cash_from_financing",
        "net_change_in_cash",
        "opening_cash",
        "closing_cash",
    }
    empty = build(Books(small_books().heading, (), (replace(JANUARY, rows=()),))).cash_flow
    assert promised <= keys(empty)
    assert not any(any(line.values) for line in empty.lines)


def test_lines_that_few_companies_have_are_shown_only_when_they_exist() -> None:
    shown = keys(build(small_books()).cash_flow)
    assert not {row.key for row in ROWS if row.optional} & shown


def test_cash_opens_changes_and_closes() -> None:
    statement = build(small_books()).cash_flow
    assert [statement.values(key) for key in ("opening_cash", "net_change_in_cash", "closing_cash")] == [
        (Decimal(500), Decimal(500)),
        (Decimal(60), Decimal(60)),
        (Decimal(560), Decimal(560)),
    ]


def test_depreciation_is_added_back_and_moves_no_cash_in_investing() -> None:
    statement = flow_of((DEPRECIATION, "100"), (WEAR, "-100"))
    assert value(statement, "net_income") == -100
    assert value(statement, "depreciation_and_amortization") == 100
    assert value(statement, "purchases_of_fixed_assets") == 0
    assert value(statement, "net_change_in_cash") == 0
    assert "accumulated_depreciation_difference" not in keys(statement)


def test_a_sale_of_fixed_assets_moves_its_gain_from_operations_to_the_proceeds() -> None:
    """A truck of 1,000, worn by 700, is sold for 450: a gain of 150."""
    statement = flow_of((TRUCK, "-1000"), (WEAR, "700"), (GAIN, "-150"))
    assert value(statement, "net_income") == 150
    assert value(statement, "gain_or_loss_on_fixed_assets") == -150
    assert value(statement, "cash_from_operations") == 0
    assert value(statement, "purchases_of_fixed_assets") == value(statement, "cash_from_investing") == 450
    assert value(statement, "accumulated_depreciation_difference") == -700


def test_amortization_is_taken_off_intangible_assets_where_a_company_has_them() -> None:
    statement = flow_of((AMORTIZATION, "30"), (PATENTS, "-30"))
    assert value(statement, "depreciation_and_amortization") == 30
    assert value(statement, "change_in_intangible_assets") == 0


def test_amortization_follows_its_accumulated_account_into_fixed_assets() -> None:
    accumulated = replace(WEAR, title="Accumulated amortization")
    statement = flow_of((AMORTIZATION, "30"), (accumulated, "-30"), (PATENTS, "5"))
    assert value(statement, "purchases_of_fixed_assets") == 0
    assert value(statement, "change_in_intangible_assets") == -5


def test_an_override_decides_what_an_amortization_account_wears() -> None:
    accumulated = replace(WEAR, title="Accumulated amortization of leaseholds")
    chosen = override("account", "6510", CashFlowClass.AMORTIZATION, "It is that of the patents")
    moved = ((AMORTIZATION, "30"), (accumulated, "0"), (PATENTS, "-30"))
    assert value(flow_of(*moved), "change_in_intangible_assets") == 30
    assert value(flow_of(*moved, cash_flow_overrides=(chosen,)), "change_in_intangible_assets") == 0


def test_accumulated_depreciation_filed_with_the_assets_is_still_paired() -> None:
    filed = replace(WEAR, category="Fixed Assets")
    statement = flow_of((DEPRECIATION, "100"), (filed, "-90"))
    assert value(statement, "purchases_of_fixed_assets") == -10
    assert value(statement, "accumulated_depreciation_difference") == -10


def test_receivables_are_net_of_the_allowance_and_bad_debts_are_named() -> None:
    receivable = replace(CASH, number="1200", category="Accounts Receivable")
    allowance = replace(CASH, number="1290", category="Allowance for Doubtful Accounts")
    bad_debts = replace(RENT, number="6900", category="Bad Debt Expense")
    statement = flow_of((receivable, "80"), (allowance, "-12"), (bad_debts, "12"))
    assert value(statement, "change_in_receivables") == -68
    assert value(statement, "bad_debt_expense") == 12
    assert value(statement, "cash_from_operations") == -80


def test_deferred_taxes_debt_and_distributions_stand_in_their_blocks() -> None:
    dividend = replace(CASH, number="3100", category="Dividend Paid")
    statement = flow_of((TAX, "-40"), (LOAN, "-500"), (dividend, "60"))
    assert value(statement, "change_in_deferred_taxes") == value(statement, "cash_from_operations") == 40
    assert value(statement, "change_in_notes_payable_long_term") == 500
    assert value(statement, "distributions_paid") == -60
    assert value(statement, "cash_from_financing") == 440


def test_a_posting_straight_to_retained_earnings_stands_beside_the_three_blocks() -> None:
    statement = flow_of((EARNINGS, "-25"))
    assert value(statement, "adjustments_to_retained_earnings") == 25
    assert value(statement, "net_income") == value(statement, "cash_from_operations") == 0
    assert value(statement, "net_change_in_cash") == 25


def test_an_account_without_a_category_is_in_no_block_but_visible() -> None:
    statement = flow_of((replace(TRUCK, category=""), "1000"))
    assert value(statement, "unassigned_accounts") == value(statement, "net_change_in_cash") == -1000
    assert value(statement, "cash_from_investing") == 0


def test_a_translation_account_of_a_consolidation_book_is_beside_the_blocks() -> None:
    translation = replace(CASH, number="3500", category="Partners Equity")
    reports = build(books_with((translation, "-7"), translation_accounts=frozenset({"3500"})))
    assert value(reports.cash_flow, "translation_effect") == 7
    assert value(reports.cash_flow, "cash_from_financing") == 0
    assert value(reports.changes_in_equity, "translation_change") == 7
    assert value(reports.changes_in_equity, "capital_paid_in") == 0


def override(kind: str, name: str, chosen: CashFlowClass, reason: str = "Agreed") -> CashFlowOverride:
    return CashFlowOverride(kind, name, chosen, reason)  # type: ignore[arg-type]


def overridden(*overrides: CashFlowOverride) -> Reports:
    return build(books_with((LOAN, "-500"), (DEPRECIATION, "1"), cash_flow_overrides=overrides))


def test_an_override_of_a_category_moves_its_accounts_and_keeps_its_reason() -> None:
    name = " note payable - LONG term"
    reports = overridden(override("category", name, CashFlowClass.OPERATING, "Card debt"))
    assert value(reports.cash_flow, "cash_from_operations") == 500
    (placement,) = [each for each in reports.cash_flow_accounts if each.account.number == "2500"]
    assert placement.reason == "Set for this category: Card debt"


def test_an_accounts_own_override_wins_over_that_of_its_category() -> None:
    reports = overridden(
        override("category", "Note Payable - Long Term", CashFlowClass.OPERATING),
        override("account", "2500", CashFlowClass.INVESTING),
    )
    assert reports.cash_flow.line("account:2500").values[-1] == 500
    assert "account:2500" in under(reports.cash_flow, "change_in_other_investments")


def test_an_override_can_give_a_class_to_an_account_without_a_category() -> None:
    chosen = (override("account", "1500", CashFlowClass.INVESTING),)
    statement = flow_of((replace(TRUCK, category=""), "1000"), cash_flow_overrides=chosen)
    assert value(statement, "cash_from_investing") == -1000
    assert "unassigned_accounts" not in keys(statement)


def test_cash_that_is_not_cash_on_the_balance_sheet_is_named() -> None:
    short = replace(CASH, number="1050", title="Bills", category="Short-Term Investments")
    chosen = (override("category", "Short-Term Investments", CashFlowClass.CASH, "The lender says so"),)
    statement = flow_of((short, "90"), cash_flow_overrides=chosen)
    assert value(statement, "net_change_in_cash") == value(statement, "closing_cash") == 0
    assert value(statement, "cash_beyond_balance_sheet") == 90


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (override("account", "2500", CashFlowClass.OPERATING, " "), "without a reason; say why"),
        (override("account", "9", CashFlowClass.OPERATING), "the chart has no such account"),
        (override("category", "Cash drawer", CashFlowClass.CASH), "there is no such category"),
        (override("account", "2500", CashFlowClass.DEPRECIATION), "choose a class of its own statement"),
        (override("account", "6500", CashFlowClass.FINANCING), "choose a class of its own statement"),
    ],
)
def test_an_override_that_cannot_be_meant_is_refused(wrong: CashFlowOverride, sentence: str) -> None:
    with pytest.raises(OverrideUnclear, match=sentence):
        overridden(wrong)


def test_two_overrides_of_one_account_are_refused() -> None:
    chosen = override("account", "2500", CashFlowClass.OPERATING)
    with pytest.raises(OverrideUnclear, match="changed twice"):
        overridden(chosen, chosen)


def test_a_ledger_that_does_not_tie_shows_the_difference_and_never_hides_it_in_a_line() -> None:
    broken = replace(JANUARY, rows=(replace(JANUARY.rows[0], closing=Decimal(999)), *JANUARY.rows[1:]))
    statement = build(replace(small_books(), months=(broken,))).cash_flow
    assert value(statement, "net_change_in_cash") == 60
    assert value(statement, "closing_cash") == 999
    assert value(statement, "cash_difference") == 439


def test_adjusting_entries_move_cash_too() -> None:
    rows = (
        TrialBalanceRow("1000", adjusting_debits=Decimal(8), closing=Decimal(8)),
        TrialBalanceRow("4000", adjusting_credits=Decimal(8), closing=Decimal(-8)),
    )
    statement = build(replace(small_books(basis="cash"), months=(replace(JANUARY, rows=rows),))).cash_flow
    assert value(statement, "net_income") == value(statement, "closing_cash") == 8


@pytest.mark.parametrize("category", STANDARD, ids=lambda category: category.name)
def test_every_standard_category_has_a_class_and_ties(category: object) -> None:
    assert isinstance(category, type(STANDARD[0]))
    closes = category.statement == "incomestatement"
    account = Account("5555", "Any", category.statement, category.normal_balance, category=category.name)
    account = replace(account, closes_to="3000" if closes else "")
    statement = flow_of((account, "12.34"))
    opening, change = value(statement, "opening_cash"), value(statement, "net_change_in_cash")
    assert opening + change == value(statement, "closing_cash")
    assert standard_class(category).value
    assert "unassigned_accounts" not in keys(statement)
    assert "cash_difference" not in keys(statement)

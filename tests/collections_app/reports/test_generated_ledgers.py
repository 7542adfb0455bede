"""Ledgers that nobody would think of: what must hold for each of them, against whole cents in SQL."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.reports.build import Reports, build
from collections_app.reports.categories import STANDARD
from collections_app.reports.figures import Account, Books, NormalBalance
from collections_app.reports.periods import collection_windows
from tests.collections_app.reports.cast import HEADING
from tests.collections_app.reports.integer_ledger import RESET_RULES, IntegerLedger, money, year_start

FIRST_DAY = date(2021, 1, 1)
# Right, missing, unknown and of the wrong statement: whatever comes out of the draw.
CATEGORIES = st.sampled_from(["", " ", "Made up"] + [category.name for category in STANDARD])


@dataclass(frozen=True)
class Company:
    accounts: tuple[Account, ...]
    lines: tuple[tuple[date, str, int], ...]
    first_month: int
    date_from: date
    date_to: date

    def books(self, rule: str) -> Books:
        heading = replace(
            HEADING,
            date_from=self.date_from,
            date_to=self.date_to,
            first_fiscal_month=self.first_month,
        )
        ledger = self.ledger()
        windows = collection_windows(self.date_from, self.date_to, self.first_month)
        months = tuple(ledger.trial_balance(start, end, rule) for start, end in windows)
        ledger.close()
        return Books(heading, self.accounts, months)

    def ledger(self) -> IntegerLedger:
        ledger = IntegerLedger(self.first_month)
        ledger.add_accounts(
            (account.number, account.account_type == "incomestatement", account.closes_to)
            for account in self.accounts
        )
        ledger.add_lines(self.lines)
        return ledger


@st.composite
def chart(draw: st.DrawFn) -> tuple[Account, ...]:
    earnings = [f"39{place:02}" for place in range(draw(st.integers(1, 2)))]
    sides: st.SearchStrategy[NormalBalance] = st.sampled_from(["debit", "credit"])
    accounts = [
        Account(number, "Earned", "balancesheet", "credit", "closed to account", "", draw(CATEGORIES))
        for number in earnings
    ]
    for place in range(draw(st.integers(1, 6))):
        number, category = f"1{place:03}", draw(CATEGORIES)
        accounts.append(Account(number, "", "balancesheet", draw(sides), "non-closing account", "", category))
    for place in range(draw(st.integers(0, 6))):
        number, category, target = f"4{place:03}", draw(CATEGORIES), draw(st.sampled_from(earnings))
        accounts.append(
            Account(number, "", "incomestatement", draw(sides), "closing account", target, category)
        )
    return tuple(draw(st.permutations(accounts)))


@st.composite
def companies(draw: st.DrawFn) -> Company:
    accounts = draw(chart())
    numbers = st.sampled_from([account.number for account in accounts])
    lines: list[tuple[date, str, int]] = []
    days, amounts = st.integers(0, 1000), st.integers(-(10**12), 10**12)
    for day, one, other, amount in draw(st.lists(st.tuples(days, numbers, numbers, amounts), max_size=25)):
        when = FIRST_DAY + timedelta(days=day)
        lines += [(when, one, amount), (when, other, -amount)]
    date_from = FIRST_DAY + timedelta(days=draw(st.integers(300, 800)))
    date_to = date_from + timedelta(days=draw(st.integers(0, 400)))
    return Company(accounts, tuple(lines), draw(st.integers(1, 12)), date_from, date_to)


EXAMPLES = settings(max_examples=80, deadline=None)


def assert_in_balance(reports: Reports) -> None:
    for month in reports.trial_balance:
        assert month.total.opening == month.total.closing == 0
        assert month.total.debits == month.total.credits
        assert all(row.closing == row.opening + row.flow for row in month.rows)
    sheet = reports.balance_sheet
    assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")


@EXAMPLES
@given(companies(), st.sampled_from(RESET_RULES))
def test_everything_balances_and_the_reset_rule_changes_nothing(company: Company, rule: str) -> None:
    reports = build(company.books("fiscal year"))
    assert_in_balance(reports)
    assert build(company.books(rule)) == reports


@EXAMPLES
@given(companies())
def test_net_income_and_the_equity_split_agree_with_the_lines_of_the_ledger(company: Company) -> None:
    reports = build(company.books("window"))
    ledger = company.ledger()
    income = ledger.income_accounts()
    statement, sheet = reports.income_statement, reports.balance_sheet
    for position, column in enumerate(statement.columns):
        assert column.start is not None
        flow = ledger.total(income, column.start, column.end)
        assert statement.values("net_income")[position] == money(-flow)
    for position, column in enumerate(sheet.columns):
        year = year_start(column.end, company.first_month)
        to_date = money(-ledger.total(income, year, column.end))
        assert sheet.values("current_year_net_income")[position] == to_date
    ledger.close()


@EXAMPLES
@given(companies())
def test_the_total_is_the_sum_of_the_months_on_every_line(company: Company) -> None:
    for line in build(company.books("never")).income_statement.lines:
        if line.style != "heading":
            assert line.values[-1] == sum(line.values[:-1])


@EXAMPLES
@given(companies())
def test_each_month_opens_where_the_one_before_closed_except_for_the_yearly_close(company: Company) -> None:
    months = build(company.books("never")).trial_balance
    income = {each.number for each in company.accounts if each.account_type == "incomestatement"}
    for month, following in zip(months, months[1:], strict=False):
        new_year = following.window.start == year_start(following.window.start, company.first_month)
        closings = {row.account: row.closing for row in month.rows}
        for row in following.rows:
            if not new_year:
                assert row.opening == closings[row.account]
            elif row.account in income:
                assert row.opening == 0
    assert_in_balance(build(company.books("never")))


@EXAMPLES
@given(companies())
def test_every_account_stands_on_exactly_one_statement_once(company: Company) -> None:
    reports = build(company.books("fiscal year"))
    lines = (*reports.balance_sheet.lines, *reports.income_statement.lines)
    shown = [line.key for line in lines if line.key.startswith("account:")]
    assert sorted(shown) == sorted(f"account:{account.number}" for account in company.accounts)

from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.assignment_queue import Stake, by_money, decisions, stakes
from collections_app.reports.figures import Account, MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.suggestions import Confidence, suggest_all
from tests.collections_app.reports.cast import CASH, EARNINGS, JANUARY, RENT, SALES, row


def february(*rows: TrialBalanceRow) -> MonthlyTrialBalance:
    return MonthlyTrialBalance(date(2024, 2, 1), date(2024, 2, 29), rows)


def test_on_a_balance_sheet_account_its_largest_balance_is_at_stake_whatever_its_sign() -> None:
    months = [JANUARY, february(row("1000", "560", "0", "900"))]
    assert stakes([CASH, EARNINGS], months) == {
        "1000": Stake(Decimal(560), Decimal(100 + 40 + 900)),
        "3000": Stake(Decimal(500), Decimal(0)),
    }


def test_on_an_income_account_the_months_movements_are_whenever_it_is_reset() -> None:
    carried = [JANUARY, february(row("6000", "40", "10", "25"))]
    reset = [JANUARY, february(row("6000", "0", "10", "25"))]
    assert stakes([RENT], carried) == stakes([RENT], reset) == {"6000": Stake(Decimal(55), Decimal(75))}


def test_adjusting_entries_are_at_stake_too() -> None:
    adjusted = TrialBalanceRow("6000", adjusting_debits=Decimal(7), adjusting_credits=Decimal(2))
    assert stakes([RENT], [february(adjusted)])["6000"] == Stake(Decimal(5), Decimal(9))


def test_an_account_without_figures_has_nothing_at_stake() -> None:
    (stake,) = stakes([RENT], []).values()
    assert not stake.is_in_use
    assert stakes([CASH], [JANUARY])["1000"].is_in_use


def test_accounts_come_by_money_then_turnover_then_number() -> None:
    at_stake = {"1": Stake(Decimal(5)), "2": Stake(Decimal(9)), "3": Stake(Decimal(5), Decimal(1))}
    accounts = [replace(CASH, number=number) for number in ("5", "4", "1", "2", "3")]
    assert [account.number for account in by_money(accounts, at_stake)] == ["2", "3", "1", "4", "5"]


def expense(number: str, title: str) -> Account:
    return replace(RENT, number=number, title=title, category="")


def grouped(*accounts: Account, **amounts: int) -> list[tuple[str, list[str], int]]:
    at_stake = {number.lstrip("n"): Stake(Decimal(amount)) for number, amount in amounts.items()}
    found = decisions(accounts, suggest_all(accounts, accounts), at_stake)
    return [
        (each.category.name, [account.number for account in each.accounts], int(each.amount))
        for each in found
    ]


def test_accounts_with_the_same_best_suggestion_are_one_decision() -> None:
    rent, other, travel = expense("6010", "Rent"), expense("6500", "Office rent"), expense("7000", "Travel")
    assert grouped(rent, other, travel, n6500=30, n6010=5, n7000=20) == [
        ("Rent Expense", ["6500", "6010"], 35),
        ("Travel Expense", ["7000"], 20),
    ]


def test_guesses_come_last_and_one_by_one_except_where_titles_differ_in_numbers_alone() -> None:
    projects = [expense(str(8000 + place), f"Mistral {place:03}") for place in (1, 2)]
    lone, numbered = expense("8500", "Sirocco"), [expense("8600", "1"), expense("8700", "2")]
    found = grouped(lone, *projects, *numbered, expense("6010", "Rent"), n8500=99)
    assert [numbers for _, numbers, _ in found] == [["6010"], ["8500"], ["8001", "8002"], ["8600"], ["8700"]]


def test_a_decision_is_as_sure_as_its_least_sure_account() -> None:
    accounts = [expense("6010", "Rent"), expense("6500", "Parking")]
    (decision,) = decisions(accounts, suggest_all(accounts, accounts), {})
    assert (decision.category.name, decision.confidence) == ("Rent Expense", Confidence.MEDIUM)


def test_every_account_is_in_exactly_one_decision() -> None:
    accounts = [CASH, EARNINGS, SALES, RENT, expense("7", "Mistral"), expense("8", "")]
    found = decisions(accounts, suggest_all(accounts, accounts), {})
    numbers = [account.number for each in found for account in each.accounts]
    assert sorted(numbers) == sorted(account.number for account in accounts)

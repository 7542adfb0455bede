"""What is suggested, how sure it claims to be, and the sentence that goes with it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.reports.categories import STANDARD
from collections_app.reports.figures import Account, AccountType, NormalBalance
from collections_app.reports.suggestions import Confidence, EarlierAnswer, Suggestion, suggest, suggest_all

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


def expense(number: str, title: str, category: str = "") -> Account:
    return Account(number, title, "incomestatement", "debit", category=category)


def asset(number: str, title: str, category: str = "") -> Account:
    return Account(number, title, "balancesheet", "debit", category=category)


def told(suggestion: Suggestion) -> tuple[str, Confidence, str]:
    return suggestion.category.name, suggestion.confidence, suggestion.reason


def test_a_title_that_names_the_category_is_a_high_suggestion() -> None:
    best = suggest(expense("6400", "Office rent"), ())[0]
    assert told(best) == ("Rent Expense", HIGH, "Its title has the word “rent”.")


def test_several_words_are_quoted_together() -> None:
    best = suggest(asset("1510", "S/T Investments"), ())[0]
    reason = "Its title has the words “s/t” and “investments”."
    assert told(best) == ("Short-Term Investments", HIGH, reason)
    best = suggest(replace(asset("2140", "Sales tax payable"), normal_balance="credit"), ())[0]
    assert told(best) == ("Accrued Taxes", HIGH, "Its title has the words “sales”, “tax” and “payable”.")


def test_a_word_with_other_readings_is_a_medium_suggestion() -> None:
    best = suggest(expense("6400", "Parking"), ())[0]
    assert best.confidence is MEDIUM


def test_a_close_rival_makes_a_title_less_sure() -> None:
    best, rival, *_ = suggest(expense("6400", "Software and hotel"), ())
    assert {best.category.name, rival.category.name} == {"Software and Maintenance Expense", "Travel Expense"}
    assert (best.confidence, rival.confidence) == (MEDIUM, MEDIUM)


def test_a_title_against_the_accounts_side_is_never_more_than_low() -> None:
    contra = replace(expense("6400", "Rent"), normal_balance="credit")
    assert all(each.confidence is LOW for each in suggest(contra, ()) if each.category.name == "Rent Expense")


def test_the_side_tells_a_loan_given_from_a_loan_taken() -> None:
    given = asset("1300", "Loan to shareholder")
    taken = replace(given, number="2300", normal_balance="credit")
    assert suggest(given, ())[0].category.name == "Employee Advances/Loans"
    assert suggest(taken, ())[0].category.normal_balance == "credit"


@pytest.mark.parametrize(
    ("neighbors", "confidence", "reason"),
    [
        (["6000", "6010", "6030"], MEDIUM, "Its neighbors 6000 to 6030 are Payroll Expense."),
        (["6010", "6030"], LOW, "Its neighbors 6010 and 6030 are Payroll Expense."),
        (["6030"], LOW, "Its neighbor 6030 is Payroll Expense."),
    ],
)
def test_neighbors_by_number_say_what_an_unknown_title_does_not(
    neighbors: list[str], confidence: Confidence, reason: str
) -> None:
    chart = [expense(number, "Zephyr", "Payroll Expense") for number in neighbors]
    best = suggest(expense("6020", "Mistral"), chart)[0]
    assert told(best) == ("Payroll Expense", confidence, reason)


def test_neighbors_that_differ_are_only_a_hint() -> None:
    chart = [expense(str(6000 + 10 * place), "Zephyr", "Payroll Expense") for place in (0, 1, 3)]
    chart.append(expense("6040", "Zephyr", "Rent Expense"))
    assert suggest(expense("6020", "Mistral"), chart)[0].confidence is LOW


def test_neighbors_without_a_category_are_read_by_their_titles() -> None:
    best = suggest(expense("6020", "Mistral"), [expense("6010", "Rent"), expense("6030", "Office rent")])[0]
    assert told(best) == ("Rent Expense", LOW, "Its neighbors 6010 and 6030 read as Rent Expense.")


@pytest.mark.parametrize(
    "stranger",
    [
        expense("6900", "Zephyr", "Rent Expense"),
        replace(expense("6010", "Zephyr", "Interest Income"), normal_balance="credit"),
        asset("6010", "Zephyr", "Inventory"),
        expense("6010", "Zephyr", "Inventory"),
        expense("6010", "Zephyr", "Whatever"),
        expense("60", "Zephyr", "Rent Expense"),
    ],
    ids=[
        "far",
        "other side",
        "other statement",
        "category of the other statement",
        "unknown",
        "other length",
    ],
)
def test_what_is_no_neighbor_says_nothing(stranger: Account) -> None:
    assert suggest(expense("6020", "Mistral"), [stranger]) == suggest(expense("6020", "Mistral"), ())


def test_an_account_is_not_its_own_neighbor() -> None:
    account = expense("6020", "Mistral", "Rent Expense")
    assert suggest(account, [account]) == suggest(account, ())


def test_an_account_of_the_chart_with_the_same_title_is_evidence() -> None:
    best = suggest(expense("6020", "Mistral"), [expense("8000", "MISTRAL", "Rent Expense")])[0]
    reason = "8000 “MISTRAL”, which has the same title, is Rent Expense."
    assert told(best) == ("Rent Expense", MEDIUM, reason)


def test_an_account_with_a_similar_title_is_a_hint() -> None:
    best = suggest(expense("6020", "Mistral east"), [expense("8000", "Mistral west", "Rent Expense")])[0]
    assert (best.category.name, best.confidence) != ("Rent Expense", MEDIUM)
    best = suggest(expense("6020", "Mistral line 2"), [expense("8000", "Mistral line 1", "Rent Expense")])[0]
    reason = "8000 “Mistral line 1”, which has a similar title, is Rent Expense."
    assert told(best) == ("Rent Expense", LOW, reason)


ANSWER = EarlierAnswer("6410", "Mistral", "Travel Expense", "borrower")


def test_your_own_earlier_answer_goes_before_everything() -> None:
    account = expense("6410", "Repairs and maintenance")
    chart = [
        expense(str(6400 + place), account.title, "Repairs and Maintenance Expense") for place in range(20)
    ]
    best = suggest(account, chart, [replace(ANSWER, title="Repairs & Maintenance and")])[0]
    assert told(best) == ("Travel Expense", HIGH, "You chose this for 6410 last time.")


def test_the_lenders_earlier_answer_is_named_and_yields_to_your_own() -> None:
    account = expense("6410", "Mistral")
    lenders = EarlierAnswer("6410", "Mistral", "Rent Expense", "lender")
    best = suggest(account, (), [lenders])[0]
    assert told(best) == ("Rent Expense", HIGH, "The lender chose this for 6410 last time.")
    assert suggest(account, (), [lenders, ANSWER])[0].category.name == "Travel Expense"
    assert suggest(account, (), [lenders, ANSWER], reader="lender")[0].category.name == "Rent Expense"


def test_of_two_answers_of_one_person_the_later_counts() -> None:
    later = replace(ANSWER, category="Rent Expense")
    names = [each.category.name for each in suggest(expense("6410", "Mistral"), (), [ANSWER, later])]
    assert names[0] == "Rent Expense"
    assert "Travel Expense" not in names


def test_two_people_who_differ_make_the_suggestion_less_sure() -> None:
    lenders = EarlierAnswer("6410", "Mistral", "Rent Expense", "lender")
    assert suggest(expense("6410", "Mistral"), (), [lenders, ANSWER])[0].confidence is MEDIUM


def test_an_earlier_answer_for_another_account_of_that_title_is_medium() -> None:
    best = suggest(expense("6500", "Mistral"), (), [ANSWER])[0]
    reason = "You chose this for 6410, which has the same title."
    assert told(best) == ("Travel Expense", MEDIUM, reason)


def test_an_earlier_answer_for_a_renamed_account_is_low() -> None:
    best = suggest(expense("6410", "Sirocco"), (), [ANSWER])[0]
    reason = "You chose this for 6410 last time, when its title was “Mistral”."
    assert told(best) == ("Travel Expense", LOW, reason)


@pytest.mark.parametrize("category", ["Inventory", "Whatever", ""])
def test_an_earlier_answer_that_does_not_fit_the_statement_is_ignored(category: str) -> None:
    account = expense("6410", "Mistral")
    assert suggest(account, (), [replace(ANSWER, category=category)]) == suggest(account, ())


def test_the_account_that_others_close_to_is_retained_earnings() -> None:
    earned = Account("3900", "Mistral", "balancesheet", "credit", "closed to account")
    unmarked = replace(earned, closing_type="non-closing account")
    closing = replace(expense("6400", "Rent"), closes_to="3900")
    for best in (suggest(earned, ())[0], suggest(unmarked, [closing, unmarked])[0]):
        assert told(best) == ("Retained Earnings", HIGH, "Other accounts close to it at the end of the year.")


def test_a_control_account_is_what_it_controls() -> None:
    control = replace(asset("1200", "Mistral"), control="receivables")
    best = suggest(control, ())[0]
    assert told(best) == ("Accounts Receivable", HIGH, "It is the control account of the receivables.")


def test_where_nothing_is_known_the_catch_all_categories_are_offered_as_guesses() -> None:
    suggestions = suggest(expense("6020", "Mistral"), ())
    assert told(suggestions[0]) == (
        "Other Operating Expense",
        LOW,
        "It is a common category of debit accounts of the income statement.",
    )
    assert {each.confidence for each in suggestions} == {LOW}


def test_two_different_medium_reasons_make_a_high_one() -> None:
    chart = [expense(str(6000 + 10 * place), "Zephyr", "Rent Expense") for place in (0, 1, 3, 4)]
    assert suggest(expense("6020", "Parking"), ())[0].confidence is MEDIUM
    alone = {each.category.name: each for each in suggest(expense("6020", "Parking"), chart)}
    assert alone["Rent Expense"].confidence is HIGH


TYPES: st.SearchStrategy[AccountType] = st.sampled_from(["balancesheet", "incomestatement"])
SIDES: st.SearchStrategy[NormalBalance] = st.sampled_from(["debit", "credit"])
TITLES = st.text(max_size=30) | st.sampled_from([category.name for category in STANDARD])
NAMES = st.sampled_from(["", "unknown", *(category.name for category in STANDARD)])
NUMBERS = st.text("0123456789-A", max_size=6)
ACCOUNTS = st.builds(Account, NUMBERS, TITLES, TYPES, SIDES, category=NAMES)
ANSWERS = st.builds(EarlierAnswer, NUMBERS, TITLES, NAMES, st.sampled_from(["borrower", "lender"]))


@given(ACCOUNTS, st.lists(ACCOUNTS, max_size=8), st.lists(ANSWERS, max_size=3))
def test_only_categories_of_the_own_statement_are_suggested_each_once_best_first(
    account: Account, chart: list[Account], answers: list[EarlierAnswer]
) -> None:
    suggestions = suggest(account, chart, answers)
    assert 1 <= len(suggestions) <= 5
    assert {each.category.statement for each in suggestions} == {account.account_type}
    names = [each.category.name for each in suggestions]
    assert len(set(names)) == len(names)
    points = [each.points for each in suggestions]
    assert points == sorted(points, reverse=True)
    assert all(each.reason.endswith(".") for each in suggestions)
    assert all(each.confidence is not HIGH for each in suggestions[1:])


def test_many_are_answered_as_each_alone_and_in_the_order_given() -> None:
    chart = [expense("6020", "Mistral"), expense("6010", "Rent", "Rent Expense"), asset("1000", "Cash")]
    assert suggest_all(chart, chart, [ANSWER]) == {
        account.number: suggest(account, chart, [ANSWER]) for account in chart
    }
    assert list(suggest_all(chart, chart)) == ["6020", "6010", "1000"]


def test_suggesting_changes_no_account() -> None:
    account = expense("6400", "Office rent")
    suggest(account, [account])
    assert (account.category, account.category_source) == ("", "none")

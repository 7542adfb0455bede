import pytest

from collections_app.reports.title_rules import title_matches
from collections_app.reports.title_words import as_spelled, singular, words_of


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Office Supplies", ("office", "supply")),
        ("  OFFICE-supplies: ", ("office", "supply")),
        ("Électricité", ("electricite",)),
        ("Owner's Équity", ("owner", "equity")),
        ("Accum. Dep'n - Vehicles", ("accumulated", "depreciation", "vehicle")),
        ("A/R - Trade", ("account", "receivable", "trade")),
        ("R&M Bldgs", ("repair", "maintenance", "building")),
        ("Phone/Internet", ("phone", "internet")),
        ("GST 5%", ("gst", "5")),
        ("", ()),
        ("---", ()),
    ],
)
def test_a_title_becomes_plain_words_written_out(title: str, words: tuple[str, ...]) -> None:
    assert words_of(title) == words


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("wages", "wage"),
        ("taxes", "tax"),
        ("utilities", "utility"),
        ("salaries", "salary"),
        ("purchases", "purchase"),
        ("losses", "loss"),
        ("gas", "gas"),
        ("loss", "loss"),
        ("bonus", "bonus"),
        ("analysis", "analysis"),
    ],
)
def test_plurals_become_singular_and_other_words_stay(word: str, one: str) -> None:
    assert singular(word) == one


@pytest.mark.parametrize(
    ("title", "words", "spelled"),
    [
        ("S/T Investments", ("short", "term", "investment"), ("s/t", "investments")),
        ("E\u0301lectricite\u0301", ("electricite",), ("électricité",)),
        ("Owner’s draws", ("owner", "draw"), ("owner’s", "draws")),
        ("De`pot", ("depot",), ("depot",)),
    ],
)
def test_words_are_quoted_as_the_title_spells_them(
    title: str, words: tuple[str, ...], spelled: tuple[str, ...]
) -> None:
    assert as_spelled(title, words) == spelled


def first_of(title: str, *, income: bool = False) -> str:
    return title_matches(title, "incomestatement" if income else "balancesheet")[0].rule.category.name


def test_the_statement_of_the_account_decides_which_rules_speak() -> None:
    assert first_of("Payroll taxes") == "Accrued Taxes"
    assert first_of("Payroll taxes", income=True) == "Payroll Taxes"
    assert first_of("Vehicle depreciation") == "Accumulated Depreciation"
    assert first_of("Vehicle depreciation", income=True) == "Depreciation Expense"


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Loyer", "Rent Expense"),
        ("Alquiler oficina", "Rent Expense"),
        ("Miete", "Rent Expense"),
        ("Honoraires professionnels", "Professional Services Expense"),
        ("Abschreibungen", "Depreciation Expense"),
    ],
)
def test_common_titles_of_other_languages_are_known(title: str, category: str) -> None:
    assert first_of(title, income=True) == category


def test_more_matching_words_go_before_fewer() -> None:
    names = [match.rule.category.name for match in title_matches("Health insurance", "incomestatement")]
    assert names[0] == "Benefit Expense"


def test_a_word_that_must_be_absent_silences_its_rule() -> None:
    names = [match.rule.category.name for match in title_matches("Interest income", "incomestatement")]
    assert names[0] == "Interest Income"
    assert "Interest Expense" not in names


def test_a_title_without_a_known_word_matches_nothing() -> None:
    assert title_matches("Zephyr", "balancesheet") == title_matches("", "incomestatement") == ()

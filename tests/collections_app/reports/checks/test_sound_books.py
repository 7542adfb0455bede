"""Sound books pass every check, and the results say what an analyst needs."""

import re
from dataclasses import fields
from datetime import date

import pytest

from collections_app.reports.checks.run import CHECKS
from tests.collections_app.reports.checks.proving import prove
from tests.collections_app.reports.checks.sound import sound_books
from tests.collections_app.reports.integer_ledger import RESET_RULES

NAMED = [f"C{number}" for number in range(1, 6)]
NAMED += [f"R{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 16, 17, 19, 20)]


@pytest.mark.parametrize("rule", RESET_RULES)
def test_sound_books_pass_every_check_whatever_the_gateways_reset_rule(rule: str) -> None:
    checks = prove(sound_books(rule=rule))
    assert {name: check.outcome for name, check in checks.items()} == dict.fromkeys(NAMED, "pass")


def test_every_named_check_is_there_once_in_its_family() -> None:
    assert [definition.id for definition, _ in CHECKS] == NAMED
    for definition, _ in CHECKS:
        family = "completeness" if definition.id.startswith("C") else "reliability"
        assert definition.family == family


def test_a_result_has_its_days_its_figures_and_one_sentence() -> None:
    for check in prove(sound_books()).values():
        assert (check.start, check.end) == (date(2023, 1, 1), date(2024, 1, 31))
        assert all(getattr(check, field.name) is not None for field in fields(check)), check.id
        assert check.difference == 0 == check.evidence_count
        assert re.fullmatch(r"[A-Z0-9][^\n]*\.", check.sentence), check.sentence
        assert not check.is_warning

"""What happens to a check that breaks, and to a journal that cannot be read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from collections_app.reports.build import build
from collections_app.reports.journal import JournalLine
from tests.collections_app.reports.checks.proving import prove
from tests.collections_app.reports.checks.sound import sound_books


def test_a_check_that_breaks_is_inconclusive_says_so_and_hides_nothing(broken_checks: list[str]) -> None:
    checks = prove(replace(sound_books(), transfers=(None,)))  # type: ignore[arg-type]
    assert checks["C4"].outcome == "inconclusive"
    assert "could not be carried out (AttributeError)" in checks["C4"].sentence
    assert {check.outcome for name, check in checks.items() if name != "C4"} == {"pass"}
    assert broken_checks == ["Check C4 could not be carried out"]
    broken_checks.clear()


class Unreadable:
    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        raise OSError("The storage does not answer.")


def test_a_journal_that_cannot_be_read_is_no_result_of_a_check() -> None:
    with pytest.raises(OSError, match="does not answer"):
        prove(replace(sound_books(), journal=Unreadable()))


def test_every_build_has_its_checks() -> None:
    reports = build(sound_books())
    assert reports.checks == tuple(prove(sound_books()).values())
    only_cash = replace(sound_books(), wanted=frozenset({"cash_flow"}))
    assert len(build(only_cash).checks) == len(reports.checks)

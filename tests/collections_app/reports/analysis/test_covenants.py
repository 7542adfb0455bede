from decimal import Decimal

import pytest

from collections_app.reports.analysis.covenants import Covenant, covenant_table
from collections_app.reports.analysis.ratios import period_ratios
from tests.collections_app.reports.analysis.company import INPUTS, PERIOD

RATIOS = period_ratios(PERIOD, INPUTS)


def test_a_covenant_passes_fails_or_says_what_it_needs() -> None:
    covenants = [
        Covenant("Minimum cover", "dscr", "at least", Decimal("1.25")),
        Covenant("Maximum leverage", "debt_to_worth", "at most", Decimal(1)),
        Covenant("Minimum margin", "gross_margin", "at least", Decimal("40")),
    ]
    cover, leverage, margin = covenant_table(covenants, RATIOS)
    assert (cover.outcome, cover.headroom) == ("pass", Decimal("1.55"))
    assert cover.sentence == "Debt service coverage (DSCR) is 2.80; it must be at least 1.25."
    assert leverage.outcome == "fail"
    assert leverage.headroom is not None and leverage.headroom < 0
    assert (margin.outcome, margin.headroom) == ("pass", Decimal(0))
    assert margin.sentence == "Gross margin is 40.0%; it must be at least 40.00%."
    (unknown,) = covenant_table(covenants[:1], period_ratios(PERIOD))
    assert (unknown.outcome, unknown.headroom) == ("needs input", None)
    assert unknown.sentence == "Needs scheduled principal."


def test_a_covenant_is_judged_on_the_unrounded_value() -> None:
    """1.1111 prints as 1.11 and yet breaks a maximum of 1.11."""
    (result,) = covenant_table([Covenant("Leverage", "debt_to_worth", "at most", Decimal("1.11"))], RATIOS)
    assert (result.metric.display, result.outcome) == ("1.11", "fail")


def test_a_covenant_on_no_metric_is_refused_in_plain_words() -> None:
    with pytest.raises(
        ValueError, match="The covenant 'Cover' is about 'cover', which is no metric; use one"
    ):
        covenant_table([Covenant("Cover", "cover", "at least", Decimal(1))], RATIOS)

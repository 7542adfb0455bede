import json
from decimal import Decimal

from collections_app.reports.analysis.covenants import Covenant, covenant_table
from collections_app.reports.analysis.json_form import ratios_json
from collections_app.reports.analysis.ratios import period_ratios
from collections_app.reports.analysis.uca import uca_cash_flow
from tests.collections_app.reports.analysis.company import INPUTS, PERIOD


def test_ratios_are_decimal_strings_with_all_that_they_were_made_of() -> None:
    ratios = period_ratios(PERIOD, INPUTS)
    covenants = covenant_table([Covenant("Cover", "dscr", "at least", Decimal("1.25"))], ratios)
    document = ratios_json([ratios], covenants, uca_cash_flow(PERIOD, INPUTS))
    assert json.loads(json.dumps(document)) == document
    (period,) = document["periods"]
    assert (period["from"], period["to"], period["twelve_months"]) == ("2024-01-01", "2024-12-31", True)
    current = next(metric for metric in period["metrics"] if metric["key"] == "current_ratio")
    assert current == {
        "key": "current_ratio",
        "name": "Current ratio",
        "group": "Liquidity",
        "unit": "times",
        "formula": "Current assets / Current liabilities",
        "status": "value",
        "value": "2.1666666667",
        "display": "2.17",
        "numerator": {"label": "Current assets", "amount": "650.00", "formula": ""},
        "denominator": {"label": "Current liabilities", "amount": "300.00", "formula": ""},
        "annualized_from_days": None,
        "reason": "",
        "needs": [],
    }
    assert document["covenants"][0]["outcome"] == "pass"
    assert document["covenants"][0]["threshold"] == "1.25"
    cash = document["uca_cash_flow"]
    assert (cash["rows"][-1]["key"], cash["rows"][-1]["amount"], cash["difference"]) == (
        "change_in_cash",
        "20.00",
        "0.00",
    )


def test_what_is_not_known_is_null_and_never_zero() -> None:
    (period,) = ratios_json([period_ratios(PERIOD)])["periods"]
    cover = next(metric for metric in period["metrics"] if metric["key"] == "dscr")
    assert (cover["value"], cover["status"], cover["needs"]) == (None, "needs input", ["scheduled principal"])
    assert cover["denominator"]["amount"] is None

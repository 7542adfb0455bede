"""Receivables and payables as ``statements.json`` has them: agings, tie-outs, concentration, quality.

Agings of single parties are given for the end of the period; for the other month ends there are totals, so
that the file does not grow with every month. The CSV tables hold them all.
"""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from collections_app.reports.aging import Aging
from collections_app.reports.aging_export import aging_json
from collections_app.reports.collection_quality import CollectionQuality, Dilution
from collections_app.reports.concentration import Concentration
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.tie_out import TieOut, TieOutMonth
from collections_app.reports.wording import clean, plain

# So many parties say who matters; the aging holds all.
LARGEST_PARTIES = 50


def subledger_json(reports: SubledgerReports) -> dict[str, Any]:
    """The keys of one side: for receivables ``ar_aging`` and those that begin with it."""
    key = "ar_aging" if reports.side == "receivable" else "ap_aging"
    return {
        key: aging_json(reports.aging),
        f"{key}_by_invoice_date": aging_json(reports.by_invoice_date[-1]),
        f"{key}_by_currency": [aging_json(aging) for aging in reports.by_currency],
        f"{key}_months": [_totals(aging) for aging in reports.by_due_date],
        f"{key}_tie_out": _tie_out(reports.tie_out),
    }


def concentration_json(reports: SubledgerReports) -> dict[str, Any]:
    """One side's part of the key ``concentration``; dilution and quality belong to it."""
    return {
        "open": _concentration(reports.concentration_of_aging),
        "twelve_months": _concentration(reports.concentration_of_invoices),
        "dilution": _dilution(reports.dilution),
        "quality": None if reports.quality is None else _quality(reports.quality),
    }


def _totals(aging: Aging) -> dict[str, Any]:
    return {
        "as_of": aging.as_of.isoformat(),
        "totals": [plain(amount) for amount in aging.totals],
        "unapplied": plain(aging.unapplied),
        "total": plain(aging.total),
        "documents": aging.documents,
    }


def _tie_out(result: TieOut) -> dict[str, Any]:
    return {
        "accounts": [clean(number) for number in result.accounts],
        "reason": result.reason,
        "months": [_tie_out_month(month) for month in result.months],
    }


def _tie_out_month(month: TieOutMonth) -> dict[str, Any]:
    return {
        "as_of": month.as_of.isoformat(),
        "outcome": month.outcome,
        "aging": plain(month.aging),
        "control": plain(month.control),
        "difference": plain(month.difference),
        "tolerance": plain(month.tolerance),
        "unexplained": plain(month.unexplained),
        "explanations": [
            {
                "cause": each.cause,
                "sentence": each.sentence,
                "amount": plain(each.amount),
                "count": each.count,
            }
            for each in month.explanations
        ],
    }


def _concentration(concentration: Concentration) -> dict[str, Any]:
    return {
        "total": plain(concentration.total),
        "herfindahl": _number(concentration.herfindahl),
        "parties": len(concentration.shares),
        "largest": [
            {
                "party": clean(share.party),
                "name": clean(share.name),
                "amount": plain(share.amount),
                "percent": plain(share.percentage),
            }
            for share in concentration.shares[:LARGEST_PARTIES]
        ],
    }


def _dilution(dilution: Dilution) -> dict[str, Any]:
    return {**_amounts(dilution), "total": plain(dilution.total), "percent": _number(dilution.percentage)}


def _quality(quality: CollectionQuality) -> dict[str, Any]:
    return {
        **_amounts(quality),
        "turn": _number(quality.turn),
        "effectiveness": _number(quality.effectiveness),
    }


def _amounts(result: Dilution | CollectionQuality) -> dict[str, str]:
    """The window and the amounts, by the names of their fields."""
    names = [field.name for field in fields(result) if field.name != "window"]
    window = {"from": result.window.start.isoformat(), "to": result.window.end.isoformat()}
    return {**window, **{name: plain(getattr(result, name)) for name in names}}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)

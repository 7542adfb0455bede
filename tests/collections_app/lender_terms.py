"""A lender's terms to test with: a document that sets something of each part."""

import json
from typing import Any

OWN: dict[str, Any] = {
    "borrowing_base": {"receivables_advance_percent": "85", "cross_age_percent": 25.5, "past_due_days": 60},
    "definitions": {"debt_service_coverage_deducts": ["taxes"], "ebitda_less_interest_income": True},
    "covenants": [
        {"name": "Liquidity", "metric": "current_ratio", "limit": "at least", "threshold": "1.25"},
        {"name": "Debt service", "metric": "dscr", "limit": "at least", "threshold": 1.2},
    ],
}
DOCUMENT = json.dumps(OWN, indent=2)


def document(**parts: Any) -> str:
    """A document with these parts alone."""
    return json.dumps(parts)

"""What a figure is made of: amounts of accounts, read from the ledger in one of four ways.

Every statement line is a sum of such terms, and is computed from them, so that the question where a figure
comes from has an answer that adds up to the figure exactly.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Sign = Literal[1, -1]


class Measure(Enum):
    """How an account is read in a column; debit positive. The value is a phrase for people."""

    FLOW = "movement in the period"
    YEAR_TO_DATE = "movement since the start of the fiscal year"
    OPENING = "balance at the start of the period"
    CLOSING = "balance at the end of the period"


@dataclass(frozen=True, slots=True)
class Term:
    """One account, read one way, added or taken off."""

    account: str
    measure: Measure
    sign: Sign = 1


def negated(term: Term) -> Term:
    """The same amount with the other sign."""
    return Term(term.account, term.measure, -1 if term.sign == 1 else 1)

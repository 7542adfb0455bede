"""The border to Sage Intacct, and the only package that imports `intacct`.

Our words go in; our records and our troubles come out.
"""

from collections_app.ledger.company import Ledger
from collections_app.ledger.facts import (
    AccountFact,
    CompanyFacts,
    Extent,
    Findings,
    ScopeFact,
    Selection,
    SignIn,
    Slice,
)
from collections_app.ledger.opening import open_ledger
from collections_app.ledger.tables import permission_for

__all__ = [
    "AccountFact",
    "CompanyFacts",
    "Extent",
    "Findings",
    "Ledger",
    "ScopeFact",
    "Selection",
    "SignIn",
    "Slice",
    "open_ledger",
    "permission_for",
]

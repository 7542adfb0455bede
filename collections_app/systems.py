"""The accounting systems on the select-system page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountingSystem:
    """A system that can be connected."""

    key: str
    name: str


SAGE_INTACCT = AccountingSystem(key="sage-intacct", name="Sage Intacct")
AVAILABLE = (SAGE_INTACCT,)

"""What the state of a document, payment or application says about its place in the books.

The words are those of the gateway's own lists of valid values, met in any case; one-letter codes are those of
the older read functions. A state that nobody listed counts as posted, so that nothing owed is lost.
"""

_UNPOSTED = frozenset(
    {
        "draft",
        "submitted",
        "partially approved",
        "declined",
        "no value",
        "analyzing",
        "saved",
        "d",
        "s",
        "pa",
        "u",
    }
)
_REVERSED = frozenset({"reversed", "voided", "void", "v"})
_REVERSAL = frozenset({"reversal"})


def is_unposted(state: str) -> bool:
    """Whether it never entered the ledger: a draft, something declined, or a document of no value."""
    return state.strip().casefold() in _UNPOSTED


def is_reversed(state: str) -> bool:
    """Whether it was taken back later by an entry of its own."""
    return state.strip().casefold() in _REVERSED


def is_reversal(state: str) -> bool:
    """Whether it is the entry that takes another one back."""
    return state.strip().casefold() in _REVERSAL

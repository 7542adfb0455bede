"""Customers and vendors: names with everything that names have in them."""

from dataclasses import dataclass

_FIRST = (
    "Alder Bay", "Brightwater", "Cobalt Ridge", "Dunmore", "Eastgate", "Fjord & Sons", "Granite State",
    "Hollis", "Ironwood", "Juniper", "Kestrel", "Łódź Precision", "Meridian", "Nørregaard", "O'Connell",
    "Pallas", "Quarry Road", "Río Claro", "Sandpiper", "Thornbury", "Ümlaut", "Vantage", "Westhaven",
    "Yarrow", "Zephyr",
)  # fmt: skip
_CUSTOMER_KINDS = ("Laboratories", "Hospital Group", "Water Authority", "Aerospace", "Foods", "University")
_VENDOR_KINDS = (
    "Supply",
    "Metals",
    "Electronics",
    "Logistics",
    "Office",
    "Partners LLP",
    "Energy",
    "Insurance",
)


@dataclass(frozen=True)
class Partner:
    """A customer or a vendor. `days` is what the terms allow, `slow` how many days later than that it
    settles.
    """

    id: str
    name: str
    days: int
    slow: int


def customers(count: int) -> tuple[Partner, ...]:
    """Customers, each with its own habit of paying."""
    return _partners("C", count, _CUSTOMER_KINDS, (0, 4, 9, 15, 24, 38))


def vendors(count: int) -> tuple[Partner, ...]:
    """Vendors, who are paid closer to their terms."""
    return _partners("V", count, _VENDOR_KINDS, (-4, 0, 0, 3, 6, 11))


def _partners(
    letter: str, count: int, kinds: tuple[str, ...], habits: tuple[int, ...]
) -> tuple[Partner, ...]:
    return tuple(
        Partner(
            id=f"{letter}{number + 1:04}",
            name=_name(number, kinds),
            days=(30, 30, 45, 15)[number % 4],
            slow=habits[number % len(habits)],
        )
        for number in range(count)
    )


def _name(number: int, kinds: tuple[str, ...]) -> str:
    first = _FIRST[number % len(_FIRST)]
    round_number = number // len(_FIRST)
    name = f"{first} {kinds[(number + round_number) % len(kinds)]}"
    return name if round_number < len(kinds) else f"{name} {round_number + 1}"

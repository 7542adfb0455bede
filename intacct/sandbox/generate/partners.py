"""Customers and vendors: names with everything that names have in them."""

from dataclasses import dataclass

from intacct.sandbox.generate.currencies import BASE

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
    settles; with `discount`, two percent may be kept for paying within ten days.
    """

    id: str
    name: str
    days: int
    slow: int
    currency: str
    discount: bool

    @property
    def terms(self) -> str:
        """The name of its terms."""
        return f"2% 10 Net {self.days}" if self.discount else f"Net {self.days}"


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
            currency={5: "EUR", 7: "GBP"}.get(number % 8, BASE),
            discount=number % 5 == 2 and number % 8 not in (5, 7),
        )
        for number in range(count)
    )


def _name(number: int, kinds: tuple[str, ...]) -> str:
    first = _FIRST[number % len(_FIRST)]
    round_number = number // len(_FIRST)
    name = f"{first} {kinds[(number + round_number) % len(kinds)]}"
    return name if round_number < len(kinds) else f"{name} {round_number + 1}"

"""Which records of a table are read, as filters of a query."""

from collections.abc import Iterator
from datetime import date

import intacct
from collections_app.datasets import Dataset
from collections_app.ledger.facts import Slice


def limits(dataset: Dataset, part: Slice) -> intacct.filters.Filter | None:
    conditions = [
        condition for condition in (limits_of_time(dataset, part), *_limits_of_keys(part)) if condition
    ]
    return intacct.filters.every(*conditions) if conditions else None


def _limits_of_keys(part: Slice) -> Iterator[intacct.filters.Filter]:
    if part.first_key:
        yield intacct.filters.at_least("RECORDNO", part.first_key)
    if part.last_key:
        yield intacct.filters.at_most("RECORDNO", part.last_key)


def limits_of_time(dataset: Dataset, part: Slice) -> intacct.filters.Filter | None:
    """Documents posted in the period or open at some time in it; payments of its days."""
    filters = intacct.filters
    if dataset.reading == "documents":
        return filters.every(
            filters.at_most("WHENPOSTED", _day(part.last)),
            filters.either(
                filters.at_least("WHENPOSTED", _day(part.first)),
                filters.is_null("WHENPAID"),
                filters.at_least("WHENPAID", _day(part.open_from)),
            ),
        )
    if dataset.reading in ("payments", "applications"):
        return filters.on_or_between(dataset.dated, part.first, part.last)
    return None


def _day(day: date) -> str:
    """A day in a filter: the gateway takes month/day/year, whatever the settings."""
    return f"{day:%m/%d/%Y}"

"""C5: every entity that was chosen is there, and together they explain the book."""

from collections.abc import Iterable
from decimal import Decimal

from collections_app.reports.books import EntityBooks
from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons, rounding_tolerance
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    inconclusive,
    judged,
    money,
    number_of,
)
from collections_app.reports.consolidation import Bridge
from collections_app.reports.figures import ZERO, MonthlyTrialBalance

C5 = Definition("C5", "Entities covered", "completeness")


def entities_covered(material: Material) -> Check:
    """C5: each entity returned figures, and entities, eliminations and translation add up to the book.

    Only the lines that an account feeds are compared; a total would repeat their differences. An entity that
    holds nothing but eliminations may be empty.
    """
    if not material.books.entities:
        return _single(material)
    compared = Comparisons()
    empty = [each for each in material.books.entities if not each.is_elimination and _is_silent(each.months)]
    for entity in empty:
        compared.find(f"Entity {entity.scope.id} {entity.scope.name}".rstrip(), "It returned no figures.")
    tolerance = rounding_tolerance(len(material.ledger.placements) * len(material.books.entities))
    for bridge in material.bridges:
        _compare(compared, bridge, tolerance)
    if not compared.failures and not all(bridge.is_proof for bridge in material.bridges):
        return inconclusive(
            C5,
            material.asked_for,
            "Every entity returned figures, but those in another currency were not read in the currency of "
            "the book, so their translation is only the rest and proves nothing; ask for the entities' "
            "balances in the book's currency.",
        )
    return judged(C5, material.asked_for, compared, _sentences(material, compared, empty))


def _sentences(material: Material, compared: Comparisons, empty: list[EntityBooks]) -> Sentences:
    entities = number_of(len(material.books.entities), "entity", "entities")
    worst = compared.worst
    far = abs(worst.row.difference or ZERO) if worst and not worst.holds else ZERO
    lines = compared.failures - len(empty)
    told = [f"{number_of(len(empty), 'entity', 'entities')} returned no figures"] if empty else []
    if lines:
        up_to = money(far, material.currency)
        told.append(f"{number_of(lines, 'line')} of the book differ from the entities by up to {up_to}")
    return Sentences(
        f"All {entities} returned figures, and together they are the book on every line.{_at_rest(material)}",
        f"{' and '.join(told)}: a subsidiary may be missing. Ask which entities belong to the book.",
    )


def _at_rest(material: Material) -> str:
    resting = sum(_is_at_rest(entity) for entity in material.books.entities)
    return f" {number_of(resting, 'entity holds', 'entities hold')} zeros only." if resting else ""


def _compare(compared: Comparisons, bridge: Bridge, tolerance: Decimal) -> None:
    for line in bridge.lines:
        if line.style == "line":
            place = f"{bridge.title}, {line.label}, {bridge.column.caption}"
            compared.compare(place, line.book - line.residual, line.book, tolerance)


def _is_silent(months: Iterable[MonthlyTrialBalance]) -> bool:
    """Whether there is no row at all; zeros are asked for, so an entity at rest has rows of zeros."""
    return not any(month.rows for month in months)


def _is_at_rest(entity: EntityBooks) -> bool:
    return all(row.is_zero for month in entity.months for row in month.rows)


def _single(material: Material) -> Check:
    scope = material.books.heading.scope
    if scope.kind == "book":
        return inconclusive(
            C5,
            material.asked_for,
            "The entities behind this consolidation book were not read, so nobody can add them up; ask for "
            "the trial balance of each entity.",
        )
    compared = Comparisons()
    if _is_silent(material.books.months):
        compared.find("All months", "The trial balances hold no figures.")
    whose = "entity" if scope.kind == "entity" else "company as a whole"
    return judged(
        C5,
        material.asked_for,
        compared,
        Sentences(
            f"The {whose} was read and returned figures; there are no other books to add up.",
            f"The {whose} was read but returned no figures at all; ask whether it is the right one.",
        ),
    )

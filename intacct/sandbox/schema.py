"""A small content-model language for the request's schema: order, number and kind of elements.

The gateway validates requests before it looks at them, and most containers are sequences. A model is
written as text: names in order, `?` for optional, `*` and `+` for repeated, `(a|b)` for a choice. Elements
without a model of their own hold text. Messages are those of the schema validator behind the gateway,
because support tickets quote them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from intacct.sandbox.errors import schema_violation

_PARTICLE = re.compile(r"\(([\w|]+)\)([?*+]?)|(\w+)([?*+]?)")
_TIMES: Mapping[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


@dataclass(frozen=True)
class Particle:
    """One place in a sequence: which names may stand there, and how often."""

    names: tuple[str, ...]
    minimum: int
    maximum: int | None


@dataclass(frozen=True)
class Text:
    """An element that holds text; `check` returns what is wrong with a value, or an empty text."""

    check: Callable[[str], str] = lambda value: ""


@dataclass(frozen=True)
class Model:
    """An element that holds elements. `ordered` is false where the schema allows any order; of `pairs` both
    are there or neither.
    """

    particles: tuple[Particle, ...]
    children: Mapping[str, "Content"] = field(default_factory=dict)
    attributes: Mapping[str, Text] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    ordered: bool = True
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Either:
    """One of several models, told apart by the first element."""

    models: tuple[Model, ...]


Content = Text | Model | Either


def sequence(
    order: str,
    children: Mapping[str, Content] | None = None,
    *,
    attributes: Mapping[str, Text] | None = None,
    required: tuple[str, ...] = (),
    pairs: tuple[tuple[str, str], ...] = (),
) -> Model:
    """Elements in this order."""
    return Model(tuple(_particles(order)), children or {}, attributes or {}, required, pairs=pairs)


def any_order(
    names: str,
    children: Mapping[str, Content] | None = None,
    *,
    attributes: Mapping[str, Text] | None = None,
) -> Model:
    """Elements in any order, each at most once; those without `?` are required."""
    return Model(tuple(_particles(names)), children or {}, attributes or {}, ordered=False)


def _particles(order: str) -> Iterator[Particle]:
    for choice, choice_times, name, times in _PARTICLE.findall(order):
        minimum, maximum = _TIMES[choice_times or times]
        yield Particle(tuple((choice or name).split("|")), minimum, maximum)


def one_of(*values: str) -> Text:
    """Text from a fixed list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Text(
        lambda value: (
            ""
            if value in values
            else f"[facet 'enumeration'] The value '{value}' is not an element of the set {{{listed}}}."
        )
    )


def whole_number(least: int, most: int | None = None) -> Text:
    """A whole number between two bounds, both allowed."""

    def check(value: str) -> str:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            return f"'{value}' is not a valid value of the atomic type 'xs:integer'."
        if int(value) < least:
            return f"[facet 'minInclusive'] The value '{value}' is less than the minimum ('{least}')."
        if most is not None and int(value) > most:
            return f"[facet 'maxInclusive'] The value '{value}' is greater than the maximum ('{most}')."
        return ""

    return Text(check)


TRUTH = one_of("true", "false")
DATE = sequence(
    "year month day",
    {"year": whole_number(1, 9999), "month": whole_number(1, 12), "day": whole_number(1, 31)},
)


def validate(element: etree._Element, content: Content) -> None:
    """Raise a schema violation, with its line, for the first thing in the element that the model does not
    allow.
    """
    if isinstance(content, Text):
        _validate_text(element, content)
        return
    model = _chosen(element, content) if isinstance(content, Either) else content
    _validate_attributes(element, model.attributes, model.required)
    _refuse_loose_text(element)
    if model.ordered:
        _validate_sequence(element, model.particles)
    else:
        _validate_any_order(element, model.particles)
    _validate_pairs(element, model.pairs)
    for child in element:
        validate(child, model.children.get(str(child.tag), Text()))


def _validate_pairs(element: etree._Element, pairs: tuple[tuple[str, str], ...]) -> None:
    for first, second in pairs:
        begun, ended = element.find(first), element.find(second)
        if begun is not None and ended is None:
            raise _violation(element, 1871, f"Missing child element(s). {_listed((second,))}")
        if begun is None and ended is not None:
            raise _violation(ended, 1871, "This element is not expected.")


def _chosen(element: etree._Element, either: Either) -> Model:
    first = element[0].tag if len(element) else None
    for model in either.models:
        if first in model.particles[0].names:
            return model
    return either.models[-1]


def _validate_text(element: etree._Element, content: Text) -> None:
    _validate_attributes(element, {}, ())
    if len(element):
        raise _violation(element[0], 1871, "This element is not expected.")
    problem = content.check((element.text or "").strip())
    if problem:
        raise _violation(element, 1840, problem)


def _validate_attributes(
    element: etree._Element, known: Mapping[str, Text], required: tuple[str, ...]
) -> None:
    for name, value in ((str(name), str(value)) for name, value in element.attrib.items()):
        if name not in known:
            raise _violation(element, 1866, f"The attribute '{name}' is not allowed.")
        problem = known[name].check(value)
        if problem:
            raise _violation(element, 1840, f"attribute '{name}': {problem}")
    for name in required:
        if name not in element.attrib:
            raise _violation(element, 1868, f"The attribute '{name}' is required but missing.")


def _refuse_loose_text(element: etree._Element) -> None:
    pieces = [element.text, *(child.tail for child in element)]
    if any(piece and piece.strip() for piece in pieces):
        message = "Character content is not allowed, because the content type is 'element-only'."
        raise _violation(element, 1841, message)


def _validate_sequence(element: etree._Element, particles: tuple[Particle, ...]) -> None:
    position, seen = 0, 0
    for child in element:
        start, seen_before = position, seen
        while position < len(particles) and not _fits(child, particles[position], seen):
            if seen < particles[position].minimum:
                raise _unexpected(child, particles, start, seen_before)
            position, seen = position + 1, 0
        if position == len(particles):
            raise _unexpected(child, particles, start, seen_before)
        seen += 1
    for index in range(position, len(particles)):
        if (seen if index == position else 0) < particles[index].minimum:
            expected = _expected(particles, index, 0)
            raise _violation(element, 1871, f"Missing child element(s). {expected}")


def _fits(child: etree._Element, particle: Particle, seen: int) -> bool:
    return child.tag in particle.names and (particle.maximum is None or seen < particle.maximum)


def _validate_any_order(element: etree._Element, particles: tuple[Particle, ...]) -> None:
    allowed = {name: particle for particle in particles for name in particle.names}
    seen: set[str] = set()
    for child in element:
        if child.tag not in allowed or child.tag in seen:
            left = tuple(name for name in allowed if name not in seen)
            raise _violation(child, 1871, f"This element is not expected. {_listed(left)}")
        seen.add(str(child.tag))
    missing = tuple(name for name, particle in allowed.items() if particle.minimum and name not in seen)
    if missing:
        raise _violation(element, 1871, f"Missing child element(s). {_listed(missing)}")


def _unexpected(
    child: etree._Element, particles: tuple[Particle, ...], position: int, seen: int
) -> Exception:
    return _violation(
        child, 1871, f"This element is not expected. {_expected(particles, position, seen)}".strip()
    )


def _expected(particles: tuple[Particle, ...], position: int, seen: int) -> str:
    names: list[str] = []
    for particle in particles[position:]:
        if particle.maximum is None or seen < particle.maximum:
            names.extend(particle.names)
        if seen < particle.minimum:
            break
        seen = 0
    return _listed(tuple(names))


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return (
        f"Expected is ( {names[0]} )." if len(names) == 1 else f"Expected is one of ( {', '.join(names)} )."
    )


def _violation(element: etree._Element, code: int, message: str) -> Exception:
    return schema_violation(f"Error {code}: Element '{element.tag}': {message}", line_of(element))


def line_of(element: etree._Element) -> int:
    """The line of the document an element stands on."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0

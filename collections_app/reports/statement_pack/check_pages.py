"""The checks: what was checked, what came out, and where it failed. Failures come first."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.checks.check import Check, Evidence
from collections_app.reports.markup import element
from collections_app.reports.periods import days_caption
from collections_app.reports.statement_pack.section import Section, View, paragraph
from collections_app.reports.statement_pack.tables import column_header, row, row_header, table, text_cell
from collections_app.reports.wording import printed

MOST_CHECKS, MOST_EVIDENCE = 80, 3
_ORDER = ("fail", "inconclusive", "pass")
NONE_MADE = "No checks were made for these reports."


def outcome_name(check: Check) -> str:
    """The outcome for people; a failure of low severity is a warning."""
    if check.outcome == "fail" and check.is_warning:
        return "Warning"
    return {"fail": "Failed", "inconclusive": "Inconclusive", "pass": "Passed"}[check.outcome]


def in_order(checks: tuple[Check, ...]) -> list[Check]:
    """Failures, warnings, what could not be decided, then what passed; each in the order in which it came."""
    return sorted(checks, key=lambda check: (_ORDER.index(check.outcome), check.is_warning))


def check_sections(reports: Reports) -> Iterator[Section]:
    """The section of the checks; none where there are no checks, which the cover says."""
    checks = in_order(reports.checks)
    if not checks:
        return
    header = [column_header(name) for name in ("Check", "Result", "What was found")]
    contents = [
        paragraph(
            "Each check compares figures that must agree. A check that failed hides no report: the "
            "statements are printed as the books have them. The difference is what was found less what was "
            "expected."
        ),
        table(header, map(_check_row, checks[:MOST_CHECKS]), class_="checks"),
    ]
    if len(checks) > MOST_CHECKS:
        left = len(checks) - MOST_CHECKS
        contents.append(paragraph(f"{left:,} more checks are in statements.json and report.xlsx.", "note"))
    yield Section("checks", "Checks", (View(tuple(contents)),))


def _check_row(check: Check) -> Element:
    name = row_header(f"{check.id} {check.title}", _small(days_caption(check.start, check.end)))
    found = [element("span", check.sentence, limit=1_000)]
    if check.outcome != "pass":
        found += _difference(check)
        found += [_small(_evidence(each)) for each in check.evidence[:MOST_EVIDENCE]]
        found += _further(check)
    if check.explanation:
        found.append(_small(f"The borrower explains: {check.explanation}", 2_100))
    result = text_cell(outcome_name(check), class_=f"outcome {check.outcome}")
    return row(name, result, text_cell(*found), class_="line")


def _difference(check: Check) -> Iterator[Element]:
    if check.difference is None or check.expected is None or check.actual is None:
        return
    text = (
        f"Expected {printed(check.expected)}, found {printed(check.actual)}, "
        f"difference {printed(check.difference)}"
    )
    if check.tolerance is not None:
        text += f", tolerance {printed(check.tolerance)}"
    yield _small(f"{text}.")


def _evidence(evidence: Evidence) -> str:
    amounts = (
        ("expected", evidence.expected),
        ("found", evidence.actual),
        ("difference", evidence.difference),
    )
    said = [f"{name} {printed(amount)}" for name, amount in amounts if amount is not None]
    text = ", ".join([*said, *([evidence.note] if evidence.note else [])])
    return f"{evidence.place}: {text}" if text else evidence.place


def _further(check: Check) -> Iterator[Element]:
    count = max(check.evidence_count, len(check.evidence)) - MOST_EVIDENCE
    if count > 0:
        yield _small(f"and {count:,} more, in statements.json and report.xlsx.")


def _small(text: str, limit: int = 600) -> Element:
    return element("span", text, class_="formula", limit=limit)

"""The cover: whose figures these are, for whom, of what period, from where, and how the checks came out."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.figures import Heading
from collections_app.reports.markup import element
from collections_app.reports.periods import FULL_MONTH_NAMES, day_caption
from collections_app.reports.statement_pack.check_pages import NONE_MADE, in_order, outcome_name
from collections_app.reports.statement_pack.section import Section, bullets, paragraph
from collections_app.reports.statement_pack.tables import row, row_header, text_cell
from collections_app.reports.wording import moment, scope_name

MOST_FINDINGS = 6


def cover(reports: Reports, sections: list[Section]) -> Element:
    """The cover, with the checks in short and the pages on which the sections begin."""
    heading = reports.heading
    return element(
        "section",
        element("p", f"Prepared for {heading.lender}", class_="eyebrow"),
        element("h1", heading.borrower),
        element("p", "Financial statements from the general ledger, unaudited", class_="lead"),
        element("table", element("tbody", *(_fact(*fact) for fact in _facts(heading))), class_="facts"),
        element("h2", "Checks in short"),
        *_checks(reports),
        element("h2", "Contents"),
        element("ol", *map(_entry, sections), class_="contents"),
        class_="cover",
    )


def _fact(name: str, value: str) -> Element:
    return row(row_header(name), text_cell(value))


def _facts(heading: Heading) -> tuple[tuple[str, str], ...]:
    return (
        ("Borrower", heading.borrower),
        ("Lender", heading.lender),
        ("Company", f"{heading.company_name} ({heading.company_id})"),
        ("Scope", scope_name(heading)),
        ("Basis", heading.basis.capitalize()),
        ("Currency", heading.currency),
        ("Period", f"{day_caption(heading.date_from)} to {day_caption(heading.date_to)}"),
        ("Fiscal year begins in", FULL_MONTH_NAMES[heading.first_fiscal_month - 1]),
        ("Collected at", moment(heading.collected_at)),
        ("Collected from", heading.source),
        ("Reference", heading.reference),
    )


def _checks(reports: Reports) -> Iterator[Element]:
    checks = in_order(reports.checks)
    if not checks:
        yield paragraph(NONE_MADE)
    else:
        yield paragraph(_count(reports))
    findings = [check for check in checks if check.outcome != "pass"]
    if findings:
        sentences = [f"{outcome_name(check)}: {check.title}. {check.sentence}" for check in findings]
        yield bullets(sentences[:MOST_FINDINGS])
    if len(findings) > MOST_FINDINGS:
        yield paragraph(f"{len(findings) - MOST_FINDINGS:,} more are under Checks.")
    yield paragraph(unassigned_sentence(reports))


def _count(reports: Reports) -> str:
    names = [outcome_name(check) for check in reports.checks]
    parts = [
        f"{names.count(name)} {word}"
        for name, word in (
            ("Failed", "failed"),
            ("Warning", "failed with a warning"),
            ("Inconclusive", "could not be decided"),
            ("Passed", "passed"),
        )
        if name in names or name in ("Failed", "Passed")
    ]
    return f"Of {len(names)} checks, {', '.join(parts[:-1])} and {parts[-1]}."


def unassigned_sentence(reports: Reports) -> str:
    """How many accounts with figures wait for a category, in one sentence."""
    count = len(reports.unassigned)
    if not count:
        return "Every account with a balance or activity has its place on a statement."
    accounts, wait = ("1 account", "waits") if count == 1 else (f"{count:,} accounts", "wait")
    where = "on lines named Unassigned; see the notes"
    return f"{accounts} with a balance or activity {wait} for a category, {where}."


def _entry(section: Section) -> Element:
    return element("li", element("a", section.title, href=f"#{section.key}"))

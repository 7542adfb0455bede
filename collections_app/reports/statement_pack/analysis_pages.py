"""Ratios with the formulas that were applied, and the cash flow in the form of Uniform Credit Analysis."""

from collections.abc import Iterable, Iterator
from datetime import date
from xml.etree.ElementTree import Element

from collections_app.reports.analysis.analysis import Analysis
from collections_app.reports.analysis.covenants import CovenantResult
from collections_app.reports.analysis.metric import Metric
from collections_app.reports.analysis.ratios import PeriodRatios
from collections_app.reports.analysis.uca import CashRow, UcaCashFlow
from collections_app.reports.build import Reports
from collections_app.reports.markup import element
from collections_app.reports.periods import days_caption
from collections_app.reports.statement_pack.section import (
    Section,
    View,
    block,
    bullets,
    paragraph,
    subheading,
)
from collections_app.reports.statement_pack.tables import (
    amount_cell,
    column_header,
    number_header,
    row,
    row_header,
    table,
    text_cell,
)
from collections_app.reports.wording import printed

RESTS_ON = frozenset({"balance_sheet", "income_statement"})
UCA = (
    "Uniform Credit Analysis asks whether sales became cash, and what that cash had to pay for, in the order "
    "in which a borrower pays. It covers the days of the column and is not brought to a year. Costs, "
    "distributions and investments are positive and are subtracted."
)
MOST_COLUMNS, MOST_DEFINITIONS = 4, 60


def analysis_sections(reports: Reports) -> Iterator[Section]:
    """Ratios and UCA cash flow, where the statements that they rest on were asked for."""
    analysis = reports.analysis
    if analysis is None or not reports.wanted >= RESTS_ON:
        return
    yield Section("ratios", "Ratios and credit metrics", (_ratios_view(analysis),))
    if "cash_flow" in reports.wanted:
        currency = reports.heading.currency
        yield Section("uca", "UCA cash flow", (_uca_view(analysis, currency),))


def _ratios_view(analysis: Analysis) -> View:
    columns = _columns(analysis)
    latest = columns[-1][1]
    contents = [
        paragraph(
            "Each ratio stands above the formula that was applied. “n/m” is not meaningful: the base is zero "
            "or negative. “Needs input” means that the books lack something that the borrower has to be "
            "asked for; it is never taken for zero. Reasons are those of the last column."
        ),
    ]
    if latest.cautions:
        contents.append(bullets(latest.cautions))
    header = [column_header("Ratio"), *(number_header(caption) for caption, _ in columns)]
    contents.append(table(header, _ratio_rows([ratios for _, ratios in columns]), class_="ratios"))
    if analysis.covenants:
        contents.append(block(subheading("Covenants"), _covenant_table(analysis.covenants)))
    definitions = latest.definitions[:MOST_DEFINITIONS]
    if definitions:
        contents += [subheading("What the words in the formulas mean"), bullets(definitions)]
    return View(tuple(contents))


def _covenant_table(covenants: Iterable[CovenantResult]) -> Element:
    header = [column_header("Covenant"), number_header("Outcome")]
    return table(header, map(_covenant_row, covenants), class_="ratios")


def _covenant_row(result: CovenantResult) -> Element:
    covenant, metric = result.covenant, result.metric
    explained = [
        element("span", text, class_="formula", limit=600)
        for text in (f"{result.requirement}.", f"{metric.name} = {metric.formula}", result.sentence)
    ]
    return row(
        row_header(covenant.name, *explained), text_cell(result.outcome, class_="amount"), class_="line"
    )


def _columns(analysis: Analysis) -> list[tuple[str, PeriodRatios]]:
    """The spread's columns, and the latest period where it is none of them."""
    captions = (column.caption for column in analysis.spread.columns)
    found = list(zip(captions, analysis.columns, strict=True))[-MOST_COLUMNS:]
    latest = analysis.latest
    if not any(_span(ratios) == _span(latest) for _, ratios in found):
        found = [*found[1 - MOST_COLUMNS :], (days_caption(*_span(latest)), latest)]
    found.sort(key=lambda column: _span(column[1]) == _span(latest))
    return found


def _span(ratios: PeriodRatios) -> tuple[date, date]:
    return ratios.period.flows.start, ratios.period.flows.end


def _ratio_rows(columns: list[PeriodRatios]) -> Iterator[Element]:
    groups: dict[str, list[Metric]] = {}
    for metric in columns[-1].metrics:
        groups.setdefault(metric.group, []).append(metric)
    for group, metrics in groups.items():
        yield row(_spanning(group, len(columns)), class_="heading")
        for metric in metrics:
            yield _ratio_row(metric, [ratios.metric(metric.key) for ratios in columns])


def _spanning(text: str, columns: int) -> Element:
    header = row_header(text)
    header.set("colspan", str(columns + 1))
    return header


def _ratio_row(latest: Metric, values: list[Metric]) -> Element:
    below = [latest.formula] if latest.formula != latest.name else []
    below += [text for text in (latest.annualization, latest.reason) if text]
    explained = [element("span", text, class_="formula", limit=600) for text in below]
    cells = (text_cell(metric.display, class_="amount") for metric in values)
    return row(row_header(latest.name, *explained), *cells, class_="line")


def _uca_view(analysis: Analysis, currency: str) -> View:
    flows = analysis.latest.period.flows
    cash_flow = analysis.cash_flow
    needed = cash_flow.row("cash_after_operations").missing
    if needed:
        return View((paragraph(UCA), paragraph(f"It cannot be made here. It needs {', '.join(needed)}.")))
    header = [column_header(f"Amounts in {currency}"), number_header(days_caption(flows.start, flows.end))]
    return View(
        (
            paragraph(UCA),
            table(header, map(_uca_row, cash_flow.rows), class_="ratios"),
            paragraph(_uca_tie(cash_flow)),
        )
    )


def _uca_row(cash_row: CashRow) -> Element:
    figure = cash_row.figure
    below = []
    if figure.missing:
        below.append(element("span", f"Needs {', '.join(figure.missing)}.", class_="formula", limit=600))
    elif figure.formula:
        below.append(element("span", figure.formula, class_="formula", limit=600))
    style = "total" if cash_row.is_total else "line"
    return row(row_header(figure.label, *below), amount_cell(figure.amount), class_=style)


def _uca_tie(cash_flow: UcaCashFlow) -> str:
    if cash_flow.difference is None:
        return "Whether this agrees with the balance sheets cannot be said, because an input is missing."
    if cash_flow.ties:
        return "The change in cash agrees with the cash on the balance sheets to the cent."
    return (
        f"The change in cash differs from the cash on the balance sheets by {printed(cash_flow.difference)}."
    )

"""Receivables and payables: who owes what for how long, and whether the ledger agrees."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from collections_app.reports.aging import Aging, AgingRow
from collections_app.reports.build import Reports
from collections_app.reports.concentration import Concentration
from collections_app.reports.division import percent
from collections_app.reports.figures import REPORT_TITLES, ZERO
from collections_app.reports.markup import element, printable
from collections_app.reports.periods import day_caption
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
    percent_cell,
    percent_text,
    row,
    row_header,
    table,
    text_cell,
)
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.tie_out import TieOut, TieOutMonth
from collections_app.reports.wording import printed

MOST_PARTIES, MOST_MONTHS, MOST_CURRENCIES = 15, 12, 10
_PARTIES = {"receivable": "customer", "payable": "vendor"}
_OUTCOMES = {"pass": "Agrees", "warning": "Small difference", "fail": "Does not agree"}


def aging_sections(reports: Reports) -> Iterator[Section]:
    """A section for each side whose aging was asked for and whose documents were collected."""
    for key, side in (("ar_aging", reports.receivables), ("ap_aging", reports.payables)):
        if side is not None and key in reports.wanted:
            yield Section(key, REPORT_TITLES[key], (_aging_view(side), _tie_out_view(side)))


def _aging_view(side: SubledgerReports) -> View:
    aging = side.aging
    as_of = day_caption(aging.as_of)
    contents = [
        subheading(f"By due date, at {as_of}"),
        _party_table(side, aging),
        bullets(tuple(_remarks(side, aging))),
        block(subheading(f"By invoice date, at {as_of}"), _invoice_date_table(side.by_invoice_date[-1])),
    ]
    if any(each.currency != aging.currency for each in side.by_currency):
        title = f"By currency of the document, by due date, at {as_of}"
        contents.append(block(subheading(title), _currency_table(side)))
    return View(tuple(contents), is_landscape=True)


def _header(first: str, aging: Aging, *more: str) -> list[Element]:
    names = (*aging.method.labels, "Unapplied", "Total", *more)
    return [column_header(first), *(number_header(name) for name in names)]


def _party_table(side: SubledgerReports, aging: Aging) -> Element:
    noun = _PARTIES[aging.side]
    largest = aging.largest(MOST_PARTIES)
    rows = [_party_row(each, aging) for each in largest]
    others = [each for each in aging.rows if each not in largest]
    if others:
        rows.append(_others_row(others, noun, aging))
    rows.append(
        _amounts_row("Total", aging.totals, aging.unapplied, aging.total, "total", _share(aging.total, aging))
    )
    rows.append(_percent_row(aging))
    header = _header(f"{noun.capitalize()}, amounts in {aging.currency}", aging, "Share")
    return table(header, rows, class_="aging")


def _party_row(party: AgingRow, aging: Aging) -> Element:
    name = party.name if party.name == party.party else f"{party.name} ({party.party})"
    return _amounts_row(name, party.amounts, party.unapplied, party.total, "line", _share(party.total, aging))


def _others_row(others: list[AgingRow], noun: str, aging: Aging) -> Element:
    buckets = tuple(sum(amounts, ZERO) for amounts in zip(*(each.amounts for each in others), strict=True))
    unapplied = sum((each.unapplied for each in others), ZERO)
    total = sum((each.total for each in others), ZERO)
    name = f"{len(others)} other {noun}{'' if len(others) == 1 else 's'}"
    return _amounts_row(name, buckets, unapplied, total, "line", _share(total, aging))


def _amounts_row(
    name: str, buckets: tuple[Decimal, ...], unapplied: Decimal, total: Decimal, class_: str, *more: Element
) -> Element:
    amounts = (amount_cell(amount) for amount in (*buckets, unapplied, total))
    return row(row_header(name), *amounts, *more, class_=class_)


def _share(amount: Decimal, aging: Aging) -> Element:
    return percent_cell(percent(amount, aging.total))


def _percent_row(aging: Aging) -> Element:
    parts = (*aging.totals, aging.unapplied, aging.total)
    cells = (_share(amount, aging) for amount in parts)
    return row(row_header("Share of the total"), *cells, text_cell(), class_="account")


def _remarks(side: SubledgerReports, aging: Aging) -> Iterator[str]:
    noun = _PARTIES[aging.side]
    late = sum(aging.totals[1:], ZERO)
    share = percent(late, aging.total)
    yield f"Past due: {printed(late)}" + (
        f", {percent_text(share)} of the total." if share is not None else "."
    )
    yield from _concentration("Of what is open", noun, side.concentration_of_aging)
    done = "invoiced" if aging.side == "receivable" else "billed"
    yield from _concentration(
        f"Of what was {done} in the last twelve months", noun, side.concentration_of_invoices
    )
    yield f"{aging.documents:,} open documents and credits." + _age(aging)
    if aging.missing_due_dates == 1:
        yield "One open document has no due date and is aged from its own date."
    elif aging.missing_due_dates:
        yield f"{aging.missing_due_dates:,} open documents have no due date and are aged from their own date."
    yield (
        "Credits are negative in the bucket of their own date. Unapplied are receipts and advances that no "
        "document was paid with; they are in the total."
    )


def _concentration(of_what: str, noun: str, concentration: Concentration) -> Iterator[str]:
    largest, ten = concentration.largest, concentration.top(10)
    if largest is not None and ten is not None:
        yield (
            f"{of_what}, the largest {noun}, {printable(largest.name, 60)}, holds "
            f"{percent_text(largest.percentage)}; the ten largest hold {percent_text(ten)}."
        )


def _age(aging: Aging) -> str:
    if aging.average_age is None or aging.oldest is None:
        return ""
    item, days = aging.oldest.item, aging.average_age
    average = f"they are {days} days past due" if days > 0 else f"they fall due in {-days} days"
    return (
        f" Weighted by amount, {average} on average. The longest open, {item.number}, is dated "
        f"{day_caption(item.document_date)}."
    )


def _invoice_date_table(aging: Aging) -> Element:
    total = _amounts_row("Total", aging.totals, aging.unapplied, aging.total, "total")
    return table(_header(f"Amounts in {aging.currency}", aging), [total], class_="aging")


def _currency_table(side: SubledgerReports) -> Element:
    chosen = side.by_currency[:MOST_CURRENCIES]
    rows = [
        _amounts_row(aging.currency, aging.totals, aging.unapplied, aging.total, "line") for aging in chosen
    ]
    return table(_header("Currency, each in its own amounts", side.aging), rows, class_="aging")


def _tie_out_view(side: SubledgerReports) -> View:
    trend = side.by_due_date[-MOST_MONTHS:]
    rows = [
        _amounts_row(day_caption(each.as_of), each.totals, each.unapplied, each.total, "line")
        for each in trend
    ]
    header = _header(f"Amounts in {side.aging.currency}", side.aging)
    contents = (
        block(subheading("Month ends, by due date"), table(header, rows, class_="aging")),
        block(subheading("Agreement with the general ledger"), *_tie_out(side.tie_out)),
    )
    return View(contents, is_landscape=True)


def _tie_out(tie_out: TieOut) -> Iterator[Element]:
    if not tie_out.months:
        yield paragraph(tie_out.reason)
        return
    accounts = "account" if len(tie_out.accounts) == 1 else "accounts"
    yield paragraph(
        f"Total of the aging against the balance of control {accounts} {', '.join(tie_out.accounts)}. "
        "A month agrees within 1.00 or 0.01% of the balance, whichever is more; up to 1% is a small "
        "difference. Advances that the ledger holds on an account of their own are in the difference and not "
        "held against it."
    )
    names = ("Aging", "General ledger", "Difference", "Explained", "Unexplained")
    header = [column_header("Month end"), *map(number_header, names), column_header("Result")]
    months = tie_out.months[-MOST_MONTHS:]
    yield table(header, map(_tie_out_row, months), class_="tie-out")
    yield from _explanations(months[-1])


def _tie_out_row(month: TieOutMonth) -> Element:
    amounts = (
        month.aging,
        month.control,
        month.difference,
        month.difference - month.unexplained,
        month.unexplained,
    )
    result = text_cell(_OUTCOMES[month.outcome], class_=f"outcome {month.outcome}")
    return row(row_header(day_caption(month.as_of)), *map(amount_cell, amounts), result, class_="line")


def _explanations(month: TieOutMonth) -> Iterator[Element]:
    if not month.difference:
        return
    yield element(
        "p",
        f"What makes the difference (aging less general ledger) at {day_caption(month.as_of)}:",
        class_="lead-in",
    )
    found = [
        f"{printed(each.amount)}: {each.sentence.rstrip('.')} ({each.count:,} "
        f"{'entry' if each.count == 1 else 'entries'})."
        for each in month.explanations
    ]
    if month.unexplained:
        found.append(f"{printed(month.unexplained)}: nothing collected accounts for it.")
    yield bullets(found)

"""A customer or two and what they owe, for the tests of agings and of what is made from them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.reports.subledger import Application, Document, Party, Payment, Side, Subledger

DAY = date(2026, 3, 31)


def amounts(*values: int | str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def invoice(
    number: int | str, amount: str, posted: date, due: date | None = None, party: str = "C1", **rest: Any
) -> Document:
    """An invoice (a credit memo where ``kind`` says so) of its posting date unless told otherwise."""
    kind = rest.pop("kind", "invoice")
    return Document(
        key=f"{kind}:{number}",
        kind=kind,
        party=party,
        number=f"INV-{number}",
        document_date=rest.pop("document_date", posted),
        posting_date=posted,
        due_date=due,
        amount=Decimal(amount),
        transaction_amount=rest.pop("transaction_amount", Decimal(amount)),
        state=rest.pop("state", "Posted"),
        **rest,
    )


def memo(number: int | str, amount: str, posted: date, party: str = "C1", **rest: Any) -> Document:
    return invoice(number, amount, posted, party=party, kind="adjustment", **rest)


def receipt(number: int | str, amount: str, posted: date, party: str = "C1", **rest: Any) -> Payment:
    """A receipt, or an advance where ``kind`` says so."""
    kind = rest.pop("kind", "payment")
    return Payment(
        f"{kind}:{number}",
        kind,
        party,
        "",
        posted,
        Decimal(amount),
        transaction_amount=rest.pop("transaction_amount", Decimal(amount)),
        state=rest.pop("state", "Complete"),
        **rest,
    )


def applied(number: int | str, document: str, day: date, **parts: Any) -> Application:
    """An application; amounts may be given as text."""
    read: dict[str, Any] = {
        name: Decimal(value)
        if name.endswith("amount") or name in ("discount", "inline", "transaction_amount")
        else value
        for name, value in parts.items()
    }
    made = Application(str(number), document, day, state=read.pop("state", "Complete"), **read)
    return made if "transaction_amount" in read else _in_base(made)


def _in_base(made: Application) -> Application:
    return replace(made, transaction_amount=made.amount)


def subledger(
    *records: Document | Payment | Application, side: Side = "receivable", **rest: Any
) -> Subledger:
    """A subledger of these records; parties are named after their ids."""
    documents = tuple(each for each in records if isinstance(each, Document))
    payments = tuple(each for each in records if isinstance(each, Payment))
    parties = {each.party for each in documents} | {each.party for each in payments}
    names = rest.pop("names", {})
    return Subledger(
        side,
        {party: Party(party, names.get(party, f"Party {party}")) for party in parties},
        documents,
        payments,
        tuple(each for each in records if isinstance(each, Application)),
        **rest,
    )

"""Whom a borrower may ask: the person that the request names, else the lender's own contact."""

from dataclasses import dataclass

from collections_app.models import Collection, Lender


@dataclass(frozen=True)
class Contact:
    """A person at the lender; whatever is not known is empty."""

    name: str
    phone: str
    email: str


def contact_of(lender: Lender, collection: Collection | None = None) -> Contact:
    """The contact of a request, or of the lender where no request is known.

    It is one person or the other, never the name of one with the telephone of the other.
    """
    named = collection if collection and collection.contact_name else lender
    return Contact(named.contact_name, named.contact_phone, named.contact_email)

"""Letters: mails that go out in a lender's name, the same in plain text and in HTML.

They are sent from our own address, because only for its domain can SPF, DKIM and DMARC hold; the lender's
name leads in front of it, and an answer goes to the lender's contact.
"""

from collections.abc import Mapping, Sequence
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from collections_app.contacts import contact_of
from collections_app.models import Collection, Lender

# Machines that answer mails (out of office, tickets) are asked not to, so that no two of them talk for ever.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def letter(
    name: str,
    *,
    to: Sequence[str],
    context: Mapping[str, Any],
    about: Collection | None = None,
    answers_to: str = "",
) -> EmailMultiAlternatives:
    """The mail made of the templates emails/NAME.subject.txt, .txt and .html.

    Borrowers get it in the name of the lender of the collection that it is `about`, and answers go to the
    request's contact unless `answers_to` names somebody else. What tells a lender or an operator of work is
    our own, and plain text alone.
    """
    contact = contact_of(about.lender, about) if about else None
    shown = {**context, "contact": contact, "product_name": settings.PRODUCT_NAME}
    message = EmailMultiAlternatives(
        subject=_one_line(render_to_string(f"emails/{name}.subject.txt", shown)),
        body=render_to_string(f"emails/{name}.txt", shown).strip() + "\n",
        from_email=_sender(about.lender if about else None),
        to=list(to),
        headers={**HEADERS, "Message-ID": make_msgid(domain=_own_domain())},
    )
    if contact is None:
        return message
    if answers_to:
        message.reply_to = [answers_to]
    elif contact.email:
        message.reply_to = [formataddr((_one_line(contact.name), contact.email))]
    message.attach_alternative(render_to_string(f"emails/{name}.html", shown), "text/html")
    return message


def _sender(lender: Lender | None) -> str:
    """Mail programs show the name alone; “via” says honestly who sends for whom."""
    if lender is None:
        return str(settings.DEFAULT_FROM_EMAIL)
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((f"{_one_line(lender.name)} via {settings.PRODUCT_NAME}", address))


def _own_domain() -> str:
    """The sender's domain: the machine's own name, which Python takes otherwise, is nobody's business."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address.rpartition("@")[2] or "localhost"


def _one_line(text: str) -> str:
    return " ".join(text.split())

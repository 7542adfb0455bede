"""What a lender asks a borrower for, and what is refused in it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import links
from collections_app.models import Collection, Lender, MappingTemplate, RequestTemplate
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import refreshing
from collections_app.services.document_requests import WantedDocument, wanted_documents

# Without letters and digits that are taken for one another when read out on the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST_PERIOD_YEARS = 10
# What neither a template nor an earlier request may leave open, by the names of `CollectionRequest`.
NEEDED = ("borrower_name", "borrower_email", "date_from", "date_to")
# No company has books in Sage Intacct from before: an earlier year is a slip, such as 0026.
FIRST_YEAR = 1990


@dataclass(frozen=True, kw_only=True)
class CollectionRequest:
    """A request as the lender makes it. Text may be typed untidily.

    Without `expires_days` its link lives as long as the lender's links do; without `basis` the company's own
    book counts; no `reports` are all of them. `template` is what its form began with; its rule for the dates
    is copied, and its layout, or else the lender's usual one, is that of the reports. `refreshes` is the
    earlier request that it repeats for a new period, see `refreshing.request_again`; what the borrower reads,
    the rule, and the layout if there is one, are as there.
    """

    lender: Lender
    borrower_name: str
    borrower_email: str
    date_from: date
    date_to: date
    lender_reference: str = ""
    purpose: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    expires_days: int | None = None
    basis: str = ""
    adjustment_books: Sequence[str] = ()
    reports: Sequence[str] = ()
    documents: Sequence[WantedDocument] = ()
    allows_other_documents: bool = False
    template: RequestTemplate | None = None
    refreshes: Collection | None = None

    @property
    def link_days(self) -> int:
        return self.lender.link_days if self.expires_days is None else self.expires_days

    def collection(self) -> Collection:
        """A new collection of it, not yet stored. Raises ValidationError for what makes no sense."""
        collection = self._collection()
        if self.refreshes:
            _follow(collection, self.refreshes)
        _validate(collection, self.link_days)
        return collection

    @property
    def _own_template(self) -> RequestTemplate | None:
        return self.template if self.template and self.template.lender_id == self.lender.pk else None

    @property
    def _mapping(self) -> MappingTemplate | None:
        template = self._own_template
        return (template.mapping if template else None) or self.lender.usual_mapping

    def _collection(self) -> Collection:
        template = self._own_template
        return Collection(
            reference=_new_reference(),
            lender=self.lender,
            # One line: the name also stands in the subjects of mails.
            borrower_name=_one_line(self.borrower_name),
            borrower_email=self.borrower_email.strip(),
            lender_reference=self.lender_reference.strip(),
            purpose=_one_line(self.purpose),
            contact_name=_one_line(self.contact_name),
            contact_phone=self.contact_phone.strip(),
            contact_email=self.contact_email.strip(),
            date_from=self.date_from,
            date_to=self.date_to,
            basis=self.basis,
            adjustment_books=[book.strip() for book in self.adjustment_books if book.strip()],
            reports=[name.replace("-", "_") for name in self.reports] or list(REPORT_TITLES),
            allows_other_documents=self.allows_other_documents,
            # What was promised with the request holds, whatever the lender changes later.
            previews=self.lender.allows_preview,
            mapping=self._mapping,
            template=template,
            date_rule=template.dating if template else None,
        )


def template_called(lender: Lender, name: str) -> RequestTemplate:
    """Raises ValidationError, which names those there are, when the lender has none of that name."""
    templates = lender.request_templates.select_related("lender")
    template = templates.filter(name=name.strip()).first()
    if template is None:
        present = ", ".join(f"“{each.name}”" for each in templates) or "none"
        raise ValidationError(f"{lender.name} has no request template “{name}”. There are: {present}.")
    return template


def usual_template(lender: Lender) -> RequestTemplate | None:
    """The one that the lender marked as usual."""
    return lender.request_templates.select_related("lender").filter(is_usual=True).first()


def begun_with(template: RequestTemplate) -> dict[str, Any]:
    """What a request that begins with this template asks for, as `CollectionRequest` takes it."""
    answers = template.answers()
    return answers | {"template": template, "documents": wanted_documents(answers["documents"].splitlines())}


def request_of(answers: Mapping[str, Any], names: Mapping[str, str]) -> CollectionRequest:
    """What a template or an earlier request says and what was said beside it, put together as a request.

    Raises ValidationError for what nobody said. `names` are what the one who asks calls it.
    """
    lacking = [names.get(name, name) for name in NEEDED if name not in answers]
    if not lacking:
        return CollectionRequest(**answers)
    why = ""
    if answers.get("refreshes"):
        why = f"No month has ended since the period of {answers['refreshes'].reference}. "
    elif answers.get("template"):
        why = f"The template “{answers['template'].name}” does not say it all. "
    raise ValidationError(f"{why}Give {' and '.join(lacking)}.")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _new_reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _follow(collection: Collection, earlier: Collection) -> None:
    if earlier.lender_id != collection.lender_id:
        raise ValidationError("That request belongs to another lender.")
    refusal = refreshing.why_not(earlier)
    if refusal:
        raise ValidationError(f"{earlier.reference} cannot be refreshed. {refusal}")
    collection.refreshes = earlier
    collection.language, collection.date_rule = earlier.language, earlier.date_rule
    # Quarter after quarter in one layout, so that they can be compared.
    collection.mapping = earlier.mapping or collection.mapping


def _validate(collection: Collection, link_days: int) -> None:
    if collection.date_from > collection.date_to:
        raise ValidationError("The period must begin before it ends: exchange the two dates.")
    if collection.date_from.year < FIRST_YEAR:
        raise ValidationError(f"The period must not begin before {FIRST_YEAR}: check the year.")
    if _years_reached(collection.date_from, collection.date_to) >= LONGEST_PERIOD_YEARS:
        raise ValidationError(f"The period must not be longer than {LONGEST_PERIOD_YEARS} years.")
    if collection.date_to > timezone.localdate(timezone=ZoneInfo(collection.lender.time_zone)):
        raise ValidationError("The period must not end in the future: figures exist up to today only.")
    links.days_check(link_days)
    _validate_contact(collection)
    unknown = sorted(set(collection.reports) - set(REPORT_TITLES))
    if unknown:
        raise ValidationError(
            f"There is no report {', '.join(unknown)}. Choose from: {', '.join(REPORT_TITLES)}."
        )
    collection.full_clean()


def _years_reached(first: date, last: date) -> int:
    """How many anniversaries of `first` lie on or before `last`."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _validate_contact(collection: Collection) -> None:
    """A person without a way to reach it is no contact, and a number without a name is nobody's."""
    ways = collection.contact_phone or collection.contact_email
    if collection.contact_name and not ways:
        raise ValidationError(
            {"contact_phone": "Give the contact's telephone or e-mail, or leave the name empty."}
        )
    if ways and not collection.contact_name:
        raise ValidationError(
            {"contact_name": "Give the contact's name, or leave telephone and e-mail empty."}
        )

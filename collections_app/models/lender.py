"""Lenders and the people who work for them."""

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from collections_app.lender_texts import LONGEST_SENTENCE, LONGEST_TEXT, validate_words
from collections_app.reports import lender_terms
from collections_app.uploads.limits import MOST_DOCUMENTS
from collections_app.uploads.rules import MOST_MEGABYTES, UploadRules, rules_of, validate_kinds

HEX_COLOR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Give the color as # and six digits, for example #1f4b99.")

TERMS_LIMIT = 20_000
LONGEST_LINK_DAYS = 365
LONGEST_RETENTION_DAYS = 100 * 365


@cache
def time_zones() -> frozenset[str]:
    """The zones of the IANA database. Python reads a folder of files each time it is asked."""
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is a zone of the IANA database."""
    if name not in time_zones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name such as America/Toronto.")


def validate_terms(text: str) -> None:
    """Raises ValidationError, with one plain sentence, unless `text` is a document of terms."""
    try:
        lender_terms.from_json(text)
    except lender_terms.TermsRefused as refusal:
        raise ValidationError(str(refusal)) from None


def _words(name: str, longest: int) -> "models.TextField[str, str]":
    """Plain text for borrowers. See `lender_texts`."""
    return models.TextField(
        name, blank=True, max_length=longest, validators=[MaxLengthValidator(longest), validate_words]
    )


class Lender(models.Model):
    """Who asks. A tenant: its staff see its collections and nobody else's."""

    slug = models.SlugField(unique=True, help_text="The short name used in commands and addresses.")
    name = models.CharField(max_length=200, help_text="As the borrower knows it; it leads on every page.")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    brand_color = models.CharField(max_length=7, default="#1f4b99", validators=[HEX_COLOR])
    logo = models.CharField(
        max_length=80, blank=True, editable=False, help_text="The stored picture: its hash and its kind."
    )
    requires_code = models.BooleanField(
        "requires a code",
        default=False,
        help_text="A link opens only with a code that is mailed to the address it was sent to.",
    )
    link_days = models.PositiveSmallIntegerField(
        "days of a link",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LINK_DAYS)],
        help_text="How long a link works, unless the request says otherwise.",
    )
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    terms = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(TERMS_LIMIT), validate_terms],
        help_text="The own settings as a JSON document; empty for the usual ones.",
    )
    usual_mapping = models.ForeignKey(
        "MappingTemplate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="usual layout",
        help_text="New requests have it, in this version; a newer one counts once it is chosen.",
    )
    retention_days = models.PositiveIntegerField(
        default=7 * 365,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION_DAYS)],
        help_text="How many days the reports are kept after they were shared, as your own rules say.",
    )
    allows_preview = models.BooleanField(
        "borrowers look first",
        default=False,
        help_text="Borrowers see their reports and may explain what checks found before they share.",
    )
    allows_copy = models.BooleanField(
        "borrowers get a copy", default=True, help_text="Borrowers may download the files of their reports."
    )
    reminds_after_days = models.PositiveSmallIntegerField(
        "days before a reminder",
        default=0,
        validators=[MaxValueValidator(LONGEST_LINK_DAYS)],
        help_text="After how many days without progress a borrower is reminded by mail; 0 for never.",
    )
    wants_four_eyes = models.BooleanField(
        "four eyes",
        default=False,
        help_text="A second person must agree before a collection counts as accepted or declined.",
    )
    upload_kinds = models.JSONField(
        "kinds of files",
        default=list,
        blank=True,
        validators=[validate_kinds],
        help_text="What borrowers may upload; none named for all that this service can look through.",
    )
    upload_megabytes = models.PositiveSmallIntegerField(
        "megabytes of a file",
        default=MOST_MEGABYTES,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MEGABYTES)],
    )
    upload_documents = models.PositiveSmallIntegerField(
        "documents of a request",
        default=MOST_DOCUMENTS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DOCUMENTS)],
    )
    welcome_en = _words("welcome, in English", LONGEST_TEXT)
    welcome_es = _words("welcome, in Spanish", LONGEST_TEXT)
    closing_en = _words("closing words, in English", LONGEST_TEXT)
    closing_es = _words("closing words, in Spanish", LONGEST_TEXT)
    invitation_en = _words("sentence in the invitation, in English", LONGEST_SENTENCE)
    invitation_es = _words("sentence in the invitation, in Spanish", LONGEST_SENTENCE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a layout of another lender."""
        super().clean()
        if self.usual_mapping and self.usual_mapping.lender_id != self.pk:
            raise ValidationError({"usual_mapping": "This template belongs to another lender."})

    @property
    def applied_terms(self) -> lender_terms.LenderTerms:
        """The terms for the arithmetic: the own ones, and the usual ones where none were set."""
        return lender_terms.from_json(self.terms)

    @property
    def upload_rules(self) -> UploadRules:
        """What borrowers may upload."""
        return rules_of(
            kinds=self.upload_kinds, megabytes=self.upload_megabytes, documents=self.upload_documents
        )


class StaffMember(models.Model):
    """A person of a lender's staff, and what that person may do."""

    class Role(models.TextChoices):
        ANALYST = "analyst", "Analyst: sees and reviews"
        MANAGER = "manager", "Manager: also invites, configures and approves"
        AUDITOR = "auditor", "Auditor: reads all, changes nothing"

    class Mail(models.TextChoices):
        OPENED = "opened", "A borrower opened the link"
        STUCK = "stuck", "A collection is stuck"
        SUBMITTED = "submitted", "A borrower shared the reports"
        ANSWERED = "answered", "A borrower answered a question or sent a missing document"
        EXPIRING = "expiring", "A link is about to expire"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_member"
    )
    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=10, choices=Role)
    mails = models.JSONField(default=list, blank=True, help_text="What this person is told by mail.")
    signed_out_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Sessions that began before are over."
    )

    class Meta:
        ordering = ["user__username"]

    def __str__(self) -> str:
        return f"{self.user.get_username()} ({self.role}, {self.lender.name})"

"""What a lender usually asks for."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from collections_app.date_rules import DateRule, period_of
from collections_app.models.lender import LONGEST_LINK_DAYS, Lender
from collections_app.models.mapping import MappingTemplate
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.periods import FULL_MONTH_NAMES

MONTHS = list(enumerate(FULL_MONTH_NAMES, start=1))


def validate_reports(names: Any) -> None:
    """Raises ValidationError unless it is a list of reports that there are."""
    known = isinstance(names, list) and set(names) <= set(REPORT_TITLES)
    if not known or not names:
        raise ValidationError("Choose one report or more.")


class RequestTemplate(models.Model):
    """A named set of reports, period, documents and words, that fills in the form of a request.

    It is copied when it is chosen: a later change of it changes no request.
    """

    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="request_templates")
    name = models.CharField(max_length=100, help_text="Such as: Yearly review of a credit line.")
    is_usual = models.BooleanField(
        "the usual one", default=False, help_text="The form of a request begins with it."
    )
    reports = models.JSONField(default=list, validators=[validate_reports])
    date_rule = models.CharField("period", max_length=14, choices=DateRule, blank=True)
    date_count = models.PositiveSmallIntegerField(
        "how many",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Fiscal years or months, as the period says. A request is about ten years at most.",
    )
    first_month = models.PositiveSmallIntegerField(
        "fiscal year begins in",
        choices=MONTHS,
        default=1,
        help_text="If a borrower's begins in another month, mend the dates in the request.",
    )
    documents = models.TextField(
        "documents to ask for",
        blank=True,
        max_length=10_000,
        help_text="One on each line, as in the form of a request.",
    )
    allows_other_documents = models.BooleanField("the borrower may upload others, too", default=False)
    purpose = models.CharField(
        "why", max_length=300, blank=True, help_text="A sentence for the borrower, as in a request."
    )
    mapping = models.ForeignKey(
        MappingTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="layout",
        help_text="Of the reports; empty for your usual one.",
    )
    link_days = models.PositiveSmallIntegerField(
        "days of the link",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LINK_DAYS)],
        help_text="Empty for your usual number.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="request_template_name_once",
                fields=["lender", "name"],
                violation_error_message="There is a request template of this name already.",
            ),
            models.UniqueConstraint(
                name="one_usual_request_template",
                fields=["lender"],
                condition=models.Q(is_usual=True),
                violation_error_message="Another template is the usual one. Take the tick away there first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a period that no request may have, and a layout of another lender."""
        super().clean()
        if self.mapping and self.mapping.lender_id != self.lender_id:
            raise ValidationError({"mapping": "This template belongs to another lender."})
        years = self.date_rule in (DateRule.YEARS, DateRule.YEARS_AND_TO_DATE)
        if years and self.date_count and self.date_count > 9:
            raise ValidationError({"date_count": "Choose at most 9 fiscal years."})

    @property
    def dating(self) -> dict[str, Any] | None:
        """The rule for the dates as a request keeps it, for `date_rules.period_of`."""
        if not self.date_rule:
            return None
        return {"rule": self.date_rule, "count": self.date_count, "first_month": self.first_month}

    def period(self) -> tuple[date, date] | None:
        """What the rule says on this day of the lender; None where the dates are typed."""
        today = timezone.localdate(timezone=ZoneInfo(self.lender.time_zone))
        return period_of(**self.dating, today=today) if self.dating else None

    def answers(self) -> dict[str, Any]:
        """What a request begins with, by the names of its form; the documents are one on each line."""
        answers: dict[str, Any] = {
            "reports": self.reports,
            "documents": self.documents,
            "allows_other_documents": self.allows_other_documents,
            "purpose": self.purpose,
        }
        if self.link_days:
            answers["expires_days"] = self.link_days
        if period := self.period():
            answers["date_from"], answers["date_to"] = period
        return answers

"""Lenders and the people who work for them."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

HEX_COLOR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Give the color as # and six digits, for example #1f4b99.")


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is a zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name such as America/Toronto.")


class Lender(models.Model):
    """Who asks. A tenant: its staff see its collections and nobody else's."""

    slug = models.SlugField(unique=True, help_text="The short name used in commands and addresses.")
    name = models.CharField(max_length=200, help_text="As the borrower knows it; it leads on every page.")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    brand_color = models.CharField(max_length=7, default="#1f4b99", validators=[HEX_COLOR])
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StaffMember(models.Model):
    """A person of a lender's staff, and what that person may do."""

    class Role(models.TextChoices):
        ANALYST = "analyst", "Analyst: sees and reviews"
        MANAGER = "manager", "Manager: also invites and configures"
        AUDITOR = "auditor", "Auditor: reads all, changes nothing"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_member"
    )
    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        ordering = ["user__username"]

    def __str__(self) -> str:
        return f"{self.user.get_username()} ({self.role}, {self.lender.name})"

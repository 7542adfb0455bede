"""One collection: what a lender asked of one borrower, and what the borrower answered."""

from django.db import models

from collections_app.models.lender import Lender


class Collection(models.Model):
    """The request and its answers.

    Which step the borrower is on is never stored: it follows from the answers. `status` says what people did;
    how the machine fares is the run's business. `status` is written by `collections_app.states` alone.
    """

    class Status(models.TextChoices):
        INVITED = "invited", "Invited"
        STARTED = "started", "Started"
        COLLECTING = "collecting", "Collecting"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Basis(models.TextChoices):
        COMPANY_DEFAULT = "", "The company's own default book"
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"

    class ScopeKind(models.TextChoices):
        COMPANY = "company", "Whole company"
        ENTITY = "entity", "Entity"
        BOOK = "book", "Consolidation book"

    class PermissionType(models.TextChoices):
        ROLE_BASED = "role-based", "Role-based permissions"
        USER_BASED = "user-based", "User-based permissions"

    reference = models.CharField(max_length=16, unique=True, help_text="Shown to borrower and lender alike.")
    lender = models.ForeignKey(Lender, on_delete=models.PROTECT, related_name="collections")
    status = models.CharField(max_length=12, choices=Status, default=Status.INVITED)

    borrower_name = models.CharField(max_length=200)
    borrower_email = models.EmailField()
    lender_reference = models.CharField(
        max_length=100, blank=True, help_text="The lender's own number for this."
    )
    date_from = models.DateField()
    date_to = models.DateField()
    basis = models.CharField(max_length=8, choices=Basis, blank=True, default=Basis.COMPANY_DEFAULT)
    adjustment_books = models.JSONField(default=list, blank=True)
    reports = models.JSONField(default=list, help_text="Names of the reports asked for.")
    created_at = models.DateTimeField(auto_now_add=True)

    accounting_system = models.CharField(max_length=40, blank=True)
    unlisted_system = models.CharField(
        max_length=200, blank=True, help_text="What the borrower uses instead."
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    consent_given_by = models.CharField(
        max_length=200, blank=True, help_text="Empty: the borrower, on the page."
    )
    connect_confirmed_at = models.DateTimeField(null=True, blank=True)
    permission_type = models.CharField(max_length=10, choices=PermissionType, blank=True)
    scope_kind = models.CharField(max_length=8, choices=ScopeKind, blank=True)
    scope_id = models.CharField(max_length=100, blank=True)
    scope_name = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(name="collection_by_lender", fields=["lender", "-created_at"]),
            models.Index(name="collection_by_age", fields=["-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="collection_dates_in_order",
                condition=models.Q(date_from__lte=models.F("date_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.borrower_name}"

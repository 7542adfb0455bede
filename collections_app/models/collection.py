"""One collection: what a lender asked of one borrower, and what the borrower answered."""

from django.db import models
from django.db.models.functions import Concat, Lower

from collections_app.models.lender import Lender
from collections_app.models.mapping import MappingTemplate

LINE = models.Value("\n")


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

    class Review(models.TextChoices):
        OPEN = "", "Not decided"
        ACCEPT_PROPOSED = "accept?", "Acceptance proposed"
        DECLINE_PROPOSED = "decline?", "Declining proposed"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        ERASED = "erased", "Erased, never decided"

    class Basis(models.TextChoices):
        COMPANY_DEFAULT = "", "The company's own default book"
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"

    class OwnBasis(models.TextChoices):
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"
        UNKNOWN = "unknown", "The borrower does not know"

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
    language = models.CharField(
        max_length=8, blank=True, editable=False, help_text="Of the borrower; empty: none chosen."
    )
    lender_reference = models.CharField(
        max_length=100, blank=True, help_text="The lender's own number for this."
    )
    purpose = models.CharField(
        max_length=300, blank=True, help_text="Why the reports are asked for, as the borrower reads it."
    )
    contact_name = models.CharField(
        max_length=200, blank=True, help_text="Whom the borrower asks; empty: the lender's own contact."
    )
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(blank=True)
    date_from = models.DateField()
    date_to = models.DateField()
    basis = models.CharField(max_length=8, choices=Basis, blank=True, default=Basis.COMPANY_DEFAULT)
    adjustment_books = models.JSONField(default=list, blank=True)
    reports = models.JSONField(default=list, help_text="Names of the reports asked for.")
    allows_other_documents = models.BooleanField(
        default=False, help_text="Whether the borrower may upload documents that were not asked for by name."
    )
    previews = models.BooleanField(
        default=False, help_text="Whether the borrower sees the reports first, and then shares them."
    )
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
    consent_name = models.CharField(
        max_length=200, blank=True, help_text="Who agreed, as that person wrote it."
    )
    consent_title = models.CharField(max_length=200, blank=True)
    retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="For how many days of keeping the borrower agreed; empty: not agreed yet.",
    )
    own_basis = models.CharField(
        max_length=8,
        choices=OwnBasis,
        blank=True,
        help_text="Which book the borrower's own statements use, as the borrower says.",
    )
    connect_confirmed_at = models.DateTimeField(null=True, blank=True)
    permission_type = models.CharField(max_length=10, choices=PermissionType, blank=True)
    scope_kind = models.CharField(max_length=8, choices=ScopeKind, blank=True)
    survey = models.JSONField(
        default=dict, blank=True, help_text="How many records each table has, and between which numbers."
    )
    chosen_scope = models.ForeignKey(
        "ScopeOption", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the lender may read what was collected or uploaded."
    )
    returned_at = models.DateTimeField(
        null=True, blank=True, help_text="When the lender last asked for a correction."
    )
    review = models.CharField(
        max_length=10, choices=Review, blank=True, help_text="What the lender made of it, once it was shared."
    )
    failed_checks = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many checks failed, minor ones left out; null: none were made."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(
        max_length=8, blank=True, help_text="The kind of actor that withdrew it: see Event."
    )
    mapping = models.ForeignKey(
        MappingTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="collections",
        help_text="The lender's layout that the stored files were made with, or are to be.",
    )
    template = models.ForeignKey(
        "RequestTemplate",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="What the form of the request began with.",
    )
    date_rule = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="The template's rule for the dates, as it was then: it dates a refresh.",
    )
    refreshes = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="refreshed_by",
        help_text="The earlier request of the same borrower that this one repeats for a new period.",
    )
    searched = models.GeneratedField(
        expression=Lower(
            Concat(
                *("reference", LINE, "borrower_name", LINE, "lender_reference", LINE, "borrower_email"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
        help_text="What the list is searched in, in small letters.",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(name="collection_by_lender", fields=["lender", "-created_at"]),
            models.Index(name="collection_by_age", fields=["-created_at"]),
            models.Index(name="collection_by_work", fields=["lender", "status", "review", "-created_at"]),
            models.Index(name="collection_by_state", fields=["status", "review", "-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="collection_dates_in_order",
                condition=models.Q(date_from__lte=models.F("date_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.borrower_name}"

    @property
    def kept_days(self) -> int:
        """For how many days it is kept: as the lender's setting says, but no longer than was agreed to."""
        setting = self.lender.retention_days
        return setting if self.retention_days is None else min(self.retention_days, setting)

    @property
    def scope_id(self) -> str:
        """The company's own ID of the chosen entity or book. Raises data_keys.KeyUnavailable."""
        return self.chosen_scope.identifier if self.chosen_scope else ""

    @property
    def scope_name(self) -> str:
        """The name of the chosen entity or book. Raises data_keys.KeyUnavailable."""
        return self.chosen_scope.name if self.chosen_scope else ""

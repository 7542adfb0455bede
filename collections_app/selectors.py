"""Reads for pages, admin and commands. Who may see which collections is decided here alone."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Count, Q, QuerySet, Sum

from collections_app.models import Collection, Run, StaffMember, WorkUnit


@dataclass(frozen=True)
class Progress:
    """Where a run stands, from its rows alone: units done of units planned, and what comes now."""

    run: Run
    done: int
    planned: int
    rows: int
    current: WorkUnit | None
    units: tuple[WorkUnit, ...]

    @property
    def percent(self) -> int:
        """Whole percent of the units; 100 only when all are done."""
        return self.done * 100 // self.planned if self.planned else 0


def progress_of(run: Run) -> Progress:
    units = tuple(run.units.all())
    totals = run.units.aggregate(done=Count("pk", filter=~Q(done_at=None)), rows=Sum("row_count"))
    return Progress(
        run=run,
        done=totals["done"],
        planned=len(units),
        rows=totals["rows"] or 0,
        current=next((unit for unit in units if unit.done_at is None), None),
        units=units,
    )


def staff_member_of(user: AbstractBaseUser | AnonymousUser) -> StaffMember | None:
    """The membership of a signed-in user in a lender's staff."""
    if not user.is_authenticated:
        return None
    return StaffMember.objects.select_related("lender").filter(user_id=user.pk).first()


def collections_for(user: User | AnonymousUser) -> QuerySet[Collection]:
    """What this user may see: the own lender's collections; an operator (superuser) all; others none."""
    collections = Collection.objects.select_related("lender")
    if user.is_active and user.is_superuser:
        return collections
    member = staff_member_of(user) if user.is_active else None
    return collections.filter(lender=member.lender) if member else collections.none()


def collection_by_reference(reference: str) -> Collection | None:
    return Collection.objects.select_related("lender").filter(reference=reference.strip().upper()).first()

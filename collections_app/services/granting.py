"""Letting an operator look at what a borrower shared: given by the lender, for a time, on the record."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, FiguresGrant
from collections_app.models.grant import LONGEST_GRANT_HOURS


@transaction.atomic
def figures_grant(
    *, collection: Collection, operator: User, hours: int, reason: str, granted_by: User
) -> FiguresGrant:
    """Lets the operator see the collection's figures for so many hours. Raises ValidationError."""
    if not (operator.is_active and operator.is_superuser):
        raise ValidationError("Choose an operator of this service.")
    if not 1 <= hours <= LONGEST_GRANT_HOURS:
        raise ValidationError(f"Access is given for 1 to {LONGEST_GRANT_HOURS} hours.")
    until = timezone.now() + timedelta(hours=hours)
    grant = FiguresGrant(
        collection=collection,
        operator=operator,
        granted_by=granted_by.get_username(),
        ends_at=until,
        reason=" ".join(reason.split()),
    )
    grant.full_clean()
    grant.save(force_insert=True)
    events.record(
        collection,
        "figures.granted",
        by=Who.staff(granted_by),
        to=operator.get_username(),
        hours=hours,
        reason=grant.reason,
    )
    return grant


@transaction.atomic
def figures_grant_end(*, grant: FiguresGrant, by: Who) -> bool:
    """Ends the access now. False when it had ended already."""
    now = timezone.now()
    if not FiguresGrant.objects.filter(pk=grant.pk, ends_at__gt=now).update(ends_at=now):
        return False
    events.record(grant.collection, "figures.grant_ended", by=by, to=grant.operator.get_username())
    return True

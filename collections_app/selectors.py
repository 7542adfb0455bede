"""Reads for pages, admin and commands. Who may see which collections is decided here alone."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import QuerySet
from django.utils import timezone

from collections_app.contacts import contact_of
from collections_app.models import Collection, Lender, MappingTemplate, StaffMember


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


def figures_granted(collection: Collection, operator: User | AnonymousUser) -> bool:
    """Whether the collection's lender lets this operator look at the figures at this moment."""
    granted = collection.figures_grants.filter(operator_id=operator.pk, ends_at__gt=timezone.now())
    return operator.is_active and granted.exists()


def addresses_for(collection: Collection) -> list[str]:
    """Where mails to the lender about a request go: to its contact, to the lender's managers without one."""
    lender = collection.lender
    email = contact_of(lender, collection).email or lender.contact_email
    if email:
        return [email]
    managers = lender.staff.filter(role=StaffMember.Role.MANAGER, user__is_active=True).exclude(
        user__email=""
    )
    return list(managers.values_list("user__email", flat=True))


def addresses_that_chose(lender: Lender, mail: str) -> list[str]:
    """Where a mail goes that each member of a lender's staff chooses: see StaffMember.Mail."""
    members = lender.staff.filter(user__is_active=True).exclude(user__email="").order_by("user__email")
    # A few people: the choice is a list in a column, which not every database can search.
    return [email for email, mails in members.values_list("user__email", "mails") if mail in mails]


def collection_by_reference(reference: str) -> Collection | None:
    return Collection.objects.select_related("lender").filter(reference=reference.strip().upper()).first()


def mapping_templates_of(lender: Lender) -> QuerySet[MappingTemplate]:
    """The lender's own layouts, by name, the newest version of each first."""
    return lender.mapping_templates.select_related("lender")


def mapping_template_called(lender: Lender, called: str) -> MappingTemplate | None:
    """The lender's layout of that name, in its newest version or in the one behind an “@”."""
    name, at, version = called.strip().rpartition("@")
    templates = mapping_templates_of(lender)
    if not at:
        return templates.filter(name=version).first()
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    return templates.filter(name=name, version=number).first()

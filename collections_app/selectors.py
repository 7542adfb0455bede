"""Reads for pages, admin and commands. Who may see which collections is decided here alone."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from collections_app import events
from collections_app.contacts import contact_of
from collections_app.models import Collection, Event, Lender, MappingTemplate, StaffMember
from collections_app.services import api_keys


def staff_member_of(user: AbstractBaseUser | AnonymousUser) -> StaffMember | None:
    """The membership of a signed-in user in a lender's staff."""
    if not user.is_authenticated:
        return None
    return StaffMember.objects.select_related("lender").filter(user_id=user.pk).first()


def collections_of(lender_id: int) -> QuerySet[Collection]:
    """A lender's own: what its staff and its systems may see."""
    return Collection.objects.select_related("lender").filter(lender=lender_id)


def collections_for(user: User | AnonymousUser, member: StaffMember | None) -> QuerySet[Collection]:
    """What this user may see: the own lender's collections; an operator (superuser) all; others none.

    `member` is the user's membership, as `staff_member_of` finds it; anybody else's opens nothing.
    """
    if user.is_active and user.is_superuser:
        return Collection.objects.select_related("lender")
    is_own = member is not None and user.is_active and member.user_id == user.pk
    return collections_of(member.lender_id) if member and is_own else Collection.objects.none()


def events_of(lender: Lender) -> QuerySet[Event]:
    """What was done or seen of this lender's: its requests, its settings and what it keeps, its people, and
    the pages that they and its systems looked at.

    Whoever worked for another lender before brings nothing of that one along, and neither does a short name
    that another lender had before.
    """
    people = list(lender.staff.values_list("user__username", flat=True))
    ours = people + [api_keys.who(key).name for key in lender.api_keys.all()]
    of_requests = Q(collection__lender=lender)
    of_settings = Q(about=events.about_of(lender), at__gte=lender.created_at)
    strangers = Q(actor_kind=Event.Actor.STAFF) & ~Q(actor__in=[*ours, ""])
    of_people = Q(about__in=[f"user:{name}" for name in people]) & ~strangers
    of_pages = Q(about__startswith="page:", actor__in=ours)
    alone = Q(collection=None) & (of_settings | of_people | of_pages)
    return Event.objects.select_related("collection").filter(of_requests | alone)


def figures_granted(collection: Collection, operator: User | AnonymousUser) -> bool:
    """Whether the collection's lender lets this operator look at the figures at this moment."""
    granted = collection.figures_grants.filter(operator_id=operator.pk, ends_at__gt=timezone.now())
    return operator.is_active and granted.exists()


def addresses_for(collection: Collection) -> list[str]:
    """Where mails to the lender about a request go: to its contact, to the lender's managers without one."""
    lender = collection.lender
    email = _contacts_address(collection)
    if email:
        return [email]
    managers = lender.staff.filter(role=StaffMember.Role.MANAGER, user__is_active=True).exclude(
        user__email=""
    )
    return list(managers.values_list("user__email", flat=True))


def addresses_for_answers(collection: Collection) -> list[str]:
    """Where it is told that the borrower answered: to the contact, and to who of the staff chose that mail.

    A contact who is one of the staff chooses like the others. Empty where nobody wants it.
    """
    chose = addresses_that_chose(collection.lender, StaffMember.Mail.ANSWERED)
    email = _contacts_address(collection)
    is_staff = collection.lender.staff.filter(user__email__iexact=email, user__is_active=True).exists()
    # Nobody is told twice of one thing.
    return chose if is_staff or not email else list(dict.fromkeys([email, *chose]))


def _contacts_address(collection: Collection) -> str:
    return contact_of(collection.lender, collection).email or collection.lender.contact_email


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

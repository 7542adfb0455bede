"""Lenders and their staff."""

import logging
import re
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from collections_app import logos
from collections_app.models import Lender, StaffMember
from collections_app.services import staff_record
from collections_app.services.mailing import letter

logger = logging.getLogger(__name__)


def lender_create(*, slug: str, name: str, time_zone: str = "UTC") -> Lender:
    """A new lender. Raises ValidationError."""
    lender = Lender(slug=slug, name=re.sub(r"\s+", " ", name).strip(), time_zone=time_zone)
    lender.full_clean()
    lender.save(force_insert=True)
    return lender


def lender_terms_set(*, lender: Lender, text: str) -> None:
    """Keeps a document of terms as the lender's own; an empty one goes back to the usual terms.

    Reports made from then on apply them. Raises ValidationError.
    """
    lender.terms = text.strip()
    lender.clean_fields(exclude={field.name for field in Lender._meta.fields} - {"terms"})
    lender.save(update_fields=["terms"])


def lender_logo_set(*, lender: Lender, content: bytes) -> None:
    """Shows this picture beside the lender's name; none takes it away. Raises ValidationError."""
    earlier = lender.logo
    lender.logo = logos.keep(content) if content else ""
    lender.save(update_fields=["logo"])
    if earlier and not Lender.objects.filter(logo=earlier).exists():
        logos.delete(earlier)


@transaction.atomic
def staff_create(*, lender: Lender, email: str, role: str) -> tuple[StaffMember, str]:
    """A new member of a lender's staff, and the one-time address at which that person sets a password.

    The e-mail address is the user name. Raises ValidationError.
    """
    user_model = get_user_model()
    email = email.strip().lower()
    if user_model.objects.filter(username=email).exists():
        raise ValidationError(f"There is a user {email} already.")
    user = user_model(username=email, email=email, is_staff=True)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    member = StaffMember(user=user, lender=lender, role=role, mails=_usual_mails(role))
    member.full_clean()
    member.save(force_insert=True)
    return member, password_address(user)


def staff_invite(*, lender: Lender, email: str, role: str, by: User) -> tuple[StaffMember, bool]:
    """A new member who gets the one-time address by mail, and whether that mail went out.

    Raises ValidationError, also for an operator once the lender has a manager.
    """
    if by.is_superuser and has_had_a_manager(lender):
        raise ValidationError(
            f"{lender.name} has had a manager, who invites its people. If no manager can be reached, "
            "createstaff makes one at the shell."
        )
    with transaction.atomic():
        member, url = staff_create(lender=lender, email=email, role=role)
        staff_record.note(member.user, f"Invited as {role}.", by=by)
    context = {"lender": lender, "invited_by": by.get_username(), "role": member.get_role_display()}
    try:
        _link_send("staff_invitation", member.user, url, context)
    except (SMTPException, OSError) as error:
        logger.warning("The invitation of %s could not be mailed (%s).", email, type(error).__name__)
        return member, False
    return member, True


def password_link_send(*, user: User, by: User | None = None) -> None:
    """Mails the one-time address for a new password; `by` is the colleague who had it sent.

    Raises smtplib.SMTPException or OSError when the mail does not go out.
    """
    _link_send("password_link", user, password_address(user), {})
    said = (
        "Was mailed a link to set a password." if by else "Asked for a link to set a password; it was mailed."
    )
    staff_record.note(user, said, by=by or user)


def password_address(user: User) -> str:
    """A one-time address at which this person sets a password. It is a secret."""
    path = reverse(
        "password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return f"{settings.BASE_URL}{path}"


def has_had_a_manager(lender: Lender) -> bool:
    """Whether a manager of this lender ever signed in.

    Until then an operator brings its people in; from then on that would be a way to the borrowers' figures,
    see docs/decisions/0020.
    """
    managers = lender.staff.filter(role=StaffMember.Role.MANAGER)
    return managers.exclude(user__last_login=None).exists()


@transaction.atomic
def staff_change(*, member: StaffMember, role: str, is_active: bool, by: User) -> None:
    """Gives the member this role, and lets it in or not. Raises ValidationError for oneself.

    So a lender keeps a manager: nobody takes the own role away. An operator shuts out and lets in, and gives
    no role: a role opens figures.
    """
    if member.user_id == by.pk:
        raise ValidationError("Another manager must change your role: nobody changes the own one.")
    if role != member.role and by.is_superuser:
        raise ValidationError("A manager of the lender gives its people their roles, and no operator.")
    if role != member.role:
        staff_record.note(member.user, f"Role changed from {member.role} to {role}.", by=by)
    if is_active != member.user.is_active:
        said = "Let in again." if is_active else "Shut out: sessions ended at once."
        staff_record.note(member.user, said, by=by)
    member.role, member.user.is_active = role, is_active
    member.full_clean()
    member.save(update_fields=["role"])
    member.user.save(update_fields=["is_active"])


@transaction.atomic
def mails_choose(*, member: StaffMember, mails: list[str]) -> None:
    """What this person is told by mail from now on. Raises ValidationError for a mail that there is not."""
    unknown = sorted(set(mails) - set(StaffMember.Mail.values))
    if unknown:
        raise ValidationError(f"There is no mail {', '.join(unknown)}.")
    before, member.mails = member.mails, mails
    member.save(update_fields=["mails"])
    if set(before) != set(mails):
        said = f"Mails: {_mails_in_words(before)} to {_mails_in_words(mails)}."
        staff_record.note(member.user, said, by=member.user)


@transaction.atomic
def staff_sign_out(*, member: StaffMember, by: User) -> None:
    """Ends every session of the member that began before now."""
    member.signed_out_at = timezone.now()
    member.save(update_fields=["signed_out_at"])
    staff_record.note(member.user, "Signed out everywhere.", by=by)


def _mails_in_words(mails: list[str]) -> str:
    return ", ".join(f"“{StaffMember.Mail(name).label}”" for name in mails) or "none"


def _usual_mails(role: str) -> list[str]:
    """What a new member is told by mail, until that person chooses: what asks for work."""
    if role == StaffMember.Role.AUDITOR:
        return []
    return [StaffMember.Mail.STUCK, StaffMember.Mail.SUBMITTED, StaffMember.Mail.ANSWERED]


def _link_send(name: str, user: User, url: str, context: dict[str, object]) -> None:
    """Sent from here and not by a worker, because the link must not travel in a task's message."""
    shown = {
        "username": user.get_username(),
        "url": url,
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        "desk": settings.BASE_URL + reverse("admin:index"),
        "two_factor": settings.STAFF_TWO_FACTOR,
    }
    letter(name, to=[user.email], context=shown | context).send()

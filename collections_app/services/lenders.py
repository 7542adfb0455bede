"""Lenders and their staff."""

import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from collections_app.models import Lender, StaffMember


def lender_create(*, slug: str, name: str, time_zone: str = "UTC") -> Lender:
    """A new lender. Raises ValidationError."""
    lender = Lender(slug=slug, name=re.sub(r"\s+", " ", name).strip(), time_zone=time_zone)
    lender.full_clean()
    lender.save(force_insert=True)
    return lender


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
    member = StaffMember(user=user, lender=lender, role=role)
    member.full_clean()
    member.save(force_insert=True)
    path = reverse(
        "password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return member, settings.BASE_URL + path

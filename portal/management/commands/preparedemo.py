"""`manage.py preparedemo`: what `make demo` needs to be there before it serves."""

import os
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from collections_app.events import Who
from collections_app.models import Lender, StaffMember
from collections_app.services.asking import CollectionRequest
from collections_app.services.invitations import collection_invite
from collections_app.services.lenders import lender_create, staff_create

SLUG = "demo"


class Command(BaseCommand):
    help = (
        "Prepares the demo: database, static files, the lender Harbor Community Bank with a member of staff "
        "(password: DEMO_STAFF_PASSWORD) and a new request. The last line is the request's secure link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--staff", required=True, metavar="EMAIL", help="who signs in to the admin")
        parser.add_argument(
            "--from", required=True, type=date.fromisoformat, dest="date_from", metavar="YYYY-MM-DD"
        )
        parser.add_argument(
            "--to", required=True, type=date.fromisoformat, dest="date_to", metavar="YYYY-MM-DD"
        )

    def handle(self, *, staff: str, date_from: date, date_to: date, **options: Any) -> None:
        password = os.environ.get("DEMO_STAFF_PASSWORD")
        if not password:
            raise CommandError(
                "DEMO_STAFF_PASSWORD is not set: give the password for the member of staff in it."
            )
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        lender = Lender.objects.filter(slug=SLUG).first() or self._create_lender()
        self._set_password(lender, staff, password)
        asked = CollectionRequest(
            lender=lender,
            borrower_name="Demo Borrower",
            borrower_email="borrower@company.example",
            date_from=date_from,
            date_to=date_to,
        )
        try:
            invitation = collection_invite(asked, by=Who.operator("preparedemo"), send_mail=False)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(invitation.url)

    def _create_lender(self) -> Lender:
        lender = lender_create(slug=SLUG, name="Harbor Community Bank", time_zone="UTC")
        lender.contact_name, lender.contact_email = "Dana Reyes, Commercial Lending", "lending@harbor.example"
        lender.contact_phone = "555 0100"
        lender.save(update_fields=["contact_name", "contact_email", "contact_phone"])
        return lender

    def _set_password(self, lender: Lender, email: str, password: str) -> None:
        """Makes it what the demo prints. Left alone when it is that already: a change signs people out."""
        user = get_user_model().objects.filter(username=email).first()
        if user is None:
            user = staff_create(lender=lender, email=email, role=StaffMember.Role.MANAGER)[0].user
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])

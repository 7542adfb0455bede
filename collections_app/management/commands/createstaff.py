from typing import Any

from django.core.management.base import CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import lender_called, refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.models import StaffMember
from collections_app.services.lenders import staff_create


class Command(TellingCommand):
    help = "Makes a member of a lender's staff and prints a one-time link to set the password."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", required=True, help="the lender's slug")
        parser.add_argument("--email", required=True, help="also the user name")
        parser.add_argument("--role", required=True, choices=StaffMember.Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        lender = lender_called(options["lender"])
        with refusals_in_words():
            member, url = staff_create(lender=lender, email=options["email"], role=options["role"])
        by, about = Who.operator("createstaff"), events.about_of(member)
        events.note("staff.created", by=by, about=about, lender=lender.slug, role=member.role)
        told = {"lender": lender.slug, "email": member.user.email, "role": member.role, "url": url}
        self.tell(options, url, **told)

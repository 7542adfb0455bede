from typing import Any

from axes.utils import reset
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.services import lenders, second_factor, staff_record


class Command(BaseCommand):
    help = (
        "Helps a member of staff or an operator who cannot sign in. At least one of the options must be "
        "given; what was done is in the person's history. Make sure first who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name that the person signs in with, an e-mail address")
        parser.add_argument(
            "--two-factor",
            action="store_true",
            help="take the authenticator app and the recovery codes away: the next sign-in sets up new ones",
        )
        parser.add_argument(
            "--unlock", action="store_true", help="end the wait after wrong passwords, from every address"
        )
        parser.add_argument(
            "--password-link",
            action="store_true",
            help="print a one-time link to set a new password, as the last line",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"], is_staff=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with the name {options['name']}.")
        if not (options["two_factor"] or options["unlock"] or options["password_link"]):
            raise CommandError("Say what to reset: --two-factor, --unlock or --password-link.")
        if options["two_factor"]:
            second_factor.second_factor_reset(user=user, by=None)
            self.stdout.write("The second factor is taken away. The next sign-in sets up a new one.")
        if options["unlock"]:
            reset(username=user.get_username().lower())
            staff_record.note(user, "The wait after wrong passwords was ended.")
            self.stdout.write("The next password is looked at again.")
        if options["password_link"]:
            staff_record.note(user, "A link to set a password was printed.")
            self.stdout.write(lenders.password_address(user))

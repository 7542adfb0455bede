from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from collections_app.management.telling import TellingCommand
from collections_app.services import lenders, second_factor, staff_record


class Command(TellingCommand):
    help = (
        "Helps a member of staff or an operator who cannot sign in. At least one of the options must be "
        "given; what was done is in the person's history. Make sure first who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be taken away, do none of it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"], is_staff=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with the name {options['name']}.")
        if not (options["two_factor"] or options["unlock"] or options["password_link"]):
            raise CommandError("Say what to reset: --two-factor, --unlock or --password-link.")
        if options["dry_run"]:
            self._rehearse(user, options)
            return
        words, told = [], {"name": user.get_username()}
        if options["two_factor"]:
            second_factor.second_factor_reset(user=user, by=None)
            words.append("The second factor is taken away. The next sign-in sets up a new one.")
            told["two_factor"] = "taken away"
        if options["unlock"]:
            reset(username=user.get_username().lower())
            staff_record.note(user, "The wait after wrong passwords was ended.")
            words.append("The next password is looked at again.")
            told["wait"] = "ended"
        if options["password_link"]:
            staff_record.note(user, "A link to set a password was printed.")
            words.append(lenders.password_address(user))
            told["url"] = words[-1]
        self.tell(options, *words, **told)

    def _rehearse(self, user: User, options: dict[str, Any]) -> None:
        words: list[str] = []
        told: dict[str, Any] = {"name": user.get_username()}
        if options["two_factor"]:
            apps, codes = second_factor.second_factor_count(user)
            words.append(f"Authenticator apps that would be taken away: {apps}; recovery codes: {codes}.")
            told |= {"apps": apps, "recovery_codes": codes}
        if options["unlock"]:
            counted = AccessAttempt.objects.filter(username=user.get_username().lower()).count()
            words.append(f"Counts of wrong passwords that would be deleted: {counted}.")
            told["wrong_passwords"] = counted
        if options["password_link"]:
            words.append("A link to set a password would be printed.")
        self.tell(options, *words, "Nothing was done.", **told, dry_run=True)

from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.management.steering import SteeringCommand
from collections_app.services.steering import run_cancel


class Command(SteeringCommand):
    help = (
        "Cancels the run of a collection for good: the password is destroyed, what was read is deleted, and "
        "the borrower can sign in and begin anew by the same link."
    )
    service = run_cancel
    name = "cancelrun"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="really do it: what was read is deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError("This deletes what was read so far. Say --yes if that is meant.")
        super().handle(*args, **options)

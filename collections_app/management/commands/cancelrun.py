from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.steering import SteeringCommand
from collections_app.services.steering import NotNow, run_cancel, run_cancel_rehearse


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
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, delete nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._rehearse(options)
            return
        if not options["yes"]:
            raise CommandError("This deletes what was read so far. Say --yes if that is meant.")
        super().handle(*args, **options)

    def _rehearse(self, options: dict[str, Any]) -> None:
        collection = collection_called(options["reference"])
        try:
            loss = run_cancel_rehearse(collection=collection, by=Who.operator(self.name))
        except NotNow as refusal:
            raise CommandError(str(refusal)) from None
        password = "the password and " if loss.password else ""
        words = (
            f"{loss.run.get_kind_display()}: {password}{loss.rows} rows with {loss.files} files would be "
            "deleted. Nothing was."
        )
        told = {"rows": loss.rows, "files": loss.files, "password": loss.password, "dry_run": True}
        self.tell(options, words, reference=collection.reference, run=loss.run.pk, **told)

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.services.recognizing import Recognition, companies_recognize
from collections_app.services.rotating import Rotation, vault_rotate

PUT_BACK = "Put the old key back into VAULT_KEYS, after the new one, and run this again."

WAITS = "One with a run under way stays so until that has ended; then run this again."


class Command(TellingCommand):
    help = (
        "Seals everything that the vault holds under the newest key of VAULT_KEYS, and finds companies again "
        "after SECRET_KEY was changed. What goes before and after it is under Keys in docs/operations.md: an "
        "old key that is taken out may still be needed for what it signed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="only count what an older key still holds")

    def handle(self, *args: Any, **options: Any) -> None:
        rotation = vault_rotate(dry_run=options["dry_run"])
        if rotation.moved:
            by = Who.operator("rotatevaultkey")
            events.note("vault.rotated", by=by, moved=rotation.moved, left=rotation.left)
        companies = companies_recognize(dry_run=options["dry_run"])
        said = f"{rotation.moved} moved to the newest key, {rotation.left} still on an older key."
        facts = {"moved": rotation.moved, "left": rotation.left}
        facts |= {"companies_moved": companies.moved, "companies_left": companies.left}
        self.tell(options, *_of_companies(companies), said, **facts)
        if rotation.left:
            raise CommandError(_what_is_left(rotation))


def _of_companies(companies: Recognition) -> Iterator[str]:
    if companies.moved:
        yield f"Companies that are known by today’s SECRET_KEY again: {companies.moved}."
    if companies.left:
        yield f"Companies that are still known by an earlier SECRET_KEY: {companies.left}. {WAITS}"


def _what_is_left(rotation: Rotation) -> str:
    if rotation.problems:
        return f"{rotation.problems[0]} {PUT_BACK}"
    return "The older keys are still needed: run this again before you take them out of VAULT_KEYS."

from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.services.rotating import Rotation, vault_rotate

PUT_BACK = "Put the old key back into VAULT_KEYS, after the new one, and run this again."


class Command(TellingCommand):
    help = (
        "Seals everything that the vault holds under the newest key of VAULT_KEYS. Put the new key before "
        "the old one, restart everything, run this, and take the old key out once nothing needs it any more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="only count what an older key still holds")

    def handle(self, *args: Any, **options: Any) -> None:
        rotation = vault_rotate(dry_run=options["dry_run"])
        if rotation.moved:
            by = Who.operator("rotatevaultkey")
            events.note("vault.rotated", by=by, moved=rotation.moved, left=rotation.left)
        said = f"{rotation.moved} moved to the newest key, {rotation.left} still on an older key."
        self.tell(options, said, moved=rotation.moved, left=rotation.left)
        if rotation.left:
            raise CommandError(_what_is_left(rotation))


def _what_is_left(rotation: Rotation) -> str:
    if rotation.problems:
        return f"{rotation.problems[0]} {PUT_BACK}"
    return "The older keys are still needed: run this again before you take them out of VAULT_KEYS."

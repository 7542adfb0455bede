from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.services.backing_up import BackupRefused, restore


class Command(TellingCommand):
    help = (
        "Puts a backup back: into the empty database of DATABASE_URL and the storage of STORAGE_URL, with "
        "the VAULT_KEYS of its time. Nothing that is there is overwritten. Run migrate afterwards."
    )
    # There is no database to check yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = restore(options["folder"], by=Who.operator("restore"))
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"Cannot restore: {error.strerror or 'the storage is away'}.") from None
        words = f"Restored the database and {files} files.", "Now run migrate, doctor and verifyaudit."
        self.tell(options, *words, folder=str(options["folder"]), files=files)

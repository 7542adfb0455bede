from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.services.backing_up import BackupRefused, restore


class Command(BaseCommand):
    help = (
        "Puts a backup back: into the empty database of DATABASE_URL and the storage of STORAGE_URL, with "
        "the VAULT_KEYS of its time. Nothing that is there is overwritten. Run migrate afterwards."
    )
    # There is no database to check yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = restore(options["folder"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"Cannot restore: {error.strerror or 'the storage is away'}.") from None
        self.stdout.write(f"Restored the database and {files} files.")
        self.stdout.write("Now run migrate, doctor and verifyaudit.")

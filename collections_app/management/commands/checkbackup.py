from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.backup_check import backup_check
from collections_app.management.telling import TellingCommand
from collections_app.services.backing_up import BackupRefused

MOST_SHOWN = 20


class Command(TellingCommand):
    help = (
        "Proves a backup: nothing is missing or damaged, the database restores (PostgreSQL: into a database "
        "of its own, which is dropped again), VAULT_KEYS opens every key and every file to its last byte, "
        "and the record of events holds, whose head it prints. Changes nothing. Run it where the keys are "
        "that a restore would use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--quick", action="store_true", help="do not decrypt the files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked = backup_check(options["folder"], opens_files=not options["quick"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.tell(
            options,
            *checked.problems[:MOST_SHOWN],
            f"{checked.collections} collections, {checked.keys} keys opened, {checked.files} files, "
            f"{checked.links} links of the record.",
            *([f"Head {checked.head}"] if checked.head else []),
            ok=not checked.problems,
            **asdict(checked),
        )
        if checked.problems:
            raise CommandError(f"This backup is not good: {len(checked.problems)} problems.")

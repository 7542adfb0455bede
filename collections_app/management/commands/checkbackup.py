import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.backup_check import backup_check
from collections_app.services.backing_up import BackupRefused

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Proves a backup: nothing is missing or damaged, the database restores (PostgreSQL: into a database "
        "of its own, which is dropped again), VAULT_KEYS opens every key and every file to its last byte, "
        "and the record of events holds. Changes nothing. Run it where the keys are that a restore would use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--quick", action="store_true", help="do not decrypt the files")
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked = backup_check(options["folder"], opens_files=not options["quick"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not checked.problems} | asdict(checked), indent=2))
        else:
            for problem in checked.problems[:MOST_SHOWN]:
                self.stdout.write(problem)
            self.stdout.write(
                f"{checked.collections} collections, {checked.keys} keys opened, {checked.files} files, "
                f"{checked.links} links of the record."
            )
        if checked.problems:
            raise CommandError(f"This backup is not good: {len(checked.problems)} problems.")

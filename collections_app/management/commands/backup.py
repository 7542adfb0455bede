from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.services.backing_up import BackupRefused, backup_make


class Command(TellingCommand):
    help = (
        "Writes a backup into a new folder, beside people and workers who go on: the database, and the files "
        "of the storage as they lie there, encrypted. The keys of VAULT_KEYS are not in it: keep them apart, "
        "for without them nothing in it can be read. checkbackup proves it, restore puts it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        new = "a folder that is not there yet"
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help=new)
        without = "the database alone, where the bucket is backed up in another way"
        parser.add_argument("--no-files", action="store_true", help=without)
        dump = "take this dump, made with pg_dump --format=custom a moment ago, instead of calling pg_dump"
        parser.add_argument("--dump", type=Path, metavar="FILE", help=dump)

    def handle(self, *args: Any, **options: Any) -> None:
        folder, by = options["to"], Who.operator("backup")
        try:
            told = backup_make(
                folder=folder, by=by, with_files=not options["no_files"], dumped=options["dump"]
            )
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            why = error.strerror or "the storage is away"
            raise CommandError(f"Cannot write the backup: {why}.") from None
        files = len(told["files"] or {})
        elsewhere = "The dump is older than this backup: checkbackup prints the head of its record."
        self.tell(
            options,
            f"Database {told['database']['size']} bytes, {files} files.",
            f"Needs the vault keys {', '.join(told['vault_keys'])}.",
            *([elsewhere] if options["dump"] else []),
            str(folder),
            **(told | {"files": files, "folder": str(folder)}),
        )

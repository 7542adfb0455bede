from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from collections_app.audit import guards
from collections_app.audit.verification import Head, Verification, audit_verify
from collections_app.management.telling import TellingCommand
from collections_app.vault import VaultError

FOUND, CANNOT_TELL = 1, 2
MOST_SHOWN = 20


class Command(TellingCommand):
    help = (
        "Proves the record of events: every event is a link of one chain, made with a key that the database "
        "does not hold in the open. Finds events that were changed, removed, moved or inserted. Prints the "
        "head of the chain: note it elsewhere, and give it with --head the next time, so that it is found "
        "too when the whole database was put back. Exit code 0: all is as it was written; 1: something is "
        "not; 2: it cannot be told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--head", metavar="N:SEAL", help="the head that an earlier verification printed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = audit_verify(noted=Head.parse(options["head"]) if options["head"] else None)
        except ValueError as refusal:
            raise CommandError(str(refusal), returncode=CANNOT_TELL) from None
        except VaultError as problem:
            told = f"The audit key cannot be opened, so nothing can be told: {problem}"
            raise CommandError(told, returncode=CANNOT_TELL) from None
        missing = sorted(guards.NAMES - guards.installed(connection))
        self.tell(options, *_lines(found, missing), **_facts(found, missing))
        if found.findings:
            raise CommandError(f"Not as it was written: {len(found.findings)} findings.", returncode=FOUND)


def _lines(found: Verification, missing: list[str]) -> Iterator[str]:
    yield from (finding.sentence for finding in found.findings[:MOST_SHOWN])
    if len(found.findings) > MOST_SHOWN:
        yield f"And {len(found.findings) - MOST_SHOWN} more: see --json."
    if missing:
        yield "The database does not guard its events: run migrate to put the triggers back."
    yield f"{found.links} links proved, {found.waiting} events about to be linked."
    yield f"Head {found.head}"


def _facts(found: Verification, missing: list[str]) -> dict[str, Any]:
    return {
        "ok": not found.findings,
        "links": found.links,
        "waiting": found.waiting,
        "head": str(found.head),
        "guarded": not missing,
        "findings": [asdict(finding) for finding in found.findings],
    }

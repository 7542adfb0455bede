from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import doctor
from collections_app.management.arguments import names
from collections_app.management.telling import TellingCommand

MARKS = {doctor.OK: "ok     ", doctor.WARNING: "warning", doctor.ERROR: "ERROR  "}


class Command(TellingCommand):
    help = (
        "Looks at everything this installation needs: settings, keys, database, migrations, clock, broker, "
        "workers, storage, static files, drawing of PDF, room, mail, gateway, scanner, housekeeping. Tells "
        "what is wrong, each with its cure, and changes nothing: it writes one small file to the storage and "
        "deletes it again. Exit code 0 when nothing is wrong (warnings are told), 1 otherwise."
    )
    # It tells of wrong settings itself, all of them, instead of stopping at the first.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        skipped = f"areas not to look at, separated by commas: {', '.join(doctor.LOOKS)}"
        parser.add_argument("--skip", type=names, default=[], metavar="AREA,..", help=skipped)
        parser.add_argument("--strict", action="store_true", help="let a warning count as wrong, too")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = sorted(set(options["skip"]) - set(doctor.LOOKS))
        if unknown:
            raise CommandError(f"There is no area {unknown[0]}. There are: {', '.join(doctor.LOOKS)}.")
        findings = []
        for finding in doctor.examine(frozenset(options["skip"])):
            findings.append(finding)
            if not options["json"]:
                self._show(finding)
        levels = {doctor.ERROR, doctor.WARNING} if options["strict"] else {doctor.ERROR}
        wrong = [finding for finding in findings if finding.level in levels]
        self.tell(options, ok=not wrong, findings=[asdict(finding) for finding in findings])
        if wrong:
            areas = ", ".join(dict.fromkeys(finding.area for finding in wrong))
            raise CommandError(f"Something is wrong here: {areas}.")

    def _show(self, finding: doctor.Finding) -> None:
        self.stdout.write(f"{MARKS[finding.level]}  {finding.area}: {finding.sentence}")
        if finding.cure:
            self.stdout.write(f"{'':9}{finding.cure}")

import csv
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from collections_app import links
from collections_app.events import Who
from collections_app.links import LinkState
from collections_app.management.arguments import refusals_in_words
from collections_app.management.progress_bar import ProgressBar
from collections_app.management.telling import TellingCommand
from collections_app.management.unattended import WORKER_SILENCE, Answers, UnattendedJourney
from collections_app.models import Collection, Link
from collections_app.services import recovery


class Command(TellingCommand):
    help = (
        "Answers a collection request without a browser, through the same services as the pages, and waits "
        "until it is complete. The password comes from standard input or INTACCT_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--link", help="the secure URL; “-” for the first line of input; or COLLECTION_LINK"
        )
        parser.add_argument("--company", required=True, help="Sage Intacct company ID")
        parser.add_argument("--user", required=True, help="Web Services user ID")
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--entity", metavar="ID")
        scope.add_argument("--book", metavar="ID")
        scope.add_argument("--top-level", action="store_true", help="the whole company")
        columns = (
            "columns ACCOUNTNO,CATEGORY; collections_app/reports/quickstart_categories.csv has the names"
        )
        parser.add_argument("--categories", type=Path, metavar="FILE.csv", help=columns)
        again = "where the request refreshes an earlier one: the entity or book and the categories of then"
        parser.add_argument("--as-last-time", action="store_true", help=again)
        parser.add_argument("--given-by", default="", metavar="NAME", help="who gave the consent")
        parser.add_argument("--inline", action="store_true", help="work in this process, without a worker")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["inline"] and not recovery.worker_alive(WORKER_SILENCE):
            raise CommandError("No worker is running. Start one, or add --inline to work in this process.")
        link = open_link(options["link"])
        answers = Answers(
            company_id=options["company"],
            user_id=options["user"],
            password=password(),
            scope=wanted_scope(options),
            categories=read_categories(options["categories"]) if options["categories"] else {},
            as_last_time=options["as_last_time"],
        )
        # With --json, standard output has the object alone.
        progress = self.stderr if options["json"] else self.stdout
        journey = UnattendedJourney(
            collection=link.collection,
            by=Who.operator(options["given_by"] or "collect"),
            inline=options["inline"],
            say=partial(say, progress),
            bar=ProgressBar(progress),
        )
        with refusals_in_words():
            journey.walk(link, answers)
        reference = link.collection.reference
        self.tell(options, f"Collection {reference}: complete", reference=reference, status="complete")


def say(output: OutputWrapper, line: str) -> None:
    output.write(line)
    output.flush()


def open_link(argument: str | None) -> Link:
    """The link that was given, if it may be opened. Raises CommandError."""
    url = sys.stdin.readline() if argument == "-" else argument or os.environ.get("COLLECTION_LINK", "")
    found = links.find(url.strip().rstrip("/").rpartition("/")[2])
    if found is None:
        raise CommandError("This is not a collection link. Copy the whole address from the invitation.")
    state = links.state(found)
    if state is not LinkState.OPEN:
        raise CommandError(f"This link is {state.value}. Ask the lender for a new one.")
    return found


def password() -> str:
    """From INTACCT_PASSWORD, or one line of standard input. Raises CommandError when there is none."""
    given = os.environ.get("INTACCT_PASSWORD") or sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise CommandError("No password was given. Send it on standard input or set INTACCT_PASSWORD.")
    return given


def wanted_scope(options: dict[str, Any]) -> tuple[str, str] | None:
    if options["entity"]:
        return Collection.ScopeKind.ENTITY, options["entity"]
    if options["book"]:
        return Collection.ScopeKind.BOOK, options["book"]
    return (Collection.ScopeKind.COMPANY, "") if options["top_level"] else None


def read_categories(path: Path) -> dict[str, str]:
    """ACCOUNTNO and CATEGORY of each row. Raises CommandError for a file that is not that."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            # An empty file has no row that could lack a column.
            if not {"ACCOUNTNO", "CATEGORY"} <= set(rows.fieldnames or ()):
                raise KeyError
            return {row["ACCOUNTNO"].strip(): row["CATEGORY"].strip() for row in rows}
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
    except (KeyError, AttributeError, UnicodeDecodeError, csv.Error):
        raise CommandError(
            f"{path} must be a CSV file in UTF-8 with the columns ACCOUNTNO and CATEGORY."
        ) from None

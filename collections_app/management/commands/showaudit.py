from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from collections_app.data_keys import KeyUnavailable
from collections_app.management.arguments import collection_called, day
from collections_app.management.telling import TellingCommand
from collections_app.models import Event
from collections_app.vault import VaultError


class Command(TellingCommand):
    help = (
        "Prints the record of events, oldest first, one line each: everything that anybody did or saw, or "
        "that of one collection, one person or one thing. Times are UTC. verifyaudit proves it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF", nargs="?", help="only this collection's")
        parser.add_argument("--person", metavar="NAME", help="only what this user did, such as an address")
        parser.add_argument(
            "--about", metavar="WHAT", help="only what is about this, such as lender:harbor or user:NAME"
        )
        parser.add_argument("--from", dest="first", type=day, metavar="DAY", help="from this day on")
        parser.add_argument("--to", dest="last", type=day, metavar="DAY", help="to this day, inclusive")

    def handle(self, *args: Any, **options: Any) -> None:
        found = False
        try:
            for event in chosen(options).iterator(chunk_size=500):
                self.tell(options, _line(event), **dict(_told(event)))
                found = True
        except (VaultError, KeyUnavailable) as problem:
            raise CommandError(str(problem)) from None
        if not found:
            # A name that was mistyped looks like one that did nothing.
            self.stderr.write(
                "Nothing on the record fits: look whether the names are spelled as the whole list has them."
            )


def chosen(options: dict[str, Any]) -> "QuerySet[Event]":
    events = Event.objects.select_related("collection").order_by("pk")
    if options["reference"]:
        events = events.filter(collection=collection_called(options["reference"]))
    if options["person"]:
        events = events.filter(actor=options["person"])
    if options["about"]:
        events = events.filter(about=options["about"])
    if options["first"]:
        events = events.filter(at__gte=_begin(options["first"]))
    if options["last"]:
        events = events.filter(at__lte=datetime.combine(options["last"], time.max, UTC))
    return events


def _begin(first: date) -> datetime:
    return datetime.combine(first, time.min, UTC)


def _line(event: Event) -> str:
    about = event.collection.reference if event.collection else event.about
    details = " ".join(f"{name}={value}" for name, value in event.data_still_kept().items())
    who = event.actor or event.get_actor_kind_display()
    parts = [f"{event.at:%Y-%m-%d %H:%M:%S %Z}", about, f"{who}: {event.action}", details]
    return "  ".join(part for part in parts if part)


def _told(event: Event) -> Iterator[tuple[str, Any]]:
    yield "position", event.position
    yield "at", event.at.isoformat()
    yield "collection", event.collection.reference if event.collection else None
    yield "about", event.about
    yield "actor_kind", event.actor_kind
    yield "actor", event.actor
    yield "action", event.action
    yield "data", event.data_still_kept()
    yield "seal", event.link_seal

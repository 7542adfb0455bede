"""Each state that a collection can stand in, and how a borrower gets there."""

from collections.abc import Callable

from collections_app.events import Who
from collections_app.models import Collection, Connection, Event, Run
from collections_app.services import intake, reviewing
from collections_app.services.seeing import fingerprint
from tests.collecting import BORROWER, GROUP, SINGLE, examined, ready, sign_in, submitted, work

STAFF = Who(Event.Actor.STAFF, "anna@staff.test")
BEGUN = ["select-system", "review", "connect", "credentials"]


def choose_system(collection: Collection) -> None:
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)


def agree(collection: Collection) -> None:
    choose_system(collection)
    intake.review_confirm(collection=collection, by=BORROWER)


def confirm(collection: Collection) -> None:
    agree(collection)
    intake.connect_confirm(collection=collection, by=BORROWER)


def check(collection: Collection) -> None:
    confirm(collection)
    sign_in(collection)


def refuse(collection: Collection) -> None:
    confirm(collection)
    work(sign_in(collection, password="Wrong-Secret-1"))


def sign_in_to_group(collection: Collection) -> None:
    confirm(collection)
    work(sign_in(collection, GROUP))


def choose_entity(collection: Collection) -> None:
    sign_in_to_group(collection)
    intake.scope_choose(collection=collection, kind="entity", identifier="E100", by=BORROWER)


def examine(collection: Collection) -> None:
    confirm(collection)
    examined(collection, SINGLE)


def examine_group(collection: Collection) -> None:
    confirm(collection)
    examined(collection, GROUP)


def lose_password(collection: Collection) -> None:
    examine(collection)
    Connection.objects.update(secret=None)


def connect(collection: Collection) -> None:
    confirm(collection)
    submitted(collection, GROUP)


def pause(collection: Collection) -> None:
    confirm(collection)
    run = submitted(collection, GROUP)
    Connection.objects.update(secret=None, session=None)
    work(run)


def stop_for_operator(collection: Collection) -> None:
    connect(collection)
    Run.objects.filter(kind=Run.Kind.COLLECT).update(status="needs_operator", problem="our_fault")


def answer_all(collection: Collection) -> None:
    confirm(collection)
    ready(collection, GROUP)


def change_entity(collection: Collection) -> None:
    """Another entity than the one whose accounts were read; its own are not read yet."""
    answer_all(collection)
    intake.scope_choose(collection=collection, kind="entity", identifier="E200", by=BORROWER)


def read_changed_entity(collection: Collection) -> None:
    change_entity(collection)
    work(Run.objects.filter(kind=Run.Kind.EXAMINE).latest("pk"))


def change_user(collection: Collection) -> None:
    answer_all(collection)
    sign_in(collection, GROUP, password="Another-Secret-1")


def pause_sign_in(collection: Collection) -> None:
    refuse(collection)
    work(sign_in(collection, password="Wrong-Secret-2"))


def look_first(collection: Collection) -> None:
    Collection.objects.update(previews=True)
    finish(collection)


def report_unlisted(collection: Collection) -> None:
    intake.unlisted_system_report(collection=collection, name="Ledgerly", by=BORROWER)


def finish(collection: Collection) -> None:
    confirm(collection)
    work(submitted(collection, SINGLE))


def return_it(collection: Collection) -> None:
    """What was shared is given back by the lender."""
    collection.refresh_from_db()
    reviewing.collection_return(
        collection=collection, words="Close March first.", by=STAFF, shown=fingerprint(collection)
    )


def give_back(collection: Collection) -> None:
    finish(collection)
    return_it(collection)


def give_back_and_sign_in(collection: Collection) -> None:
    give_back(collection)
    work(sign_in(collection, SINGLE))


# For each state: how to get there, the step it stands at, and the steps that can be visited.
STATES: dict[str, tuple[Callable[[Collection], None], str, list[str]]] = {
    "opened": (lambda collection: None, "select-system", ["select-system"]),
    "system chosen": (choose_system, "review", BEGUN[:2]),
    "agreed": (agree, "connect", BEGUN[:3]),
    "confirmed": (confirm, "credentials", BEGUN),
    "sign-in being checked": (check, "credentials", BEGUN),
    "sign-in refused": (refuse, "credentials", BEGUN),
    "group signed in": (sign_in_to_group, "entity", [*BEGUN, "entity"]),
    "entity chosen": (choose_entity, "categories", [*BEGUN, "entity", "categories"]),
    "single company examined": (examine, "categories", [*BEGUN, "categories"]),
    "group examined": (examine_group, "categories", [*BEGUN, "entity", "categories"]),
    "all answered": (answer_all, "check", [*BEGUN, "entity", "categories", "check"]),
    "entity changed": (change_entity, "categories", [*BEGUN, "entity", "categories"]),
    "changed entity read": (read_changed_entity, "check", [*BEGUN, "entity", "categories", "check"]),
    "user changed": (change_user, "credentials", BEGUN),
    "sign-in paused": (pause_sign_in, "credentials", BEGUN),
    "password lost": (lose_password, "credentials", BEGUN),
    "collecting": (connect, "progress", ["progress"]),
    "paused for the borrower": (pause, "credentials", ["credentials"]),
    "stopped for the operator": (stop_for_operator, "progress", ["progress"]),
    "waiting to be shared": (look_first, "preview", ["preview"]),
    "books in another system": (report_unlisted, "share-documents", ["select-system"]),
    "submitted": (finish, "done", []),
    "returned": (give_back, "credentials", BEGUN),
    "returned and signed in": (give_back_and_sign_in, "check", [*BEGUN, "categories", "check"]),
}

"""How requests come to stand where a page is to be looked at: each function takes a request there."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from collections_app import links, rate_limit
from collections_app.models import Collection, Link, Run, ScopeOption
from collections_app.services import erasing, intake
from tests import factories
from tests.collecting import BORROWER
from tests.portal.many_accounts import make_unanswered


def started(collection: Collection) -> None:
    link = links.newest(collection)
    assert link
    intake.link_open(link=link, by=BORROWER)
    collection.refresh_from_db()


def unlisted(collection: Collection) -> None:
    intake.unlisted_system_report(collection=collection, name="QuickBooks", by=BORROWER)


def chosen(collection: Collection) -> None:
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)


def reviewed(collection: Collection) -> None:
    chosen(collection)
    intake.review_confirm(collection=collection, by=BORROWER)


def confirmed(collection: Collection) -> None:
    reviewed(collection)
    intake.connect_confirm(collection=collection, by=BORROWER)


def role_based(collection: Collection) -> None:
    confirmed(collection)
    intake.permission_type_choose(collection=collection, permission_type="role-based", by=BORROWER)


def user_based(collection: Collection) -> None:
    confirmed(collection)
    intake.permission_type_choose(collection=collection, permission_type="user-based", by=BORROWER)


def verifying(status: str, problem: str = "", *names: str) -> Callable[[Collection], None]:
    """The sign-in is being tried, or was tried in vain."""

    def arrange(collection: Collection) -> None:
        role_based(collection)
        factories.make_connection(collection)
        waits = {"retry_at": timezone.now() + timedelta(minutes=5), "waiting_since": timezone.now()}
        more = waits if status == "waiting" else {}
        factories.make_run(
            collection, Run.Kind.VERIFY, status=status, problem=problem, problem_names=list(names), **more
        )

    return arrange


def several_books(collection: Collection) -> None:
    role_based(collection)
    factories.make_connection(collection, verified_at=timezone.now())
    factories.make_run(collection, Run.Kind.VERIFY)
    books = (("company", "", "Acme Incorporated"), ("entity", "100", "Acme Canada"), ("book", "ALL", "Group"))
    for position, (kind, identifier, name) in enumerate(books, start=1):
        option = ScopeOption.holding(
            collection=collection, position=position, kind=kind, identifier=identifier, name=name
        )
        option.currency = "USD"
        option.save()


def examining(status: str, problem: str = "") -> Callable[[Collection], None]:
    """The accounts are being read."""

    def arrange(collection: Collection) -> None:
        make_unanswered(collection, 0)
        run = collection.runs.get(kind=Run.Kind.EXAMINE)
        Run.objects.filter(pk=run.pk).update(status=status, problem=problem, finished_at=None)

    return arrange


def unanswered(count: int) -> Callable[[Collection], None]:
    return lambda collection: make_unanswered(collection, count)


def collecting(status: str, problem: str = "") -> Callable[[Collection], None]:
    """The reports are being read, some units are done."""

    def arrange(collection: Collection) -> None:
        make_unanswered(collection, 0)
        collection.status, collection.submitted_at = Collection.Status.COLLECTING, timezone.now()
        collection.save(update_fields=["status", "submitted_at"])
        waits = {"retry_at": timezone.now() + timedelta(minutes=5), "waiting_since": timezone.now()}
        more = waits if status == "waiting" else {}
        run = factories.make_run(collection, Run.Kind.COLLECT, status=status, problem=problem, **more)
        for unit in run.units.all()[:2]:
            unit.done_at, unit.row_count = timezone.now(), 1234
            unit.save()

    return arrange


def shared(collection: Collection) -> None:
    factories.collect_at_once(collection)


def expired(collection: Collection) -> None:
    started(collection)
    Link.objects.update(expires_at=timezone.now() - timedelta(days=1))


def withdrawn(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(status=Collection.Status.WITHDRAWN)


def replaced(collection: Collection) -> None:
    links.issue(collection)


def used_up(collection: Collection) -> None:
    Link.objects.update(opened_count=links.MOST_OPENINGS)


def erased(collection: Collection) -> None:
    make_unanswered(collection, 1)
    erasing.data_key_destroy(collection=collection, by=BORROWER, why="a test")


def too_often(collection: Collection) -> None:
    for _ in range(rate_limit.LINK_GUESSES.failures):
        rate_limit.LINK_GUESSES.count_failure("127.0.0.1")

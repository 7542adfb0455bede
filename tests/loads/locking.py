"""A page that holds what a worker wants at the same moment: `python -m tests.loads.locking RUN SCENE`.

The page then wants something more. Prints "Both went on" when neither stands in the other's way.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only once Django is set up.
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from collections_app import leases, states  # noqa: E402
from collections_app.events import Who  # noqa: E402
from collections_app.models import Connection, Delivery, Run, Webhook  # noqa: E402
from collections_app.services import credentials, webhooking  # noqa: E402
from tests import factories  # noqa: E402

# Who waits for this very page. In one transaction pg_stat_activity would tell the same for ever.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
LONG_AGO = timedelta(days=300)


def together(hold: Callable[[], object], work: Callable[[], object], go_on: Callable[[], object]) -> None:
    """The page holds, the worker works until it waits, the page goes on. Raises what either met."""
    failures = list[Exception]()

    def begin() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    worker = threading.Thread(target=begin)
    with transaction.atomic(), connection.cursor() as cursor:
        hold()
        worker.start()
        stands = 0
        while not stands and worker.is_alive():
            time.sleep(0.01)
            cursor.execute(WAITING)
            stands = cursor.fetchone()[0]
        print("The worker waits" if stands else "The worker did not wait")
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        go_on()
    worker.join()
    for failure in failures:
        raise failure


def want_run(run: Run) -> None:
    Run.objects.select_for_update(of=("self",)).get(pk=run.pk)


def finish(run: Run) -> None:
    """A unit is finished."""
    hold = leases.claim(run.pk)
    assert hold

    def confirm() -> None:
        with transaction.atomic():
            leases.confirm(hold)

    together(lambda: states.lock(run.collection), confirm, lambda: want_run(run))


def begin(run: Run) -> None:
    """The first unit of a run is begun."""
    together(lambda: states.lock(run.collection), lambda: leases.claim(run.pk), lambda: want_run(run))
    run.refresh_from_db()
    assert run.status == Run.Status.RUNNING


def purge(run: Run) -> None:
    """A password is destroyed because it was kept too long."""
    saved = factories.make_connection(run.collection, saved_at=timezone.now() - LONG_AGO)
    sign_ins = Connection.objects.select_for_update(of=("self",))
    together(
        lambda: states.lock(run.collection),
        credentials.credentials_purge,
        lambda: sign_ins.get(pk=saved.pk),
    )
    saved.refresh_from_db()
    assert saved.secret is None


def replay(run: Run) -> None:
    """What was delivered long ago is sent again while the clock forgets it."""
    webhook = Webhook.objects.create(lender=run.collection.lender, url="https://loans.example", secret=b"")
    told = Delivery.objects.create(
        webhook=webhook,
        event="collection.started",
        body="{}",
        tries=1,
        delivered_at=timezone.now() - LONG_AGO,
    )
    together(
        lambda: webhooking.deliveries_replay(webhook=webhook, by=Who.operator(), delivery_id=told.pk),
        webhooking.deliveries_purge,
        lambda: None,
    )
    told.refresh_from_db()


SCENES = {scene.__name__: scene for scene in (finish, begin, purge, replay)}


def main() -> int:
    run_id, name = sys.argv[1:]
    SCENES[name](Run.objects.get(pk=run_id))
    print("Both went on")
    return 0


if __name__ == "__main__":
    sys.exit(main())

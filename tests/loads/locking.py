"""A page that holds a collection while a worker finishes a unit of it: `python -m tests.loads.locking RUN`.

The page then wants the run as well. Prints "Both went on" when neither stands in the other's way.
"""

import os
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only once Django is set up.
from django.db import connection, transaction  # noqa: E402

from collections_app import leases, states  # noqa: E402
from collections_app.models import Run  # noqa: E402

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def finish(hold: leases.Hold) -> None:
    try:
        with transaction.atomic():
            leases.confirm(hold)
    finally:
        connection.close()


def main() -> int:
    run = Run.objects.get(pk=sys.argv[1])
    hold = leases.claim(run.pk)
    assert hold
    worker = threading.Thread(target=finish, args=(hold,))
    with transaction.atomic(), connection.cursor() as cursor:
        states.lock(run.collection)
        worker.start()
        stands = 0
        while not stands and worker.is_alive():
            time.sleep(0.01)
            cursor.execute(WAITING)
            stands = cursor.fetchone()[0]
        print("The worker waits" if stands else "The worker did not wait")
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    worker.join()
    print("Both went on")
    return 0


if __name__ == "__main__":
    sys.exit(main())

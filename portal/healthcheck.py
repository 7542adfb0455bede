"""`python -m portal.healthcheck web|worker|beat`: exit code 0 while that service of this host is well.

Run by the health checks of docker-compose.yml, each in the container of the service it asks about.
"""

import os
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

WEB_ADDRESS = "http://127.0.0.1:8000/healthz"
# The clock rings every few seconds and a ring is the worker's sign of life.
LONGEST_SILENCE = timedelta(minutes=1)
# The clock writes its schedule down every three minutes.
LONGEST_WITHOUT_SCHEDULE = timedelta(minutes=5)


def web() -> bool:
    """Asks under the name the public uses, because every other name is refused."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc
    request = urllib.request.Request(WEB_ADDRESS, headers={"Host": host} if host else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310 - our own loopback address
            return bool(reply.status == 200)
    except OSError:
        return False


def worker() -> bool:
    import django

    django.setup()
    from collections_app.services.recovery import worker_alive

    return worker_alive(LONGEST_SILENCE)


def beat() -> bool:
    from django.conf import settings

    schedules = Path(settings.DATA_DIR).glob("beat-schedule*")
    newest = max((path.stat().st_mtime for path in schedules), default=0.0)
    return time.time() - newest < LONGEST_WITHOUT_SCHEDULE.total_seconds()


CHECKS: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "beat": beat}


def main(arguments: list[str]) -> int:
    check = CHECKS.get(arguments[0]) if len(arguments) == 1 else None
    if check is None:
        print(f"Name one service: {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    return 0 if check() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

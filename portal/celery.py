"""The Celery application. Its messages are doorbells: the database row is the job, so a lost, late or doubled
message changes nothing."""

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.schedules import schedstate, schedule
from celery.signals import beat_embedded_init, setup_logging, worker_init, worker_ready
from django.conf import settings

from portal import embedded_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

logger = logging.getLogger("portal.celery")

SESSION_NICENESS = Path("/proc/self/autogroup")
# How late the clock may notice that the machine's time was put back.
LONGEST_LOOP_SECONDS = 10


class Interval(schedule):
    """Every so many seconds, also after the machine's clock was put back.

    Celery's own would wait until the time of the last ring has come once more.
    """

    def is_due(self, last_run_at: datetime) -> schedstate:
        if last_run_at > self.now():
            return schedstate(True, self.seconds)
        return super().is_due(last_run_at)


class Clock(PersistentScheduler):
    """Celery's clock, which goes on from memory while its schedule cannot be written down.

    Celery's own ends with the exception; inside a worker nobody would notice that it is gone.
    """

    _store: Any

    def sync(self) -> None:
        try:
            super().sync()
        except OSError as error:
            # A failure in the middle leaves this off, and nothing would be written any more.
            self._store.writeback = True
            logger.warning("The clock cannot write its schedule down (%s); it goes on.", type(error).__name__)


def folder_broker() -> dict[str, Any]:
    """A broker that is a folder and needs no server. It may lose messages when a worker is killed."""
    folders = {name: settings.DATA_DIR / "broker" / name for name in ("messages", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "broker_url": f"{embedded_broker.SCHEME}://localhost",
        "broker_transport_options": {
            "data_folder_in": str(folders["messages"]),
            "data_folder_out": str(folders["messages"]),
            "control_folder": str(folders["control"]),
            "polling_interval": 0.05,
        },
    }


def server_broker(url: str) -> dict[str, Any]:
    """Redis. Time-outs are short so that a silent server cannot hold a page; lost messages are rung again."""
    return {
        "broker_url": url,
        "broker_transport_options": {
            "visibility_timeout": 2 * 3600,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 25,
            # Without it a ring is tried anew for some seconds more, while somebody's page waits.
            "max_retries": 0,
        },
    }


def ring_expires() -> int:
    """Seconds. A worker that was away for a night must not find a night of doorbells; one that is busy for a
    moment must not throw them all away.
    """
    # A child that was killed holds its slot for ten seconds more.
    return max(settings.RUN_RECOVERY_SECONDS, 60)


def every(seconds: int, task: str, *, expires: int = 0) -> dict[str, Any]:
    """A ring of the clock; one that nobody took when the next comes is thrown away."""
    return {
        "task": f"collections_app.{task}",
        "schedule": Interval(seconds),
        "options": {"expires": expires or seconds},
    }


def configuration() -> dict[str, Any]:
    broker = server_broker(settings.CELERY_BROKER_URL) if settings.CELERY_BROKER_URL else folder_broker()
    return broker | {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # A unit may meet a gateway that answers each request just in time; below the visibility timeout.
        "task_soft_time_limit": 100 * 60,
        "task_time_limit": 110 * 60,
        "task_publish_retry": False,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_max_tasks_per_child": 200,
        "broker_connection_retry_on_startup": True,
        # Every interval is counted in UTC: in the night when clocks are put back, local time repeats an hour.
        "timezone": "UTC",
        "beat_scheduler": "portal.celery:Clock",
        "beat_max_loop_interval": LONGEST_LOOP_SECONDS,
        "beat_schedule_filename": str(settings.DATA_DIR / "beat-schedule"),
        "beat_schedule": {
            "recover runs that stand still": every(
                settings.RUN_RECOVERY_SECONDS, "recover_runs", expires=ring_expires()
            ),
            "send the mails that could not be sent": every(60, "send_notices"),
            "mail the links for passwords that were asked for": every(60, "send_password_links"),
            "link the events that were not linked at once": every(60, "chain_events"),
            "tell lenders' own systems": every(20, "send_deliveries"),
            "purge credentials": every(600, "purge_credentials"),
            "purge what lenders' own systems were told long ago": every(3600, "purge_deliveries"),
            "remind borrowers whose turn it is": every(3600, "remind_borrowers"),
            "tell staff of links that expire": every(3600, "tell_of_expiry"),
            "erase what lenders keep no longer": every(3600, "apply_retention"),
            "forget sessions that are over and sign-ins of long ago": every(3600, "forget_visits"),
            "forget what lenders' systems sent long ago": every(3600, "forget_sent_requests"),
            "sweep report files that belong to nothing": every(3600, "sweep_reports"),
        },
    }


class StopWhenWedged(logging.Handler):
    """Ends the worker when an acknowledgement could not be sent.

    After that failure the worker on Redis stays up and takes no task again: its only slot is never freed.
    Ending it with a code of its own lets the supervisor start a fresh one; the run it held is found by its
    lease.
    """

    EXIT_CODE = 75

    def emit(self, record: logging.LogRecord) -> None:
        if "Couldn't ack" in record.getMessage():
            logger.critical("The broker refused an acknowledgement: worker restarts.")
            os._exit(self.EXIT_CODE)


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    import logging.config

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def keep_off_the_broker(sender: Any, **kwargs: Any) -> None:
    """Workers tell each other nothing; the database knows who does what.

    The heartbeat would be sent every two seconds from the thread that acknowledges, and tried again without
    end at a silent Redis: the worker would stand still there and could not end itself.
    """
    sender.options.update(without_heartbeat=True, without_gossip=True, without_mingle=True)


@worker_init.connect
def let_pages_go_first(**kwargs: Any) -> None:
    """Where web and workers share a machine, workers would else take every core there is.

    Linux gives each session an equal share whatever its processes' niceness, so a worker that leads a session
    of its own makes that nice as well (sched(7), "The autogroup feature"). A terminal's is left as it is.
    """
    niceness = settings.WORKER_NICENESS
    os.nice(max(0, niceness - os.nice(0)))
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            SESSION_NICENESS.write_text(str(niceness))


@worker_init.connect
def watch_for_wedged_worker(**kwargs: Any) -> None:
    logging.getLogger("celery.worker.request").addHandler(StopWhenWedged(level=logging.CRITICAL))


@beat_embedded_init.connect
def end_clock_with_its_worker(**kwargs: Any) -> None:
    """The clock of a worker is a process of its own: it would outlive a kill and ring beside the next one."""
    threading.Thread(target=_wait_for_orphanhood, args=(os.getppid(),), daemon=True).start()


def _wait_for_orphanhood(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


@worker_ready.connect
def look_for_standing_runs(sender: Any, **kwargs: Any) -> None:
    """A worker that starts looks at once for what was left standing, and so gives its first sign of life."""
    sender.app.send_task("collections_app.recover_runs", expires=ring_expires())


app = Celery("portal")
app.add_defaults(configuration)
app.autodiscover_tasks()

"""The Celery application. Its messages are doorbells: the database row is the job, so a lost, late or doubled
message changes nothing."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready
from django.conf import settings

from portal import embedded_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


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
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
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
        "task_soft_time_limit": 20 * 60,
        "task_time_limit": 25 * 60,
        "task_publish_retry": False,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_max_tasks_per_child": 200,
        "broker_connection_retry_on_startup": True,
        "timezone": settings.TIME_ZONE,
        "beat_schedule_filename": str(settings.DATA_DIR / "beat-schedule"),
        "beat_schedule": {
            "recover runs that stand still": {
                "task": "collections_app.recover_runs",
                "schedule": settings.RUN_RECOVERY_SECONDS,
                # A worker that was away for a night must not find a night of doorbells.
                "options": {"expires": settings.RUN_RECOVERY_SECONDS},
            },
            "purge credentials": {
                "task": "collections_app.purge_credentials",
                "schedule": 600,
                "options": {"expires": 600},
            },
            "sweep report files that belong to nothing": {
                "task": "collections_app.sweep_reports",
                "schedule": 3600,
                "options": {"expires": 3600},
            },
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
            logging.getLogger("portal.celery").critical(
                "The broker refused an acknowledgement: worker restarts."
            )
            os._exit(self.EXIT_CODE)


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    import logging.config

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def watch_for_wedged_worker(**kwargs: Any) -> None:
    logging.getLogger("celery.worker.request").addHandler(StopWhenWedged(level=logging.CRITICAL))


@worker_ready.connect
def look_for_standing_runs(sender: Any, **kwargs: Any) -> None:
    """A worker that starts looks at once for what was left standing, and so gives its first sign of life."""
    sender.app.send_task("collections_app.recover_runs", expires=settings.RUN_RECOVERY_SECONDS)


app = Celery("portal")
app.add_defaults(configuration)
app.autodiscover_tasks()

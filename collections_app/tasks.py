"""The doorbells. A task carries nothing, calls one service and ends; all that matters is in the database."""

import logging
from functools import partial

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from collections_app import leases
from collections_app.services import (
    auditing,
    collecting,
    credentials,
    erasing,
    forgetting,
    notifying,
    password_asks,
    recovery,
    reminding,
    repeating,
    reporting,
    webhooking,
)

logger = logging.getLogger(__name__)


@shared_task(name="collections_app.do_next_unit")
def do_next_unit() -> None:
    """Does the unit that is next in turn, whoever's it is, and rings again as long as there was one."""
    publish(collecting.unit_advance())


@shared_task(name="collections_app.recover_runs")
def recover_runs() -> None:
    """Rings when something stands still, whatever became of its message."""
    publish(recovery.rings_needed())


@shared_task(name="collections_app.send_notices")
def send_notices() -> None:
    notifying.notices_send()


@shared_task(name="collections_app.send_password_links")
def send_password_links() -> None:
    password_asks.password_asks_answer()


@shared_task(name="collections_app.tell_of_expiry")
def tell_of_expiry() -> None:
    notifying.expiry_tell()


@shared_task(name="collections_app.remind_borrowers")
def remind_borrowers() -> None:
    reminding.reminders_write()


@shared_task(name="collections_app.chain_events")
def chain_events() -> None:
    auditing.events_chain()


@shared_task(name="collections_app.purge_credentials")
def purge_credentials() -> None:
    credentials.credentials_purge()


@shared_task(name="collections_app.apply_retention")
def apply_retention() -> None:
    erasing.retention_apply()


# A round is over in half a minute; only a search for a name that nobody answers can make it longer. Below
# webhooking.IN_HAND.
@shared_task(name="collections_app.send_deliveries", soft_time_limit=60, time_limit=90)
def send_deliveries() -> None:
    webhooking.deliveries_send()


@shared_task(name="collections_app.purge_deliveries")
def purge_deliveries() -> None:
    webhooking.deliveries_purge()


@shared_task(name="collections_app.forget_visits")
def forget_visits() -> None:
    forgetting.sessions_forget()
    forgetting.sign_ins_forget()
    forgetting.spent_forms_forget()


@shared_task(name="collections_app.forget_sent_requests")
def forget_sent_requests() -> None:
    repeating.sent_requests_forget()


@shared_task(name="collections_app.sweep_reports")
def sweep_reports() -> None:
    reporting.reports_sweep()


def ring() -> None:
    """Rings once the surrounding transaction is committed, as often as a company can have units in hand."""
    transaction.on_commit(partial(publish, len(leases.PLACES)))


def ring_for_password_links() -> None:
    """Rings once the surrounding transaction is committed, for what was asked for on the sign-in page."""
    transaction.on_commit(partial(publish, task=send_password_links))


def publish(times: int = 1, task: "Task[[], None]" = do_next_unit) -> None:
    """Rings now. A broker that is away costs nothing but time: the clock rings again.

    The first ring that fails is the last, because a silent broker makes a page wait for each.
    """
    try:
        for _ in range(times):
            task.delay()
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take a message (%s); the clock will ring.", type(error).__name__)

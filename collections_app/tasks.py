"""The doorbells. A task carries an id, calls one service and ends; all that matters is in the database."""

import logging
from functools import partial

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from collections_app.services import collecting, credentials, recovery, reporting

logger = logging.getLogger(__name__)


@shared_task(name="collections_app.advance_run")
def advance_run(run_id: int) -> None:
    """Does one unit of the run, and rings for what can go on at once."""
    next_run_id = collecting.run_advance(run_id=run_id)
    if next_run_id:
        publish(next_run_id)


@shared_task(name="collections_app.recover_runs")
def recover_runs() -> None:
    """Rings for every run that stands still, whatever became of its message."""
    for run_id in recovery.runs_to_ring():
        publish(run_id)


@shared_task(name="collections_app.purge_credentials")
def purge_credentials() -> None:
    credentials.credentials_purge()


@shared_task(name="collections_app.sweep_reports")
def sweep_reports() -> None:
    reporting.reports_sweep()


def ring(run_id: int) -> None:
    """Rings for a run once the surrounding transaction is committed."""
    transaction.on_commit(partial(publish, run_id))


def publish(run_id: int) -> None:
    """Rings now. A broker that is away costs nothing but time: the clock rings again."""
    try:
        advance_run.delay(run_id)
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take the message for run %s (%s).", run_id, type(error).__name__)

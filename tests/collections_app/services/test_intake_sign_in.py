"""The sign-in: sealed, tried by a worker, and what another company or user means."""

import pytest
from django.core.exceptions import ValidationError

from collections_app import vault
from collections_app.models import Account, Collection, Connection, Run
from collections_app.services import collecting, credentials, intake
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    PASSWORD,
    SINGLE,
    UNASSIGNED,
    ready,
    sign_in,
    submitted,
    work,
)

CASH = "Cash and Cash Equivalents"


def test_the_password_is_stored_as_a_ciphertext_of_its_own_row(collection: Collection) -> None:
    run = sign_in(collection)
    connection = Connection.objects.get(collection=collection)
    assert connection.secret
    assert PASSWORD.encode() not in bytes(connection.secret)
    place = credentials.place(connection, "secret")
    assert vault.unseal(connection.secret, place=place) == PASSWORD
    assert (run.kind, run.status, connection.verified_at) == (Run.Kind.VERIFY, Run.Status.QUEUED, None)
    assert PASSWORD not in repr(list(collection.events.values()))


def test_a_second_sign_in_replaces_the_first_and_its_run(collection: Collection) -> None:
    first = sign_in(collection, password="Wrong-Secret-1")
    second = sign_in(collection)
    first.refresh_from_db()
    assert (first.status, second.status) == (Run.Status.CANCELLED, Run.Status.QUEUED)
    connection = Connection.objects.get(collection=collection)
    assert credentials.credentials_open(connection=connection).password == PASSWORD


def test_another_company_forgets_scope_accounts_and_categories(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection, SINGLE)
    sign_in(collection, GROUP)
    collection.refresh_from_db()
    assert (collection.scope_kind, collection.scope_id, collection.scope_name) == ("", "", "")
    assert not collection.accounts.exists()
    assert not collection.scope_options.exists()


def test_the_same_company_with_another_user_keeps_the_categories(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection, SINGLE)
    work(sign_in(collection, SINGLE))
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == CASH


def test_a_user_who_may_not_see_the_chosen_entity_has_to_choose_again(
    collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, GROUP))
    work(intake.scope_choose(collection=collection, kind="entity", identifier="E200", by=BORROWER))
    work(sign_in(collection, GROUP, user="ws_shops", password="Shops-Secret-1"))
    collection.refresh_from_db()
    offered = {option.identifier for option in collection.scope_options.all()}
    assert "E200" not in offered
    assert collection.scope_id != "E200"


def test_a_paused_collection_goes_on_with_the_units_it_has(collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection)
    for _ in range(2):
        work_once(run)
    Connection.objects.update(secret=None, session=None)
    work(run)
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, "password_gone")
    kept = list(run.units.exclude(done_at=None).values_list("pk", "done_at"))

    collection.refresh_from_db()
    assert sign_in(collection).pk == run.pk
    run.refresh_from_db()
    assert (run.status, run.problem) == (Run.Status.QUEUED, "")
    assert work(run).status == Run.Status.DONE
    assert list(run.units.filter(pk__in=[pk for pk, _ in kept]).values_list("pk", "done_at")) == kept


def test_a_paused_collection_refuses_another_company(collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection, SINGLE)
    Connection.objects.update(secret=None, session=None)
    work(run)
    collection.refresh_from_db()
    with pytest.raises(ValidationError, match=f"begun with the company {SINGLE}"):
        sign_in(collection, GROUP)
    connection = Connection.objects.get(collection=collection)
    assert (connection.company_id, connection.secret) == (SINGLE, None)
    assert collection.accounts.exists()


def test_a_wrong_password_for_a_paused_collection_pauses_it_again(
    collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    Connection.objects.update(secret=None, session=None)
    work(run)
    collection.refresh_from_db()
    work(sign_in(collection, password="Wrong-Secret-1"))
    run.refresh_from_db()
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, "sign_in_refused")


def work_once(run: Run) -> None:
    collecting.unit_advance()

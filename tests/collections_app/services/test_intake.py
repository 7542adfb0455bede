"""The borrower's answers: each through one door, closed when it is too late."""

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import links, vault
from collections_app.models import Account, Collection, Connection, Lender, Link, Run
from collections_app.services import collecting, credentials, intake, invitations
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    PASSWORD,
    SINGLE,
    UNASSIGNED,
    actions,
    examined,
    invite,
    ready,
    sign_in,
    started,
    submitted,
    token_of,
    work,
)
from tests.parallel import at_once

CASH = "Cash and Cash Equivalents"


@pytest.fixture
def link(lender: Lender) -> Link:
    found = links.find(token_of(invite(lender)))
    assert found
    return found


def withdraw(collection: Collection) -> None:
    invitations.collection_withdraw(collection=Collection.objects.get(pk=collection.pk), by=OPERATOR)


# The link


def test_the_first_opening_starts_the_collection_and_each_is_recorded(link: Link) -> None:
    for _ in range(3):
        intake.link_open(link=link, by=BORROWER)
    link.refresh_from_db()
    assert (link.opened_count, link.collection.status) == (3, Collection.Status.STARTED)
    assert actions(link.collection).count("collection.started") == 1
    assert actions(link.collection).count("link.opened") == 3


def test_two_who_open_the_link_at_the_same_moment_are_both_let_in(link: Link) -> None:
    scanner, borrower = (Link.objects.select_related("collection").get(pk=link.pk) for _ in range(2))
    intake.link_open(link=scanner, by=BORROWER)
    intake.link_open(link=borrower, by=BORROWER)
    assert borrower.collection.status == Collection.Status.STARTED
    link.refresh_from_db()
    assert link.opened_count == 2


# Steps before the sign-in


def test_a_system_that_is_not_offered_is_refused(collection: Collection) -> None:
    with pytest.raises(ValidationError, match="on this page"):
        intake.system_choose(collection=collection, key="quickbooks", by=BORROWER)
    collection.refresh_from_db()
    assert collection.accounting_system == "sage-intacct"


def test_an_unlisted_system_is_told_to_the_lender(
    collection: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        intake.unlisted_system_report(collection=collection, name=" Ledgerly ", by=BORROWER)
    (message,) = mail.outbox
    assert message.to == ["lending@harbor.example"]
    assert "    Ledgerly\n" in str(message.body)
    assert collection.reference in str(message.body)
    assert "system.unlisted" in actions(collection)


def test_a_borrowers_name_with_a_line_break_cannot_break_the_mail_to_the_lender(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    collection = started(lender, borrower_name="Birchwood\nBcc: all@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        intake.unlisted_system_report(collection=collection, name="Ledgerly", by=BORROWER)
    assert mail.outbox[0].subject.startswith("Birchwood Bcc: all@example.com does not use")
    assert mail.outbox[0].recipients() == ["lending@harbor.example"]


@pytest.mark.parametrize("failure", [SMTPException("away"), ConnectionRefusedError("away")])
def test_a_mail_server_that_is_away_does_not_stop_the_borrower(
    collection: Collection,
    django_capture_on_commit_callbacks: Any,
    broken_mail: Callable[[Exception], None],
    failure: Exception,
) -> None:
    broken_mail(failure)
    with django_capture_on_commit_callbacks(execute=True):
        intake.unlisted_system_report(collection=collection, name="Ledgerly", by=BORROWER)
    assert actions(collection)[-1] == "lender.mail_failed"


def test_consent_on_the_page_names_nobody_and_consent_at_the_shell_names_who_gave_it(lender: Lender) -> None:
    on_the_page = started(lender)
    assert (on_the_page.consent_given_by, on_the_page.consent_version) == ("", intake.CONSENT_VERSION)
    intake.review_confirm(collection=on_the_page, by=OPERATOR)
    assert on_the_page.consent_given_by == "a test"
    assert on_the_page.reviewed_at


def test_a_permission_type_is_one_of_two(collection: Collection) -> None:
    intake.permission_type_choose(collection=collection, permission_type="user-based", by=BORROWER)
    with pytest.raises(ValidationError, match="role-based or user-based"):
        intake.permission_type_choose(collection=collection, permission_type="both", by=BORROWER)
    collection.refresh_from_db()
    assert collection.permission_type == "user-based"


# Too late


ANSWERS: dict[str, Callable[[Collection], object]] = {
    "system": lambda c: intake.system_choose(collection=c, key="sage-intacct", by=BORROWER),
    "unlisted system": lambda c: intake.unlisted_system_report(collection=c, name="Other", by=BORROWER),
    "review": lambda c: intake.review_confirm(collection=c, by=BORROWER),
    "connect": lambda c: intake.connect_confirm(collection=c, by=BORROWER),
    "permission type": lambda c: intake.permission_type_choose(
        collection=c, permission_type="role-based", by=BORROWER
    ),
    "sign-in": sign_in,
    "scope": lambda c: intake.scope_choose(collection=c, kind="company", identifier="", by=BORROWER),
    "categories": lambda c: intake.categories_assign(
        collection=c, answers={UNASSIGNED: "Inventory"}, by=BORROWER
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_answer_is_taken_once_the_request_was_withdrawn(
    collection: Collection, gateway: Sandbox, answer: str
) -> None:
    """The page was loaded before, so its collection still looks open."""
    stale = Collection.objects.get(pk=ready(collection).pk)
    withdraw(collection)
    before = actions(collection)
    with pytest.raises(intake.AnswersClosed):
        ANSWERS[answer](stale)
    assert actions(collection) == before
    assert not collection.runs.filter(status__in=Run.LIVE).exists()
    assert Connection.objects.get(collection=collection).secret is None
    assert Account.objects.get(number=UNASSIGNED).assigned_category == CASH


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_answer_is_taken_while_the_collection_is_under_way(
    collection: Collection, gateway: Sandbox, answer: str
) -> None:
    stale = Collection.objects.get(pk=ready(collection).pk)
    run = intake.collection_submit(collection=collection, by=BORROWER)
    with pytest.raises(intake.AnswersClosed):
        ANSWERS[answer](stale)
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED
    assert Account.objects.get(number=UNASSIGNED).assigned_category == CASH


def test_a_submitted_collection_takes_no_new_sign_in(collection: Collection, gateway: Sandbox) -> None:
    work(submitted(collection))
    collection.refresh_from_db()
    with pytest.raises(intake.AnswersClosed):
        sign_in(collection)
    assert Connection.objects.get(collection=collection).secret is None


# The sign-in


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
    assert collection.accounts.get(number=UNASSIGNED).assigned_category == CASH


def test_a_user_who_may_not_see_the_chosen_entity_has_to_choose_again(
    collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, GROUP))
    work(intake.scope_choose(collection=collection, kind="entity", identifier="E200", by=BORROWER))
    work(sign_in(collection, GROUP, user="ws_shops", password="Shops-Secret-1"))
    collection.refresh_from_db()
    offered = set(collection.scope_options.values_list("identifier", flat=True))
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
    collecting.run_advance(run_id=run.pk)


# Scope


def test_a_scope_that_is_not_offered_is_refused(collection: Collection, gateway: Sandbox) -> None:
    work(sign_in(collection, GROUP))
    for kind, identifier in (("entity", "E999"), ("book", "E100"), ("company", "E100"), ("", "")):
        with pytest.raises(ValidationError, match="from the list"):
            intake.scope_choose(collection=collection, kind=kind, identifier=identifier, by=BORROWER)
    collection.refresh_from_db()
    assert collection.scope_kind == ""


def test_another_collections_scope_is_not_offered_here(lender: Lender, gateway: Sandbox) -> None:
    group, single = started(lender), started(lender)
    work(sign_in(group, GROUP))
    work(sign_in(single, SINGLE))
    with pytest.raises(ValidationError):
        intake.scope_choose(collection=single, kind="entity", identifier="E100", by=BORROWER)


def test_another_scope_is_read_anew_and_keeps_the_categories(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection, GROUP)
    run = intake.scope_choose(collection=collection, kind="entity", identifier="E200", by=BORROWER)
    assert work(run).status == Run.Status.DONE
    account = collection.accounts.get(number=UNASSIGNED)
    assert account.assigned_category == CASH
    assert account.in_use


# Categories


def test_categories_are_kept_here_in_their_standard_spelling(
    collection: Collection, gateway: Sandbox
) -> None:
    examined(collection)
    answers = {UNASSIGNED: "  cash AND cash equivalents "}
    assert intake.categories_assign(collection=collection, answers=answers, by=BORROWER) == 1
    account = collection.accounts.get(number=UNASSIGNED)
    assert (account.category, account.assigned_category) == ("", CASH)
    assert actions(collection)[-1] == "categories.assigned"


def test_the_same_answer_again_changes_nothing_and_an_empty_one_takes_it_back(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    again = intake.categories_assign(collection=collection, answers={UNASSIGNED: CASH}, by=BORROWER)
    taken_back = intake.categories_assign(collection=collection, answers={UNASSIGNED: " "}, by=BORROWER)
    assert (again, taken_back) == (0, 1)
    assert collection.accounts.get(number=UNASSIGNED).assigned_category == ""


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({UNASSIGNED: "Piggy bank"}, "“Piggy bank” is not a QuickStart category"),
        ({UNASSIGNED: CASH, "1000": CASH}, "Account 1000 is not among the accounts that need a category"),
        ({UNASSIGNED: CASH, "nope": CASH}, "Account nope is not among"),
    ],
)
def test_one_wrong_category_changes_nothing_at_all(
    collection: Collection, gateway: Sandbox, answers: dict[str, str], sentence: str
) -> None:
    examined(collection)
    with pytest.raises(ValidationError, match=sentence):
        intake.categories_assign(collection=collection, answers=answers, by=BORROWER)
    assert not collection.accounts.exclude(assigned_category="").exists()


# Connect


def test_connect_is_refused_while_something_is_missing(collection: Collection, gateway: Sandbox) -> None:
    examined(collection)
    with pytest.raises(intake.NotReady) as refusal:
        intake.collection_submit(collection=collection, by=BORROWER)
    assert refusal.value.reasons == [
        "These accounts have a balance or activity and need a category: 0950 Petty cash."
    ]
    collection.refresh_from_db()
    assert (collection.status, collection.submitted_at) == (Collection.Status.STARTED, None)


def test_connect_twice_gives_one_run(collection: Collection, gateway: Sandbox) -> None:
    stale = Collection.objects.get(pk=ready(collection).pk)
    first = intake.collection_submit(collection=collection, by=BORROWER)
    assert intake.collection_submit(collection=stale, by=BORROWER) == first
    assert intake.collection_submit(collection=collection, by=BORROWER) == first
    assert collection.runs.filter(kind=Run.Kind.COLLECT).count() == 1
    assert actions(collection).count("collection.collecting") == 1


def test_connect_at_once_from_twenty_pages_gives_one_run(
    transactional_db: None, collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)

    def connect() -> int:
        loaded = Collection.objects.get(pk=collection.pk)
        return intake.collection_submit(collection=loaded, by=BORROWER).pk

    results = at_once(20, connect)
    run = collection.runs.get(kind=Run.Kind.COLLECT)
    assert results == [run.pk] * 20
    assert actions(collection).count("collection.collecting") == 1
    assert actions(collection).count("run.queued") == 3


def test_connect_after_the_end_returns_the_finished_run(collection: Collection, gateway: Sandbox) -> None:
    run = work(submitted(collection))
    collection.refresh_from_db()
    assert intake.collection_submit(collection=collection, by=BORROWER) == run


def test_connect_on_a_withdrawn_request_is_closed(collection: Collection, gateway: Sandbox) -> None:
    stale = Collection.objects.get(pk=ready(collection).pk)
    withdraw(collection)
    for seen in (stale, Collection.objects.get(pk=collection.pk)):
        with pytest.raises(intake.AnswersClosed):
            intake.collection_submit(collection=seen, by=BORROWER)
    assert not collection.runs.filter(kind=Run.Kind.COLLECT).exists()


def test_a_category_taken_back_at_the_same_moment_cannot_slip_past_connect(
    transactional_db: None, collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    acts = iter(["connect", "take back"] * 5)

    def act() -> object:
        loaded = Collection.objects.get(pk=collection.pk)
        if next(acts) == "connect":
            return intake.collection_submit(collection=loaded, by=BORROWER)
        return intake.categories_assign(collection=loaded, answers={UNASSIGNED: ""}, by=BORROWER)

    results = at_once(10, act)
    refusals = [result for result in results if isinstance(result, BaseException)]
    assert {type(refusal) for refusal in refusals} <= {intake.NotReady, intake.AnswersClosed}
    collection.refresh_from_db()
    assigned = collection.accounts.get(number=UNASSIGNED).assigned_category
    assert (collection.status == Collection.Status.COLLECTING) == bool(assigned)


def test_the_worker_is_rung_for_only_after_the_commit(
    collection: Collection, gateway: Sandbox, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        run = sign_in(collection)
    (ring,) = rings
    assert ring.args == (run.pk,)


def test_nothing_is_left_of_a_refused_answer(collection: Collection) -> None:
    before = actions(collection), timezone.now()
    with pytest.raises(ValidationError):
        intake.system_choose(collection=collection, key="", by=BORROWER)
    assert actions(collection) == before[0]

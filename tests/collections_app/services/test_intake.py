"""The borrower's answers, each through one door."""

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from collections_app import links
from collections_app.models import Account, Collection, Lender, Link, Run
from collections_app.services import intake
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    SINGLE,
    UNASSIGNED,
    actions,
    examined,
    invite,
    ready,
    sign_in,
    started,
    token_of,
    work,
)

CASH = "Cash and Cash Equivalents"


@pytest.fixture
def link(lender: Lender) -> Link:
    found = links.find(token_of(invite(lender)))
    assert found
    return found


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


def test_a_double_click_on_another_system_tells_the_lender_once(
    collection: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    pages = [Collection.objects.get(pk=collection.pk) for _ in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        for page in pages:
            intake.unlisted_system_report(collection=page, name="Ledgerly", by=BORROWER)
        intake.unlisted_system_report(collection=collection, name="Other", by=BORROWER)
    assert len(mail.outbox) == 2 and actions(collection).count("system.unlisted") == 2
    with django_capture_on_commit_callbacks(execute=True):
        intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)
        intake.unlisted_system_report(collection=collection, name="Other", by=BORROWER)
    assert len(mail.outbox) == 3


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
    assert actions(collection)[-1] == "notice.mail_failed"


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
    account = Account.objects.numbered(collection, UNASSIGNED)
    assert account.assigned_category == CASH
    assert account.in_use


# Categories


def test_categories_are_kept_here_in_their_standard_spelling(
    collection: Collection, gateway: Sandbox
) -> None:
    examined(collection)
    answers = {UNASSIGNED: "  cash AND cash equivalents "}
    assert intake.categories_assign(collection=collection, answers=answers, by=BORROWER) == 1
    account = Account.objects.numbered(collection, UNASSIGNED)
    assert (account.category, account.assigned_category) == ("", CASH)
    assert actions(collection)[-1] == "categories.assigned"


def test_the_same_answer_again_changes_nothing_and_an_empty_one_takes_it_back(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    again = intake.categories_assign(collection=collection, answers={UNASSIGNED: CASH}, by=BORROWER)
    taken_back = intake.categories_assign(collection=collection, answers={UNASSIGNED: " "}, by=BORROWER)
    assert (again, taken_back) == (0, 1)
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == ""


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
    assert not any(account.assigned_category for account in collection.accounts.all())

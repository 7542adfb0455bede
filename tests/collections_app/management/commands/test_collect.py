"""`collect`: the borrower's whole journey without a browser."""

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from collections_app.models import Collection, Connection, Lender, Link, LinkCode, Run, WorkerPulse
from collections_app.services import invitations
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, OPERATOR, PASSWORD, SINGLE, UNASSIGNED, USER, actions, invite
from tests.collections_app.management.commands.conftest import Finished, Manage, is_one_sentence

pytestmark = pytest.mark.slow

Collect = Callable[..., Finished]


@pytest.fixture
def invitation(manage: Manage, lender: Lender) -> Invitation:
    return invite(lender)


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    file = tmp_path / "categories.csv"
    file.write_text(f"ACCOUNTNO,CATEGORY\n{UNASSIGNED},Cash and Cash Equivalents\n")
    return file


@pytest.fixture
def collect(
    manage: Manage,
    invitation: Invitation,
    categories: Path,
    gateway: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Collect:
    """`collect` with right answers, unless told otherwise."""
    monkeypatch.delenv("INTACCT_PASSWORD", raising=False)
    monkeypatch.delenv("COLLECTION_LINK", raising=False)

    def run(
        *more: str,
        company: str = SINGLE,
        given: str = PASSWORD,
        link: str | None = None,
        file: Path = categories,
    ) -> Finished:
        where = ["--link", invitation.url if link is None else link] if link != "" else []
        answers = ["--company", company, "--user", USER, "--categories", str(file)]
        return manage("collect", *where, *answers, *more, given=given)

    return run


def stored(invitation: Invitation) -> Collection:
    return Collection.objects.get(pk=invitation.collection.pk)


def test_inline_it_walks_from_the_link_to_the_reports(collect: Collect, invitation: Invitation) -> None:
    finished = collect("--inline")
    assert (finished.code, finished.error) == (0, "")
    assert finished.last == f"Collection {invitation.collection.reference}: complete"
    assert "Collect the reports: 21 of 22" in finished.out
    collection = stored(invitation)
    assert collection.status == Collection.Status.SUBMITTED
    assert collection.files.count() == 2
    assert Connection.objects.get().secret is None
    assert PASSWORD not in finished.out


def test_the_operator_who_gave_the_answers_is_named(collect: Collect, invitation: Invitation) -> None:
    collect("--inline", "--given-by", "Dana Reyes")
    collection = stored(invitation)
    assert collection.consent_given_by == "Dana Reyes"
    consent = collection.events.get(action="consent.given")
    assert (consent.actor_kind, consent.actor) == ("operator", "Dana Reyes")


def test_a_code_that_the_lender_requires_is_skipped(collect: Collect, invitation: Invitation) -> None:
    Lender.objects.update(requires_code=True)
    assert "did not accept" in collect("--inline", given="not the password").error
    assert "link.opened" in actions(stored(invitation))
    assert not LinkCode.objects.exists()


def test_where_the_borrower_would_look_first_the_operator_attests_and_is_named(
    collect: Collect, invitation: Invitation
) -> None:
    Collection.objects.update(previews=True)
    finished = collect("--inline", "--given-by", "Dana Reyes")
    assert (finished.code, finished.error) == (0, "")
    collection = stored(invitation)
    assert collection.status == Collection.Status.SUBMITTED
    attested = collection.attestation
    assert (attested.name, attested.recorded_by) == ("Dana Reyes", "Dana Reyes")
    names = actions(collection)
    assert names.index("credentials.destroyed") < names.index("reports.attested")
    assert [kind for kind in collection.notices.values_list("kind", flat=True)] == ["ready", "finished"]
    assert names[-1] == "run.done"


def test_link_and_password_may_come_by_input_alone(collect: Collect, invitation: Invitation) -> None:
    finished = collect("--inline", link="-", given=f"{invitation.url}\n{PASSWORD}\n")
    assert finished.code == 0, finished.error


def test_link_and_password_may_come_from_the_environment(
    collect: Collect, invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLECTION_LINK", invitation.url)
    monkeypatch.setenv("INTACCT_PASSWORD", PASSWORD)
    assert collect("--inline", link="", given="").code == 0


def test_a_password_with_blanks_at_its_ends_is_taken_as_typed(collect: Collect, gateway: Sandbox) -> None:
    finished = collect("--inline", given=f" {PASSWORD} \r\n")
    assert "did not accept" in finished.error


def test_without_a_password_it_fails_before_anything_happens(
    collect: Collect, invitation: Invitation
) -> None:
    finished = collect("--inline", given="")
    assert finished.code == 1
    assert "No password was given" in finished.error
    assert actions(invitation.collection) == ["collection.invited"]


@pytest.mark.parametrize("link", ["http://127.0.0.1:8000/c/clk_x", "rubbish", "/"])
def test_a_link_that_is_none_is_refused(collect: Collect, link: str) -> None:
    finished = collect("--inline", link=link)
    assert finished.code == 1
    assert "not a collection link" in finished.error


def test_an_expired_link_is_refused(collect: Collect, invitation: Invitation) -> None:
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    finished = collect("--inline")
    assert "This link is expired" in finished.error
    assert actions(invitation.collection) == ["collection.invited"]


def test_a_withdrawn_link_is_refused(collect: Collect, invitation: Invitation) -> None:
    invitations.collection_withdraw(collection=invitation.collection, by=OPERATOR)
    finished = collect("--inline")
    assert finished.code == 1
    assert "This link is withdrawn" in finished.error
    assert not Connection.objects.exists()


def test_without_a_worker_it_fails_at_once_and_says_so(collect: Collect, invitation: Invitation) -> None:
    finished = collect()
    assert finished.code == 1
    assert "No worker is running" in finished.error
    assert actions(invitation.collection) == ["collection.invited"]


def test_a_worker_that_fell_silent_is_no_worker(collect: Collect) -> None:
    WorkerPulse.objects.create(name=socket.gethostname(), seen_at=timezone.now() - timedelta(minutes=2))
    assert "No worker is running" in collect().error


# Scope


def test_several_entities_and_none_named_are_listed_with_their_arguments(
    collect: Collect, invitation: Invitation
) -> None:
    finished = collect("--inline", company=GROUP)
    assert finished.code == 1
    for line in (
        "  --top-level  (Birchwood Bicycle Works)",
        "  --entity E100  (Birchwood Shops)",
        "  --entity E200  (Birchwood Workshop & Parts)",
        "  --book USDCONS  (Group in US dollars)",
    ):
        assert line in finished.error.splitlines()
    assert stored(invitation).scope_kind == ""


@pytest.mark.parametrize(
    ("arguments", "kind", "identifier"),
    [
        (("--entity", "E200"), "entity", "E200"),
        (("--book", "USDCONS"), "book", "USDCONS"),
        (("--top-level",), "company", ""),
    ],
)
def test_the_scope_that_is_named_is_collected(
    collect: Collect, invitation: Invitation, arguments: tuple[str, ...], kind: str, identifier: str
) -> None:
    finished = collect("--inline", *arguments, company=GROUP)
    assert finished.code == 0, finished.error
    collection = stored(invitation)
    assert (collection.scope_kind, collection.scope_id) == (kind, identifier)


def test_an_entity_that_this_user_cannot_read_is_refused_with_those_there_are(collect: Collect) -> None:
    finished = collect("--inline", "--entity", "E999", company=GROUP)
    assert finished.code == 1
    assert "cannot read E999" in finished.error
    assert "--entity E100" in finished.error


def test_two_scopes_at_once_are_refused(collect: Collect) -> None:
    assert collect("--inline", "--entity", "E100", "--top-level").code != 0


# Categories


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"NUMBER,NAME\n0950,Inventory\n",
        b"ACCOUNTNO,CATEGORY\n0950\n",
        b"ACCOUNTNO,CATEGORY\n0950,\xff\xfe\n",
    ],
)
def test_a_file_of_categories_that_is_none_is_refused_before_anything_happens(
    collect: Collect, invitation: Invitation, tmp_path: Path, content: bytes
) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(content)
    finished = collect("--inline", file=broken)
    assert is_one_sentence(finished), finished
    assert str(broken) in finished.error
    assert actions(invitation.collection) == ["collection.invited"]


def test_a_file_that_is_not_there_is_named(collect: Collect, tmp_path: Path) -> None:
    finished = collect("--inline", file=tmp_path / "missing.csv")
    assert is_one_sentence(finished), finished
    assert "missing.csv" in finished.error


def test_a_file_as_a_spreadsheet_saves_it_is_read(collect: Collect, categories: Path) -> None:
    categories.write_bytes(b"\xef\xbb\xbfACCOUNTNO,CATEGORY\r\n0950,cash and cash equivalents\r\n")
    assert collect("--inline").code == 0


def test_a_category_that_is_not_offered_stops_it_in_words(
    collect: Collect, invitation: Invitation, categories: Path
) -> None:
    categories.write_text("ACCOUNTNO,CATEGORY\n0950,Piggy bank\n")
    finished = collect("--inline")
    assert finished.code == 1
    assert "“Piggy bank” is not a QuickStart category" in finished.error
    assert stored(invitation).status == Collection.Status.STARTED


def test_a_row_about_an_account_that_needs_none_is_mentioned_and_left_out(
    collect: Collect, categories: Path
) -> None:
    categories.write_text(categories.read_text() + "1000,Inventory\nnope,Inventory\n")
    finished = collect("--inline")
    assert finished.code == 0
    assert "Account 1000 needs no category; its row was left out." in finished.out
    assert "Account nope needs no category" in finished.out


def test_a_missing_category_stops_it_and_a_second_try_with_it_succeeds(
    collect: Collect, categories: Path
) -> None:
    complete = categories.read_text()
    categories.write_text("ACCOUNTNO,CATEGORY\n")
    finished = collect("--inline")
    assert finished.code == 1
    assert "need a category: 0950 Petty cash." in finished.error
    categories.write_text(complete)
    assert collect("--inline").code == 0


# Once more


def test_a_refused_sign_in_is_said_and_a_second_try_succeeds(collect: Collect) -> None:
    finished = collect("--inline", given="Wrong-Secret-1")
    assert finished.code == 1
    assert "did not accept this company ID, user ID and password" in finished.error
    assert "Wrong-Secret-1" not in finished.error + finished.out
    assert collect("--inline").code == 0


def test_a_complete_collection_stays_as_it_is(collect: Collect, invitation: Invitation) -> None:
    collect("--inline")
    submitted_at = stored(invitation).submitted_at
    finished = collect("--inline")
    assert finished.last == f"Collection {invitation.collection.reference}: complete"
    assert stored(invitation).submitted_at == submitted_at
    assert Run.objects.filter(kind=Run.Kind.COLLECT).count() == 1


def test_a_collection_that_needs_the_operator_says_so_again_and_goes_on_when_resumed(
    collect: Collect, manage: Manage, invitation: Invitation, gateway: Sandbox
) -> None:
    gateway.faults.next("malformed", function="get_trialbalance", skip=3)
    first = collect("--inline")
    assert first.code == 1
    assert "We have been told" in first.error
    again = collect("--inline")
    assert (again.code, again.error) == (1, first.error)
    assert manage("resumecollection", invitation.collection.reference).code == 0
    assert collect("--inline").code == 0


def test_a_collection_that_needs_the_operator_and_lost_its_password_says_so_in_words(
    collect: Collect, gateway: Sandbox
) -> None:
    gateway.faults.next("malformed", function="get_trialbalance", skip=3)
    collect("--inline")
    Connection.objects.update(secret=None, session=None)
    finished = collect("--inline")
    assert finished.code == 1
    assert "Traceback" not in finished.error
    assert finished.error.strip().endswith(".")


def test_a_paused_collection_takes_the_new_password_and_goes_on(
    collect: Collect, invitation: Invitation, gateway: Sandbox
) -> None:
    gateway.faults.next("malformed", function="get_trialbalance", skip=3)
    collect("--inline")
    Connection.objects.update(secret=None, session=None)
    Run.objects.filter(kind=Run.Kind.COLLECT).update(status="needs_borrower", problem="password_gone")
    assert collect("--inline").code == 0
    assert stored(invitation).status == Collection.Status.SUBMITTED


def test_a_refresh_is_answered_as_last_time(
    collect: Collect, manage: Manage, invitation: Invitation, tmp_path: Path
) -> None:
    assert collect("--inline", "--top-level", company=GROUP).code == 0
    again = manage("invite", "--refresh", invitation.collection.reference, "--no-email")
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("ACCOUNTNO,CATEGORY\n")
    refused = collect("--inline", company=GROUP, link=again.last, file=nothing)
    assert "name one of these" in refused.error
    finished = collect("--inline", "--as-last-time", company=GROUP, link=again.last, file=nothing)
    assert (finished.code, finished.error) == (0, "")
    later = Collection.objects.get(refreshes=invitation.collection)
    assert (later.status, later.scope_kind) == (Collection.Status.SUBMITTED, "company")
    assigned = {
        each.number: each.assigned_category for each in later.accounts.all() if each.assigned_category
    }
    assert assigned == {UNASSIGNED: "Cash and Cash Equivalents"}

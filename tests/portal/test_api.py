"""The API: a lender's own system sees its requests, with a key that may do so much and no more."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app.models import ApiKey, Collection, Event, Lender
from collections_app.services.api_keys import key_create, key_revoke, key_rotate
from collections_app.services.erasing import collection_erase
from tests import factories
from tests.collecting import OPERATOR

BASE = "/api/v1/collections"
ALL = ApiKey.Scope.values


class System:
    """A lender's system with a key of these scopes."""

    def __init__(self, lender: Lender, *scopes: str) -> None:
        self.key, self.text = key_create(
            lender=lender, name="Loan system", scopes=scopes or ALL, days=30, by=OPERATOR
        )
        self.client = Client()

    def get(self, address: str, **query: Any) -> Any:
        answer: Any = self.client.get(address, query, headers={"Authorization": f"Bearer {self.text}"})
        answer.whole = answer.getvalue()
        return answer

    def post(self, address: str, body: Any, **headers: str) -> Any:
        """`headers` by their names with low lines: idempotency_key."""
        sent = {"Authorization": f"Bearer {self.text}", **headers}
        return self.client.post(address, body, content_type="application/json", headers=sent)

    def post_nothing(self, address: str) -> Any:
        """Without a body, as `curl -X POST` does."""
        return self.client.generic("POST", address, headers={"Authorization": f"Bearer {self.text}"})


@pytest.fixture
def collected(lender: Lender) -> Collection:
    return factories.collected_collection(lender)


def test_a_system_lists_its_lenders_requests_page_by_page_and_no_others(
    lender: Lender, collected: Collection
) -> None:
    other = factories.collected_collection()
    second = factories.make_collection(lender)
    system = System(lender)
    first = system.get(BASE, limit=1).json()
    assert [each["reference"] for each in first["collections"]] == [second.reference]
    rest = system.get(first["next"].partition("127.0.0.1:8000")[2]).json()
    assert [each["reference"] for each in rest["collections"]] == [collected.reference]
    assert rest["next"] is None
    assert [each["status"] for each in system.get(BASE, status="submitted").json()["collections"]] == [
        "submitted"
    ]
    for address in (
        f"{BASE}/{other.reference}",
        f"{BASE}/{other.reference}/statements.json",
        f"{BASE}/{other.reference}/files/report.xlsx",
        f"{BASE}/{other.reference}/documents/{'0' * 32}",
    ):
        missing = system.get(address.replace(other.reference, "NONE-SUCH"))
        answer = system.get(address)
        assert (answer.status_code, answer.content) == (missing.status_code, missing.content)
        assert answer.status_code == 404


def test_statements_and_files_are_downloaded_and_recorded(lender: Lender, collected: Collection) -> None:
    system = System(lender)
    told = system.get(f"{BASE}/{collected.reference}").json()
    assert (told["from"], told["erased"]) == ("2026-01-01", False)
    assert {"statements.json", "report.xlsx"} <= {each["name"] for each in told["files"]}
    answer = system.get(f"{BASE}/{collected.reference}/statements.json")
    assert json.loads(answer.whole)["reference"] == collected.reference
    event = collected.events.get(action="report.downloaded")
    assert (event.actor_kind, event.actor) == ("staff", f"API key {system.key.pk} (Loan system)")
    collection_erase(collection=collected, by=OPERATOR, why="asked")
    assert system.get(f"{BASE}/{collected.reference}/statements.json").status_code == 404
    assert system.get(f"{BASE}/{collected.reference}").json()["erased"] is True


def test_nothing_is_there_to_download_before_the_borrower_shared(lender: Lender) -> None:
    collection = factories.collected_collection(lender)
    Collection.objects.filter(pk=collection.pk).update(status="collecting", shared_at=None)
    system = System(lender)
    assert system.get(f"{BASE}/{collection.reference}").json()["files"] == []
    assert system.get(f"{BASE}/{collection.reference}/statements.json").status_code == 404


def test_a_request_is_made_and_a_wrong_one_refused_in_words(lender: Lender) -> None:
    system = System(lender)
    wanted = {"borrower": "Birch", "email": "o@birch.example", "from": "2026-01-01", "to": "2026-03-31"}
    made = system.post(BASE, wanted | {"send_mail": False, "lender_reference": "L-9"})
    assert made.status_code == 201
    collection = Collection.objects.get(reference=made.json()["reference"])
    assert (collection.lender, collection.lender_reference) == (lender, "L-9")
    assert "/c/clk_" in made.json()["link"]
    refused = system.post(BASE, wanted | {"to": "2025-01-01"})
    assert refused.status_code == 422 and refused.json()["detail"].endswith(".")
    unfit = system.post(
        BASE, {"borrower": "x", "email": "o@b.example", "from": "2026-01-01", "to": "2026-02-30"}
    )
    assert unfit.status_code == 422
    assert unfit.json()["detail"].startswith("to: ") and unfit.json()["detail"].endswith(".")
    not_json = system.post(BASE, "{")
    assert (not_json.status_code, not_json.json()["detail"]) == (400, "The body is not JSON.")
    for changed, said in (
        ({"email": "nobody"}, "email: "),
        ({"borrower": "  "}, "borrower: "),
        ({"sendmail": False}, "sendmail: there is no such field"),
        ({"purpose": "a\0b"}, "purpose: there is a null character in it, take it out."),
        ({"reports": ["aging\0"]}, "reports: there is a null character in it, take it out."),
        (
            {"from": "0026-01-01", "to": "0026-12-31"},
            "The period must not begin before 1990: check the year.",
        ),
    ):
        fault = system.post(BASE, wanted | changed)
        assert (fault.status_code, fault.json()["detail"][: len(said)]) == (422, said)
    nothing = system.post_nothing(BASE)
    assert nothing.status_code == 422 and "JSON object" in nothing.json()["detail"]
    assert Collection.objects.count() == 1


def test_a_status_that_there_is_not_is_refused_instead_of_finding_nothing(lender: Lender) -> None:
    refused = System(lender).get(BASE, status="shared")
    assert refused.status_code == 422
    assert "submitted" in refused.json()["detail"]


def test_a_complete_request_is_refreshed_for_the_period_that_follows(
    lender: Lender, collected: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    system, maker = System(lender), System(lender, "create")
    address = f"{BASE}/{collected.reference}/refresh"
    now = time_machine.travel("2026-11-27 12:00Z")
    with now, django_capture_on_commit_callbacks(execute=True):
        made = maker.post(address, {"send_mail": False})
        chosen = maker.post(address, {"from": "2026-02-01", "to": "2026-04-30", "email": "new@birch.example"})
    assert (made.status_code, chosen.status_code) == (201, 201)
    assert "/c/clk_" in made.json()["link"]
    again, other = (Collection.objects.get(reference=each.json()["reference"]) for each in (made, chosen))
    assert (again.refreshes, again.lender, again.borrower_name) == (
        collected,
        lender,
        collected.borrower_name,
    )
    assert again.date_from > collected.date_from and again.date_to > collected.date_to
    assert (str(other.date_from), other.borrower_email) == ("2026-02-01", "new@birch.example")
    assert [letter.to for letter in mail.outbox] == [["new@birch.example"]]
    made_by = again.events.get(action="refresh.made").actor
    assert made_by == f"API key {maker.key.pk} (Loan system)"
    with now:
        plain = system.post_nothing(address)
        no_days = system.post(address, {"expires_days": 0, "send_mail": False})
    assert plain.status_code == 201
    assert no_days.status_code == 422 and "between 1 and 365 days" in no_days.json()["detail"]
    early = system.post(f"{BASE}/{again.reference}/refresh", {})
    assert early.status_code == 422 and "not complete" in early.json()["detail"]


def test_what_cannot_be_refreshed_is_refused_in_words_and_makes_nothing(
    lender: Lender, collected: Collection
) -> None:
    system, reader = System(lender), System(lender, "read", "files")
    foreign = factories.collected_collection()
    count = Collection.objects.count()
    address = f"{BASE}/{collected.reference}/refresh"
    assert reader.post(address, {}).status_code == 403
    assert system.post(f"{BASE}/{foreign.reference}/refresh", {}).status_code == 404
    assert system.post(f"{BASE}/NONE-SUCH/refresh", {}).status_code == 404
    with time_machine.travel(collected.created_at):
        at_once = system.post(address, {"from": "2027-01-01", "to": "2026-01-01"})
    assert at_once.status_code == 422 and "before it ends" in at_once.json()["detail"]
    Collection.objects.filter(pk=collected.pk).update(date_to=timezone.localdate())
    unknown = system.post(address, {})
    assert unknown.status_code == 422 and "Give from and to." in unknown.json()["detail"]
    collection_erase(collection=collected, by=OPERATOR, why="asked")
    erased = system.post(address, {"from": "2026-02-01", "to": "2026-04-30"})
    assert erased.status_code == 422 and "was erased" in erased.json()["detail"]
    assert Collection.objects.count() == count


def test_a_key_does_what_its_scopes_say_and_nothing_else(lender: Lender, collected: Collection) -> None:
    reader, filer, maker = (System(lender, scope) for scope in ALL)
    statements = f"{BASE}/{collected.reference}/statements.json"
    assert [each.get(BASE).status_code for each in (reader, filer, maker)] == [200, 403, 403]
    assert [each.get(statements).status_code for each in (reader, filer, maker)] == [403, 200, 403]
    assert [each.post(BASE, {}).status_code for each in (reader, filer)] == [422, 422]
    wanted = {"borrower": "B", "email": "o@b.example", "from": "2026-01-01", "to": "2026-03-31"}
    assert reader.post(BASE, wanted).status_code == 403


def test_a_key_ends_with_its_time_its_rotation_or_its_revocation(lender: Lender) -> None:
    system = System(lender)
    rotated, text = key_rotate(key=system.key, days=30, grace=timedelta(hours=1), by=OPERATOR)
    assert system.get(BASE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        late = system.get(BASE)
        assert late.status_code == 401 and "Send a key that is good" in late.json()["detail"]
        system.text = text
        assert system.get(BASE).status_code == 200
    assert key_revoke(key=rotated, by=OPERATOR)
    assert system.get(BASE).status_code == 401
    stored = str(list(ApiKey.objects.values())) + str(list(Event.objects.values()))
    assert text not in stored


@pytest.mark.usefixtures("one_window")
def test_without_a_key_nothing_is_told_and_guessing_is_stopped(client: Client, lender: Lender) -> None:
    assert client.get(BASE).status_code == 401
    guess = {"Authorization": f"Bearer sbk_{'0' * 64}"}
    answers = [client.get(BASE, headers=guess).status_code for _ in range(31)]
    assert (answers[0], answers[-1]) == (401, 429)


def test_the_description_for_programs_names_every_address(client: Client, db: None) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.")
    paths = {path.removeprefix("/api/v1") for path in told["paths"]}
    assert paths == {
        "/collections",
        "/collections/{reference}",
        "/collections/{reference}/refresh",
        "/collections/{reference}/statements.json",
        "/collections/{reference}/files/{name}",
        "/collections/{reference}/documents/{key}",
    }


def test_what_a_system_looks_at_is_in_the_record_under_its_key(lender: Lender, collected: Collection) -> None:
    system = System(lender)
    for _again in range(2):
        system.get(BASE)
        system.get(f"{BASE}/{collected.reference}")
    name = f"API key {system.key.pk} (Loan system)"
    looks = Event.objects.filter(actor=name).values_list("action", "about", "collection_id")
    assert list(looks) == [
        ("desk.viewed", "page:api_collections", None),
        ("request.viewed", "", collected.pk),
    ]


def test_a_key_that_was_sent_in_the_open_is_refused_and_nobody_is_led_on(
    lender: Lender, settings: Any
) -> None:
    settings.SERVED_OVER_HTTPS = settings.SECURE_SSL_REDIRECT = True
    answer = System(lender).get(BASE)
    assert answer.status_code == 403
    assert "replace the key" in answer.json()["detail"]

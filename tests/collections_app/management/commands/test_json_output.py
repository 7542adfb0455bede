"""With `--json` a command prints one JSON object of what it did, and nothing else on standard output."""

import json
from pathlib import Path
from typing import Any

from collections_app import links
from collections_app.models import ApiKey, Collection, Lender, Run
from collections_app.services import collecting
from collections_app.services.api_keys import key_find
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import PASSWORD, UNASSIGNED, invite, sign_in, submitted, work
from tests.collections_app import mapping
from tests.collections_app.management.commands.conftest import Manage


def told(manage: Manage, *arguments: str) -> dict[str, Any]:
    finished = manage(*arguments, "--json")
    assert finished.code == 0, finished.error
    answer = json.loads(finished.out)
    assert isinstance(answer, dict)
    return answer


def test_lists_have_an_object_a_line(manage: Manage, lender: Lender) -> None:
    made = {factories.make_collection(lender).reference for _ in range(2)}
    lines = manage("listcollections", "--json").out.splitlines()
    assert {json.loads(line)["reference"] for line in lines} == made
    assert json.loads(lines[0]) | {"reference": "", "borrower": ""} == {
        "reference": "",
        "borrower": "",
        "status": "invited",
        "lender": lender.slug,
        "from": "2026-01-01",
        "to": "2026-03-31",
    }


def test_a_collection_with_its_runs_and_events(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    work(submitted(collection))
    shown = told(manage, "showcollection", collection.reference)
    assert (shown["reference"], shown["status"], shown["erased"]) == (
        collection.reference,
        "submitted",
        False,
    )
    newest = shown["runs"][-1]
    assert (newest["kind"], newest["status"], newest["done"]) == ("collect", "done", newest["planned"])
    assert "consent.given" in {event["action"] for event in shown["events"]}
    assert PASSWORD not in json.dumps(shown)


def test_links(manage: Manage, collection: Collection) -> None:
    made = told(manage, "resendlink", collection.reference, "--no-email")
    assert (made["reference"], made["mailed"]) == (collection.reference, False)
    assert links.find(made["url"].rstrip("/").rpartition("/")[2])
    assert told(manage, "revokelink", collection.reference)["link"] == "revoked"


def test_keys_and_webhooks(manage: Manage, lender: Lender) -> None:
    key, webhook = factories.make_api_key(lender), factories.make_webhook(lender)
    rotated = told(manage, "rotateapikey", str(key.pk))
    assert rotated["replaces"] == key.pk and key_find(rotated["secret"])
    assert told(manage, "revokeapikey", str(rotated["key"]))["status"] == "revoked"
    assert ApiKey.objects.get(pk=rotated["key"]).revoked_at
    assert told(manage, "replaywebhook", str(webhook.pk)) == {"webhook": webhook.pk, "deliveries": 1}
    assert told(manage, "stopwebhook", str(webhook.pk))["status"] == "stopped"


def test_runs_that_are_moved(manage: Manage, collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection)
    collecting.unit_advance()
    assert told(manage, "pauserun", collection.reference)["status"] == "needs_operator"
    resumed = told(manage, "resumecollection", collection.reference)
    assert resumed == {
        "reference": collection.reference,
        "run": run.pk,
        "kind": "collect",
        "status": "queued",
    }
    work(run)
    rebuilt = told(manage, "rebuildreports", collection.reference)
    assert (rebuilt["kind"], rebuilt["status"]) == ("rebuild", "queued")


def test_a_run_that_is_cancelled_in_rehearsal_loses_nothing_and_then_what_was_said(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    for _ in range(4):
        collecting.unit_advance()
    before = collection.tables.count(), collection.trial_balances.count()
    events = collection.events.count()
    loss = told(manage, "cancelrun", collection.reference, "--dry-run")
    assert (loss["run"], loss["rows"], loss["password"]) == (run.pk, sum(before), True)
    assert loss["files"] == before[0] > 0
    run.refresh_from_db()
    assert (run.status, collection.events.count()) == (Run.Status.RUNNING, events)
    assert (collection.tables.count(), collection.trial_balances.count()) == before
    assert "Nothing was." in manage("cancelrun", collection.reference, "--dry-run").out
    assert told(manage, "cancelrun", collection.reference, "--yes")["status"] == "cancelled"
    assert (collection.tables.count(), collection.trial_balances.count()) == (0, 0)


def test_files_that_are_written(
    manage: Manage, collection: Collection, gateway: Sandbox, tmp_path: Path
) -> None:
    work(submitted(collection))
    written = told(manage, "export", collection.reference, "--to", str(tmp_path / "out"))
    assert all(Path(file).is_file() for file in written["files"])
    assert any(file.endswith("statements.json") for file in written["files"])


def test_a_journey_without_a_browser(
    manage: Manage, lender: Lender, gateway: Sandbox, tmp_path: Path
) -> None:
    categories = tmp_path / "categories.csv"
    categories.write_text(f"ACCOUNTNO,CATEGORY\n{UNASSIGNED},Cash and Cash Equivalents\n")
    invitation = invite(lender)
    reference = invitation.collection.reference
    sign_in_with = (
        "--company",
        "BIRCHSOLO",
        "--user",
        "ws_lender",
        "--categories",
        str(categories),
        "--inline",
    )
    finished = manage("collect", "--link", invitation.url, *sign_in_with, "--json", given=f"{PASSWORD}\n")
    assert json.loads(finished.out) == {"reference": reference, "status": "complete"}
    # What is going on meanwhile is for the person.
    assert "Collect the reports: 21 of 22" in finished.error


def test_an_exchange_that_went_wrong(manage: Manage, collection: Collection, gateway: Sandbox) -> None:
    gateway.faults.next("malformed")
    work(sign_in(collection))
    shown = told(manage, "showexchange", collection.reference)
    assert shown["reference"] == collection.reference and shown["problem"] and "<request>" in shown["request"]


def test_a_person_who_cannot_sign_in(manage: Manage, lender: Lender) -> None:
    user = factories.make_staff(lender)
    reset = told(manage, "resetsignin", user.username, "--unlock", "--password-link")
    assert (reset["name"], reset["wait"]) == (user.username, "ended")
    assert "/reset/" in reset["url"]


def test_what_a_lender_is_given(manage: Manage, lender: Lender, tmp_path: Path) -> None:
    terms, layout = tmp_path / "terms.json", tmp_path / "layout.json"
    terms.write_text("{}")
    assert told(manage, "importterms", str(terms), "--lender", lender.slug)["terms"] == "kept"
    layout.write_text(mapping.SPREAD)
    stored = told(manage, "importmapping", str(layout), "--lender", lender.slug)
    assert (stored["lender"], stored["version"]) == (lender.slug, 1)

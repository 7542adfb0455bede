"""`supportbundle`: a run that failed, for somebody who may see no figure, no name and no secret."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from collections_app.models import Account, Collection, Connection, KeptExchange, Run, TrialBalance
from collections_app.redaction import Redaction
from intacct.sandbox import Sandbox
from intacct.sandbox.recorded import BundleError, read_bundle
from tests.collecting import (
    EXCHANGES,
    GROUP,
    PASSWORD,
    SENDER_PASSWORD,
    USER,
    sign_in,
    started,
    submitted,
    work,
)
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_a_bundle_tells_what_happened_and_nothing_of_the_borrower(
    manage: Manage, collection: Collection, gateway: Sandbox, tmp_path: Path
) -> None:
    run = submitted(collection, GROUP)
    gateway.faults.next("malformed", function="get_trialbalance")
    assert work(run).status == Run.Status.NEEDS_OPERATOR
    reply = (EXCHANGES / "get_trialbalance.reply.xml").read_text() + "and then it broke"
    request = (EXCHANGES / "get_trialbalance.request.xml").read_text()
    KeptExchange.holding(collection=collection, problem="our_fault", request=request, reply=reply).save()
    target = tmp_path / "bundle.zip"
    finished = manage("supportbundle", collection.reference, "--to", str(target), "--json")
    assert finished.code == 0, finished.error
    told = contents(target)
    assert json.loads(finished.out) == {"file": str(target), "names": list(told)}
    manifest = json.loads(told["manifest.json"])
    assert set(manifest["files"]) == set(told) - {"manifest.json"}
    assert json.loads(told["run.json"])["problem"] == "unreadable_answer"
    assert len(json.loads(told["units.json"])) == run.units.count()
    assert "run.needs_operator" in told["events.json"]
    everything = "\n".join(told.values())
    connection = Connection.objects.get()
    secret = {PASSWORD, SENDER_PASSWORD, USER, GROUP, connection.company_name, collection.borrower_name}
    secret |= {collection.borrower_email, "SESSION-ID"}
    secret |= {account.title for account in Account.objects.all()}
    secret |= set(re.findall(r">(-?\d+\.\d\d)<", reply)) - {"0.00"}
    secret |= {str(row.closing) for month in TrialBalance.objects.all() for row in month.rows if row.closing}
    assert len(secret) > 20
    assert [word for word in secret if word in everything] == []
    assert collection.events.filter(action="support.bundled").exists()


@pytest.mark.parametrize(("fault", "function"), [("malformed", "query"), ("wrong-sender", "getAPISession")])
def test_the_sandbox_answers_as_the_gateway_did(
    manage: Manage, collection: Collection, gateway: Sandbox, tmp_path: Path, fault: str, function: str
) -> None:
    """Another request, against a sandbox that has nothing but the bundle, ends with the same problem."""
    gateway.faults.next(fault, times=3, function=function)
    failed = work(sign_in(collection))
    assert failed.status == Run.Status.NEEDS_OPERATOR, failed
    target = tmp_path / "bundle.zip"
    assert manage("supportbundle", collection.reference, "--to", str(target)).code == 0
    gateway.faults.clear()
    gateway.recordings.extend(read_bundle(target))
    try:
        again = work(sign_in(started(collection.lender)))
    finally:
        gateway.recordings.clear()
    assert (again.status, again.problem) == (failed.status, failed.problem)
    assert again.problem_detail.split()[0] == failed.problem_detail.split()[0]


def test_what_cannot_be_bundled_or_replayed_is_said_in_one_sentence(
    manage: Manage, collection: Collection, gateway: Sandbox, tmp_path: Path
) -> None:
    target = tmp_path / "bundle.zip"
    assert is_one_sentence(manage("supportbundle", collection.reference, "--to", str(target)))
    run = work(sign_in(collection))
    assert manage("supportbundle", collection.reference, "--to", str(target), "--run", str(run.pk)).code == 0
    assert is_one_sentence(manage("supportbundle", collection.reference, "--to", "/nowhere/bundle.zip"))
    with pytest.raises(BundleError, match="nothing went wrong with the gateway"):
        read_bundle(target)
    target.write_bytes(b"no zip")
    with pytest.raises(BundleError, match="cannot be read"):
        read_bundle(target)


def test_the_form_of_an_answer_stays_and_what_it_says_does_not() -> None:
    redaction = Redaction()
    given = (
        '<data listtype="GLACCOUNT" totalcount="2" note="Ångström"><GLACCOUNT><RECORDNO>11</RECORDNO>'
        "<ACCOUNTNO>1000</ACCOUNTNO><TITLE>Z&amp;W Bank 7</TITLE><AMOUNT>-1,234.56</AMOUNT><OPEN>0.00</OPEN>"
        "<WHEN>01/31/2026</WHEN><PARENTNO>1000</PARENTNO></GLACCOUNT><error><description>The account Zebra "
        "'4000' is not valid.</description></error><cut"
    )
    assert redaction.text(given) == (
        '<data listtype="GLACCOUNT" totalcount="2" note="Xxxxxxxx"><GLACCOUNT><RECORDNO>11</RECORDNO>'
        "<ACCOUNTNO>X00001</ACCOUNTNO><TITLE>X&amp;X Xxxx 1</TITLE><AMOUNT>-1,111.11</AMOUNT>"
        "<OPEN>0.00</OPEN>"
        "<WHEN>01/31/2026</WHEN><PARENTNO>X00001</PARENTNO></GLACCOUNT><error><description>The account Xxxxx "
        "'1111' is not valid.</description></error><xxx"
    )

"""Replies that go wrong on purpose."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from lxml import etree

from intacct.sandbox import Fault, Sandbox
from intacct.sandbox.faults import parse_fault
from tests.intacct.sandbox.gateway_client import (
    BIRCHWOOD,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    attributes,
    envelope,
    login,
    post,
    query,
    sign_in,
)

BODY = envelope(login(*BIRCHWOOD), "<getFinancialSetup/>")
OTHER = envelope(login(*BIRCHWOOD), "<get_applications/>")


def test_a_fault_is_spent_after_its_times(sandbox: Sandbox) -> None:
    sandbox.faults.next("down", times=2)
    assert [post(sandbox.endpoint, BODY).status for _ in range(3)] == [503, 503, 200]


def test_a_fault_can_wait_for_a_later_request_of_one_function(sandbox: Sandbox) -> None:
    sandbox.faults.next("rate-limited", function="getFinancialSetup", skip=1)
    statuses = [post(sandbox.endpoint, body).status for body in (OTHER, BODY, OTHER, BODY, BODY)]
    assert statuses == [200, 200, 200, 429, 200]


def test_a_fault_of_one_user_leaves_the_others_alone(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("html", company="BIRCHWOOD", user="ws_narrow", status=524))
    narrow = envelope(login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"), "<getFinancialSetup/>")
    assert post(sandbox.endpoint, narrow).status == 524
    assert post(sandbox.endpoint, BODY).status == 200


def test_a_cut_connection_has_no_answer_and_a_truncated_one_half_of_it(sandbox: Sandbox) -> None:
    sandbox.faults.next("cut")
    with pytest.raises(http.client.RemoteDisconnected):
        post(sandbox.endpoint, BODY)
    sandbox.faults.next("truncated")
    with pytest.raises(http.client.IncompleteRead):
        post(sandbox.endpoint, BODY)


def test_a_malformed_reply_does_not_parse(sandbox: Sandbox) -> None:
    sandbox.faults.next("malformed")
    body = post(sandbox.endpoint, BODY).body
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body)


def test_a_slow_reply_arrives_in_the_end(sandbox: Sandbox) -> None:
    sandbox.faults.next("slow", seconds=0.3)
    started = time.monotonic()
    assert post(sandbox.endpoint, BODY).status == 200
    assert time.monotonic() - started >= 0.3


def test_a_session_that_dies_stays_dead_and_a_new_one_works(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    sandbox.faults.next("session-death")
    for _ in range(2):
        assert opened.call("<get_applications/>").text("operation/authentication/status") == "failure"
    again = sign_in(sandbox.endpoint)
    assert again.call("<get_applications/>").text("operation/authentication/status") == "success"


def test_faults_are_written_on_a_command_line_with_their_limits() -> None:
    assert parse_fault("slow=8:DEMO:ws_slow") == Fault("slow", company="DEMO", user="ws_slow", seconds=8.0)
    assert parse_fault("down") == Fault("down")
    for wrong in ("broken", "slow=soon"):
        with pytest.raises(ValueError, match="use one of|number of seconds"):
            parse_fault(wrong)


def test_a_command_line_can_limit_a_fault_further() -> None:
    written = parse_fault("session-death:DEMO,skip=10,times=1,function=query")
    assert written == Fault("session-death", times=1, company="DEMO", function="query", skip=10)
    with pytest.raises(ValueError, match="limits no fault"):
        parse_fault("down,often=3")


def test_a_refusal_for_too_many_requests_may_say_when_to_come_back(sandbox: Sandbox) -> None:
    sandbox.faults.next("retry-after", seconds=7)
    sandbox.faults.next("rate-limited")
    first, second = post(sandbox.endpoint, BODY), post(sandbox.endpoint, BODY)
    assert (first.status, first.headers.get("Retry-After")) == (429, "7")
    assert (second.status, second.headers.get("Retry-After")) == (429, None)


def test_a_row_can_appear_or_disappear_between_two_pages() -> None:
    with Sandbox([EXCHANGES / "company"], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        opened = sign_in(sandbox.endpoint)
        totals = []
        for kind in ("row-inserted", "row-deleted", "row-deleted"):
            totals.append(attributes(opened.call(query("GLDETAIL", "RECORDNO")))["totalcount"])
            sandbox.faults.next(kind)
        totals.append(attributes(opened.call(query("GLDETAIL", "RECORDNO")))["totalcount"])
        assert totals == ["41", "42", "41", "40"]


@pytest.mark.slow
def test_the_most_requests_in_flight_are_counted_for_each_company() -> None:
    with Sandbox(
        [EXCHANGES / "company"], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD, reply_delay=5
    ) as sandbox:
        together = Barrier(3)

        def post_with_the_others() -> None:
            together.wait(20)
            post(sandbox.endpoint, BODY)

        with ThreadPoolExecutor(3) as threads:
            for posted in [threads.submit(post_with_the_others) for _ in range(3)]:
                posted.result()
        post(sandbox.endpoint, BODY)
        assert sandbox.most_in_flight == {"BIRCHWOOD": 3}

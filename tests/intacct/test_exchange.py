"""What went wrong keeps the exchange it went wrong in, with every secret masked."""

from __future__ import annotations

from pathlib import Path

import pytest

import intacct
from intacct.exchange import KEPT_OF_EACH_END, Recorder
from intacct.sandbox import Sandbox

EXCHANGES = Path(__file__).parent / "exchanges"
SENDER = intacct.Sender(id="lenderportal", password="sender-secret-1")
LOGIN = intacct.Login(company_id="BIRCHWOOD", user_id="ws_lender", password="Reader-Secret-1")


@pytest.mark.parametrize("function", ["getAPISession", "get_companyprefs", "query"])
def test_an_unreadable_answer_is_kept_masked_whatever_the_call(function: str) -> None:
    with Sandbox([EXCHANGES / "company"], sender_id=SENDER.id, sender_password=SENDER.password) as sandbox:
        sandbox.faults.next("malformed", function=function)
        with (
            pytest.raises(intacct.UnreadableReply) as caught,
            intacct.connect(SENDER, LOGIN, endpoint=sandbox.endpoint, allow_sandbox=True) as company,
        ):
            session = company.session.id
            company.preferences()
            list(company.accounts())
    exchange = caught.value.exchange
    assert exchange
    assert f"<{function}" in exchange.request
    assert exchange.reply
    for secret in (SENDER.password, LOGIN.password, *([session] if function != "getAPISession" else [])):
        assert secret not in exchange.request + exchange.reply


def test_a_refused_password_is_not_in_the_exchange_that_refused_it() -> None:
    wrong = intacct.Login(company_id="BIRCHWOOD", user_id="ws_lender", password="Wrong-Secret-1")
    with Sandbox([EXCHANGES / "company"], sender_id=SENDER.id, sender_password=SENDER.password) as sandbox:
        connected = intacct.connect(SENDER, wrong, endpoint=sandbox.endpoint, allow_sandbox=True)
        with pytest.raises(intacct.SignInRefused) as caught, connected:
            pass
    assert caught.value.exchange
    assert "XL03000006" in caught.value.exchange.reply
    assert "Wrong-Secret-1" not in repr(caught.value.exchange)


def test_of_a_long_reply_both_ends_are_kept_and_no_more() -> None:
    recorder = Recorder(b"<request/>", [])
    list(recorder.chunks(iter([b"beginning " + b"x" * 100_000, b"y" * 100_000 + b" end"])))
    reply = recorder.exchange.reply
    assert reply.startswith("beginning ")
    assert reply.endswith(" end")
    assert "[left out here]" in reply
    assert len(reply) < 2 * KEPT_OF_EACH_END + 100


def test_of_a_short_reply_nothing_is_left_out() -> None:
    recorder = Recorder(b"<request/>", [])
    list(recorder.chunks(iter([b"a" * KEPT_OF_EACH_END, b"b" * 10])))
    assert recorder.exchange.reply == "a" * KEPT_OF_EACH_END + "b" * 10

"""Reading what the gateway answers, against lxml alone on the same bytes."""

from datetime import UTC, date, datetime

from lxml import etree

from intacct.credentials import Sender, Session
from intacct.envelope import read_reply
from intacct.functions.trial_balance import GetTrialBalance
from tests.benchmarks.measure import Benchmark

ACCOUNTS = 2000
CONTROL_ID = "benchmark"
REPLY = """<?xml version="1.0" encoding="UTF-8"?>
<response><control><status>success</status><senderid>s</senderid><controlid>benchmark</controlid></control>
<operation><authentication><status>success</status></authentication>
<result><status>success</status><function>get_trialbalance</function><controlid>benchmark</controlid>
<data listtype="trialbalance" count="{count}">{rows}</data></result></operation></response>"""
ROW = (
    "<trialbalance><glaccountno>{number}</glaccountno><startbalance>1204.50</startbalance><debits>310.25</debits>"
    "<credits>14.75</credits><adjdebits>0</adjdebits><adjcredits>0</adjcredits><endbalance>1500.00</endbalance>"
    "<reportingbook>ACCRUAL</reportingbook><currency>USD</currency></trialbalance>"
)


def benchmarks() -> list[Benchmark]:
    """A trial balance of 2,000 accounts, from bytes to checked records."""
    rows = "".join(ROW.format(number=number) for number in range(10000, 10000 + ACCOUNTS))
    body = REPLY.format(count=ACCOUNTS, rows=rows).encode()
    function = GetTrialBalance(start=date(2025, 1, 1), end=date(2025, 1, 31))
    sender = Sender(id="s", password="p")
    session = Session(id="x", endpoint="https://api.intacct.com/", expires_at=datetime.now(UTC))

    def ours() -> int:
        reply = read_reply(body, function, session, sender, CONTROL_ID)
        return len(function.read(reply.data))

    def floor() -> int:
        return sum(len(element.text or "") for element in etree.fromstring(body).iter())

    name = f"read a trial balance of {ACCOUNTS:,} accounts"
    return [Benchmark(name, ours, floor, "lxml parses the bytes and every text is looked at")]

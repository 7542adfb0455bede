"""At most two requests of one company are under way, and nobody waits for ever."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import pytest

import intacct
from tests.intacct.conftest import Connect


def test_a_third_request_waits_until_one_is_done() -> None:
    gate, third = intacct.ProcessGate(), threading.Event()

    def enter() -> None:
        with gate.slot("A"):
            third.set()

    with gate.slot("A"):
        with gate.slot("A"):
            thread = threading.Thread(target=enter)
            thread.start()
            assert not third.wait(0.1)
        assert third.wait(5)
    thread.join()


def test_companies_do_not_wait_for_each_other() -> None:
    gate = intacct.ProcessGate(at_most=1, longest_wait=0.1)
    with gate.slot("A"), gate.slot("B"):
        pass


def test_waiting_in_vain_is_a_fault_that_passes() -> None:
    gate = intacct.ProcessGate(at_most=1, longest_wait=0.05)
    with gate.slot("A"), pytest.raises(intacct.ServiceUnavailable, match="already under way"), gate.slot("A"):
        pass
    with gate.slot("A"):
        pass


class Counting:
    """A gate of one's own: lets all through and counts how many were inside together."""

    def __init__(self) -> None:
        self.companies: set[str] = set()
        self.inner = intacct.ProcessGate()

    def slot(self, company_id: str) -> AbstractContextManager[None]:
        self.companies.add(company_id)
        return self.inner.slot(company_id)


def test_every_request_goes_through_the_gate_that_was_passed(connect: Connect) -> None:
    gate: intacct.Gate = Counting()
    with connect(gate=gate) as company:
        list(company.accounts())
        list(company.general_ledger_detail(date(2026, 1, 1), date(2026, 4, 30)))
    assert isinstance(gate, Counting)
    assert gate.companies == {"BIRCHWOOD"}


def test_a_place_is_free_again_after_a_refusal(connect: Connect) -> None:
    gate = intacct.ProcessGate(at_most=1, longest_wait=1)
    with connect(gate=gate) as company:
        for _ in range(3):
            with pytest.raises(intacct.ObjectUnknown):
                list(company.query("NOSUCHOBJECT", ["RECORDNO"]))
    with gate.slot("BIRCHWOOD"):
        pass


def test_a_loop_that_is_left_early_gives_its_place_back(connect: Connect) -> None:
    gate = intacct.ProcessGate(at_most=1, longest_wait=1)
    with connect(gate=gate) as company:
        for _ in company.accounts():
            break
        rows = company.query("GLACCOUNT", ["TITLE"], page_size=2)
        next(rows)
        assert company.company_information().id == "BIRCHWOOD"
        next(rows)
    with gate.slot("BIRCHWOOD"):
        pass


def test_lists_begun_around_and_inside_a_loop_over_lines_do_not_hold_it_up(connect: Connect) -> None:
    gate = intacct.ProcessGate(at_most=1, longest_wait=3)
    with connect(gate=gate) as company:
        around = company.query("GLACCOUNT", ["TITLE"], page_size=2)
        next(around)
        days = (date(2026, 1, 1), date(2026, 4, 30))
        for line in company.general_ledger_detail(*days, page_size=1):
            assert line.account_number
            next(company.query("GLACCOUNT", ["TITLE"], page_size=2))
        assert len(list(around)) > 2


def test_what_a_gate_raises_reaches_the_caller(connect: Connect) -> None:
    class Closed:
        def slot(self, company_id: str) -> AbstractContextManager[None]:
            return nullcontext() if company_id != "BIRCHWOOD" else self.refuse()

        def refuse(self) -> AbstractContextManager[None]:
            raise intacct.RateLimited("the collection was withdrawn")

    with (
        pytest.raises(intacct.RateLimited, match="withdrawn"),
        connect(gate=Closed(), patience=intacct.Patience(tries=1)),
    ):
        pass

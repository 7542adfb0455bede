"""Who may work on a unit: one at a time, for a while, nobody over his successor; two of a company at most."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from collections_app import leases, pulse, states
from collections_app.leases import Hold
from collections_app.models import Collection, Lender, Run, WorkUnit
from tests.collecting import OPERATOR, actions, invite
from tests.installation import wait_until
from tests.parallel import at_once


def planned(collection: Collection, units: int = 1, *, company: str = "acme", **fields: Any) -> Run:
    """A run with so many units of one company, all of the same stage."""
    run = Run.objects.create(collection=collection, kind=Run.Kind.COLLECT)
    for position in range(1, units + 1):
        WorkUnit.objects.create(
            run=run, position=position, company_key=company, **{"kind": WorkUnit.Kind.CHART} | fields
        )
    return run


@pytest.fixture
def run(collection: Collection) -> Run:
    return planned(collection)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as coordinates:
        yield coordinates


def claimed(run: Run | None = None) -> Hold:
    hold = leases.claim(run.pk if run else None)
    assert hold
    return hold


def stored(hold: Hold) -> WorkUnit:
    return WorkUnit.objects.get(pk=hold.unit.pk)


def test_a_free_unit_is_claimed_and_its_run_runs(run: Run) -> None:
    hold = claimed(run)
    assert hold.run.status == Run.Status.RUNNING
    assert (hold.unit.fence, hold.unit.crashes, hold.unit.place) == (1, 0, 1)
    assert hold.unit.lease_owner.endswith(f":{os.getpid()}")


def test_a_unit_that_somebody_works_on_is_not_claimed(run: Run) -> None:
    claimed(run)
    assert leases.claim(run.pk) is None


def test_where_there_is_no_run_nothing_is_claimed(db: None) -> None:
    assert leases.claim() is None
    assert leases.claim(4711) is None


@pytest.mark.parametrize("status", ["needs_borrower", "needs_operator", "done", "cancelled"])
def test_no_unit_of_a_run_that_stands_still_is_claimed(run: Run, status: str) -> None:
    Run.objects.filter(pk=run.pk).update(status=status)
    assert leases.claim(run.pk) is None
    run.refresh_from_db()
    assert run.status == status
    assert run.units.get().fence == 0


@pytest.mark.django_db(transaction=True)
def test_of_ten_claims_at_once_one_succeeds(run: Run) -> None:
    results = at_once(10, lambda: leases.claim(run.pk))
    assert [type(result) for result in results if result is not None] == [Hold]
    unit = run.units.get()
    assert (unit.fence, unit.crashes) == (1, 0)
    assert actions(run.collection).count("run.running") == 1


def test_two_units_of_a_run_are_in_hand_at_a_time_and_no_third(collection: Collection) -> None:
    run = planned(collection, 5)
    first, second = claimed(run), claimed(run)
    assert (first.unit.position, second.unit.position) == (1, 2)
    assert (first.unit.place, second.unit.place) == (1, 2)
    assert leases.claim(run.pk) is None
    leases.release(first)
    assert claimed(run).unit.place == 1


def test_two_runs_of_one_company_share_its_two_places(lender: Lender) -> None:
    one, other = (planned(invite(lender).collection, 3) for _ in range(2))
    claimed(one), claimed(other)
    assert leases.claim(one.pk) is None
    assert leases.claim(other.pk) is None


def test_companies_do_not_wait_for_each_other(lender: Lender) -> None:
    one, other = (planned(invite(lender).collection, 2, company=name) for name in ("acme", "birch"))
    for run in (one, one, other, other):
        claimed(run)


@pytest.mark.django_db(transaction=True)
def test_of_ten_workers_at_once_two_get_a_place_in_a_company(lender: Lender) -> None:
    for _ in range(5):
        planned(invite(lender).collection, 4)
    held = [hold for hold in at_once(10, leases.claim) if isinstance(hold, Hold)]
    assert sorted(str(hold.unit.place) for hold in held) == ["1", "2"]


def test_the_database_itself_refuses_a_third(collection: Collection) -> None:
    run = planned(collection, 2)
    run.units.filter(position=1).update(place=1)
    with pytest.raises(IntegrityError):
        run.units.filter(position=2).update(place=1)


def test_reports_need_no_place(collection: Collection, lender: Lender) -> None:
    reports = planned(collection, 2, kind=WorkUnit.Kind.REPORTS)
    busy = planned(invite(lender).collection, 2)
    for run in (busy, busy, reports, reports):
        claimed(run)


def test_the_place_of_a_dead_worker_is_free_again_with_its_lease(
    lender: Lender, clock: time_machine.Traveller
) -> None:
    dead, living = (planned(invite(lender).collection, 2) for _ in range(2))
    claimed(dead), claimed(dead)
    states.move_run(Run.objects.get(pk=dead.pk), Run.Status.CANCELLED, by=OPERATOR)
    assert leases.claim(living.pk) is None
    clock.shift(timedelta(seconds=31))
    assert claimed(living).unit.place == 1


def test_a_later_stage_waits_for_all_of_the_earlier(collection: Collection) -> None:
    run = planned(collection, 1)
    WorkUnit.objects.create(run=run, position=2, kind=WorkUnit.Kind.CHART, stage=2, company_key="acme")
    first = claimed(run)
    assert leases.claim(run.pk) is None
    WorkUnit.objects.filter(pk=first.unit.pk).update(done_at=timezone.now(), lease_until=None, place=None)
    assert claimed(run).unit.position == 2


def test_a_lender_with_one_collection_does_not_wait_behind_anothers_twenty(
    lender: Lender, clock: time_machine.Traveller
) -> None:
    for number in range(20):
        planned(invite(lender).collection, 3, company=f"company {number}")
        clock.shift(timedelta(seconds=1))
    other = Lender.objects.create(slug="kauri", name="Kauri Finance")
    late = planned(invite(other).collection, 3, company="late")
    claimed()
    assert claimed().run == late


def test_what_somebody_waits_for_at_a_page_comes_before_what_nobody_need_wait_for(
    lender: Lender, clock: time_machine.Traveller
) -> None:
    for number in range(3):
        planned(invite(lender).collection, 3, company=f"company {number}")
    clock.shift(timedelta(seconds=1))
    sat_in_front_of = planned(invite(lender).collection, 1, company="new")
    Run.objects.filter(pk=sat_in_front_of.pk).update(kind=Run.Kind.VERIFY)
    assert claimed().run.pk == sat_in_front_of.pk


def test_runs_take_turns_unit_by_unit(lender: Lender, clock: time_machine.Traveller) -> None:
    large, small = planned(invite(lender).collection, 50), planned(invite(lender).collection, 2, company="b")
    served = []
    for _ in range(4):
        hold = claimed()
        served.append(hold.run.pk)
        WorkUnit.objects.filter(pk=hold.unit.pk).update(done_at=timezone.now(), lease_until=None, place=None)
        clock.shift(timedelta(seconds=1))
    assert served == [large.pk, small.pk, large.pk, small.pk]


def test_a_lease_that_ran_out_is_taken_over_and_counts_as_a_crash(
    run: Run, clock: time_machine.Traveller
) -> None:
    claimed(run)
    clock.shift(timedelta(seconds=31))
    successor = claimed(run)
    assert (successor.unit.fence, successor.unit.crashes) == (2, 1)


def test_a_unit_let_go_undone_is_free_and_no_crash(run: Run) -> None:
    leases.release(claimed(run))
    successor = claimed(run)
    assert (successor.unit.fence, successor.unit.crashes) == (2, 0)


def test_a_waiting_run_is_claimable_when_its_time_has_come(run: Run, clock: time_machine.Traveller) -> None:
    hold = claimed(run)
    leases.release(hold)
    states.move_run(
        hold.run, Run.Status.WAITING, by=OPERATOR, retry_at=timezone.now() + timedelta(seconds=40)
    )
    clock.shift(timedelta(seconds=39))
    assert leases.claim(run.pk) is None
    clock.shift(timedelta(seconds=1))
    assert claimed(run).run.retry_at is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_strands_no_unit(run: Run, clock: time_machine.Traveller, hours: int) -> None:
    claimed(run)
    clock.shift(timedelta(hours=hours))
    assert claimed(run).unit.fence == 2


def test_a_clock_put_back_does_not_count_as_a_crash(run: Run, clock: time_machine.Traveller) -> None:
    claimed(run)
    clock.shift(timedelta(hours=-1))
    assert claimed(run).unit.crashes == 0


def test_a_clock_put_back_does_not_lengthen_a_wait(run: Run, clock: time_machine.Traveller) -> None:
    hold = claimed(run)
    leases.release(hold)
    states.move_run(hold.run, Run.Status.WAITING, by=OPERATOR, retry_at=timezone.now() + timedelta(minutes=5))
    clock.shift(timedelta(hours=-1))
    assert leases.claim(run.pk)


def test_the_longest_wait_holds_on_a_machine_whose_clock_is_a_second_behind(
    run: Run, clock: time_machine.Traveller
) -> None:
    hold = claimed(run)
    leases.release(hold)
    until = timezone.now() + leases.LONGEST_WAIT
    states.move_run(hold.run, Run.Status.WAITING, by=OPERATOR, retry_at=until)
    clock.shift(timedelta(seconds=-1))
    assert leases.claim(run.pk) is None


def test_the_overtaken_holder_loses_and_the_successor_keeps(run: Run, clock: time_machine.Traveller) -> None:
    stale = claimed(run)
    clock.shift(timedelta(seconds=31))
    successor = claimed(run)
    with pytest.raises(leases.LeaseLost):
        leases.confirm(stale)
    assert not leases.extend(stale)
    leases.release(stale)
    leases.confirm(successor)
    assert stored(successor).lease_until


def test_the_holder_in_a_cancelled_run_loses(run: Run) -> None:
    hold = claimed(run)
    states.move_run(Run.objects.get(pk=run.pk), Run.Status.CANCELLED, by=OPERATOR)
    with pytest.raises(leases.LeaseLost):
        leases.confirm(hold)


def test_confirming_moves_the_end_of_the_lease_on(run: Run, clock: time_machine.Traveller) -> None:
    hold = claimed(run)
    clock.shift(timedelta(seconds=29))
    leases.confirm(hold)
    clock.shift(timedelta(seconds=29))
    assert leases.claim(run.pk) is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_the_lease_and_tells_the_rows_while_the_work_outlasts_it(
    run: Run, settings: Any
) -> None:
    # A beat that comes late, where much else is going on, comes within this lease still.
    settings.RUN_LEASE_SECONDS = 9
    hold = claimed(run)
    with leases.heartbeat(hold):
        hold.count(1234)
        for _ in range(3):
            time.sleep(3.3)
            assert leases.claim(run.pk) is None
        assert stored(hold).rows_read == 1234
    leases.confirm(hold)


@pytest.mark.django_db(transaction=True)
def test_without_a_heartbeat_the_lease_runs_out(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.1
    claimed(run)
    time.sleep(0.12)
    assert claimed(run).unit.crashes == 1


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_finds_a_cancelled_run_and_no_further_request_is_sent(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.15
    hold = claimed(run)
    gate = leases.UnitGate(hold)
    with gate.slot("ACME"):
        pass
    with leases.heartbeat(hold):
        states.move_run(Run.objects.get(pk=run.pk), Run.Status.CANCELLED, by=OPERATOR)
        assert hold._lost.wait(20)
    with pytest.raises(leases.LeaseLost), gate.slot("ACME"):
        pytest.fail("a request was let out for a cancelled run")
    run.refresh_from_db()
    assert run.status == Run.Status.CANCELLED


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_outlives_a_hiccup_of_the_database(
    run: Run, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RUN_LEASE_SECONDS = 9
    hold = claimed(run)
    extend, hiccups = leases.extend, [OperationalError("database is locked")]

    def extend_after_hiccup(hold: Hold) -> bool:
        if hiccups:
            raise hiccups.pop()
        return extend(hold)

    monkeypatch.setattr(leases, "extend", extend_after_hiccup)
    with leases.heartbeat(hold):
        wait_until(lambda: stored(hold).lease_until != hold.unit.lease_until, "another beat", seconds=60)
        assert hiccups == []
        assert leases.claim(run.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_is_the_sign_of_life_of_a_worker_whose_hands_are_full(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.3
    hold = claimed(run)
    assert not pulse.felt(timedelta(seconds=60))
    with leases.heartbeat(hold):
        wait_until(lambda: pulse.felt(timedelta(seconds=60)), "a sign of life", seconds=20)

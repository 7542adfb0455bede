"""Two refusals of a user, then a pause: nothing is sent to Sage Intacct that could lock the user out."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from collections_app import problems, sign_in_tries
from collections_app.models import Collection, Connection, Lender, Run, SignInTry
from collections_app.problems import Trouble
from collections_app.services import collecting, connecting
from intacct.sandbox import Sandbox
from tests.collecting import PASSWORD, SINGLE, USER, sign_in, started, work
from tests.parallel import at_once

WRONG = "Wrong-Secret-1"


def sent(gateway: Sandbox) -> int:
    return gateway.requests.get("getAPISession", 0)


def refuse_twice(collection: Collection) -> None:
    for number in (1, 2):
        assert work(sign_in(collection, password=f"{WRONG}-{number}")).problem == "sign_in_refused"


def let_time_pass(by: timedelta) -> None:
    SignInTry.objects.update(at=F("at") - by)


def test_a_third_try_is_refused_on_the_page_and_nothing_is_sent_or_stored(
    collection: Collection, gateway: Sandbox
) -> None:
    before = sent(gateway)
    refuse_twice(collection)
    with pytest.raises(connecting.SignInPaused, match="Sage Intacct refused this user twice") as refusal:
        sign_in(collection, company=f" {SINGLE.lower()}", user=USER.upper())
    assert timedelta(minutes=29) < refusal.value.until - timezone.now() <= timedelta(minutes=30)
    assert sent(gateway) == before + 2
    assert Connection.objects.get().secret is None
    assert not collection.runs.filter(status__in=Run.LIVE).exists()


@pytest.mark.parametrize("refused_before", [1, 2])
def test_refusals_count_on_while_the_secret_key_is_changed(
    collection: Collection, gateway: Sandbox, settings: Any, refused_before: int
) -> None:
    """Sage Intacct counts on, too: two more tries could lock the user out."""
    before = sent(gateway)
    for number in range(2):
        if number == refused_before:
            change_secret_key(settings)
        work(sign_in(collection, password=f"{WRONG}-{number}"))
    if refused_before == 2:
        change_secret_key(settings)
    with pytest.raises(connecting.SignInPaused):
        sign_in(collection)
    with pytest.raises(Trouble) as refusal:
        sign_in_tries.take(SINGLE, USER)
    assert refusal.value.retry_after and refusal.value.retry_after > timedelta(minutes=29)
    assert sent(gateway) == before + 2
    let_time_pass(timedelta(minutes=30))
    assert work(sign_in(collection)).status == Run.Status.DONE


def change_secret_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 6, [settings.SECRET_KEY]


def test_another_user_of_the_company_is_tried_meanwhile(collection: Collection, gateway: Sandbox) -> None:
    refuse_twice(collection)
    assert work(sign_in(collection, user="ws_shops", password="Shops-Secret-1")).problem != "sign_in_refused"


def test_a_sign_in_of_another_collection_waits_before_anything_is_sent_and_works_after_the_pause(
    collection: Collection, lender: Lender, gateway: Sandbox
) -> None:
    """It was typed before the second refusal: the worker looks once more just before it would send."""
    other = started(lender)
    waiting = sign_in(other)
    for number in (1, 2):
        run = sign_in(collection, password=f"{WRONG}-{number}")
        while collecting.unit_advance(run_id=run.pk):
            pass
    before = sent(gateway)
    work(waiting)
    assert (waiting.status, waiting.problem) == (Run.Status.WAITING, "sign_in_paused")
    assert sent(gateway) == before
    let_time_pass(timedelta(minutes=30))
    Run.objects.filter(pk=waiting.pk).update(retry_at=timezone.now())
    assert work(waiting).status == Run.Status.DONE


def test_what_is_accepted_gives_its_place_back_but_forgives_no_refusal(
    collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, password=WRONG))
    work(sign_in(collection))
    work(sign_in(collection, password=WRONG))
    with pytest.raises(connecting.SignInPaused):
        sign_in(collection)


def test_after_thirty_minutes_one_place_is_free_for_each_refusal_that_is_over(
    collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, password=WRONG))
    let_time_pass(timedelta(minutes=10))
    work(sign_in(collection, password=WRONG))
    let_time_pass(timedelta(minutes=20))
    work(sign_in(collection, password=WRONG))
    with pytest.raises(connecting.SignInPaused):
        sign_in(collection)


def test_of_many_tries_at_once_two_are_sent(transactional_db: None) -> None:
    results = at_once(12, lambda: sign_in_tries.take(SINGLE, USER))
    refusals = [result for result in results if isinstance(result, Trouble)]
    assert len(refusals) == 10
    assert {refusal.problem for refusal in refusals} == {problems.SIGN_IN_PAUSED}
    # None of the two was refused so far: the others ask again in a moment.
    assert {refusal.retry_after for refusal in refusals} == {sign_in_tries.MOMENT}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["cut", "down"])
def test_an_unanswered_try_counts_only_beside_a_refusal(
    collection: Collection, gateway: Sandbox, fault: str
) -> None:
    gateway.faults.next(fault, times=2, function="getAPISession")
    assert work(sign_in(collection)).problem == "gateway_unavailable"
    assert not SignInTry.objects.exists()
    work(sign_in(collection, password=WRONG))
    gateway.faults.next(fault, function="getAPISession")
    before = sent(gateway)
    assert work(sign_in(collection)).problem == "sign_in_paused"
    assert sent(gateway) <= before + 1
    with pytest.raises(connecting.SignInPaused):
        sign_in(collection, password=PASSWORD + "x")


def test_the_same_sign_in_sent_twice_is_one_run_and_one_try(collection: Collection, gateway: Sandbox) -> None:
    first, again = sign_in(collection, password=WRONG), sign_in(collection, password=WRONG)
    assert first == again
    before = sent(gateway)
    work(first)
    assert sent(gateway) == before + 1


def test_who_was_tried_cannot_be_read_from_what_is_counted(collection: Collection, gateway: Sandbox) -> None:
    work(sign_in(collection, password=WRONG))
    counted = repr(SignInTry.objects.values().get())
    assert not any(told in counted for told in (SINGLE, USER, WRONG, SINGLE.lower()))

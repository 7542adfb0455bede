"""What is sent again, how often, and after which waits. No clock is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.errors import IntacctError, TransportError
from intacct.retries import Patience, Retries


def failing(*errors: IntacctError) -> tuple[Callable[[], str], list[IntacctError]]:
    left = list(errors)

    def attempt() -> str:
        if left:
            raise left.pop(0)
        return "answer"

    return attempt, left


def run(attempt: Callable[[], str], patience: Patience | None = None) -> tuple[str, list[float]]:
    waits: list[float] = []
    answer = Retries(patience or Patience(), sleep=waits.append, chance=lambda: 1.0).run(attempt)
    return answer, waits


def test_a_fault_that_passes_is_waited_out_with_growing_waits() -> None:
    attempt, _ = failing(*[intacct.ServiceUnavailable("HTTP 503")] * 4)
    assert run(attempt) == ("answer", [2.0, 4.0, 8.0, 16.0])


def test_after_five_tries_the_last_error_is_raised() -> None:
    attempt, left = failing(*[intacct.ConnectionFailed()] * 9)
    with pytest.raises(intacct.ConnectionFailed):
        run(attempt)
    assert len(left) == 4


@pytest.mark.parametrize(
    "error",
    [
        intacct.SignInRefused(),
        intacct.SenderRefused(),
        intacct.SenderNotAuthorized(),
        intacct.EntityRefused(),
        intacct.CompanyUnknown(),
        intacct.SessionExpired(),
        intacct.PermissionDenied(),
        intacct.UnreadableReply(),
        intacct.UntrustedEndpoint(),
        intacct.RequestTimedOut(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_nothing_else_is_sent_again(error: IntacctError) -> None:
    attempt, left = failing(error, error)
    with pytest.raises(type(error)):
        run(attempt)
    assert len(left) == 1


def test_a_wait_that_the_gateway_asks_for_is_honoured() -> None:
    attempt, _ = failing(intacct.RateLimited(retry_after=75.0), intacct.ServiceUnavailable(retry_after=40.0))
    assert run(attempt)[1] == [75.0, 40.0]


def test_a_rate_limit_without_a_wait_takes_at_least_half_a_minute() -> None:
    attempt, _ = failing(intacct.RateLimited())
    assert run(attempt)[1][0] >= 30.0


def test_a_wait_beyond_the_budget_is_left_to_the_caller() -> None:
    attempt, _ = failing(intacct.RateLimited(retry_after=3600.0))
    with pytest.raises(intacct.RateLimited) as caught:
        run(attempt)
    assert caught.value.retry_after == 3600.0
    assert caught.value.retryable


@given(
    failures=st.integers(1, 40),
    chance=st.floats(0, 1, exclude_max=True),
    error=st.sampled_from(
        [intacct.ConnectionFailed(), intacct.RateLimited(), intacct.RateLimited(retry_after=5)]
    ),
)
def test_every_wait_is_bounded(failures: int, chance: float, error: TransportError) -> None:
    assert 1.0 <= Patience().wait(failures, error, chance) <= 90.0

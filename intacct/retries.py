"""When a request is sent again, and after which wait."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from intacct.errors import (
    ConnectionFailed,
    FunctionFailed,
    IntacctError,
    RateLimited,
    ServiceUnavailable,
    TransportError,
)

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)

# A request that timed out is not here: the gateway may still be working on it, and a repetition would double
# the load on the borrower's company. Whoever runs the collection comes back later.
REPEATED = (ConnectionFailed, ServiceUnavailable, RateLimited)
# The data layer's catch-all stands for a hiccup as well as for a mistake of ours, and a session may fail to
# open after a good sign-in. One repetition tells; a second would only add load.
REPEATED_ONCE = frozenset({"DL02000001", "Get API Session Failed"})
BEFORE_THE_ONE_REPETITION = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try, in seconds.

    The waits double from first_wait to longest_wait, each with a random part; their sum stays under budget.
    after_rate_limit: the shortest wait once the gateway has asked for fewer requests.
    """

    tries: int = 5
    first_wait: float = 2.0
    longest_wait: float = 60.0
    after_rate_limit: float = 30.0
    budget: float = 300.0

    def wait(self, failures: int, error: TransportError, chance: float) -> float:
        """Seconds before the next try, after this many failures. chance: 0 to 1, evenly distributed."""
        growing = min(self.first_wait * 2.0 ** (failures - 1), self.longest_wait)
        jittered = growing * (0.5 + chance / 2)
        if isinstance(error, RateLimited):
            jittered += self.after_rate_limit
        return max(jittered, error.retry_after or 0.0)


class Retries:
    """Repeats an attempt that failed for a reason that passes. Anything else is raised at once."""

    def __init__(
        self,
        patience: Patience,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._patience = patience
        self._sleep = sleep
        self._chance = chance

    def run(self, attempt: Callable[[], Answer]) -> Answer:
        """What the attempt returns. Raises its last error when tries or budget are used up."""
        waited, failures, repeated_once = 0.0, 0, False
        while True:
            try:
                return attempt()
            except REPEATED as error:
                failures += 1
                wait = self._patience.wait(failures, error, self._chance())
                if failures >= self._patience.tries or waited + wait > self._patience.budget:
                    raise
                logger.warning("Waiting %.1f s after: %s", wait, error)
            except FunctionFailed as error:
                if error.errorno not in REPEATED_ONCE or repeated_once:
                    raise
                wait, repeated_once = BEFORE_THE_ONE_REPETITION, True
                logger.warning("Asking once more in %.1f s after: %s", wait, error)
            self._sleep(wait)
            waited += wait

    def pause(self, failures: int, problem: IntacctError) -> None:
        """Waits after something that failed while its answer was arriving; at once, if it was no fault of
        the transport.
        """
        if isinstance(problem, TransportError):
            self._sleep(self._patience.wait(failures, problem, self._chance()))

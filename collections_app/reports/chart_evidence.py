"""What the other accounts of the chart say about one: its neighbors by number, and those titled alike."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from collections_app.reports.categories import Category
from collections_app.reports.figures import Account
from collections_app.reports.sentences import Sentence, gettext_noop
from collections_app.reports.suggestion_evidence import SAME_TITLE, Confidence, Evidence, from_title, usable
from collections_app.reports.title_words import words_of

NEAREST, SECOND_NEAREST = 14, 7
NEIGHBORS_PER_SIDE = 2
# So many neighbors must agree, and none differ, before they are more than a hint.
NEIGHBORS_THAT_CONVINCE = 3
# The share of words that two titles must have in common to be similar.
SIMILAR = 0.5
SIMILAR_TITLE = 20
SAME_TITLE_IS = gettext_noop("%(number)s “%(title)s”, which has the same title, is %(category)s.")
SIMILAR_TITLE_IS = gettext_noop("%(number)s “%(title)s”, which has a similar title, is %(category)s.")
# Of one neighbor, of two and of more: with known categories, and with those that their titles read as.
KNOWN = (
    gettext_noop("Its neighbor %(first)s is %(category)s."),
    gettext_noop("Its neighbors %(first)s and %(last)s are %(category)s."),
    gettext_noop("Its neighbors %(first)s to %(last)s are %(category)s."),
)
READ_AS = (
    gettext_noop("Its neighbor %(first)s reads as %(category)s."),
    gettext_noop("Its neighbors %(first)s and %(last)s read as %(category)s."),
    gettext_noop("Its neighbors %(first)s to %(last)s read as %(category)s."),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """An account of the chart with the category it has, or the one that its title reads as."""

    account: Account
    category: Category
    is_known: bool
    words: frozenset[str]


def number_order(account: Account) -> tuple[int, str]:
    """Where an account stands among numbers of different lengths: by its leading digits, then as text."""
    return int(_leading_digits(account.number) or "0"), account.number


def _leading_digits(number: str) -> str:
    return number[: len(number) - len(number.lstrip("0123456789"))]


def are_near(one: Account, other: Account) -> bool:
    """Whether two numbers are close enough to be neighbors: in charts of four digits less than 100 apart."""
    digits = _leading_digits(one.number), _leading_digits(other.number)
    if not all(digits) or len(digits[0]) != len(digits[1]):
        return False
    span = int("1".ljust(max(2, len(digits[0]) - 1), "0"))
    return abs(int(digits[0]) - int(digits[1])) < span


class Chart:
    """A company's accounts, read once, to be asked about many.

    ``closed_to`` are the numbers that accounts of this chart close to.
    """

    def __init__(self, accounts: Iterable[Account]) -> None:
        ordered = sorted(accounts, key=number_order)
        self.closed_to = {account.closes_to for account in ordered if account.closes_to}
        reads = [read for account in ordered if (read := _read(account))]
        self._known = [read for read in reads if read.is_known]
        self._lanes: dict[tuple[str, str], list[_Read]] = {}
        for read in reads:
            self._lanes.setdefault(_lane(read.account), []).append(read)

    def from_neighbors(self, account: Account) -> Iterator[Evidence]:
        """What the accounts next to it by number are, among those of its statement and side."""
        lane = self._lanes.get(_lane(account), [])
        place = bisect_left(lane, number_order(account), key=lambda read: number_order(read.account))
        below = _others(reversed(lane[max(0, place - NEIGHBORS_PER_SIDE - 1) : place]), account)
        above = _others(lane[place : place + NEIGHBORS_PER_SIDE + 1], account)
        yield from _neighbor_evidence(below, above)

    def from_similar_titles(self, account: Account) -> Iterator[Evidence]:
        """The accounts with a known category that are titled alike, the most alike of each category."""
        words = frozenset(words_of(account.title))
        best: dict[str, tuple[float, _Read]] = {}
        for read in self._known:
            if read.account.number == account.number or _lane(read.account) != _lane(account):
                continue
            alike = len(words & read.words) / len(words | read.words or {""})
            if alike >= SIMILAR and alike > best.get(read.category.name, (0.0, read))[0]:
                best[read.category.name] = (alike, read)
        for alike, read in best.values():
            same = alike == 1
            confidence = Confidence.MEDIUM if same else Confidence.LOW
            reason = Sentence(
                SAME_TITLE_IS if same else SIMILAR_TITLE_IS,
                number=read.account.number,
                title=read.account.title,
                category=read.category.name,
            )
            yield Evidence(read.category, SAME_TITLE if same else SIMILAR_TITLE, confidence, reason)


def _lane(account: Account) -> tuple[str, str]:
    return account.account_type, account.normal_balance


def _read(account: Account) -> _Read | None:
    words = frozenset(words_of(account.title))
    category = usable(account.category, account)
    if category:
        return _Read(account, category, True, words)
    for evidence in from_title(account)[:1]:
        if evidence.confidence is Confidence.HIGH:
            return _Read(account, evidence.category, False, words)
    return None


def _others(reads: Iterable[_Read], account: Account) -> list[_Read]:
    others = (
        read for read in reads if read.account.number != account.number and are_near(read.account, account)
    )
    return list(islice(others, NEIGHBORS_PER_SIDE))


def _neighbor_evidence(below: Sequence[_Read], above: Sequence[_Read]) -> Iterator[Evidence]:
    by_category: dict[str, list[tuple[int, _Read]]] = {}
    for side in (below, above):
        for points, read in zip((NEAREST, SECOND_NEAREST), side, strict=False):
            by_category.setdefault(read.category.name, []).append((points, read))
    total = len(below) + len(above)
    for found in by_category.values():
        reads = sorted((read for _, read in found), key=lambda read: number_order(read.account))
        known = all(read.is_known for read in reads)
        convinced = known and len(reads) == total >= NEIGHBORS_THAT_CONVINCE
        points = sum(points if read.is_known else points // 2 for points, read in found)
        confidence = Confidence.MEDIUM if convinced else Confidence.LOW
        yield Evidence(reads[0].category, points, confidence, _neighbor_reason(reads, known))


def _neighbor_reason(reads: Sequence[_Read], known: bool) -> Sentence:
    numbers = [read.account.number for read in reads]
    words = (KNOWN if known else READ_AS)[min(len(numbers), 3) - 1]
    return Sentence(words, first=numbers[0], last=numbers[-1], category=reads[0].category.name)

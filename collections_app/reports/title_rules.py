"""What the words of a title say about the category: a list of words for each category, as package data.

The list was written from general knowledge of charts of accounts and from the names of the categories, not
from any one company's accounts. In ``title_keywords.csv`` a rule is a set of words that must all be in the
title in any order, and of words (marked "!") that must not. A strong rule names the category all but alone;
an ordinary one is the usual reading of a word that has others; a weak one says little more than the section.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from collections_app.reports.categories import STANDARD, Category, find
from collections_app.reports.figures import AccountType
from collections_app.reports.title_words import words_of

Strength = Literal["strong", "ordinary", "weak"]

# Points only put matches in order. A second matching word is worth less than the step between strengths.
POINTS: dict[Strength, int] = {"strong": 60, "ordinary": 40, "weak": 20}
POINTS_PER_FURTHER_WORD = 8
POINTS_FOR_WHOLE_TITLE = 10


@dataclass(frozen=True, slots=True)
class TitleRule:
    """Words that must be in a title, words that must not, and the category that they speak for."""

    category: Category
    strength: Strength
    words: tuple[str, ...]
    without: frozenset[str]

    def fits(self, title: frozenset[str]) -> bool:
        """Whether the rule speaks about a title with these words."""
        return title.issuperset(self.words) and title.isdisjoint(self.without)


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A rule that fits a title, with points that put it in order among the others."""

    rule: TitleRule
    points: int


def title_matches(title: str, statement: AccountType) -> tuple[TitleMatch, ...]:
    """The best fitting rule of each category of that statement, best first; none when no word is known."""
    words = frozenset(words_of(title))
    best: dict[str, TitleMatch] = {}
    for rule in _rules()[statement]:
        if rule.fits(words):
            match = TitleMatch(rule, _points(rule, len(words)))
            held = best.get(rule.category.name)
            if held is None or match.points > held.points:
                best[rule.category.name] = match
    return tuple(sorted(best.values(), key=lambda match: (-match.points, match.rule.category.name)))


def _points(rule: TitleRule, words_in_title: int) -> int:
    further = POINTS_PER_FURTHER_WORD * (len(rule.words) - 1)
    whole = POINTS_FOR_WHOLE_TITLE * len(rule.words) // words_in_title
    return POINTS[rule.strength] + further + whole


@cache
def _rules() -> dict[AccountType, tuple[TitleRule, ...]]:
    rules = [*_listed_rules(), *map(_rule_of_own_name, STANDARD)]
    statements: tuple[AccountType, ...] = ("balancesheet", "incomestatement")
    return {
        statement: tuple(rule for rule in rules if rule.category.statement == statement)
        for statement in statements
    }


def _rule_of_own_name(category: Category) -> TitleRule:
    """An account that is titled like a category belongs there."""
    return TitleRule(category, "strong", _unique(words_of(category.name)), frozenset())


def _listed_rules() -> Iterable[TitleRule]:
    resource = files("collections_app.reports").joinpath("title_keywords.csv")
    for row in csv.DictReader(resource.read_text(encoding="utf-8").splitlines()):
        category = find(row["category"])
        if category is None:
            raise LookupError(f"title_keywords.csv names the category {row['category']!r}, which is unknown.")
        for phrase in row["words"].split(";"):
            yield _rule(category, cast(Strength, row["strength"]), phrase.split())


def _rule(category: Category, strength: Strength, marked: list[str]) -> TitleRule:
    wanted = [word for word in marked if not word.startswith("!")]
    unwanted = [word[1:] for word in marked if word.startswith("!")]
    without = frozenset(word for each in unwanted for word in words_of(each))
    return TitleRule(category, strength, _unique(words_of(" ".join(wanted))), without)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))

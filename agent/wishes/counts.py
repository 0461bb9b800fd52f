"""How many questions are wished for, and in which words that stands."""

import re
from dataclasses import dataclass

from agent.wishes.words import COUNT, FILLER, KIND, LEVEL, NOUN, lead_end, number
from tools.questions.types import Wanted

MOST = 100
_ARTICLES = ("a", "an")
_NO_COUNTS = (*_ARTICLES, "no", "some")
_SINGLE = ("question", "item", "exercise", "problem", "task")
_LONGEST_WISH = 2000
_GROUP = re.compile(
    rf"(?P<count>{COUNT})?\s*(?P<traits>(?:(?:{LEVEL}|{KIND}|{FILLER})(?=\W)[\s,]*)*)(?P<noun>\b{NOUN}\b)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    rf"(?:(?:{COUNT}|{LEVEL}|{KIND}|{FILLER}|{NOUN}|only|just|each|in total|altogether|please|make (?:it|them)|all|with"
    r"|at most|up to|about|no|yes|ok|okay|thanks)(?=\W|$)\s*){1,12}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s*(?:[;:()]|,(?!\d{3}\b)|\.(?=\s|$)|\s[-–—](?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Group:
    """The words that say how many and which: `10 hard ones`, `a true/false quiz`; `rest` is what stands around them."""

    rest: str
    count: str | None = None
    traits: str = ""
    noun: str = ""

    @property
    def told(self) -> str | None:
        """A number of questions; the article of `a hard test` is none."""
        return None if (self.count or "").lower() in _ARTICLES else self.count

    @property
    def is_one(self) -> bool:
        """Whether it speaks of a single question."""
        return self.noun.lower() in _SINGLE


def group_in(text: str) -> Group:
    """What says most; without such words a group of nothing but the rest."""
    group = _telling(text)
    if group is None:
        return Group(text)
    rest = " ".join(f"{text[: group.start()]} {text[group.end() :]}".split())
    return Group(rest, group["count"], group["traits"], group["noun"] or "")


def _telling(text: str) -> re.Match[str] | None:
    """The first words with a number, else with a trait; without either only those that the wish begins with."""
    found = [m for m in _GROUP.finditer(text) if m["noun"] or re.search(KIND, m["traits"])]
    telling = [m for m in found if m["count"] or m["traits"].strip()]
    telling.sort(key=lambda m: (m["count"] or "a").lower() in _ARTICLES)
    return next(iter(telling or [m for m in found if m.start() <= lead_end(text)]), None)


def asides(text: str) -> tuple[str, str]:
    """The parts set off by punctuation that say how many and which, and the others: `mitosis, 10 questions, hard`."""
    parts = [part for part in _CLAUSE.split(text[:_LONGEST_WISH]) if part]
    if len(parts) < 2:
        return "", text
    found = [part for part in parts if _ASIDE.fullmatch(part)]
    return " ; ".join(found), ", ".join(part for part in parts if part not in found)


def count_in(text: str) -> str | None:
    """The first number in an aside."""
    numbers = (found.group() for found in re.finditer(COUNT, text, re.IGNORECASE))
    return next((said for said in numbers if said.lower() not in _NO_COUNTS), None)


def counted(said: str | None, *, is_one: bool) -> tuple[str, int]:
    """What is wrong with a count, if anything, and the count."""
    asked = number(said)
    if asked is None or (said or "").lower() in _ARTICLES:
        return "", 1 if is_one else Wanted().count
    if asked != int(asked):
        return f"I can only set whole questions, so {said} is not a number I can use.", 0
    if not 1 <= asked <= MOST:
        return f"I can set 1 to {MOST} questions at a time, so not {said}. How many shall it be?", 0
    return "", int(asked)

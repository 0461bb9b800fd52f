"""What a question must pass, in order: each check looks at it, changes nothing, and names the fault it finds."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from tools.concepts.prose import root_words
from tools.questions import kinds, lint
from tools.questions.faults import Fault
from tools.questions.kinds.base import QuestionKind
from tools.questions.pipeline.making import Candidate, Making
from tools.questions.pipeline.mixture import has_enough_of_kind, has_enough_years
from tools.questions.types import BOOK, Item

_ON_TOPIC = 0.42
"""The least cosine of a topic and a question whose words do not name it."""

Check = Callable[[Candidate, Making], Awaitable[Fault | None]]


async def first_fault(checks: Iterable[Check], candidate: Candidate, making: Making) -> Fault | None:
    """What the first check finds that finds anything."""
    for check in checks:
        if fault := await check(candidate, making):
            return fault
    return None


async def is_wanted(candidate: Candidate, making: Making) -> Fault | None:
    """Of a kind and level that was asked for."""
    item, wanted = candidate.item, making.wanted
    is_kind = not wanted.kinds or item.kind in wanted.kinds
    return None if is_kind and wanted.difficulty in (None, item.difficulty) else Fault.UNWANTED


async def is_on_topic(candidate: Candidate, making: Making) -> Fault | None:
    """By its place or its words, else by its meaning."""
    topic, item = making.topic, candidate.item
    if topic is None or topic.has(item):
        return None
    likeness = await asyncio.to_thread(making.memory.likeness, topic.text, item)
    return None if likeness >= _ON_TOPIC else Fault.OFF_TOPIC


async def stands_on_its_page(candidate: Candidate, making: Making) -> Fault | None:
    """The quote is the page's, to the letter and at its place."""
    evidence, page = candidate.item.evidence, candidate.page_text
    is_there = evidence.quote.strip() and page[evidence.start : evidence.end] == evidence.quote
    return None if is_there else Fault.NOT_ON_PAGE


async def is_well_formed(candidate: Candidate, making: Making) -> Fault | None:
    """Nothing that a teacher would strike out before reading the passage."""
    return next(iter(lint.faults(candidate.item)), None)


async def is_solved(candidate: Candidate, making: Making) -> Fault | None:
    """The evidence leads to its key and to nothing else."""
    if candidate.item.writer == BOOK:
        return None  # the key is the book's own
    return None if await _kind(candidate).is_solved(candidate.item, candidate.solver) else Fault.UNSOLVED


async def is_not_guessable(candidate: Candidate, making: Making) -> Fault | None:
    """Its key cannot be told without the evidence."""
    if candidate.item.writer == BOOK:
        return None
    return Fault.GUESSABLE if await _kind(candidate).is_guessable(candidate.item, candidate.solver) else None


async def keeps_others_closed(candidate: Candidate, making: Making) -> Fault | None:
    """It tells no answer of this quiz, and rests on a place of its own."""
    item, made = candidate.item, making.made
    shares = any(_shares_evidence(item, other) for other in made)
    return Fault.TELLS_ANOTHER if shares or lint.gives_away(item, made) else None


async def is_new(candidate: Candidate, making: Making) -> Fault | None:
    """This learner has not met it, in these or other words."""
    return Fault.MET if await asyncio.to_thread(making.memory.repeats, candidate.item) else None


async def answers_more_than_the_topic(candidate: Candidate, making: Making) -> Fault | None:
    """Its answer is not what the learner asked to be asked about."""
    topic = making.topic
    return Fault.TOPIC_AS_ANSWER if topic and topic.is_answer_of(candidate.item) else None


async def is_no_year_too_many(candidate: Candidate, making: Making) -> Fault | None:
    """Years are a small share of a quiz."""
    return Fault.ANOTHER_YEAR if has_enough_years(making.made, candidate.item, making.wanted) else None


async def has_an_answer_of_its_own(candidate: Candidate, making: Making) -> Fault | None:
    """Words that answer another question too tell it to an attentive learner."""
    answer = root_words(candidate.item.answer)
    is_again = _kind(candidate).tells and any(answer == root_words(other.answer) for other in making.made)
    return Fault.ANSWER_AGAIN if is_again else None


async def is_first_choice(candidate: Candidate, making: Making) -> Fault | None:
    """Its writer has no better one, or better ones were waited for long enough."""
    return Fault.SECOND_CHOICE if making.is_patient and candidate.item.second_choice else None


async def keeps_the_mixture(candidate: Candidate, making: Making) -> Fault | None:
    """A mixed quiz stays mixed while there may be others."""
    is_over = making.is_patient and has_enough_of_kind(making.made, candidate.item, making.wanted)
    return Fault.ENOUGH_OF_KIND if is_over else None


ALONE: tuple[Check, ...] = (
    is_wanted,
    is_on_topic,
    stands_on_its_page,
    is_well_formed,
    is_solved,
    is_not_guessable,
)
"""What can be said of a question by itself, the cheap checks first: done for several side by side."""

UNTOLD: tuple[Check, ...] = (keeps_others_closed, is_new)
"""What must hold at the moment it is asked, for one that was put by as well."""

BESIDE: tuple[Check, ...] = (
    *UNTOLD,
    answers_more_than_the_topic,
    is_no_year_too_many,
    has_an_answer_of_its_own,
    is_first_choice,
    keeps_the_mixture,
)
"""What depends on those that are asked already: done one after another."""


def _kind(candidate: Candidate) -> QuestionKind:
    return kinds.of(candidate.item.kind)


def _shares_evidence(item: Item, other: Item) -> bool:
    a, b = item.evidence, other.evidence
    same_page = (a.document_id, a.page_index) == (b.document_id, b.page_index)
    return same_page and a.start < b.end and b.start < a.end

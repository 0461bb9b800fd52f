"""Who marks an answer: the rules, or a chat model beside them."""

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from tools import marking
from tools.errors import NotAnAnswer
from tools.questions.types import Item, Marked
from tools.types import Learner
from tools.wording import IsTerm

Terms = Callable[[Learner, Collection[str]], IsTerm]
"""The words that these documents of a learner use."""


class Marker(Protocol):
    """Marks one answer, and looks at a challenged mark again."""

    async def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """The first mark."""
        ...

    async def mark_again(self, item: Item, answer: str, is_term: IsTerm, earlier: Marked, objection: str) -> Marked:
        """A second look at a challenged mark, with reasons."""
        ...


class RuleMarker:
    """Marks by rule alone; implements Marker."""

    async def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """In a thread: a long answer takes a while."""
        return await asyncio.to_thread(marking.mark, item, answer, is_term)

    async def mark_again(self, item: Item, answer: str, is_term: IsTerm, earlier: Marked, objection: str) -> Marked:
        """The same rules with reasons; an objection moves none of them."""
        return await asyncio.to_thread(marking.mark_again, item, answer, is_term)


class Examiner:
    """The marker that serves now, with the words of the book that an item rests on."""

    def __init__(self, terms: Terms, marker: Callable[[Learner], Marker] = lambda _: RuleMarker()) -> None:
        self._terms = terms
        self._marker = marker

    def check(self, item: Item, answer: str, instead: str = "") -> None:
        """Raises NotAnAnswer where an answer can be neither right nor wrong; `instead` says what else can be done."""
        if expected := marking.expected(item, answer):
            raise NotAnAnswer(f"{expected} {instead}".strip())

    async def mark(self, learner: Learner, item: Item, answer: str) -> Marked:
        """The first mark of an answer."""
        marker = await asyncio.to_thread(self._marker, learner)
        return await marker.mark(item, answer, self._is_term(learner, item))

    async def mark_again(self, learner: Learner, item: Item, answer: str, earlier: Marked, objection: str) -> Marked:
        """The mark of a challenged answer."""
        marker = await asyncio.to_thread(self._marker, learner)
        return await marker.mark_again(item, answer, self._is_term(learner, item), earlier, objection)

    def _is_term(self, learner: Learner, item: Item) -> IsTerm:
        return self._terms(learner, [item.evidence.document_id])

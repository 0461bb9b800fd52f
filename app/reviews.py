"""Remembering: what is due, what a review leads to, and how well a learner knows each topic."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fsrs import Rating

from app.markers import Examiner
from app.persistence.library import LibraryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import DueItem, ReviewStore
from app.persistence.tables import ReviewCard, now
from app.quiz_errors import QuizOpen
from tools import scores
from tools.errors import InvalidRequest
from tools.questions.types import Item, Marked
from tools.scores import TopicScore
from tools.types import Learner, Scope


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due in a scope, the most overdue first, and what was forgotten so often that it waits."""

    due: list[DueItem]
    count: int
    leeches: list[DueItem]
    next_due: datetime | None
    label: str


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewed item with the card that came of it; `marked` where it was answered rather than rated."""

    item: Item
    card: ReviewCard
    marked: Marked | None


class Reviews:
    """Spaced repetition of every question a learner has met."""

    def __init__(
        self,
        store: QuizStore,
        cards: ReviewStore,
        library: LibraryStore,
        examiner: Examiner,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.store = store
        self.cards = cards
        self.library = library
        self._examiner = examiner
        self._clock = clock

    async def due(self, learner: Learner, scope: Scope, thread_id: str | None = None, limit: int = 50) -> DueList:
        """What is due now in a scope. A library without a ready document has nothing due."""
        resolved = await asyncio.to_thread(self.library.resolve, learner, scope, thread_id)
        return await asyncio.to_thread(self._due, learner, resolved.document_ids, resolved.label, limit)

    async def review(
        self, learner: Learner, item_id: str, *, answer: str | None, rating: Rating | None, due: datetime | None = None
    ) -> Review:
        """Review an item, by an answer to be marked or by the learner's own rating; a leech is taken up again.

        `due` is the date the learner was shown: when the card has moved on since, the first review stands.
        Raises QuizOpen while a quiz holds its answer back, and NotAnAnswer.
        """
        item = await asyncio.to_thread(self.store.question, learner, item_id)
        if item_id in await asyncio.to_thread(self.store.held, learner):
            raise QuizOpen("This question is part of a quiz that is not finished yet. Finish the quiz first.")
        marked = await self._marked(learner, item, answer) if answer is not None else None
        final = rating or (scores.rating_of(marked.verdict) if marked else None)
        if final is None:
            raise InvalidRequest("Your answer cannot be marked by rule. Say yourself how well you knew it: “rating”.")
        return Review(item, await self._reviewed(learner, item_id, final, due), marked)

    async def topics(self, learner: Learner, scope: Scope, thread_id: str | None = None) -> list[TopicScore]:
        """How well the learner knows each topic of a scope, the weakest first."""
        resolved = await asyncio.to_thread(self.library.resolve, learner, scope, thread_id)
        answered = await asyncio.to_thread(self.store.answers.history, learner, resolved.document_ids)
        return scores.known(scores.scored(answered))

    async def _marked(self, learner: Learner, item: Item, answer: str) -> Marked:
        self._examiner.check(item, answer, "Or say yourself how well you knew it: “rating”.")
        return await self._examiner.mark(learner, item, answer)

    async def _reviewed(self, learner: Learner, item_id: str, rating: Rating, due: datetime | None) -> ReviewCard:
        card = await asyncio.to_thread(self.cards.card, learner, item_id)
        if card is not None and due is not None and card.due != due:
            return card
        shown = due or (card.due if card else None)
        source = f"due:{shown.isoformat() if shown else 'first'}"
        return await asyncio.to_thread(self.cards.review, learner, item_id, rating, self._clock(), source)

    def _due(self, learner: Learner, ids: frozenset[str], label: str, limit: int) -> DueList:
        at = self._clock()
        return DueList(
            self.cards.due(learner, ids, at, limit),
            self.cards.count_due(learner, ids, at),
            self.cards.leeches(learner, ids),
            self.cards.next_due(learner, ids, at),
            label,
        )

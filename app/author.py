"""New questions for a learner: made by the pipeline, claimed one by one, never the same twice."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator
from contextlib import aclosing
from dataclasses import replace

from app.persistence.library import LibraryStore
from app.persistence.quizzes import Overtaken, QuizStore, Slot
from tools import scores
from tools.errors import NotFound, StudyError
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ended, Event, Looking, Ready
from tools.questions.repetition import Memory
from tools.questions.types import Item, Wanted
from tools.scores import Scored, TopicScore
from tools.types import Learner, ResolvedScope

LOST_RACES = 10
"""How often questions are written anew that another process has asked meanwhile."""
WEAK_SHARE, WEAK_TOPICS, WEAK_SCORE, WEAK_ANSWERS = 0.4, 3, 0.6, 2
"""At most this share of a new quiz goes to this many topics of which the learner knew less than that."""
GONE = "A book of this scope was deleted meanwhile."

Write = Callable[[ResolvedScope, Wanted, Memory, str], AsyncGenerator[Event, None]]
"""Questions on a scope as a stream; the last argument seeds the choice of passages."""


class TopicNotFound(StudyError):
    """The books in this scope do not say enough about this topic."""

    code = "topic_not_found"
    status = 404


class Author:
    """Writes for any learner."""

    def __init__(self, store: QuizStore, library: LibraryStore, likeness: Callable[[], Likeness], write: Write) -> None:
        self.store = store
        self.library = library
        self._likeness = likeness
        self._write = write

    async def made(
        self, scope: ResolvedScope, wanted: Wanted, seed: str, slot: Slot, done: int = 0
    ) -> AsyncGenerator[Event, None]:
        """The pipeline's events, each question claimed before it is told; `done` of those wanted are there already.

        Raises NoDocuments, TopicNotFound, and Conflict when the quiz takes no more questions.
        """
        met = await asyncio.to_thread(_Met, self.store, scope.learner, self._likeness())
        last = Ended(done, wanted.count)
        for part in await asyncio.to_thread(self._parts, scope, replace(wanted, count=wanted.count - done)):
            wish = replace(part, count=min(part.count, wanted.count - done))
            if not wish.count:
                break
            async with aclosing(self._write(scope, wish, met.memory, seed)) as events:
                async for event in claimed(events, met, slot):
                    if isinstance(event, Ended):
                        last = event
                        continue
                    done += isinstance(event, Ready)
                    yield _counted(event, done, wanted.count)
            if part.topic == wanted.topic and last.done < wish.count:
                break  # the scope is exhausted
        yield await asyncio.to_thread(self._ended, scope, wanted, replace(last, done=done, count=wanted.count))

    def is_gone(self, scope: ResolvedScope) -> bool:
        """Whether a document of the scope was deleted."""
        try:
            for document_id in scope.document_ids:
                self.library.document(scope.learner, document_id)
        except NotFound:
            return True
        return False

    def scored(self, scope: ResolvedScope) -> list[Scored]:
        """What the learner's answers were worth."""
        return scores.scored(self.store.answers.history(scope.learner, scope.document_ids))

    def _ended(self, scope: ResolvedScope, wanted: Wanted, last: Ended) -> Ended:
        if wanted.topic and not last.done and not last.dropped and last.reason:
            raise TopicNotFound(_not_found(last))
        if last.done < wanted.count and self.is_gone(scope):
            return replace(last, reason=GONE)
        return last

    def _parts(self, scope: ResolvedScope, wanted: Wanted) -> Iterator[Wanted]:
        """Weak topics first, then the scope at large, again if another process took questions meanwhile."""
        weak = [] if wanted.topic else weakest(scores.known(self.scored(scope)))
        share = int(WEAK_SHARE * wanted.count)
        each = max(1, share // len(weak)) if weak and share else 0
        parts = [replace(wanted, topic=one.topic, count=each) for one in weak[:share]]
        return iter([*parts, *[wanted] * LOST_RACES])


class _Met:
    """What a learner was asked before, kept up with what other processes ask meanwhile."""

    def __init__(self, store: QuizStore, learner: Learner, likeness: Likeness) -> None:
        self.memory = Memory(likeness)
        self._store = store
        self._learner = learner
        self._likeness = likeness
        self._ids: set[str] = set()
        self._learn()

    def claim(self, item: Item, slot: Slot) -> Item | None:
        """The item as it is kept; None when another process was faster, perhaps with other words.

        What others have asked meanwhile is compared before the claim and not within it, since that embeds; the claim
        tells when there is yet more.
        """
        self._ids.add(item.id)
        while True:
            try:
                kept = self._store.claim(self._learner, item, slot, self._ids)
            except Overtaken:
                if Memory(self._likeness, self._learn()).repeats(item):
                    return None
                continue
            if kept is None:
                self._learn()
            return kept

    def _learn(self) -> list[Item]:
        unseen = self._store.others(self._learner, self._ids)
        for item in unseen:
            self.memory.add(item)
            self._ids.add(item.id)
        return unseen


async def claimed(events: AsyncGenerator[Event, None], met: _Met, slot: Slot) -> AsyncGenerator[Event, None]:
    """The events without the questions that others have asked."""
    async for event in events:
        if isinstance(event, Ready):
            kept = await asyncio.to_thread(met.claim, event.item, slot)
            if kept is not None:
                yield replace(event, item=kept)
        else:
            yield event


def weakest(topics: Collection[TopicScore]) -> list[TopicScore]:
    """The few topics that the learner knows too little of, among those answered often enough to tell."""
    weak = [one for one in topics if one.total >= WEAK_ANSWERS and one.score < WEAK_SCORE]
    return weak[:WEAK_TOPICS]


def _counted(event: Event, done: int, count: int) -> Event:
    return replace(event, done=done, count=count) if isinstance(event, Ready | Looking) else event


def _not_found(ended: Ended) -> str:
    nearest = ", ".join(f"“{one}”" for one in ended.nearest)
    return f"{ended.reason} The nearest they hold: {nearest}." if nearest else f"{ended.reason}"

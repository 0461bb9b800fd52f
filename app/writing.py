"""The door to the writing of quizzes: orders them, watches and stops them, whichever process writes."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from app.author import Author, TopicNotFound
from app.orders import LevelStep, Order, Questions, row_of
from app.persistence.processes import LONGEST_LOOK
from app.persistence.quizzes import Slot
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Quiz, now
from app.persistence.writings import WritingStore, Written
from tools import scores
from tools.errors import Conflict, NoDocuments, NotFound, StudyError, of_code
from tools.questions.pipeline import Ready
from tools.questions.types import Difficulty, Item, Mode, Wanted
from tools.types import Learner, QuizState, ResolvedScope, Scope

INTERRUPTED = "The writing was interrupted; these are the questions that were ready."
ABANDONED_SECONDS = 60.0
"""When no writer was seen for so long, quizzes are taken as they are."""
SOON_SECONDS, CALM_SECONDS = 0.05, 0.25
"""How often the row is looked at while a learner waits for the first question, and afterwards."""


class NothingToRepeat(StudyError):
    """There is nothing to repeat in this scope."""

    code = "nothing_to_repeat"
    status = 409


@dataclass(frozen=True, slots=True)
class WritingProgress:
    """How many of the questions are there; `notice` is something the learner should know."""

    done: int
    count: int
    notice: str | None = None


class Absence:
    """For how long no writer has been there, as this process sees it: told by looking, not by comparing clocks."""

    def __init__(self, is_there: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_there = is_there
        self._clock = clock
        self._asked, self._silent = clock(), 0.0

    def is_long(self) -> bool:
        """To be asked again and again while somebody waits: a time in which nobody asked says nothing."""
        at = self._clock()
        self._silent = 0.0 if self._is_there() else self._silent + min(at - self._asked, LONGEST_LOOK)
        self._asked = at
        return self._silent > ABANDONED_SECONDS


class Writing:
    """Quizzes to be written; `send` gives an id to the writers."""

    def __init__(
        self,
        author: Author,
        reviews: ReviewStore,
        send: Callable[[str], None],
        is_abandoned: Callable[[], bool],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.store, self.library, self.author = author.store, author.library, author
        self.reviews = reviews
        self._rows = WritingStore(author.store.database)
        self._send = send
        self._is_abandoned = is_abandoned
        self._clock = clock

    async def start(self, learner: Learner, order: Order) -> str:
        """Begin a quiz and return its id at once; its questions come in the background.

        Raises NoDocuments, InvalidRequest for a scope, and NothingToRepeat.
        """
        return await asyncio.to_thread(self._start, learner, order)

    async def watch(self, learner: Learner, quiz_id: str) -> AsyncGenerator[WritingProgress, None]:
        """How the writing goes on, until it is over. Raises what kept it from giving any question."""
        told: WritingProgress | None = None
        while True:
            seen = await asyncio.to_thread(self._seen, learner, quiz_id)
            progress = WritingProgress(seen.done, seen.requested, seen.outcome.reason)
            if progress != told:
                told = progress
                yield progress
            if seen.state != QuizState.WRITING:
                break
            await asyncio.sleep(CALM_SECONDS if seen.done else SOON_SECONDS)
        if seen.outcome.error is not None:
            raise of_code(seen.outcome.error, seen.outcome.reason or "")

    async def complete(self, learner: Learner, quiz_id: str) -> None:
        """Wait until the quiz is written. Raises as `watch` does."""
        async for _ in self.watch(learner, quiz_id):
            pass

    async def stop(self, learner: Learner, quiz_id: str) -> None:
        """Go on with the questions that are there; its writer notices, and can add nothing to it from now on."""
        await asyncio.to_thread(self._stop, learner, quiz_id)

    def settle_abandoned(self, quiz: Quiz) -> bool:
        """Take a quiz as it is when there is nobody to write the rest of it; whether that is so."""
        if quiz.state != QuizState.WRITING or not self._is_abandoned():
            return False
        self.store.settle(Learner(quiz.owner_id), quiz.id, INTERRUPTED, self._clock())
        return True

    async def another(self, learner: Learner, quiz_id: str, item_id: str, step: LevelStep = LevelStep.SAME) -> str:
        """Add a question on the same topic to a practice round; returns its id. Raises NotFound when there is none."""
        loaded = await asyncio.to_thread(self.store.load, learner, quiz_id)
        if loaded.quiz.mode != Mode.PRACTICE:
            raise Conflict("Another question like this can be asked for in practice only.")
        item = loaded.item(item_id).item
        scope = ResolvedScope(learner, frozenset([item.evidence.document_id]), item.evidence.book)
        wanted = Wanted(1, item.topic, (item.kind,), _stepped(item.difficulty, step))
        for wish in (wanted, replace(wanted, kinds=())):
            if made := await self._one(scope, wish, quiz_id):
                return made.id
        if await asyncio.to_thread(self.author.is_gone, scope):
            raise NotFound("The book of this question is no longer in your library.")
        level = "" if step is LevelStep.SAME else f" {step.value}"
        raise NotFound(f"Your books support no{level} question on “{item.topic}” that you have not seen yet.")

    def scope(self, learner: Learner, scope: Scope, thread_id: str | None = None) -> ResolvedScope:
        """The ready documents of a scope. Raises NoDocuments when there are none."""
        resolved = self.library.resolve(learner, scope, thread_id)
        if resolved.document_ids:
            return resolved
        raise NoDocuments(resolved.unread)

    def _start(self, learner: Learner, order: Order) -> str:
        scope = self.scope(learner, order.scope, order.thread_id)
        quiz = row_of(order, scope)
        if order.questions is Questions.NEW:
            self.store.create(quiz)
            self._send(quiz.id)
        else:
            self._repeat(quiz, order, scope)
        return quiz.id

    def _seen(self, learner: Learner, quiz_id: str) -> Written:
        seen = self._rows.progress(learner, quiz_id)
        if seen.state == QuizState.WRITING and self.settle_abandoned(self.store.get(learner, quiz_id)):
            return self._rows.progress(learner, quiz_id)
        return seen

    def _stop(self, learner: Learner, quiz_id: str) -> None:
        seen = self._rows.progress(learner, quiz_id)
        self.store.settle(
            learner, quiz_id, f"You stopped after {seen.done} of {seen.requested} questions.", self._clock()
        )

    async def _one(self, scope: ResolvedScope, wanted: Wanted, quiz_id: str) -> Item | None:
        with suppress(TopicNotFound, NoDocuments):
            async with aclosing(self.author.made(scope, wanted, uuid4().hex, Slot(quiz_id))) as events:
                async for event in events:
                    if isinstance(event, Ready):
                        return event.item
        return None

    def _repeat(self, quiz: Quiz, order: Order, scope: ResolvedScope) -> None:
        """A quiz of questions that the learner knows: mistakes, or what is due."""
        count = order.wanted.count
        if order.questions is Questions.MISTAKES:
            items = scores.mistakes(self.author.scored(scope))
            reason = "You have no mistakes to repeat in this scope."
        else:
            due = self.reviews.due(scope.learner, scope.document_ids, self._clock(), count)
            items, reason = [one.item for one in due], "Nothing is due in this scope today."
        # An answer that a running quiz holds back must not be learnt from another round.
        held = self.store.held(scope.learner)
        items = [item for item in items if item.id not in held][:count]
        if not items:
            raise NothingToRepeat(reason)
        quiz.requested, quiz.state, quiz.started_at = len(items), QuizState.OPEN, self._clock()
        self.store.create(quiz, items)


def _stepped(difficulty: Difficulty, step: LevelStep) -> Difficulty | None:
    levels = list(Difficulty)
    at = levels.index(difficulty)
    match step:
        case LevelStep.EASIER:
            return levels[max(0, at - 1)]
        case LevelStep.HARDER:
            return levels[min(len(levels) - 1, at + 1)]
        case LevelStep.SAME:
            return None

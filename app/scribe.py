"""The writing of quizzes in the background, quiz by quiz, in the writer process."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime

from sqlalchemy.exc import OperationalError

from app.author import GONE, Author
from app.orders import wanted_of
from app.persistence.quizzes import Slot
from app.persistence.tables import Quiz, now
from app.persistence.writings import Taken, WritingOutcome, WritingStore
from app.telemetry.facts import QuizFacts, Span
from app.telemetry.spending import Bill, billed
from app.telemetry.telemetry import Stopwatch, Telemetry
from app.writing import INTERRUPTED
from tools.correlation import correlate
from tools.errors import Conflict, NoDocuments, NotFound, StudyError
from tools.questions.pipeline import Ended, Notice
from tools.types import Learner

log = logging.getLogger("studyrag.writer")

MAX_ATTEMPTS = 5
LOOK_SECONDS = 1.0
"""How soon a writer notices that it was stopped."""


class Scribe:
    """Writes quizzes; one for each writer process. `stopping` gives back what is in hand."""

    def __init__(
        self,
        store: WritingStore,
        author: Author,
        me: str,
        clock: Callable[[], datetime] = now,
        look_seconds: float = LOOK_SECONDS,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._telemetry = telemetry or Telemetry()
        self.stopping = threading.Event()
        self._store = store
        self._author = author
        self._me = me
        self._clock = clock
        self._look_seconds = look_seconds
        self._taking = threading.Lock()
        """What is being taken stands in the rows before it stands in `_active`."""
        self._active: list[str] = []

    async def write(self) -> None:
        """Take the quiz whose turn it is and write what is missing in it; nothing happens when none waits."""
        taken = await asyncio.to_thread(self._take)
        if taken is None:
            return
        correlate(taken.quiz.request_id)
        stopwatch = Stopwatch()
        try:
            with billed() as bill:
                outcome = await self._bring_to_an_end(taken)
            if outcome is not None:
                await self._tell(taken.quiz, outcome, stopwatch.span, bill)
        finally:
            self._active.remove(taken.quiz.id)

    def let_go(self) -> list[str]:
        """Put back the quizzes that stand in this writer's name though it does nothing about them any more."""
        with self._taking:
            return self._store.let_go_but(self._me, self._active)

    def _take(self) -> Taken | None:
        with self._taking:
            taken = self._store.take_next(self._me)
            if taken is not None:
                self._active.append(taken.quiz.id)
            return taken

    async def _bring_to_an_end(self, taken: Taken) -> WritingOutcome | None:
        """None when it goes to another writer."""
        quiz_id = taken.quiz.id
        writing = asyncio.create_task(self._outcome(taken))
        watching = asyncio.create_task(self._while_mine(quiz_id))
        await asyncio.wait((writing, watching), return_when=asyncio.FIRST_COMPLETED)
        is_over = writing.done()
        for task in (writing, watching):
            task.cancel()
        await asyncio.gather(writing, watching, return_exceptions=True)
        if is_over:
            await asyncio.to_thread(self._store.end, quiz_id, self._me, writing.result(), self._clock())
            return writing.result()
        await asyncio.to_thread(self._store.release, quiz_id, self._me)
        return None

    async def _tell(self, quiz: Quiz, outcome: WritingOutcome, span: Span, bill: Bill) -> None:
        try:
            written = await asyncio.to_thread(self._store.progress, Learner(quiz.owner_id), quiz.id)
        except NotFound:  # it was deleted meanwhile
            return
        self._telemetry.quiz(
            QuizFacts(
                quiz_id=quiz.id,
                owner_id=quiz.owner_id,
                thread_id=quiz.thread_id or "",
                span=span,
                mode=quiz.mode,
                topic=quiz.topic or "",
                scope_label=quiz.scope_label,
                requested=quiz.requested,
                delivered=written.done,
                reason=outcome.reason or "",
                error=outcome.error or "",
                tokens=bill.tokens,
                dollars=bill.known_dollars,
            )
        )

    async def _while_mine(self, quiz_id: str) -> None:
        while True:
            await asyncio.sleep(self._look_seconds)
            if self.stopping.is_set() or not await asyncio.to_thread(self._is_mine, quiz_id):
                return

    def _is_mine(self, quiz_id: str) -> bool:
        try:
            return self._store.is_mine(quiz_id, self._me)
        except OperationalError:
            log.warning("the database did not say whether to go on")
            return True

    async def _outcome(self, taken: Taken) -> WritingOutcome:
        if taken.quiz.attempts > MAX_ATTEMPTS:
            return WritingOutcome(INTERRUPTED)
        try:
            return WritingOutcome(await self._written(taken))
        except NoDocuments:  # there were some when it was ordered
            return WritingOutcome(GONE, Conflict.code)
        except StudyError as error:
            return WritingOutcome(str(error), error.code)
        except Exception:
            log.exception("a quiz could not be written")
            return WritingOutcome(str(StudyError()), StudyError.code)

    async def _written(self, taken: Taken) -> str | None:
        """What the learner should know of how the questions came about; None when all went well."""
        quiz, told = taken.quiz, list[str]()
        scope, wanted = wanted_of(quiz)
        made = self._author.made(scope, wanted, quiz.id, Slot(quiz.id, self._me), taken.done)
        async with aclosing(made) as events:
            async for event in events:
                match event:
                    case Notice(text) if text not in told:
                        told.append(text)
                        await asyncio.to_thread(self._store.note, quiz.id, self._me, text)
                    case Ended(done, count) if done < count:
                        told.append(_why_fewer(event))
        return " ".join(told) or None


def _why_fewer(ended: Ended) -> str:
    made = f"I could make {ended.done} of {ended.count}. " if ended.done else ""
    return made + (ended.reason or "Another window took the other questions meanwhile. Ask again for more.")

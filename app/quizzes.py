"""Quizzes and practice rounds for any door: answered, marked, explained and reported."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.markers import Examiner
from app.orders import Order
from app.persistence.answers import AskedItem, Loaded
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Quiz, now
from app.quiz_errors import NothingToAsk, QuizOpen, QuizOver
from app.writing import Writing
from tools import scores
from tools.errors import Conflict, InvalidRequest, NotFound, StudyError
from tools.questions.types import Marked, Mode
from tools.scores import Given, Record, Scored, TopicScore
from tools.types import Learner, QuizState

MOST_CHALLENGES = 3
LONGEST_ANSWER = 8000
_MARKED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class AnswerFeedback:
    """What an answer led to; in a quiz there is no mark before the end. `settled`: the item may be explained."""

    asked: AskedItem
    given: Given | None
    settled: bool

    @property
    def mark(self) -> Marked | None:
        """The mark that counts for this answer."""
        return self.given.mark if self.given else None


@dataclass(frozen=True, slots=True)
class Report:
    """A finished quiz: its score, by topic, and what counts of each item."""

    loaded: Loaded
    score: TopicScore
    topics: list[TopicScore]
    scored: list[Scored]


class Quizzes:
    """The quizzes and practice rounds of every learner."""

    def __init__(
        self,
        store: QuizStore,
        reviews: ReviewStore,
        writing: Writing,
        examiner: Examiner,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.store = store
        self.reviews = reviews
        self.writing = writing
        self._examiner = examiner
        self._clock = clock

    async def make(self, learner: Learner, order: Order) -> Loaded:
        """A new quiz with all its questions; one with none is over and says why. What fails leaves no quiz behind."""
        quiz_id = await self.writing.start(learner, order)
        async with self._kept_if_filled(learner, quiz_id):
            await self.writing.complete(learner, quiz_id)
            loaded = await self.load(learner, quiz_id)
        if not loaded.asked:
            await self.finish(learner, quiz_id)
        return await self.load(learner, quiz_id)

    @asynccontextmanager
    async def filled(self, learner: Learner, quiz_id: str) -> AsyncIterator[None]:
        """Wait inside for its first question. Raises NothingToAsk when there is none; an empty quiz is forgotten."""
        async with self._kept_if_filled(learner, quiz_id):
            yield
            loaded = await self.load(learner, quiz_id)
            if not loaded.asked:
                raise NothingToAsk(loaded.quiz.reason)

    @asynccontextmanager
    async def _kept_if_filled(self, learner: Learner, quiz_id: str) -> AsyncIterator[None]:
        try:
            yield
        except StudyError:
            await asyncio.to_thread(self.store.discard, learner, quiz_id)
            raise

    async def load(self, learner: Learner, quiz_id: str) -> Loaded:
        """A quiz as it stands; one whose time is up is ended, one that nobody is there to write goes on as it is."""
        loaded = await asyncio.to_thread(self.store.load, learner, quiz_id)
        if self._is_late(loaded.quiz):
            await self.finish(learner, quiz_id)
        elif not await asyncio.to_thread(self.writing.settle_abandoned, loaded.quiz):
            return loaded
        return await asyncio.to_thread(self.store.load, learner, quiz_id)

    def seconds_left(self, quiz: Quiz) -> int | None:
        """None without a time limit; before the clock runs, all of it."""
        if quiz.seconds_allowed is None or quiz.state == QuizState.FINISHED:
            return None
        if quiz.started_at is None:
            return quiz.seconds_allowed
        left = quiz.started_at + timedelta(seconds=quiz.seconds_allowed) - self._clock()
        return max(0, int(left.total_seconds()))

    async def answer(
        self, learner: Learner, quiz_id: str, item_id: str, answer: str, attempt: int | None = None
    ) -> AnswerFeedback:
        """Keep an answer, and in practice mark it at once. The same answer sent twice is one attempt.

        Raises QuizOver, NotFound, Conflict when that attempt holds another answer, and NotAnAnswer in practice.
        """
        if len(answer) > LONGEST_ANSWER:
            raise InvalidRequest(f"Your answer has {len(answer):,} characters; the limit is {LONGEST_ANSWER:,}.")
        loaded = await self._open(learner, quiz_id)
        asked = loaded.item(item_id)
        if loaded.quiz.mode == Mode.PRACTICE:
            self._examiner.check(asked.item, answer, "You can also ask for a hint, or for the answer.")
        key = quiz_id, item_id
        number = await asyncio.to_thread(self.store.answers.answer, learner, key, _cleaned(answer), attempt)
        loaded = await self._begun(learner, quiz_id)
        if loaded.quiz.mode == Mode.PRACTICE:
            return await self._heard(learner, loaded.item(item_id), number)
        return AnswerFeedback(asked, None, settled=False)

    async def flag(
        self, learner: Learner, quiz_id: str, item_id: str, *, flagged: bool | None = None, skipped: bool | None = None
    ) -> AskedItem:
        """Remember that the learner wants to come back to an item, or left it out."""
        (await self._open(learner, quiz_id)).item(item_id)
        values = {name: value for name, value in (("flagged", flagged), ("skipped", skipped)) if value is not None}
        if values:
            await asyncio.to_thread(self.store.set_place, learner, quiz_id, item_id, **values)
        return (await self.load(learner, quiz_id)).item(item_id)

    async def hint(self, learner: Learner, quiz_id: str, item_id: str) -> str:
        """The hint of an item in practice; an answer after it counts half."""
        asked = (await self._practice(learner, quiz_id)).item(item_id)
        await asyncio.to_thread(self.store.set_place, learner, quiz_id, item_id, hinted=True)
        return asked.item.hint

    async def reveal(self, learner: Learner, quiz_id: str, item_id: str) -> AnswerFeedback:
        """Give up on an item in practice: its answer is shown, and counts as not known."""
        asked = (await self._practice(learner, quiz_id)).item(item_id)
        if not scores.is_settled(asked.record):
            asked = await self._shown(learner, asked)
        return AnswerFeedback(asked, scores.deciding(asked.record), settled=True)

    async def finish(self, learner: Learner, quiz_id: str) -> None:
        """End a quiz and mark what was answered; doing so again changes nothing."""
        await asyncio.to_thread(self.store.get, learner, quiz_id)
        await asyncio.to_thread(self.store.finish, learner, quiz_id, self._clock())
        with suppress(NotFound):
            await self.writing.stop(learner, quiz_id)
        await self._marked(learner, quiz_id)

    async def report(self, learner: Learner, quiz_id: str) -> Report:
        """How a finished quiz went. Raises QuizOpen."""
        loaded = await self.load(learner, quiz_id)
        if loaded.quiz.state != QuizState.FINISHED:
            raise QuizOpen
        return _report(await self._marked(learner, quiz_id))  # a process may have died between end and marking

    async def challenge(
        self, learner: Learner, quiz_id: str, item_id: str, objection: str = ""
    ) -> tuple[Marked, Marked]:
        """Mark the answer that counts again, with reasons; the mark before is kept beside it. Both are returned."""
        loaded = await self.load(learner, quiz_id)
        asked = loaded.item(item_id)
        if loaded.quiz.state != QuizState.FINISHED and not _is_explained(asked.record):
            raise QuizOpen("A mark can be challenged once the answer has been explained.")
        given = scores.deciding(asked.record)
        if given is None or given.mark is None:
            raise Conflict("You have not answered this question, so there is no mark to challenge.")
        if len(given.marks) > MOST_CHALLENGES:
            raise Conflict("This answer was marked again three times already. Report the question if it is wrong.")
        again = await self._examiner.mark_again(learner, asked.item, given.answer, given.mark, objection)
        return given.mark, await self._keep_mark(learner, asked, given.number, again, len(given.marks))

    async def report_item(self, learner: Learner, quiz_id: str, item_id: str, reason: str) -> None:
        """A bad question: it counts no more and never comes again."""
        (await self.load(learner, quiz_id)).item(item_id)
        await asyncio.to_thread(self.store.report, learner, item_id, reason.strip() or "reported")

    # Inside

    def _is_late(self, quiz: Quiz) -> bool:
        return self.seconds_left(quiz) == 0

    async def _open(self, learner: Learner, quiz_id: str) -> Loaded:
        loaded = await self.load(learner, quiz_id)
        if loaded.quiz.state == QuizState.FINISHED:
            raise QuizOver
        return loaded

    async def _practice(self, learner: Learner, quiz_id: str) -> Loaded:
        loaded = await self._open(learner, quiz_id)
        if loaded.quiz.mode != Mode.PRACTICE:
            raise QuizOpen("Hints and answers come in practice only; in a quiz they come at the end.")
        return loaded

    async def _begun(self, learner: Learner, quiz_id: str) -> Loaded:
        """The clock of a quiz runs from the first answer, or from when all questions were there."""
        await asyncio.to_thread(self.store.begin, learner, quiz_id, self._clock())
        return await asyncio.to_thread(self.store.load, learner, quiz_id)

    async def _heard(self, learner: Learner, asked: AskedItem, number: int) -> AnswerFeedback:
        """A practice answer with its mark; after enough tries the item is explained, and remembered as it was known."""
        given = asked.record.given[number - 1]
        if given.mark is None:
            await self._mark(learner, asked, given)
            asked = await self._again(learner, asked)
        if scores.is_settled(asked.record) and not asked.record.revealed:
            asked = await self._shown(learner, asked)
        return AnswerFeedback(asked, asked.record.given[number - 1], scores.is_settled(asked.record))

    async def _shown(self, learner: Learner, asked: AskedItem) -> AskedItem:
        """The item once its key is shown: no later answer counts, and what was known before is remembered."""
        await asyncio.to_thread(self.store.set_place, learner, asked.row.quiz_id, asked.item.id, revealed=True)
        asked = await self._again(learner, asked)
        await self._remember(learner, asked)
        return asked

    async def _again(self, learner: Learner, asked: AskedItem) -> AskedItem:
        loaded = await asyncio.to_thread(self.store.load, learner, asked.row.quiz_id)
        return loaded.item(asked.item.id)

    async def _mark(self, learner: Learner, asked: AskedItem, given: Given) -> None:
        await self._keep_mark(
            learner, asked, given.number, await self._examiner.mark(learner, asked.item, given.answer), 0
        )

    async def _keep_mark(self, learner: Learner, asked: AskedItem, number: int, marked: Marked, n: int) -> Marked:
        key = asked.row.quiz_id, asked.item.id
        return await asyncio.to_thread(self.store.answers.mark, learner, key, number, marked, n)

    async def _remember(self, learner: Learner, asked: AskedItem) -> None:
        """Once for each item of a quiz, however often it is called."""
        rating = scores.result(asked.record).rating
        if rating is not None:
            source = f"quiz:{asked.row.quiz_id}"
            await asyncio.to_thread(self.reviews.review, learner, asked.item.id, rating, self._clock(), source)

    async def _marked(self, learner: Learner, quiz_id: str) -> Loaded:
        """A finished quiz with every answer that may count marked and remembered; doing so again changes nothing."""
        loaded = await asyncio.to_thread(self.store.load, learner, quiz_id)
        waiting = [(asked, given) for asked in loaded.asked for given in scores.unmarked(asked.record)]
        at_once = asyncio.Semaphore(_MARKED_AT_ONCE)

        async def mark(asked: AskedItem, given: Given) -> None:
            async with at_once:
                await self._mark(learner, asked, given)

        await asyncio.gather(*(mark(asked, given) for asked, given in waiting))
        if waiting:
            loaded = await asyncio.to_thread(self.store.load, learner, quiz_id)
        for asked in loaded.asked:
            await self._remember(learner, asked)
        return loaded


def _is_explained(record: Record) -> bool:
    """Whether a learner may hear about an item before its quiz is over."""
    return record.mode is Mode.PRACTICE and scores.is_settled(record)


def _cleaned(answer: str) -> str:
    """Without the sign that no database keeps."""
    return answer.replace("\x00", "").strip()


def feedback_so_far(loaded: Loaded) -> dict[str, AnswerFeedback]:
    """In practice: for every item that was answered or given up, what the learner has heard of it."""
    return {
        one.item.id: AnswerFeedback(one, scores.deciding(one.record), scores.is_settled(one.record))
        for one in loaded.asked
        if one.record.revealed or scores.deciding(one.record)
    }


def _report(loaded: Loaded) -> Report:
    scored = scores.scored((one.item, one.record) for one in loaded.asked)
    return Report(loaded, scores.total(scored), scores.by_topic(scored), scored)

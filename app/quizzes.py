"""Quizzes and practice rounds for any door: answered, marked, explained, reported and remembered."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from fsrs import Rating

from app.persistence.quizzes import SILENT_AFTER, Asked, Loaded, QuizStore, TopicScore
from app.persistence.reviews import Due, ReviewStore
from app.persistence.tables import Attempt, Mark, Quiz, ReviewCard, now
from app.writing import INTERRUPTED, Order, Writing
from tools import marking, review
from tools.errors import Conflict, InvalidRequest, NotFound, StudyError
from tools.questions.types import Item, Kind, Marked, Mode, Point, Verdict
from tools.types import QuizState, Scope
from tools.wording import IsTerm

MOST_CHALLENGES = 3
TRIES = 2
LONGEST_ANSWER = 8000

Terms = Callable[[Collection[str]], IsTerm]
"""The words that these documents use."""


class Marker(Protocol):
    async def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked: ...

    async def mark_again(self, item: Item, answer: str, is_term: IsTerm, earlier: Marked, objection: str) -> Marked:
        """A second look at a challenged mark, with reasons."""
        ...


class QuizOver(Conflict):
    """This quiz is over, so no more answers are taken. Its report shows how it went."""

    code = "quiz_over"


class QuizOpen(Conflict):
    """This quiz is not finished yet. Finish it first: answers and reasons come at the end."""

    code = "quiz_open"


class NothingToAsk(Conflict):
    """There is nothing to ask about in this scope that you have not met yet."""

    code = "nothing_to_ask"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an answer led to; in a quiz there is no mark before the end. `settled`: the item may be explained."""

    asked: Asked
    attempt: Attempt | None
    mark: Mark | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One item of a finished quiz with what counts of it; no score where it does not count."""

    asked: Asked
    verdict: Verdict | None
    score: float | None


@dataclass(frozen=True, slots=True)
class TopicResult:
    topic: str
    score: float
    correct: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """`score` is a share from 0 to 1; reported items, and those that nobody can mark by rule, do not count."""

    quiz: Quiz
    score: float
    correct: int
    total: int
    topics: list[TopicResult]
    results: list[Result]


@dataclass(frozen=True, slots=True)
class DueList:
    due: list[Due]
    count: int
    leeches: list[Due]
    next_due: datetime | None
    label: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    item: Item
    card: ReviewCard
    marked: Marked | None


class RuleMarker:
    """Marks by rule alone; implements Marker."""

    async def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        return await asyncio.to_thread(marking.mark, item, answer, is_term)

    async def mark_again(self, item: Item, answer: str, is_term: IsTerm, earlier: Marked, objection: str) -> Marked:
        return await asyncio.to_thread(marking.mark_again, item, answer, is_term)


class Quizzes:
    def __init__(
        self,
        store: QuizStore,
        reviews: ReviewStore,
        writing: Writing,
        terms: Terms,
        marker: Callable[[], Marker] = RuleMarker,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.store = store
        self.reviews = reviews
        self.writing = writing
        self._terms = terms
        self._marker = marker
        self._clock = clock

    async def make(self, owner_id: str, order: Order) -> Loaded:
        """A new quiz with all its questions; one with none is over and says why. What fails leaves no quiz behind."""
        quiz_id = await self.writing.start(owner_id, order)
        async with self._kept_if_filled(quiz_id):
            await self.writing.complete(owner_id, quiz_id)
            loaded = await self.load(owner_id, quiz_id)
        if not loaded.asked:
            await self.finish(owner_id, quiz_id)
        return await self.load(owner_id, quiz_id)

    @asynccontextmanager
    async def filled(self, owner_id: str, quiz_id: str) -> AsyncIterator[None]:
        """Wait inside for its first question. Raises NothingToAsk when there is none; an empty quiz is forgotten."""
        async with self._kept_if_filled(quiz_id):
            yield
            loaded = await self.load(owner_id, quiz_id)
            if not loaded.asked:
                raise NothingToAsk(loaded.quiz.reason)

    @asynccontextmanager
    async def _kept_if_filled(self, quiz_id: str) -> AsyncIterator[None]:
        try:
            yield
        except StudyError:
            await asyncio.to_thread(self.store.discard, quiz_id)
            raise

    async def load(self, owner_id: str, quiz_id: str) -> Loaded:
        """A quiz as it stands; one whose time is up is ended, one whose writer died goes on with what is there."""
        loaded = await asyncio.to_thread(self.store.load, owner_id, quiz_id)
        quiz = loaded.quiz
        if quiz.state == QuizState.WRITING and self._clock() - quiz.touched_at > SILENT_AFTER:
            await asyncio.to_thread(self.store.settle, quiz_id, INTERRUPTED, self._clock())
        elif quiz.state == QuizState.FINISHED or not self._is_late(quiz):
            return loaded
        else:
            await self.finish(owner_id, quiz_id)
        return await asyncio.to_thread(self.store.load, owner_id, quiz_id)

    def seconds_left(self, quiz: Quiz) -> int | None:
        if quiz.seconds_allowed is None or quiz.state == QuizState.FINISHED:
            return None
        if quiz.started_at is None:
            return quiz.seconds_allowed
        left = quiz.started_at + timedelta(seconds=quiz.seconds_allowed) - self._clock()
        return max(0, int(left.total_seconds()))

    async def answer(
        self, owner_id: str, quiz_id: str, item_id: str, answer: str, attempt: int | None = None
    ) -> Feedback:
        """Keep an answer, and in practice mark it at once. The same answer sent twice is one attempt.

        Raises QuizOver, NotFound, and Conflict when that attempt holds another answer.
        """
        if len(answer) > LONGEST_ANSWER:
            raise InvalidRequest(f"Your answer has {len(answer):,} characters; the limit is {LONGEST_ANSWER:,}.")
        asked = (await self._open(owner_id, quiz_id)).item(item_id)
        kept = await asyncio.to_thread(self.store.answer, owner_id, quiz_id, item_id, _cleaned(answer), attempt)
        loaded = await self._begun(owner_id, quiz_id)
        if loaded.quiz.mode == Mode.QUIZ:
            return Feedback(loaded.item(item_id), kept, None, settled=False)
        mark = asked.mark_of(kept.attempt) or await self._mark(asked, kept)
        return await self._settled(owner_id, quiz_id, item_id, kept, mark)

    async def flag(
        self, owner_id: str, quiz_id: str, item_id: str, *, flagged: bool | None = None, skipped: bool | None = None
    ) -> Asked:
        """Remember that the learner wants to come back to an item, or left it out."""
        (await self._open(owner_id, quiz_id)).item(item_id)
        values = {name: value for name, value in (("flagged", flagged), ("skipped", skipped)) if value is not None}
        if values:
            await asyncio.to_thread(self.store.set_place, quiz_id, item_id, **values)
        return (await self.load(owner_id, quiz_id)).item(item_id)

    async def hint(self, owner_id: str, quiz_id: str, item_id: str) -> str:
        asked = (await self._practice(owner_id, quiz_id)).item(item_id)
        await asyncio.to_thread(self.store.set_place, quiz_id, item_id, hinted=True)
        return asked.item.hint

    async def reveal(self, owner_id: str, quiz_id: str, item_id: str) -> Feedback:
        """Give up on an item in practice: its answer is shown, and counts as not known."""
        asked = (await self._practice(owner_id, quiz_id)).item(item_id)
        if not is_settled(asked):
            await asyncio.to_thread(self.store.set_place, quiz_id, item_id, revealed=True)
            await self._remember(owner_id, asked, Rating.Again)
        asked = (await self.load(owner_id, quiz_id)).item(item_id)
        return Feedback(asked, asked.last, asked.mark, settled=True)

    async def finish(self, owner_id: str, quiz_id: str) -> None:
        """End a quiz and mark what was answered; doing so again changes nothing."""
        await asyncio.to_thread(self.store.get, owner_id, quiz_id)
        await asyncio.to_thread(self.store.finish, quiz_id, self._clock())
        with suppress(NotFound):
            await self.writing.stop(owner_id, quiz_id)
        await self._mark_all(owner_id, await asyncio.to_thread(self.store.load, owner_id, quiz_id))

    async def report(self, owner_id: str, quiz_id: str) -> Report:
        """How a finished quiz went. Raises QuizOpen."""
        loaded = await self.load(owner_id, quiz_id)
        if loaded.quiz.state != QuizState.FINISHED:
            raise QuizOpen
        if await self._mark_all(owner_id, loaded):  # a process died between the end and the marking
            loaded = await asyncio.to_thread(self.store.load, owner_id, quiz_id)
        return _report(loaded)

    async def challenge(self, owner_id: str, quiz_id: str, item_id: str, objection: str = "") -> tuple[Mark, Mark]:
        """Mark the last answer again, with reasons; the first mark is kept beside it. Both are returned."""
        loaded = await self.load(owner_id, quiz_id)
        asked = loaded.item(item_id)
        if loaded.quiz.state != QuizState.FINISHED and (loaded.quiz.mode == Mode.QUIZ or not is_settled(asked)):
            raise QuizOpen("A mark can be challenged once the answer has been explained.")
        attempt, first = asked.last, asked.mark
        if attempt is None or first is None:
            raise Conflict("You have not answered this question, so there is no mark to challenge.")
        if first.n >= MOST_CHALLENGES:
            raise Conflict("This answer was marked again three times already. Report the question if it is wrong.")
        is_term = self._terms([asked.item.evidence.document_id])
        again = await self._marker().mark_again(asked.item, attempt.answer, is_term, marked_of(first), objection)
        return first, await asyncio.to_thread(self.store.mark, attempt, again, first.n + 1)

    async def report_item(self, owner_id: str, quiz_id: str, item_id: str, reason: str) -> None:
        """A bad question: it counts no more and never comes again."""
        (await self.load(owner_id, quiz_id)).item(item_id)
        await asyncio.to_thread(self.store.report, owner_id, item_id, reason.strip() or "reported")

    # Remembering

    async def due(self, owner_id: str, scope: Scope, thread_id: str | None = None, limit: int = 50) -> DueList:
        """What is due now in a scope. A library without a ready document has nothing due."""
        resolved = await asyncio.to_thread(self.writing.library.resolve, owner_id, scope, thread_id)
        return await asyncio.to_thread(self._due, owner_id, resolved.document_ids, resolved.label, limit)

    async def review(
        self, owner_id: str, item_id: str, *, answer: str | None, rating: Rating | None, due: datetime | None = None
    ) -> Reviewed:
        """Review an item, by an answer to be marked or by the learner's own rating; a leech is taken up again.

        `due` is the date the learner was shown: when the card has moved on since, the first review stands.
        Raises QuizOpen while a quiz holds its answer back.
        """
        item = await asyncio.to_thread(self.store.question, owner_id, item_id)
        if item_id in await asyncio.to_thread(self.store.held, owner_id):
            raise QuizOpen("This question is part of a quiz that is not finished yet. Finish the quiz first.")
        marked = await self._marked(item, answer) if answer is not None else None
        judged = review.rating_for(marked.verdict) if marked else None
        final = rating or judged
        if final is None:
            raise InvalidRequest("Your answer cannot be marked by rule. Say yourself how well you knew it: “rating”.")
        card = await asyncio.to_thread(self.reviews.card, owner_id, item_id)
        shown = due or (card.due if card else None)
        if card is not None and due is not None and card.due != due:
            return Reviewed(item, card, marked)
        source = f"due:{shown.isoformat() if shown else 'first'}"
        card = await asyncio.to_thread(self.reviews.review, owner_id, item_id, final, self._clock(), source)
        return Reviewed(item, card, marked)

    async def topics(self, owner_id: str, scope: Scope, thread_id: str | None = None) -> list[TopicScore]:
        """How well the learner knows each topic of a scope, the weakest first."""
        resolved = await asyncio.to_thread(self.writing.library.resolve, owner_id, scope, thread_id)
        return await asyncio.to_thread(self.store.topics, owner_id, resolved.document_ids)

    def _due(self, owner_id: str, ids: frozenset[str], label: str, limit: int) -> DueList:
        at = self._clock()
        return DueList(
            self.reviews.due(owner_id, ids, at, limit),
            self.reviews.count_due(owner_id, ids, at),
            self.reviews.leeches(owner_id, ids),
            self.reviews.next_due(owner_id, ids, at),
            label,
        )

    # Inside

    def _is_late(self, quiz: Quiz) -> bool:
        return self.seconds_left(quiz) == 0

    async def _open(self, owner_id: str, quiz_id: str) -> Loaded:
        loaded = await self.load(owner_id, quiz_id)
        if loaded.quiz.state == QuizState.FINISHED:
            raise QuizOver
        return loaded

    async def _practice(self, owner_id: str, quiz_id: str) -> Loaded:
        loaded = await self._open(owner_id, quiz_id)
        if loaded.quiz.mode != Mode.PRACTICE:
            raise QuizOpen("Hints and answers come in practice only; in a quiz they come at the end.")
        return loaded

    async def _begun(self, owner_id: str, quiz_id: str) -> Loaded:
        """The clock of a quiz runs from the first answer, or from when all questions were there."""
        await asyncio.to_thread(self.store.begin, quiz_id, self._clock())
        return await asyncio.to_thread(self.store.load, owner_id, quiz_id)

    async def _mark(self, asked: Asked, attempt: Attempt) -> Mark:
        marked = await self._marked(asked.item, attempt.answer)
        return await asyncio.to_thread(self.store.mark, attempt, marked)

    async def _marked(self, item: Item, answer: str) -> Marked:
        return await self._marker().mark(item, answer, self._terms([item.evidence.document_id]))

    async def _settled(self, owner_id: str, quiz_id: str, item_id: str, attempt: Attempt, mark: Mark) -> Feedback:
        """After enough tries a practice item is explained, and remembered by what was known before that."""
        asked = (await asyncio.to_thread(self.store.load, owner_id, quiz_id)).item(item_id)
        if not asked.row.revealed and is_settled(asked):
            await asyncio.to_thread(self.store.set_place, quiz_id, item_id, revealed=True)
            await self._remember(owner_id, asked, _rating(attempt, mark, attempt.attempt))
        return Feedback(asked, attempt, mark, is_settled(asked))

    async def _remember(self, owner_id: str, asked: Asked, rating: Rating | None) -> None:
        """Once for each item of a quiz, however often it is called."""
        if rating is not None and not asked.reported:
            source = f"quiz:{asked.row.quiz_id}"
            await asyncio.to_thread(self.reviews.review, owner_id, asked.item.id, rating, self._clock(), source)

    async def _mark_all(self, owner_id: str, loaded: Loaded) -> bool:
        """Mark every last answer that has no mark yet, and remember it; whether there was any."""
        found = False
        for asked in loaded.asked:
            attempt = asked.last
            if attempt is None or not attempt.answer or asked.row.revealed:
                continue
            mark = asked.mark
            if mark is None:
                mark, found = await self._mark(asked, attempt), True
            # In a quiz the learner may change an answer: that is no second try, since nothing was told in between.
            tries = 1 if loaded.quiz.mode == Mode.QUIZ else attempt.attempt
            await self._remember(owner_id, asked, _rating(attempt, mark, tries))
        return found


def _cleaned(answer: str) -> str:
    """Without the sign that no database keeps."""
    return answer.replace("\x00", "").strip()


def feedback_so_far(loaded: Loaded) -> dict[str, Feedback]:
    """In practice: for every item that was answered or given up, what the learner has heard of it."""
    heard = [one for one in loaded.asked if one.mark is not None or one.row.revealed]
    return {one.item.id: Feedback(one, one.last, one.mark, is_settled(one)) for one in heard}


def marked_of(mark: Mark) -> Marked:
    points = tuple((Point(**point), is_made, where) for point, is_made, where in mark.points)
    return Marked(Verdict(mark.verdict), mark.score, mark.explanation, points)


def is_settled(asked: Asked) -> bool:
    """Whether a practice item has had its tries, so that it may be explained."""
    if asked.row.revealed:
        return True
    tries = 1 if asked.item.kind is Kind.TRUE_FALSE else TRIES
    return len(asked.attempts) >= tries or any(_ends(mark) for mark in asked.marks)


def _ends(mark: Mark) -> bool:
    return mark.verdict in (Verdict.CORRECT, Verdict.CANNOT_TELL)


def _rating(attempt: Attempt, mark: Mark, tries: int) -> Rating | None:
    return review.rating_for(Verdict(mark.verdict), attempts=tries, hinted=attempt.hinted)


def _report(loaded: Loaded) -> Report:
    is_quiz = loaded.quiz.mode == Mode.QUIZ
    results = [_result(asked, is_quiz) for asked in loaded.asked]
    counted = [(result.asked.item.topic, result.score) for result in results if result.score is not None]
    topics = [
        _topic(topic, [score for of, score in counted if of == topic])
        for topic in dict.fromkeys(of for of, _ in counted)
    ]
    whole = _topic("", [score for _, score in counted])
    return Report(loaded.quiz, whole.score, whole.correct, whole.total, topics, results)


def _topic(topic: str, scores: Sequence[float]) -> TopicResult:
    share = round(sum(scores) / len(scores), 4) if scores else 0.0
    return TopicResult(topic, share, sum(score == 1 for score in scores), len(scores))


def _result(asked: Asked, is_quiz: bool) -> Result:
    """What is not answered is wrong in a quiz, and nothing in practice; there, help halves what an answer is worth."""
    mark = asked.mark if asked.last and asked.last.answer else None
    verdict = Verdict(mark.verdict) if mark else None
    if asked.reported or verdict is Verdict.CANNOT_TELL:
        return Result(asked, verdict, None)
    if is_quiz:
        return Result(asked, verdict, mark.score if mark else 0.0)
    settling = _settling(asked)
    if settling is None:
        return Result(asked, verdict, 0.0 if asked.row.revealed else None)
    attempt, first = settling
    share = 0.5 if attempt.hinted or attempt.attempt > 1 else 1.0
    return Result(asked, Verdict(first.verdict), first.score * share)


def _settling(asked: Asked) -> tuple[Attempt, Mark] | None:
    """The attempt that decided a practice item: the first right one within the tries, else the last of them."""
    tries = 1 if asked.item.kind is Kind.TRUE_FALSE else TRIES
    marked = [(attempt, mark) for attempt in asked.attempts[:tries] if (mark := asked.mark_of(attempt.attempt))]
    return next((one for one in marked if _ends(one[1])), marked[-1] if marked else None)

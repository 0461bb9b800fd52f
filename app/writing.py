"""The writing of quizzes: in the background, item by item, never the same question twice for a learner."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from langchain_core.embeddings import Embeddings

from app.persistence.library import LibraryStore
from app.persistence.quizzes import Others, QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Quiz, now
from tools import scores
from tools.errors import Conflict, NoDocuments, NotFound, StudyError
from tools.questions.pipeline import Ended, Event, Looking, Notice, Ready
from tools.questions.repetition import Memory
from tools.questions.types import Difficulty, Item, Mode, Wanted
from tools.scores import Scored, TopicScore
from tools.types import QuizState, ResolvedScope, Scope

log = logging.getLogger("studyrag.writing")

LOST_RACES = 10
"""How often questions are written anew that another process has asked meanwhile."""
WEAK_SHARE, WEAK_TOPICS, WEAK_SCORE, WEAK_ANSWERS = 0.4, 3, 0.6, 2
"""At most this share of a new quiz goes to this many topics of which the learner knew less than that."""
HEARTBEAT_SECONDS = 15
INTERRUPTED = "The writing was interrupted; these are the questions that were ready."
GONE = "A book of this scope was deleted meanwhile."

Write = Callable[[ResolvedScope, Wanted, Memory, str], AsyncGenerator[Event, None]]
"""Questions on a scope as a stream; the last argument seeds the choice of passages."""


class TopicNotFound(StudyError):
    """The books in this scope do not say enough about this topic."""

    code = "topic_not_found"
    status = 404


class Questions(StrEnum):
    """Where a quiz takes its questions from."""

    NEW = "new"
    MISTAKES = "mistakes"
    DUE = "due"


class Step(StrEnum):
    SAME = "same"
    EASIER = "easier"
    HARDER = "harder"


@dataclass(frozen=True, slots=True)
class Order:
    """What a learner asks for; `seconds` limits the time for a quiz."""

    mode: Mode
    wanted: Wanted
    scope: Scope = field(default_factory=Scope)
    thread_id: str | None = None
    seconds: int | None = None
    questions: Questions = Questions.NEW


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions are there; `notice` is something the learner should know."""

    done: int
    count: int
    notice: str | None = None


@dataclass(slots=True)
class _Running:
    """A quiz that this process is writing."""

    progress: Progress
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    error: StudyError | None = None
    task: asyncio.Task[None] | None = None

    def tell(self, progress: Progress) -> None:
        self.progress = progress
        before, self.changed = self.changed, asyncio.Event()
        before.set()


class Writing:
    def __init__(
        self,
        store: QuizStore,
        reviews: ReviewStore,
        library: LibraryStore,
        embeddings: Callable[[], Embeddings],
        write: Write,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.store = store
        self.reviews = reviews
        self.library = library
        self._embeddings = embeddings
        self._write = write
        self._clock = clock
        self._running: dict[str, _Running] = {}

    async def start(self, owner_id: str, order: Order) -> str:
        """Begin a quiz and return its id at once; its questions come in the background.

        Raises NoDocuments, InvalidRequest for a scope, and NotFound when nothing is there to repeat.
        """
        scope = await asyncio.to_thread(self.scope, owner_id, order.scope, order.thread_id)
        quiz = _row(owner_id, order, scope)
        if order.questions is not Questions.NEW:
            await asyncio.to_thread(self._repeat, quiz, order, scope)
            return quiz.id
        await asyncio.to_thread(self.store.create, quiz)
        running = _Running(Progress(0, order.wanted.count))
        self._running[quiz.id] = running
        running.task = asyncio.create_task(self._fill(owner_id, quiz.id, order.wanted, scope, running))
        return quiz.id

    async def watch(self, owner_id: str, quiz_id: str) -> AsyncGenerator[Progress, None]:
        """How the writing goes on, until it is over. Raises what kept it from giving any question."""
        running = self._running.get(quiz_id)
        if running is None:
            loaded = await asyncio.to_thread(self.store.load, owner_id, quiz_id)
            yield Progress(len(loaded.asked), loaded.quiz.requested, loaded.quiz.reason)
            return
        told: Progress | None = None
        while running.progress is not told or not running.is_over:
            changed = running.changed
            if running.progress is not told:
                told = running.progress
                yield told
            else:
                await changed.wait()
        if running.error is not None:
            raise running.error

    async def complete(self, owner_id: str, quiz_id: str) -> None:
        """Wait until the quiz is written. Raises as `watch` does."""
        async for _ in self.watch(owner_id, quiz_id):
            pass

    async def stop(self, owner_id: str, quiz_id: str) -> None:
        """Go on with the questions that are there, whichever process writes the quiz."""
        loaded = await asyncio.to_thread(self.store.load, owner_id, quiz_id)
        reason = f"You stopped after {len(loaded.asked)} of {loaded.quiz.requested} questions."
        await asyncio.to_thread(self.store.settle, owner_id, quiz_id, reason, self._clock())
        running = self._running.get(quiz_id)
        if running is not None and running.task is not None:
            running.task.cancel()
            await asyncio.wait([running.task])

    def interrupt(self) -> None:
        """Take every quiz as it is: to be called when the process that writes them starts, perhaps after a crash."""
        self.store.interrupt(INTERRUPTED, self._clock())

    async def close(self) -> None:
        """Stop all writing of this process, keeping what is there."""
        tasks = [running.task for running in self._running.values() if running.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def another(self, owner_id: str, quiz_id: str, item_id: str, step: Step = Step.SAME) -> str:
        """Add a question on the same topic to a practice round; returns its id. Raises NotFound when there is none."""
        loaded = await asyncio.to_thread(self.store.load, owner_id, quiz_id)
        if loaded.quiz.mode != Mode.PRACTICE:
            raise Conflict("Another question like this can be asked for in practice only.")
        item = loaded.item(item_id).item
        ids = frozenset([item.evidence.document_id])
        scope = ResolvedScope(owner_id, ids, item.evidence.book)
        wanted = Wanted(1, item.topic, (item.kind,), _stepped(item.difficulty, step))
        for wish in (wanted, replace(wanted, kinds=())):
            with suppress(TopicNotFound, NoDocuments):
                async with aclosing(
                    self._made(owner_id, scope, wish, uuid4().hex, quiz_id, (QuizState.WRITING, QuizState.OPEN))
                ) as events:
                    async for event in events:
                        if isinstance(event, Ready):
                            return event.item.id
        if await asyncio.to_thread(self._is_gone, owner_id, ids):
            raise NotFound("The book of this question is no longer in your library.")
        level = "" if step is Step.SAME else f" {step.value}"
        raise NotFound(f"Your books support no{level} question on “{item.topic}” that you have not seen yet.")

    def scope(self, owner_id: str, scope: Scope, thread_id: str | None = None) -> ResolvedScope:
        """The ready documents of a scope. Raises NoDocuments when there are none."""
        resolved = self.library.resolve(owner_id, scope, thread_id)
        if resolved.document_ids:
            return resolved
        raise NoDocuments(resolved.unread)

    # In the background

    async def _fill(self, owner_id: str, quiz_id: str, wanted: Wanted, scope: ResolvedScope, running: _Running) -> None:
        beat = asyncio.create_task(self._beat(owner_id, quiz_id))
        reason: str | None = INTERRUPTED
        notices: list[str] = []
        try:
            async with aclosing(self._made(owner_id, scope, wanted, quiz_id, quiz_id)) as events:
                async for event in events:
                    match event:
                        case Ended():
                            reason = _reason(event, wanted, notices)
                        case Ready(done=done) | Looking(done=done):
                            running.tell(Progress(done, wanted.count))
                        case Notice(text):
                            notices.append(text)
                            running.tell(replace(running.progress, notice=text))
        except Conflict:  # stopped or ended from elsewhere
            pass
        except NoDocuments:  # there were some when it began
            running.error, reason = Conflict(GONE), GONE
        except StudyError as error:
            running.error, reason = error, str(error)
        except Exception:
            log.exception("a quiz could not be written")
            running.error = StudyError()
            reason = str(running.error)
        finally:
            beat.cancel()
            try:
                await asyncio.shield(asyncio.to_thread(self._settle, owner_id, quiz_id, reason, running))
            except StudyError as error:  # the disk is full; whoever opens the quiz next settles it
                running.error = error
            finally:
                running.is_over = True
                running.tell(running.progress)
                del self._running[quiz_id]

    def _settle(self, owner_id: str, quiz_id: str, reason: str | None, running: _Running) -> None:
        """Open the quiz; without a single question it is over before it began, and the error is told."""
        self.store.settle(owner_id, quiz_id, reason, self._clock())
        if running.progress.done:
            running.error = None
        else:
            self.store.finish(owner_id, quiz_id, self._clock())

    async def _beat(self, owner_id: str, quiz_id: str) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            await asyncio.to_thread(self.store.touch, owner_id, quiz_id)

    async def _made(
        self,
        owner_id: str,
        scope: ResolvedScope,
        wanted: Wanted,
        seed: str,
        quiz_id: str | None,
        states: tuple[QuizState, ...] = (QuizState.WRITING,),
    ) -> AsyncGenerator[Event, None]:
        """The pipeline's events, each question claimed for this learner before it is told."""
        met = await asyncio.to_thread(_Met, self.store, owner_id, self._embeddings())
        done, last = 0, Ended(0, wanted.count)
        for part in await asyncio.to_thread(self._parts, owner_id, scope, wanted):
            wish = replace(part, count=min(part.count, wanted.count - done))
            if not wish.count:
                break
            async with aclosing(self._write(scope, wish, met.memory, seed)) as events:
                async for event in events:
                    match event:
                        case Ready(item):
                            kept = await asyncio.to_thread(met.claim, item, quiz_id, states)
                            if kept is not None:
                                done += 1
                                yield Ready(kept, done, wanted.count)
                        case Ended():
                            last = event
                        case Looking(tried):
                            yield Looking(tried, done, wanted.count)
                        case Notice():
                            yield event
            if part.topic == wanted.topic and last.done < wish.count:
                break  # the scope is exhausted
        if wanted.topic and not done and not last.dropped and last.reason:
            raise TopicNotFound(_not_found(last))
        if done < wanted.count and await asyncio.to_thread(self._is_gone, owner_id, scope.document_ids):
            last = replace(last, reason=GONE)
        yield replace(last, done=done, count=wanted.count)

    def _is_gone(self, owner_id: str, document_ids: Collection[str]) -> bool:
        """Whether one of these documents was deleted."""
        try:
            for document_id in document_ids:
                self.library.document(owner_id, document_id)
        except NotFound:
            return True
        return False

    def _parts(self, owner_id: str, scope: ResolvedScope, wanted: Wanted) -> Iterator[Wanted]:
        """Weak topics first, then the scope at large, again if another process took questions meanwhile."""
        weak = [] if wanted.topic else weakest(scores.known(self._scored(owner_id, scope)))
        share = int(WEAK_SHARE * wanted.count)
        each = max(1, share // len(weak)) if weak and share else 0
        parts = [replace(wanted, topic=one.topic, count=each) for one in weak[:share]]
        return iter([*parts, *[wanted] * LOST_RACES])

    def _scored(self, owner_id: str, scope: ResolvedScope) -> list[Scored]:
        return scores.scored(self.store.answers.history(owner_id, scope.document_ids))

    def _repeat(self, quiz: Quiz, order: Order, scope: ResolvedScope) -> None:
        """A quiz of questions that the learner knows: mistakes, or what is due."""
        count = order.wanted.count
        if order.questions is Questions.MISTAKES:
            items = scores.mistakes(self._scored(quiz.owner_id, scope))
            reason = "You have no mistakes to repeat in this scope."
        else:
            due = self.reviews.due(quiz.owner_id, scope.document_ids, self._clock(), count)
            items, reason = [one.item for one in due], "Nothing is due in this scope today."
        # An answer that a running quiz holds back must not be learnt from another round.
        held = self.store.held(quiz.owner_id)
        items = [item for item in items if item.id not in held][:count]
        if not items:
            raise NothingToRepeat(reason)
        quiz.requested = len(items)
        self.store.create(quiz)
        self.store.append(quiz.owner_id, quiz.id, items)
        self.store.settle(quiz.owner_id, quiz.id, None, self._clock())


class _Met:
    """What a learner was asked before, kept up with what other processes ask meanwhile."""

    def __init__(self, store: QuizStore, owner_id: str, embeddings: Embeddings) -> None:
        known = store.known(owner_id)
        self.memory = Memory(embeddings, known)
        self._store = store
        self._owner_id = owner_id
        self._embeddings = embeddings
        self._ids = {item.id for item in known}

    def claim(self, item: Item, quiz_id: str | None, states: tuple[QuizState, ...]) -> Item | None:
        """The item as it is kept; None when another process was faster, perhaps with other words."""

        def is_new(others: Others) -> bool:
            return not Memory(self._embeddings, self._learn(others)).repeats(item)

        self._ids.add(item.id)
        kept = self._store.claim(self._owner_id, item, quiz_id, states, is_new)
        if kept is None:
            self._learn(self._store.others(self._owner_id))
        return kept

    def _learn(self, others: Others) -> list[Item]:
        unseen = others(self._ids)
        for item in unseen:
            self.memory.add(item)
            self._ids.add(item.id)
        return unseen


class NothingToRepeat(StudyError):
    """There is nothing to repeat in this scope."""

    code = "nothing_to_repeat"
    status = 409


def weakest(topics: list[TopicScore]) -> list[TopicScore]:
    """The few topics that the learner knows too little of, among those answered often enough to tell."""
    weak = [one for one in topics if one.total >= WEAK_ANSWERS and one.score < WEAK_SCORE]
    return weak[:WEAK_TOPICS]


def _row(owner_id: str, order: Order, scope: ResolvedScope) -> Quiz:
    wanted = order.wanted
    return Quiz(
        id=uuid4().hex,
        owner_id=owner_id,
        thread_id=order.thread_id,
        mode=order.mode,
        state=QuizState.WRITING,
        topic=wanted.topic,
        difficulty=wanted.difficulty,
        kinds=list(wanted.kinds),
        document_ids=sorted(scope.document_ids),
        scope_label=scope.label,
        requested=wanted.count,
        seconds_allowed=order.seconds,
    )


def _reason(ended: Ended, wanted: Wanted, notices: Sequence[str]) -> str | None:
    """What the learner should know of how the questions came about; None when all went well."""
    told = list(dict.fromkeys(notices))
    if ended.done < wanted.count:
        made = f"I could make {ended.done} of {wanted.count}. " if ended.done else ""
        told.append(made + (ended.reason or "Another window took the other questions meanwhile. Ask again for more."))
    return " ".join(told) or None


def _not_found(ended: Ended) -> str:
    nearest = ", ".join(f"“{one}”" for one in ended.nearest)
    return f"{ended.reason} The nearest they hold: {nearest}." if nearest else f"{ended.reason}"


def _stepped(difficulty: Difficulty, step: Step) -> Difficulty | None:
    levels = list(Difficulty)
    at = levels.index(difficulty)
    match step:
        case Step.EASIER:
            return levels[max(0, at - 1)]
        case Step.HARDER:
            return levels[min(len(levels) - 1, at + 1)]
        case Step.SAME:
            return None

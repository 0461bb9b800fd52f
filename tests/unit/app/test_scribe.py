"""A quiz in the hands of a writer: finished by the next one, whatever becomes of the first."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from app.author import Author
from app.orders import Order
from app.persistence.db import Database, migrate
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Document, now
from app.persistence.writings import WritingOutcome, WritingStore
from app.scribe import MAX_ATTEMPTS, Scribe
from app.telemetry.counting import Counting
from app.telemetry.facts import QuizFacts
from app.telemetry.telemetry import Telemetry
from app.writing import Absence, Writing
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA
from tests.support.migrations import downgrade
from tests.support.questions import ScriptedWrite, question
from tools.correlation import correlated
from tools.errors import ModelBusy, StorageFull
from tools.questions.likeness import Likeness
from tools.questions.types import Item, Mode, Wanted
from tools.types import QuizState, Scope


class Told(Counting):
    """What a sink hears of quizzes."""

    def __init__(self) -> None:
        self.quizzes: list[QuizFacts] = []

    def quiz(self, facts: QuizFacts) -> None:
        self.quizzes.append(facts)


class Room:
    """Writers of one learner's quizzes, each with a script, over the real tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        library = LibraryStore(database)
        LearnerStore(database).known(ADA)
        with database.session_of(ADA) as session:
            session.add(
                Document(id="doc", owner_id="ada", filename="b.pdf", sha256="x", size=1, storage_key="k", state="ready")
            )
        self.store, self.rows = QuizStore(database), WritingStore(database)
        self.embeddings = HashingEmbeddings()
        self.library = library
        self.sent: list[str] = []
        self.abandoned = False
        self.told = Told()
        author = self.author(ScriptedWrite())
        self.writing = Writing(author, ReviewStore(database), self.sent.append, lambda: self.abandoned)

    def author(self, write: ScriptedWrite) -> Author:
        return Author(self.store, self.library, lambda: Likeness(self.embeddings), write)

    def scribe(self, name: str, *items: Item, **script: object) -> Scribe:
        write = ScriptedWrite(items or [question(n) for n in range(40)], **script)  # type: ignore[arg-type]
        return Scribe(self.rows, self.author(write), name, look_seconds=0.01, telemetry=Telemetry([self.told]))

    async def order(self, count: int = 5) -> str:
        return await self.writing.start(ADA, Order(Mode.QUIZ, Wanted(count), Scope(documents=("doc",))))

    def asked(self, quiz_id: str) -> list[str]:
        return [one.item.stem for one in self.store.load(ADA, quiz_id).asked]

    def state(self, quiz_id: str) -> QuizState:
        return self.rows.progress(ADA, quiz_id).state


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def until(true: Callable[[], bool]) -> None:
    while True:
        await asyncio.sleep(0.01)
        if true():
            return


@pytest.fixture
async def half_written(room: Room) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """A quiz of five with two questions, and the writer called first, who goes no further."""
    quiz_id = await room.order()
    writing = asyncio.create_task(room.scribe("first", stall_after=2).write())
    await until(lambda: len(room.asked(quiz_id)) == 2)
    yield quiz_id, writing
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)


async def test_an_ordered_quiz_waits_until_a_writer_takes_it(room: Room) -> None:
    quiz_id = await room.order()
    assert (room.sent, room.rows.waiting()) == ([quiz_id], [quiz_id])
    await room.scribe("first").write()
    assert (room.state(quiz_id), len(room.asked(quiz_id)), room.rows.waiting()) == (QuizState.OPEN, 5, [])


async def test_how_a_quiz_came_about_is_told_once_it_is_written(room: Room) -> None:
    with correlated("request-of-ada"):
        quiz_id = await room.order()
    await room.scribe("first").write()
    (facts,) = room.told.quizzes
    assert (facts.quiz_id, facts.owner_id, facts.requested, facts.delivered) == (quiz_id, "ada", 5, 5)
    assert facts.span.request_id == "request-of-ada"


async def test_the_quiz_of_a_dead_writer_is_finished_by_the_next(
    room: Room, half_written: tuple[str, asyncio.Task[None]]
) -> None:
    quiz_id, _ = half_written
    await room.scribe("second").write()
    assert len(room.asked(quiz_id)) == 2, "it is the first one's"
    assert room.rows.let_go() == [quiz_id]
    await room.scribe("second").write()
    assert room.state(quiz_id) == QuizState.OPEN
    assert len(set(room.asked(quiz_id))) == 5


async def test_a_writer_that_stops_gives_back_what_it_has(room: Room) -> None:
    quiz_id = await room.order()
    scribe = room.scribe("first", stall_after=2)
    writing = asyncio.create_task(scribe.write())
    await until(lambda: len(room.asked(quiz_id)) == 2)
    scribe.stopping.set()
    await writing
    assert (room.state(quiz_id), room.rows.waiting()) == (QuizState.WRITING, [quiz_id])
    await room.scribe("second").write()
    assert len(set(room.asked(quiz_id))) == 5


async def test_a_quiz_that_is_stopped_anywhere_is_left_by_its_writer(
    room: Room, half_written: tuple[str, asyncio.Task[None]]
) -> None:
    quiz_id, writing = half_written
    await room.writing.stop(ADA, quiz_id)
    await writing
    quiz = room.store.get(ADA, quiz_id)
    assert (quiz.state, quiz.reason) == (QuizState.OPEN, "You stopped after 2 of 5 questions.")
    assert room.rows.waiting() == []


async def test_a_writer_that_was_taken_for_dead_adds_nothing(
    room: Room, half_written: tuple[str, asyncio.Task[None]]
) -> None:
    quiz_id, writing = half_written
    room.rows.let_go()
    assert room.rows.take(quiz_id, "second") is not None
    await writing
    room.rows.end(quiz_id, "first", WritingOutcome(), now())
    assert (room.state(quiz_id), len(room.asked(quiz_id))) == (QuizState.WRITING, 2)


async def test_what_kept_it_from_any_question_is_told_in_another_process(room: Room) -> None:
    quiz_id = await room.order()
    await room.scribe("first", error=ModelBusy()).write()
    assert room.state(quiz_id) == QuizState.FINISHED
    with pytest.raises(ModelBusy, match="The model is busy"):
        await room.writing.complete(ADA, quiz_id)


async def test_what_broke_it_off_later_is_a_reason(room: Room) -> None:
    quiz_id = await room.order()
    await room.scribe("first", error=ModelBusy(), error_after=2).write()
    await room.writing.complete(ADA, quiz_id)
    quiz = room.store.get(ADA, quiz_id)
    assert (quiz.state, quiz.reason, len(room.asked(quiz_id))) == (QuizState.OPEN, str(ModelBusy()), 2)


async def test_a_notice_is_told_while_it_is_written(room: Room) -> None:
    quiz_id = await room.order()
    scribe = room.scribe("first", notice="Another writer goes on.", stall_after=1)
    writing = asyncio.create_task(scribe.write())
    async for progress in room.writing.watch(ADA, quiz_id):
        if progress.notice and progress.done:
            break
    assert progress.notice == "Another writer goes on."
    scribe.stopping.set()
    await writing


async def test_a_quiz_that_stops_its_writers_again_and_again_is_given_up(room: Room) -> None:
    quiz_id = await room.order()
    for n in range(MAX_ATTEMPTS):
        assert room.rows.take(quiz_id, f"dead {n}") is not None
        room.rows.let_go()
    await room.scribe("last").write()
    quiz = room.store.get(ADA, quiz_id)
    assert (quiz.state, "interrupted" in str(quiz.reason)) == (QuizState.FINISHED, True)


async def test_an_end_that_cannot_be_saved_is_tried_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz_id = await room.order()
    scribe = room.scribe("first")

    def full(*_: object) -> None:
        raise StorageFull

    with monkeypatch.context() as patch:
        patch.setattr(room.rows, "end", full)
        with pytest.raises(StorageFull):
            await scribe.write()
    assert scribe.let_go() == room.rows.waiting() == [quiz_id]
    await scribe.write()
    assert (room.state(quiz_id), len(room.asked(quiz_id))) == (QuizState.OPEN, 5)


async def test_nobody_waits_for_ever_when_there_is_no_writer(room: Room) -> None:
    quiz_id = await room.order()
    room.abandoned = True
    await room.writing.complete(ADA, quiz_id)
    assert "interrupted" in str(room.store.get(ADA, quiz_id).reason)


def test_writers_are_missed_by_looking_and_not_by_the_clock() -> None:
    time, there = [0.0], [True]
    absence = Absence(lambda: there[0], lambda: time[0])

    def look_for(seconds: int) -> bool:
        for _ in range(seconds):
            time[0] += 1
            is_long = absence.is_long()
        return is_long

    assert not look_for(1)
    there[0], time[0] = False, 5000
    assert not look_for(1), "nobody has asked for long, and it may have died just now"
    assert not look_for(40)
    there[0] = True
    assert not look_for(1)
    there[0] = False
    assert not look_for(60)
    assert look_for(1)


async def test_nothing_is_embedded_while_a_claim_locks_the_database(room: Room) -> None:
    written: list[Item | None] = []

    class Writes(HashingEmbeddings):
        """Another process asks something else, and the database takes it at once."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if len(written) < 5:
                written.append(room.store.claim(ADA, question(100 + len(written))))
            return super().embed_documents(texts)

    room.embeddings = Writes()
    room.store.claim(ADA, question(99))
    quiz_id = await room.order(3)
    await room.scribe("first").write()
    assert (room.state(quiz_id), len(room.asked(quiz_id))) == (QuizState.OPEN, 3)
    assert written
    assert all(written)


def test_a_quiz_of_before_is_written_to_its_end(room: Room, database: Database) -> None:
    quiz_id = asyncio.run(room.order())
    room.store.claim(ADA, question(1))
    downgrade(database, "0007")
    migrate(database.engine)
    assert room.rows.waiting() == [quiz_id]
    asyncio.run(room.scribe("first").write())
    assert len(room.asked(quiz_id)) == 5

"""Writing, answering and remembering, below any door."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler

from app.author import GONE, Author, TopicNotFound
from app.markers import Examiner
from app.orders import Order, Questions
from app.persistence.db import Database
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore
from app.persistence.quizzes import QuizStore, Slot
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Document, Quiz
from app.quiz_errors import QuizOver
from app.quizzes import Quizzes
from app.reviews import Reviews
from app.writing import Writing
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA, BOB
from tests.support.questions import ScriptedWrite, answer, question
from tests.support.scribes import scribe_for
from tools.errors import Conflict, NotFound, StudyError
from tools.questions.likeness import Likeness
from tools.questions.types import Kind, Mode, Verdict, Wanted
from tools.types import QuizState, Scope

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Desk:
    """Everything about the quizzes of Ada, at a time that stands still until it is moved."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        library = LibraryStore(database)
        LearnerStore(database).known(ADA)
        with database.session_of(ADA) as session:
            session.add(
                Document(id="doc", owner_id="ada", filename="b.pdf", sha256="x", size=1, storage_key="k", state="ready")
            )
        likeness, clock = Likeness(HashingEmbeddings()), lambda: self.now
        self.write = ScriptedWrite([question(n, kind=Kind.SHORT_ANSWER) for n in range(40)])
        self.store, self.cards = QuizStore(database), ReviewStore(database)
        self.author = Author(self.store, library, lambda: likeness, self.write)
        self.sent: list[str] = []
        self.writing = Writing(self.author, self.cards, self.sent.append, lambda: False, clock)
        examiner = Examiner(lambda learner, ids: lambda word: False)
        self.quizzes = Quizzes(self.store, self.cards, self.writing, examiner, clock)
        self.reviews = Reviews(self.store, self.cards, library, examiner, clock)

    def order(self, mode: Mode = Mode.QUIZ, count: int = 3, **more: object) -> Order:
        return Order(mode, Wanted(count), Scope(documents=("doc",)), **more)  # type: ignore[arg-type]

    async def made(self, mode: Mode = Mode.QUIZ, count: int = 3, **more: object) -> str:
        quiz_id = await self.writing.start(ADA, self.order(mode, count, **more))
        await self.writing.complete(ADA, quiz_id)
        return quiz_id

    def ids(self, quiz_id: str) -> list[str]:
        return [one.item.id for one in self.store.load(ADA, quiz_id).asked]


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    desk = Desk(database)
    with scribe_for(desk.author, lambda: desk.now) as send:
        desk.writing._send = send
        yield desk


async def until(desk: Desk, quiz_id: str, done: int) -> None:
    async for progress in desk.writing.watch(ADA, quiz_id):
        if progress.done == done:
            return


async def test_the_first_question_can_be_answered_while_the_rest_is_written(desk: Desk) -> None:
    desk.write.stall_after = 1
    quiz_id = await desk.writing.start(ADA, desk.order())
    await until(desk, quiz_id, 1)
    await desk.quizzes.answer(ADA, quiz_id, desk.ids(quiz_id)[0], "x")
    await desk.quizzes.finish(ADA, quiz_id)
    assert (desk.store.get(ADA, quiz_id).state, len(desk.ids(quiz_id))) == (QuizState.FINISHED, 1)


async def test_who_watches_hears_of_the_end_and_of_what_kept_it_from_beginning(desk: Desk) -> None:
    desk.write.nearest = ("Iron",)
    order = Order(Mode.QUIZ, Wanted(3, "jazz"), Scope(documents=("doc",)))
    quiz_id = await desk.writing.start(ADA, order)
    with pytest.raises(TopicNotFound, match="Iron"):
        await desk.writing.complete(ADA, quiz_id)
    assert desk.store.get(ADA, quiz_id).state == QuizState.FINISHED


async def test_two_learners_are_asked_the_same_questions_each_for_himself(desk: Desk) -> None:
    LearnerStore(desk.database).known(BOB)
    for owner in (ADA, BOB):
        assert desk.store.claim(owner, question(1)) is not None
    assert [len(desk.store.others(owner)) for owner in (ADA, BOB)] == [1, 1]
    assert desk.store.claim(BOB, question(1)) is None


async def test_a_book_that_is_deleted_meanwhile_is_named_as_the_reason(desk: Desk) -> None:
    desk.write.items = desk.write.items[:2]
    quiz_id = await desk.writing.start(ADA, desk.order(Mode.PRACTICE))
    LibraryStore(desk.database).delete(ADA, "doc")
    await desk.writing.complete(ADA, quiz_id)
    assert GONE in (desk.store.get(ADA, quiz_id).reason or "")
    with pytest.raises(NotFound, match="library"):
        await desk.writing.another(ADA, quiz_id, desk.ids(quiz_id)[0])
    await desk.quizzes.answer(ADA, quiz_id, desk.ids(quiz_id)[0], answer(0))


async def test_a_quiz_that_was_stopped_elsewhere_takes_no_more_questions(desk: Desk) -> None:
    desk.store.create(
        Quiz(id="q", owner_id="ada", mode="quiz", state=QuizState.WRITING, scope_label="b", requested=2, writer="first")
    )
    mine = Slot("q", "first")
    assert desk.store.claim(ADA, question(1), mine) is not None
    with pytest.raises(Conflict):
        desk.store.claim(ADA, question(2), Slot("q", "second"))
    desk.store.settle(ADA, "q", "stopped", START)
    with pytest.raises(Conflict):
        desk.store.claim(ADA, question(2), mine)
    assert desk.store.claim(ADA, question(2)) is not None, "nothing was claimed in vain"


def test_of_two_that_claim_the_same_question_one_gets_it(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: desk.store.claim(ADA, question(1)), range(8)))
    assert sum(claim is not None for claim in claims) == 1


@pytest.mark.parametrize("same", ["stem", "evidence and answer"])
def test_the_same_question_under_another_id_is_the_same(desk: Desk, same: str) -> None:
    first = question(1, kind=Kind.SHORT_ANSWER)
    other = (
        replace(first, id="other", stem=first.stem.upper() + " ")
        if same == "stem"
        else replace(first, id="other", stem="Quite another question?", kind=Kind.GAP)
    )
    assert desk.store.claim(ADA, first) is not None
    assert desk.store.claim(ADA, other) is None


async def test_two_windows_that_answer_at_once_make_two_attempts(desk: Desk) -> None:
    quiz_id = await desk.made()
    item_id = desk.ids(quiz_id)[0]
    await asyncio.gather(*(desk.quizzes.answer(ADA, quiz_id, item_id, f"answer {n}") for n in range(4)))
    attempts = desk.store.load(ADA, quiz_id).item(item_id).record.given
    assert [given.number for given in attempts] == [1, 2, 3, 4]
    await asyncio.gather(*(desk.quizzes.answer(ADA, quiz_id, item_id, "same", 5) for _ in range(4)))
    assert len(desk.store.load(ADA, quiz_id).item(item_id).record.given) == 5


async def test_the_clock_runs_from_the_first_answer_and_ends_the_quiz(desk: Desk) -> None:
    quiz_id = await desk.made(seconds=60)
    item_id = desk.ids(quiz_id)[0]
    desk.now += timedelta(seconds=59)
    await desk.quizzes.answer(ADA, quiz_id, item_id, answer(0))
    desk.now += timedelta(seconds=2)
    with pytest.raises(QuizOver):
        await desk.quizzes.answer(ADA, quiz_id, item_id, "late")
    assert (await desk.quizzes.report(ADA, quiz_id)).score.correct == 1


async def test_what_was_not_marked_when_a_process_died_is_marked_for_the_report(desk: Desk) -> None:
    quiz_id = await desk.made()
    await desk.quizzes.answer(ADA, quiz_id, desk.ids(quiz_id)[0], answer(0))
    desk.store.finish(ADA, quiz_id, START)
    assert (await desk.quizzes.report(ADA, quiz_id)).score.correct == 1
    assert desk.cards.card(ADA, desk.ids(quiz_id)[0]) is not None


async def test_due_dates_are_the_packages_own_and_ending_twice_counts_once(desk: Desk) -> None:
    quiz_id = await desk.made()
    item_id = desk.ids(quiz_id)[0]
    await desk.quizzes.answer(ADA, quiz_id, item_id, answer(0))
    for _ in range(2):
        await desk.quizzes.finish(ADA, quiz_id)
        desk.now += timedelta(seconds=1)
    package = Scheduler(enable_fuzzing=False)
    card, _ = package.review_card(Card(card_id=1, due=START), Rating.Good, START)
    found = desk.cards.card(ADA, item_id)
    assert found is not None
    assert found.due == card.due
    desk.now = card.due
    reviewed = await desk.reviews.review(ADA, item_id, answer=answer(0), rating=None)
    assert reviewed.card.due == package.review_card(card, Rating.Good, desk.now)[0].due


async def test_a_leech_waits_apart_until_it_is_taken_up_again(desk: Desk) -> None:
    quiz_id = await desk.made(Mode.PRACTICE)
    item_id = desk.ids(quiz_id)[0]
    await desk.quizzes.answer(ADA, quiz_id, item_id, answer(0))
    card = desk.cards.card(ADA, item_id)
    while card is not None and not card.suspended:
        for rating in (Rating.Good, Rating.Good, Rating.Again):
            desk.now = max(desk.now, card.due)
            card = (await desk.reviews.review(ADA, item_id, answer=None, rating=rating)).card
    desk.now += timedelta(days=1)
    due = await desk.reviews.due(ADA, Scope(documents=("doc",)))
    assert item_id not in [one.item.id for one in due.due]
    assert [one.item.id for one in due.leeches] == [item_id]
    assert not (await desk.reviews.review(ADA, item_id, answer=None, rating=Rating.Good)).card.suspended


async def test_an_answer_that_nobody_can_mark_by_rule_does_not_count(desk: Desk) -> None:
    vague = replace(question(0, kind=Kind.SHORT_ANSWER), key=("the slow settling of heavy grains in still water",))
    desk.write.items = [vague]
    quiz_id = await desk.made(count=1)
    await desk.quizzes.answer(ADA, quiz_id, vague.id, "the anchor people of the valley made it number one")
    await desk.quizzes.finish(ADA, quiz_id)
    report = await desk.quizzes.report(ADA, quiz_id)
    assert (report.scored[0].result.verdict, report.score.total) == (Verdict.CANNOT_TELL, 0)
    assert desk.cards.card(ADA, vague.id) is None


async def test_what_is_due_makes_a_round_of_its_own(desk: Desk) -> None:
    with pytest.raises(StudyError):
        await desk.writing.start(ADA, desk.order(questions=Questions.DUE))
    quiz_id = await desk.made()
    await desk.quizzes.answer(ADA, quiz_id, desk.ids(quiz_id)[0], "wrong")
    await desk.quizzes.finish(ADA, quiz_id)
    desk.now += timedelta(days=1)
    again = await desk.made(Mode.PRACTICE, questions=Questions.DUE)
    assert desk.ids(again) == desk.ids(quiz_id)[:1]
    await desk.quizzes.answer(ADA, again, desk.ids(again)[0], answer(0))
    card = desk.cards.card(ADA, desk.ids(again)[0])
    assert card is not None
    assert card.due > desk.now


async def test_nobody_reaches_what_is_not_theirs(desk: Desk) -> None:
    quiz_id = await desk.made()
    item_id = desk.ids(quiz_id)[0]
    for call in (
        desk.quizzes.load(BOB, quiz_id),
        desk.quizzes.finish(BOB, quiz_id),
        desk.quizzes.report(BOB, quiz_id),
        desk.quizzes.answer(BOB, quiz_id, item_id, "x"),
        desk.quizzes.hint(BOB, quiz_id, item_id),
        desk.quizzes.challenge(BOB, quiz_id, item_id),
        desk.quizzes.report_item(BOB, quiz_id, item_id, "x"),
        desk.reviews.review(BOB, item_id, answer="x", rating=None),
        desk.writing.stop(BOB, quiz_id),
        desk.writing.another(BOB, quiz_id, item_id),
    ):
        with pytest.raises(NotFound):
            await call

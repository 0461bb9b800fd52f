"""What a turn of the agent can do with quizzes, over the real tables."""

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import ChatModel
from agent.events import Done, Event, QuizStarted
from agent.graph import build_graph, checkpoint_serializer
from app.api.chat import reply
from app.conversations import Conversation
from app.persistence.tables import Document
from app.quiz_desk import QuizDesk
from app.quiz_errors import NothingToAsk
from app.turns import Turns
from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study
from tests.support.authors import MEANINGS, Author, page
from tests.support.questions import HINT, REASON, ScriptedWrite, answer, question
from tools.errors import ModelBusy, NoDocuments, StudyError
from tools.questions.types import Mode, Verdict, Wanted
from tools.types import Learner, Scope


@pytest.fixture
def desk(study: Study) -> QuizDesk:
    """A book with a writer that can make ten questions about it."""
    document_id = study.book("The anchor is made of iron.", "Tools")
    study.services.author._write = ScriptedWrite([question(n, document_id) for n in range(10)])
    return QuizDesk(study.services, Conversation(LOCAL_LEARNER, "thread"))


async def practise(desk: QuizDesk, count: int = 2) -> str:
    return (await desk.start(Mode.PRACTICE, Wanted(count), Scope(), "new")).quiz_id


async def test_practice_goes_from_question_to_question(desk: QuizDesk) -> None:
    quiz_id = await practise(desk)
    first = await desk.at_hand(quiz_id)
    assert first
    assert (first.number, len(first.options)) == (1, 4)
    right = await desk.answer(quiz_id, first.item_id, answer(0))
    assert (right.verdict, right.settled, right.solution, right.why) == (Verdict.CORRECT, True, answer(0), REASON)
    assert right.evidence
    second = await desk.at_hand(quiz_id, first.item_id)
    assert second
    assert second.number == 2
    await desk.reveal(quiz_id, second.item_id)
    assert await desk.at_hand(quiz_id) is None


async def test_a_letter_means_the_option_as_shown(desk: QuizDesk) -> None:
    quiz_id = await practise(desk)
    asked = await desk.at_hand(quiz_id)
    assert asked
    letter = "ABCD"[asked.options.index(answer(0))]
    assert (await desk.answer(quiz_id, asked.item_id, letter.lower())).verdict is Verdict.CORRECT


async def test_a_first_wrong_answer_settles_nothing_and_tells_nothing(desk: QuizDesk) -> None:
    quiz_id = await practise(desk)
    asked = await desk.at_hand(quiz_id)
    assert asked
    wrong = await desk.answer(quiz_id, asked.item_id, next(o for o in asked.options if o != answer(0)))
    assert (wrong.verdict, wrong.settled) == (Verdict.WRONG, False)
    assert (wrong.solution, wrong.why, wrong.evidence) == ("", "", None)
    assert answer(0) not in wrong.explanation
    assert await desk.at_hand(quiz_id, asked.item_id) == asked
    assert await desk.hint(quiz_id, asked.item_id) == HINT


async def test_a_skipped_question_is_passed_over_and_another_is_added(desk: QuizDesk) -> None:
    quiz_id = await practise(desk)
    first = await desk.at_hand(quiz_id)
    assert first
    await desk.skip(quiz_id, first.item_id)
    second = await desk.at_hand(quiz_id)
    assert second
    assert second.number == 2
    added = await desk.another(quiz_id, first.item_id, "same")
    third = await desk.at_hand(quiz_id, added)
    assert third
    assert third.item_id == added


async def test_fewer_than_asked_for_is_explained(desk: QuizDesk) -> None:
    started = await desk.start(Mode.QUIZ, Wanted(50), Scope(), "new")
    await desk.services.writing.complete(LOCAL_LEARNER, started.quiz_id)
    again = desk.start(Mode.QUIZ, Wanted(5), Scope(), "new")
    with pytest.raises(NothingToAsk, match="supports"):
        await again
    assert len(desk.services.quizzes.store.mine(LOCAL_LEARNER)) == 1, "no empty quiz is left behind"


async def test_a_quiz_is_not_answered_in_words(desk: QuizDesk) -> None:
    started = await desk.start(Mode.QUIZ, Wanted(2), Scope(), "new")
    assert started.count == 2
    assert await desk.at_hand(started.quiz_id) is None


async def test_another_learners_round_is_not_at_hand(desk: QuizDesk) -> None:
    quiz_id = await practise(desk)
    assert await QuizDesk(desk.services, Conversation(Learner("somebody"), "thread")).at_hand(quiz_id) is None
    assert await desk.at_hand("no such round") is None


async def test_an_empty_library_says_what_to_do(study: Study) -> None:
    with pytest.raises(NoDocuments):
        await QuizDesk(study.services, Conversation(LOCAL_LEARNER, "thread")).start(
            Mode.QUIZ, Wanted(2), Scope(), "new"
        )


async def test_what_was_learnt_comes_back(desk: QuizDesk) -> None:
    assert (await desk.due(Scope())).count == 0
    quiz_id = await practise(desk, 1)
    asked = await desk.at_hand(quiz_id)
    assert asked
    await desk.answer(quiz_id, asked.item_id, answer(0))
    due = await desk.due(Scope())
    assert due.count == 0
    assert due.next_due


async def test_without_mistakes_there_is_nothing_to_repeat(desk: QuizDesk) -> None:
    with pytest.raises(StudyError, match="mistakes"):
        await desk.start(Mode.PRACTICE, Wanted(5), Scope(), "mistakes")


async def said(turns: Turns, text: str) -> list[Event]:
    return [event async for _, event in turns.run(Conversation(LOCAL_LEARNER, "thread"), text)]


async def test_a_conversation_practises_what_the_card_shows(study: Study, desk: QuizDesk) -> None:
    turns = Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))
    (started,) = [event for event in await said(turns, "/practice 3") if isinstance(event, QuizStarted)]
    card = study.client.get(f"/api/quizzes/{started.quiz_id}").json()
    assert (card["mode"], len(card["items"])) == ("practice", 3)
    done = (await said(turns, answer(0)))[-1]
    assert isinstance(done, Done)
    assert REASON in done.answer
    again = study.client.get(f"/api/quizzes/{started.quiz_id}").json()
    assert again != card, "the card sees what was answered in words"


async def test_a_chat_model_writes_until_it_dies_and_the_learner_hears_of_it(study: Study) -> None:
    document_id = study.upload("cells", book="Biology")["id"]
    texts = [page(term).removeprefix("Remember. ") for term in MEANINGS]
    study.read(document_id, *(Page(n, str(n), "page", text) for n, text in enumerate(texts, start=1)))
    chat = Author(error=ModelBusy(), dies_after=12)
    study.services.__dict__["chat_model_of"] = lambda _: ChatModel("scripted/model", chat)
    desk = QuizDesk(study.services, Conversation(LOCAL_LEARNER, "thread"))
    started = await desk.start(Mode.QUIZ, Wanted(6), Scope(), "new")
    await study.services.writing.complete(LOCAL_LEARNER, started.quiz_id)
    loaded = await study.services.quizzes.load(LOCAL_LEARNER, started.quiz_id)
    assert len(loaded.asked) == 6
    assert {asked.item.writer for asked in loaded.asked} == {"scripted/model", "built-in"}
    assert "built-in" in (loaded.quiz.reason or "")


async def test_a_quiz_on_a_chapter_by_number_keeps_to_its_pages(study: Study) -> None:
    document_id = study.upload("cells", book="Biology")["id"]
    texts = [page(term).removeprefix("Remember. ") for term in MEANINGS]
    study.read(document_id, *(Page(n, str(n), "page", text) for n, text in enumerate(texts, start=1)))
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        document = session.get_one(Document, document_id)
        document.details = {"contents": [[1, "Preface", 1], [1, "Division", 2], [1, "Energy", 7], [1, "Index", 12]]}
    study.services.__dict__["chat_model_of"] = lambda _: ChatModel("scripted/model", Author())
    desk = QuizDesk(study.services, Conversation(LOCAL_LEARNER, "thread"))
    started = await desk.start(Mode.QUIZ, Wanted(3, "chapter 2"), Scope(), "new")
    await study.services.writing.complete(LOCAL_LEARNER, started.quiz_id)
    asked = (await study.services.quizzes.load(LOCAL_LEARNER, started.quiz_id)).asked
    assert asked
    assert {one.item.evidence.page_index for one in asked} <= set(range(7, 12))
    with pytest.raises(StudyError, match="no chapter 9"):
        await desk.start(Mode.QUIZ, Wanted(3, "chapter 9"), Scope(), "new")
    assert len(study.services.quizzes.store.mine(LOCAL_LEARNER)) == 1, "no empty quiz is left behind"


async def test_the_reply_to_a_message_names_the_quiz_it_began(desk: QuizDesk, study: Study) -> None:
    turns = Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))
    events = await said(turns, "quiz me, 2 questions in 5 minutes")
    (started,) = [event for event in events if isinstance(event, QuizStarted)]
    done = events[-1]
    assert isinstance(done, Done)
    assert reply(done, "thread", "query").quiz_id == started.quiz_id
    assert 0 < study.client.get(f"/api/quizzes/{started.quiz_id}").json()["seconds_left"] <= 300
    later = (await said(turns, "hello"))[-1]
    assert isinstance(later, Done)
    assert reply(later, "thread", "query").quiz_id is None

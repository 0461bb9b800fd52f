"""The built-in tutor and one that a chat model drives keep the same promises."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.builtin import BuiltInTutor
from agent.chat import ChatTutor
from agent.deps import ChatModel
from agent.state import Exchange, Route
from agent.tutor import Tutor
from app.caches import MemoryCache
from app.kept_answers import KeptAnswers
from tests.support.models import ScriptedChat
from tests.support.study import LIBRARY, WordSearch
from tools.citations import Citer
from tools.errors import ModelBusy
from tools.types import Found, Learner, ResolvedScope

PAGES = {(p.document_id, p.page_index): p.text for p in LIBRARY}
HISTORY = [Exchange(question="What is osmosis?", answer="Osmosis is the diffusion of water [1].")]
MakeTutor = Callable[[Any], Tutor]


def built_in(_line: Any) -> Tutor:
    return BuiltInTutor()


def by_model(line: Any) -> Tutor:
    return ChatTutor(ChatModel("scripted/model", ScriptedChat(lines=[line])))


@pytest.fixture(params=[built_in, by_model])
def make(request: pytest.FixtureRequest) -> MakeTutor:
    made: MakeTutor = request.param
    return made


async def page_text(document_id: str, page_index: int) -> str | None:
    return PAGES.get((document_id, page_index))


async def found(question: str) -> Found:
    everything = ResolvedScope(Learner("me"), frozenset(p.document_id for p in LIBRARY), "all")
    return await WordSearch()(question, everything, 8)


async def told(tutor: Tutor, question: str) -> tuple[str, list[str], Citer]:
    hits = await found(question)
    citer = Citer(hits.hits, page_text, {})
    pieces = [piece async for piece in tutor.answer(question, hits, citer, [])]
    return "".join(pieces), pieces, citer


async def test_a_plain_question_is_an_answer_as_it_stands(make: MakeTutor) -> None:
    tutor = make({"route": "answer", "question": "What is mitosis?"})
    decision = await tutor.decide("What is mitosis?", [])
    assert (decision.route, decision.standalone) == (Route.ANSWER, "What is mitosis?")


async def test_a_follow_up_stands_alone_afterwards(make: MakeTutor) -> None:
    decision = await make({"route": "answer", "question": "Why does osmosis happen?"}).decide("why?", HISTORY)
    assert decision.route is Route.ANSWER
    assert "osmosis" in decision.standalone.lower()


@pytest.mark.parametrize(
    ("said", "route"), [("quiz me on mitosis", "quiz"), ("practice mitosis", "practice"), ("list my books", "library")]
)
async def test_other_wishes_find_their_route(make: MakeTutor, said: str, route: str) -> None:
    decision = await make({"route": route, "question": said}).decide(said, [])
    assert decision.route == route
    assert (decision.command is not None) == (decision.route is Route.LIBRARY)


async def test_every_number_in_an_answer_is_a_citation_that_stands_on_its_page(make: MakeTutor) -> None:
    text, _, citer = await told(make("Osmosis is the diffusion of water [1]. It is old [12]."), "What is osmosis?")
    assert citer.cited
    assert all(PAGES[c.document_id, c.page_index][c.start : c.end] == c.quote for c in citer.cited)
    assert all(f"[{citation.n}]" in text for citation in citer.cited)
    assert text.count("[") == len(citer.cited)


async def test_no_piece_of_an_answer_ends_within_a_marker(make: MakeTutor) -> None:
    line = ["Osmosis is the diffusion ", "of water [", "1", "]."]
    _, pieces, _ = await told(make(line), "What is osmosis?")
    assert all(piece.count("[") == piece.count("]") for piece in pieces)


async def test_a_model_is_not_asked_again_for_what_begins_another_conversation_in_the_same_words() -> None:
    answers = KeptAnswers(MemoryCache(), Learner("ada"), "scripted/model", {})
    chat = ScriptedChat(lines=['Osmosis moves water [1: "Osmosis is"].', "Another answer."])
    tutors = [ChatTutor(ChatModel("scripted/model", chat), answers=answers) for _ in range(3)]
    first, again = [await told(tutor, "What is osmosis?") for tutor in tutors[:2]]
    assert (first[0], first[2].cited) == (again[0], again[2].cited)
    assert (len(chat.asked), tutors[1].tokens) == (1, {})
    hits = await found("What is osmosis?")
    within = tutors[2].answer("What is osmosis?", hits, Citer(hits.hits, page_text, {}), HISTORY)
    assert "".join([piece async for piece in within]) == "Another answer."


async def test_an_answer_that_broke_off_is_not_kept() -> None:
    answers = KeptAnswers(MemoryCache(), Learner("ada"), "scripted/model", {})
    chat = ScriptedChat(lines=[["Osmosis moves", ModelBusy()], "Osmosis moves water."])
    with pytest.raises(ModelBusy):
        await told(ChatTutor(ChatModel("scripted/model", chat), answers=answers), "What is osmosis?")
    text, _, _ = await told(ChatTutor(ChatModel("scripted/model", chat), answers=answers), "What is osmosis?")
    assert text == "Osmosis moves water."

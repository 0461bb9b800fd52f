"""Whole turns over a small library, with utterances that nobody plans for."""

from dataclasses import replace

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import ChatModel, Deps
from agent.events import Done
from agent.graph import build_graph, checkpoint_serializer
from app.choices import Chosen
from app.conversations import Conversation
from app.persistence.tables import Document
from app.turns import Turns
from app.wiring import LOCAL_LEARNER
from evals.corpus import corpus
from ingestion.types import Page
from tests.support.api import Study
from tests.support.odd_questions import odd_questions
from tests.support.rounds import Rounds
from tools.errors import InvalidRequest

BOOKS = 3
EACH = 80


class TurnsWithRounds(Turns):
    """The turns of the product; only the questions of a quiz are written beforehand."""

    def deps(self, conversation: Conversation, chosen: Chosen, model: ChatModel | None) -> Deps:
        return replace(super().deps(conversation, chosen, model), quizzes=Rounds())


@pytest.fixture
def turns(study: Study) -> TurnsWithRounds:
    """Three books of many short texts, each with its chapters in its contents."""
    for n in range(BOOKS):
        texts = [paragraph.text for paragraph in corpus()[n::BOOKS]]
        pages = [Page(index, str(index), "page", text) for index, text in enumerate(texts, start=1)]
        uploaded = study.upload("\n".join(texts), f"book{n}.txt", semester="Autumn", subject="All", book=f"Book {n}")
        study.read(uploaded["id"], *pages)
        contents = [[1, f"{page.index} About {page.text.split()[0]}", page.index] for page in pages[::4]]
        with study.services.database.session_of(LOCAL_LEARNER) as session:
            session.get_one(Document, uploaded["id"]).details = {"contents": contents}
    return TurnsWithRounds(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))


async def said(turns: Turns, question: str, thread_id: str) -> str:
    """The whole reply, or why the question is none."""
    answer = ""
    try:
        async for _, event in turns.run(Conversation(LOCAL_LEARNER, thread_id), question):
            answer = event.answer if isinstance(event, Done) else answer
    except InvalidRequest as error:
        return str(error)
    return answer


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_typed_gets_a_sentence(turns: TurnsWithRounds, seed: int) -> None:
    vocabulary = sorted({word for paragraph in corpus() for word in paragraph.text.split()})
    for n, question in enumerate(odd_questions(vocabulary, EACH, seed)):
        assert (await said(turns, question, f"thread-{n % 5}")).strip(), question


@pytest.mark.parametrize(
    "question",
    [
        "coal. partners Ricardo workers",
        "the sin ) in",
        "chapter -1",
        "summarise chapter -1",
        "chapter " + "9" * 30,
        "what are sections 1, 2, and 3 about?",
        "only use ∈ \udfff ” - @ \x00",
        "\ud800",
        "energy." * 600,
    ],
    ids=ascii,
)
async def test_what_once_broke_a_turn_gets_a_sentence(turns: TurnsWithRounds, question: str) -> None:
    assert (await said(turns, question, "thread")).strip()

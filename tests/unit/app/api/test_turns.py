"""Turns over the real library, search and tables."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.events import Done
from agent.graph import build_graph, checkpoint_serializer
from app.choices import Choices
from app.conversations import Conversation
from app.limits import TooMany
from app.models.litellm_client import close_litellm
from app.own_models import WantedModel
from app.persistence.tables import Query
from app.settings import Settings
from app.turns import FULL_SECONDS, Turns
from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study
from tests.support.openai_server import OpenAIServer, Reply
from tools.types import Degraded, Found

NOTE = "The wombat digs long burrows under the northern fence. Its burrows are cool in the summer."
OTHER = "Memory is the ability to store and to recall what was learned."


@pytest.fixture
def turns(study: Study) -> Turns:
    """A book on psychology, and a note that was dropped into the chat."""
    study.book(OTHER, "Psychology", "psychology.txt")
    note = study.upload(NOTE, "note.txt", thread_id="chat")["id"]
    study.read(note, Page(1, "1", "section", NOTE))
    return Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))


async def reply(turns: Turns, said: str, thread_id: str = "chat") -> Done:
    told = [event async for _, event in turns.run(Conversation(LOCAL_LEARNER, thread_id), said)]
    done = told[-1]
    assert isinstance(done, Done)
    return done


async def test_a_file_of_the_chat_is_answered_from_within_any_scope_until_it_is_left_out(turns: Turns) -> None:
    asked = "Where does the wombat dig its burrows?"
    assert "Psychology + this chat's files" in (await reply(turns, "/scope Psychology")).answer
    assert {citation.filename for citation in (await reply(turns, asked)).citations} == {"note.txt"}
    await reply(turns, "/scope without files")
    left_out = await reply(turns, asked)
    assert left_out.refused
    assert left_out.notices == ("note.txt lies outside the scope you chose; say `/scope with files` to include it.",)


async def test_another_chat_does_not_see_the_file(turns: Turns) -> None:
    assert (await reply(turns, "Where does the wombat dig its burrows?", "another")).refused


async def test_beyond_so_many_turns_at_once_one_more_is_told_when_to_come_back(turns: Turns) -> None:
    turns._running = turns.services.settings.turns_at_once - 1
    first = turns.run(Conversation(LOCAL_LEARNER, "chat"), "Where does the wombat dig its burrows?")
    await anext(first)
    with pytest.raises(TooMany) as refused:
        await reply(turns, "What is memory?", "another")
    assert (refused.value.status, refused.value.retry_after) == (429, FULL_SECONDS)
    await first.aclose()
    assert (await reply(turns, "What is memory?", "another")).citations


WOMBAT = "Where does the wombat dig its burrows?"
FENCE = "What does the wombat dig under the northern fence?"
SUMMER = "Which burrows of the wombat are cool in the summer?"
CITED = Reply("The wombat digs under the fence [1].")


@pytest.fixture
async def key(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("OPENAI_API_KEY", "the-operators-key")
    yield
    await close_litellm()


def with_model(turns: Turns, server: OpenAIServer, **settings: object) -> Turns:
    """The same product, set up with a model."""
    named = {
        "STUDYRAG_DATA_DIR": turns.services.settings.data_dir,
        "STUDYRAG_CHAT_MODEL": "openai/gpt-4o-mini",
        "STUDYRAG_CHAT_API_BASE": server.url,
        **settings,
    }
    services = replace(turns.services, settings=Settings.model_validate(named))
    services.__dict__["indexes"] = turns.services.indexes
    return Turns(services, turns.graph)


def kept(turns: Turns) -> Query:
    [newest] = turns.services.queries.history(LOCAL_LEARNER, limit=1)
    return newest


@pytest.mark.usefixtures("key")
async def test_a_query_keeps_the_tokens_and_dollars_of_its_model(turns: Turns) -> None:
    with OpenAIServer(CITED) as server:
        asked = with_model(turns, server)
        assert (await reply(asked, WOMBAT)).model == "openai/gpt-4o-mini"
    query = kept(asked)
    assert query.tokens["output"] == len(CITED.text.split())
    assert query.dollars == pytest.approx(query.tokens["input"] * 1.5e-7 + query.tokens["output"] * 6e-7)
    assert asked.services.usage.today(LOCAL_LEARNER).tokens == sum(query.tokens.values())


async def test_the_built_in_tutor_costs_nothing(turns: Turns) -> None:
    await reply(turns, WOMBAT)
    assert (kept(turns).tokens, kept(turns).dollars) == ({}, None)


@pytest.mark.usefixtures("key")
async def test_after_the_days_budget_the_built_in_tutor_answers_and_says_why(turns: Turns) -> None:
    with OpenAIServer(CITED) as server:
        asked = with_model(turns, server, STUDYRAG_TOKENS_PER_DAY=10)
        await reply(asked, WOMBAT)
        before = len(server.requests)
        done = await reply(asked, FENCE)
        assert len(server.requests) == before
    assert done.model == "built-in tutor"
    assert "budget for the chat model is used up" in done.notices[0]


@pytest.mark.usefixtures("key")
async def test_a_learners_own_model_answers_without_the_operators_budget_and_falls_back_on_the_operators(
    turns: Turns,
) -> None:
    with OpenAIServer(CITED) as operators, OpenAIServer(CITED) as own:
        asked = with_model(turns, operators, STUDYRAG_TOKENS_PER_DAY=10)
        await asked.services.own_models.keep(LOCAL_LEARNER, WantedModel("openai_like", "mine", "my-own-key", own.url))
        for question in (WOMBAT, FENCE):
            assert (await reply(asked, question)).model == "openai/mine"
        assert not operators.requests
        assert own.requests[-1].headers["authorization"] == "Bearer my-own-key"
        own.script = Reply(status=500)
        assert (await reply(asked, SUMMER)).model == "openai/gpt-4o-mini"
        assert operators.requests[-1].headers["authorization"] == "Bearer the-operators-key"


@pytest.mark.usefixtures("key")
async def test_pipeline_settings_reach_the_model_and_the_search(turns: Turns) -> None:
    with OpenAIServer(CITED) as server:
        asked = with_model(turns, server)
        choices: Choices = asked.services.choices
        config = choices.default.model_copy(
            update={
                "generation": choices.default.generation.model_copy(update={"temperature": 0.3, "max_tokens": 99}),
                "retrieval": choices.default.retrieval.model_copy(update={"passages": 1}),
            }
        )
        choices.change_config(LOCAL_LEARNER, 0, config)
        await reply(asked, WOMBAT)
        body = server.requests[-1].body
    assert (body["temperature"], body["max_tokens"]) == (0.3, 99)
    assert len(kept(asked).passages) == 1


async def test_a_reranker_is_asked_unless_the_learner_declines(turns: Turns) -> None:
    asked: list[str] = []

    async def rerank(question: str, found: Found) -> Found:
        asked.append(question)
        return replace(found, degraded=Degraded.RERANKER)

    turns.services.__dict__["reranker"] = rerank
    assert "ranking service" in (await reply(turns, WOMBAT)).notices[0]
    choices = turns.services.choices
    declined = choices.default.retrieval.model_copy(update={"rerank": False})
    choices.change_config(LOCAL_LEARNER, 0, choices.default.model_copy(update={"retrieval": declined}))
    assert not (await reply(turns, WOMBAT)).notices
    assert len(asked) == 1

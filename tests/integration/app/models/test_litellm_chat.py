import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from langchain_core.messages import AIMessageChunk, BaseMessageChunk, HumanMessage, SystemMessage
from pydantic import BaseModel

from app.models.deployments import operators_deployments
from app.models.failover import COOLDOWN, Deployment
from app.models.litellm_chat import LONGEST_REPLY, LiteLLMChat
from app.models.litellm_client import close_litellm
from app.settings import Settings
from tests.support.openai_server import OpenAIServer, Reply, Request, Script
from tools.correlation import correlated
from tools.errors import ModelBusy, ModelFailed, StudyError

ANSWER = "Water moves through the membrane [1]."


class Verdict(BaseModel):
    route: str
    certain: bool


@pytest.fixture(autouse=True)
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another-key-for-tests")
    yield
    await close_litellm()


def chat(server: OpenAIServer, *fallbacks: str, timeout: float = 10) -> LiteLLMChat:
    settings = Settings.model_validate(
        {
            "STUDYRAG_CHAT_MODEL": "openai/first",
            "STUDYRAG_FALLBACK_MODELS": ",".join(fallbacks),
            "STUDYRAG_CHAT_API_BASE": server.url,
        }
    )
    return LiteLLMChat.over(operators_deployments(settings), timeout=timeout)


async def collect(model: LiteLLMChat) -> list[AIMessageChunk]:
    return [chunk async for chunk in model.astream("What is osmosis?")]


def patience(reply: Reply) -> float:
    """Short only where the time-out is what is tried, or a busy machine looks like a silent provider."""
    return 2.0 if reply.hang else 10


def text(chunks: list[AIMessageChunk]) -> str:
    return "".join(str(chunk.content) for chunk in chunks)


def by_model(**replies: Reply) -> Script:
    def script(request: Request) -> Reply:
        return replies[request.model]

    return script


async def test_an_answer_streams_in_pieces_and_the_last_one_tells_who_spoke_and_what_it_cost() -> None:
    with OpenAIServer(Reply(ANSWER)) as server:
        chunks = await collect(chat(server))
    assert text(chunks) == ANSWER
    assert len([chunk for chunk in chunks if chunk.content]) > 2
    assert chunks[-1].response_metadata["model_name"] == "openai/first"
    assert chunks[-1].response_metadata["finish_reason"] == "stop"
    usage = chunks[-1].usage_metadata
    assert usage
    assert usage["output_tokens"] == len(ANSWER.split())


async def test_the_pieces_add_up_to_one_message() -> None:
    with OpenAIServer(Reply(ANSWER)) as server:
        first, *others = await collect(chat(server))
    whole: BaseMessageChunk = first
    for chunk in others:
        whole += chunk
    assert whole.text == ANSWER
    assert whole.response_metadata["model_name"] == "openai/first"


async def test_a_provider_that_reports_no_usage_leaves_it_open() -> None:
    with OpenAIServer(Reply(ANSWER, usage=False)) as server:
        chunks = await collect(chat(server))
    assert text(chunks) == ANSWER
    assert chunks[-1].usage_metadata is None


async def test_a_whole_answer_carries_the_same() -> None:
    with OpenAIServer(Reply(ANSWER)) as server:
        message = await chat(server).ainvoke("What is osmosis?")
    assert message.text == ANSWER
    assert message.response_metadata["model_name"] == "openai/first"
    assert message.usage_metadata


async def test_the_provider_hears_for_which_request_it_is_asked() -> None:
    with OpenAIServer(Reply(ANSWER)) as server, correlated("request-of-mine"):
        await chat(server).ainvoke("What is osmosis?")
    assert server.requests[0].headers["x-request-id"] == "request-of-mine"


async def test_the_messages_the_key_and_nothing_else_reach_the_model() -> None:
    with OpenAIServer() as server:
        await chat(server).ainvoke([SystemMessage("You are a tutor."), HumanMessage("What is osmosis?")])
        [request] = server.requests
    assert request.body["messages"] == [
        {"role": "system", "content": "You are a tutor."},
        {"role": "user", "content": "What is osmosis?"},
    ]
    assert request.headers["authorization"] == "Bearer a-key-for-tests"
    assert request.body.keys() == {"model", "messages", "stream", "stream_options"}


async def test_invented_citations_pass_unchanged_because_the_agent_checks_them() -> None:
    with OpenAIServer(Reply("Water is dry [99].")) as server:
        assert (await chat(server).ainvoke("?")).text == "Water is dry [99]."


FAULTS = {
    "rate limit": (Reply(status=429, headers={"retry-after": "30"}), ModelBusy),
    "server error": (Reply(status=500), ModelBusy),
    "unavailable": (Reply(status=503), ModelBusy),
    "silence before the headers": (Reply(hang="before"), ModelBusy),
    "silence after the headers": (Reply(hang="headers"), ModelBusy),
    "cut before the first word": (Reply(cut="clean"), ModelBusy),
    "dropped before the first word": (Reply(cut="abrupt"), ModelBusy),
    "malformed body": (Reply(raw=b'{"choices": [{'), ModelBusy),
    "wrong key": (Reply(status=401), ModelFailed),
    "forbidden": (Reply(status=403), ModelFailed),
    "unknown model": (Reply(status=404), ModelFailed),
    "bad request": (Reply(status=400), ModelFailed),
    "too long": (Reply(status=400, error={"message": "too long", "code": "context_length_exceeded"}), ModelFailed),
    "empty": (Reply(""), ModelFailed),
    "a tool call instead of text": (Reply(tool_calls=(("search", "{}"),), finish_reason="tool_calls"), ModelFailed),
    "blocked": (Reply(finish_reason="content_filter"), ModelFailed),
}


@pytest.mark.parametrize(("reply", "kind"), FAULTS.values(), ids=FAULTS)
async def test_each_fault_is_an_error_that_says_whether_to_try_again(reply: Reply, kind: type[StudyError]) -> None:
    with OpenAIServer(reply) as server:
        with pytest.raises(kind) as caught:
            await collect(chat(server, timeout=patience(reply)))
        assert len(server.requests) <= 2
    assert "openai/first" in str(caught.value)


@pytest.mark.parametrize("reply", [reply for reply, _ in FAULTS.values()], ids=FAULTS)
async def test_each_fault_before_the_first_word_falls_back_to_the_next_model(reply: Reply) -> None:
    with OpenAIServer(by_model(first=reply, second=Reply(ANSWER))) as server:
        chunks = await collect(chat(server, "openai/second", timeout=patience(reply)))
    assert text(chunks) == ANSWER
    assert chunks[-1].response_metadata["model_name"] == "openai/second"


BROKEN = {
    "silence": (Reply("Water moves", hang="tokens"), ModelBusy),
    "cut": (Reply("Water moves", cut="clean"), ModelBusy),
    "dropped": (Reply("Water moves", cut="abrupt"), ModelBusy),
    "blocked": (Reply("Water moves", finish_reason="content_filter"), ModelFailed),
    "no end": (Reply(f"Water moves {'x' * LONGEST_REPLY} and"), ModelFailed),
}


@pytest.mark.parametrize(("reply", "kind"), BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_breaks_off_raises_after_its_last_word(reply: Reply, kind: type[StudyError]) -> None:
    pieces: list[str] = []
    show = pieces.append

    async def read(model: LiteLLMChat) -> None:
        async for chunk in model.astream("?"):
            show(str(chunk.content))

    with OpenAIServer(by_model(first=reply, second=Reply(ANSWER))) as server:
        with pytest.raises(kind):
            await read(chat(server, "openai/second", timeout=patience(reply)))
        assert len(server.requests) == 1, "words were shown, so no other model may go on from here"
    assert "".join(pieces) == "Water moves"


@pytest.mark.parametrize("reply", [reply for reply, _ in BROKEN.values()], ids=BROKEN)
async def test_an_answer_that_nobody_saw_break_off_is_asked_for_again(reply: Reply) -> None:
    with OpenAIServer(by_model(first=reply, second=Reply(ANSWER))) as server:
        message = await chat(server, "openai/second", timeout=patience(reply)).ainvoke("?")
    assert message.text == ANSWER
    assert message.response_metadata["model_name"] == "openai/second"


async def test_a_short_wait_that_the_provider_asks_for_is_kept() -> None:
    with OpenAIServer([Reply(status=429, headers={"retry-after": "1"}), Reply(ANSWER)]) as server:
        chunks = await collect(chat(server, "openai/second"))
        assert [request.model for request in server.requests] == ["first", "first"]
    assert text(chunks) == ANSWER


async def test_a_long_wait_is_passed_on_to_the_learner() -> None:
    with OpenAIServer(Reply(status=429, headers={"retry-after": "30"})) as server:
        with pytest.raises(ModelBusy) as caught:
            await collect(chat(server))
        assert len(server.requests) == 1
    assert caught.value.retry_after == 30


async def test_a_provider_that_is_down_is_skipped_after_two_turns() -> None:
    with OpenAIServer(by_model(first=Reply(status=500), second=Reply(ANSWER))) as server:
        model = chat(server, "openai/second")
        for _ in range(4):
            assert text(await collect(model)) == ANSWER
        assert len(server.asked("first")) == 4, "two turns of two attempts"
        assert len(server.asked("second")) == 4


async def test_a_provider_that_hangs_costs_one_turn_only() -> None:
    with OpenAIServer(Reply(hang="before")) as server:
        model = chat(server, timeout=0.5)
        with pytest.raises(ModelBusy):
            await collect(model)
        with pytest.raises(ModelBusy) as caught:
            await collect(model)
        assert len(server.requests) == 1
    assert caught.value.retry_after == COOLDOWN


async def test_nobody_at_the_address_is_an_error_like_another() -> None:
    with OpenAIServer() as server:
        model = chat(server)
    with pytest.raises(ModelBusy):
        await collect(model)


async def test_the_next_question_uses_the_same_connection() -> None:
    with OpenAIServer(Reply(ANSWER)) as server:
        model = chat(server)
        for _ in range(3):
            await collect(model)
        assert len({request.port for request in server.requests}) == 1


async def test_a_learner_who_stops_reading_frees_the_model() -> None:
    with OpenAIServer(Reply("one two three", token_delay=0.05)) as server:
        model = chat(server)
        answer = model.astream("?")
        await anext(answer)
        await answer.aclose()  # type: ignore[attr-defined]
        assert text(await collect(model)) == "one two three"


async def test_two_learners_are_answered_at_the_same_time() -> None:
    with OpenAIServer(lambda request: Reply(request.text, token_delay=0.01)) as server:
        model = chat(server)
        answers = await asyncio.gather(*(model.ainvoke(f"question number {n}") for n in range(8)))
    assert [answer.text for answer in answers] == [f"question number {n}" for n in range(8)]


async def test_a_structured_answer_comes_as_its_type_and_the_model_was_told_the_schema() -> None:
    with OpenAIServer(Reply('{"route": "answer", "certain": true}')) as server:
        verdict = await chat(server).with_structured_output(Verdict).ainvoke("Where to?")
        assert "certain" in server.requests[0].text
        assert server.requests[0].body["response_format"]["type"] in {"json_object", "json_schema"}
    assert verdict == Verdict(route="answer", certain=True)


@pytest.mark.parametrize("wrapped", ["```json\n{}\n```", "Here you are: {} Good luck!"])
async def test_words_around_the_json_do_no_harm(wrapped: str) -> None:
    body = json.dumps({"route": "quiz", "certain": False})
    with OpenAIServer(Reply(wrapped.replace("{}", body))) as server:
        assert await chat(server).with_structured_output(Verdict).ainvoke("?") == Verdict(route="quiz", certain=False)


async def test_bad_json_is_sent_back_once() -> None:
    with OpenAIServer([Reply('{"route": "quiz", '), Reply('{"route": "quiz", "certain": true}')]) as server:
        verdict = await chat(server).with_structured_output(Verdict).ainvoke("?")
        assert '{"route": "quiz", ' in server.requests[1].text, "the model must see what it wrote"
    assert verdict == Verdict(route="quiz", certain=True)


@pytest.mark.parametrize("reply", ["no json at all", '{"route": "quiz"}', '{"route": "quiz", "certain": "perhaps"}'])
async def test_bad_json_twice_is_a_failure(reply: str) -> None:
    with OpenAIServer(Reply(reply)) as server:
        with pytest.raises(ModelFailed):
            await chat(server).with_structured_output(Verdict).ainvoke("?")
        assert len(server.requests) == 2


async def test_another_providers_model_goes_to_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer(Reply(status=401)) as ours, OpenAIServer(Reply(status=401)) as theirs:
        monkeypatch.setenv("ANTHROPIC_API_BASE", theirs.url.removesuffix("/v1"))
        with pytest.raises(ModelFailed):
            await collect(chat(ours, "anthropic/claude-x"))
        assert [request.path for request in ours.requests] == ["/v1/chat/completions"]
        assert [request.path for request in theirs.requests] == ["/v1/messages"]
        assert theirs.requests[0].headers["x-api-key"] == "another-key-for-tests"


async def test_a_local_ollama_is_reached_by_its_name() -> None:
    with OpenAIServer() as server:
        place = Deployment("ollama_chat/small", server.url.removesuffix("/v1"))
        model = LiteLLMChat.over([place], timeout=5)
        with pytest.raises(StudyError):
            await collect(model)
        assert {request.path for request in server.requests} <= {"/api/chat", "/api/show"}
        assert server.requests


def test_a_name_of_no_provider_is_refused_at_once() -> None:
    with pytest.raises(ModelFailed, match="nobody-knows-this"):
        operators_deployments(Settings.model_validate({"STUDYRAG_CHAT_MODEL": "nobody-knows-this"}))

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.models.litellm_client import close_litellm
from app.models.litellm_rerank import LiteLLMReranker
from tests.support.openai_server import OpenAIServer, Reply
from tests.support.study import HITS
from tools.errors import ModelFailed
from tools.types import Degraded, Found

FOUND = Found("What is osmosis?", HITS[:3])


@pytest.fixture(autouse=True)
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("COHERE_API_KEY", "a-key-for-tests")
    yield
    await close_litellm()


def order(*indexes: int) -> Reply:
    results = [{"index": index, "relevance_score": 1 / (n + 1)} for n, index in enumerate(indexes)]
    return Reply(raw=json.dumps({"id": "r", "results": results, "meta": {}}).encode())


def reranker(server: OpenAIServer) -> LiteLLMReranker:
    return LiteLLMReranker("cohere/rerank-x", api_base=server.url.removesuffix("/v1"))


async def test_the_models_order_takes_the_place_of_ours() -> None:
    with OpenAIServer(order(2, 0, 1)) as server:
        found = await reranker(server)("What is osmosis?", FOUND)
    assert found.hits == (HITS[2], HITS[0], HITS[1])
    assert found.degraded is None
    [request] = server.requests
    assert request.body["query"] == "What is osmosis?"
    assert request.body["documents"] == [hit.passage.text for hit in FOUND.hits]


async def test_what_it_leaves_out_comes_behind() -> None:
    with OpenAIServer(order(1)) as server:
        assert (await reranker(server)("?", FOUND)).hits == (HITS[1], HITS[0], HITS[2])


@pytest.mark.parametrize("fault", [Reply(status=500), Reply(status=401), order(7), order(1, 1), Reply(raw=b"{")])
async def test_what_goes_wrong_leaves_our_order_and_says_so(fault: Reply) -> None:
    with OpenAIServer(fault) as server:
        found = await reranker(server)("?", FOUND)
    assert found == replace(FOUND, degraded=Degraded.RERANKER)


async def test_a_dead_one_is_left_alone() -> None:
    with OpenAIServer(Reply(status=503)) as server:
        ranking = reranker(server)
        for _ in range(2):
            await ranking("?", FOUND)
        asked = len(server.requests)
        assert (await ranking("?", FOUND)).degraded is Degraded.RERANKER
        assert len(server.requests) == asked


def test_a_name_of_no_provider_is_refused_at_once() -> None:
    with pytest.raises(ModelFailed, match="nobody-knows-this"):
        LiteLLMReranker("nobody-knows-this")

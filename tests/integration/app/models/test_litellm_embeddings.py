import pytest

from app.models.litellm_embeddings import BATCH, build_embeddings
from tests.support.openai_server import DIMENSIONS, OpenAIServer, Reply, embedding
from tools.errors import ModelBusy, ModelFailed, StudyError

MODEL = "openai/small-embedding"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


def test_each_text_gets_its_own_vector_in_order_also_over_several_requests() -> None:
    texts = [f"passage number {n}" for n in range(2 * BATCH + 1)]
    with OpenAIServer() as server:
        vectors = build_embeddings(MODEL, api_base=server.url, timeout=10).embed_documents(texts)
        assert len(server.requests) == 3
    assert vectors == [pytest.approx(embedding(text)) for text in texts]


def test_a_question_and_an_empty_text_have_vectors_too() -> None:
    with OpenAIServer() as server:
        model = build_embeddings(MODEL, api_base=server.url, timeout=10)
        assert len(model.embed_query("What is osmosis?")) == DIMENSIONS
        assert len(model.embed_documents(["", "  "])) == 2
        assert all(all(text.strip() for text in request.body["input"]) for request in server.requests)
        assert model.embed_documents([]) == []


@pytest.mark.parametrize("fault", [Reply(status=500), Reply(status=429, headers={"retry-after": "1"})])
def test_a_passing_fault_is_tried_again(fault: Reply) -> None:
    with OpenAIServer([fault, Reply()]) as server:
        assert build_embeddings(MODEL, api_base=server.url, timeout=10).embed_query("osmosis")
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "requests"),
    [
        (Reply(status=500), ModelBusy, 2),
        (Reply(status=429, headers={"retry-after": "30"}), ModelBusy, 1),
        (Reply(hang="before"), ModelBusy, 1),
        (Reply(status=401), ModelFailed, 1),
        (Reply(status=404), ModelFailed, 1),
        (Reply(raw=b'{"object": "list", "data": [], "model": "x"}'), ModelFailed, 1),
        (Reply(raw=b'{"data": ['), StudyError, 2),
    ],
)
def test_a_lasting_fault_is_an_error(fault: Reply, kind: type[StudyError], requests: int) -> None:
    with OpenAIServer(fault) as server:
        with pytest.raises(kind) as caught:
            build_embeddings(MODEL, api_base=server.url, timeout=0.4).embed_query("osmosis")
        assert len(server.requests) <= requests
    assert MODEL in str(caught.value)


def test_a_provider_that_took_its_whole_time_is_left_alone_for_a_while() -> None:
    with OpenAIServer(Reply(hang="before")) as server:
        model = build_embeddings(MODEL, api_base=server.url, timeout=0.4)
        for embed in (lambda: model.embed_query("osmosis"), lambda: model.embed_documents(["osmosis"])):
            with pytest.raises(ModelBusy) as caught:
                embed()
        assert len(server.requests) == 1
    assert caught.value.retry_after, "who can wait knows how long"


def test_a_name_of_no_provider_is_refused_at_once() -> None:
    with pytest.raises(ModelFailed):
        build_embeddings("nobody-knows-this", timeout=5)

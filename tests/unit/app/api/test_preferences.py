"""What a learner chooses: kept, told, felt in the next turn, and nobody else's."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.models.litellm_client import close_litellm
from app.models.providers import PROVIDERS, Program
from app.own_models import OwnModels
from app.persistence.tables import OwnModelRow
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tests.support.learners import EVE
from tests.support.openai_server import OpenAIServer, Reply

KEY = "a-key-of-my-own-1234567890"
PREFERENCES, OWN = "/api/preferences", "/api/preferences/model-key"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(Reply("ready")) as server:
        yield server


@pytest.fixture(autouse=True)
def closed(study: Study) -> Iterator[None]:
    """The connections to models are of the client's loop, and end with it."""
    yield
    assert study.client.portal
    study.client.portal.call(close_litellm)


def wanted(server: OpenAIServer, **changed: str) -> dict[str, str]:
    return {"provider": "openai_like", "model": "small", "key": KEY, "api_base": server.url} | changed


def put(study: Study, address: str, body: dict[str, Any]) -> httpx.Response:
    reply: httpx.Response = study.client.put(address, json=body)
    return reply


def kept(study: Study) -> OwnModelRow | None:
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        return session.get(OwnModelRow, LOCAL_LEARNER.id)


def test_somebody_who_chose_nothing_is_answered_as_the_operator_has_it(study: Study) -> None:
    now = study.client.get(PREFERENCES).json()
    assert (now["answer_length"], now["tutor"], now["default_model"]) == ("normal", "default", "built-in tutor")
    assert now["own_model"] is None
    assert now["today"] == {"tokens": 0, "dollars": 0.0, "tokens_allowed": None, "dollars_allowed": None}


def test_what_is_chosen_is_kept_and_what_is_left_out_stays(study: Study) -> None:
    assert put(study, PREFERENCES, {"answer_length": "short"}).json()["answer_length"] == "short"
    now = put(study, PREFERENCES, {"tutor": "built_in"}).json()
    assert (now["answer_length"], now["tutor"]) == ("short", "built_in")
    assert study.client.get(PREFERENCES).json() == now


@pytest.mark.parametrize("body", [{"answer_length": "endless"}, {"tutor": "me"}, {"colour": "red"}, {"tutor": "own"}])
def test_what_cannot_be_chosen_is_refused(study: Study, body: dict[str, str]) -> None:
    assert put(study, PREFERENCES, body).status_code == 422
    assert study.client.get(PREFERENCES).json()["tutor"] == "default"


def test_a_model_of_ones_own_is_asked_once_and_kept_with_its_key_sealed(study: Study, server: OpenAIServer) -> None:
    reply = put(study, OWN, wanted(server))
    assert reply.status_code == 200, reply.text
    assert len(server.requests) == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert (reply.json()["tutor"], reply.json()["own_model"]["model"]) == ("own", "small")
    row = kept(study)
    assert row
    assert KEY.encode() not in row.sealed_key
    for address in (PREFERENCES, "/settings", f"{PREFERENCES}/models"):
        assert KEY not in study.client.get(address).text
    assert (study.services.settings.data_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_it_answers_from_the_next_question_on_until_it_is_deleted(study: Study, server: OpenAIServer) -> None:
    put(study, OWN, wanted(server))
    model = study.services.chat_model_of(LOCAL_LEARNER)
    assert model
    assert model.name == "openai/small"
    assert study.client.delete(OWN).status_code == 204
    assert study.services.chat_model_of(LOCAL_LEARNER) is None
    assert kept(study) is None
    assert study.client.get(PREFERENCES).json()["tutor"] == "default"


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (Reply(status=401), 422, "refused the API key"),
        (Reply(status=404), 422, "does not know"),
        (Reply(""), 422, "empty answer"),
        (Reply(status=503), 503, "in trouble"),
    ],
)
def test_a_model_that_does_not_answer_is_not_kept(study: Study, fault: Reply, status: int, said: str) -> None:
    with OpenAIServer(fault) as server:
        reply = put(study, OWN, wanted(server))
    assert (reply.status_code, said in reply.json()["message"]) == (status, True), reply.text
    assert KEY not in reply.text
    assert kept(study) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"provider": "bedrock"},
        {"model": "../admin"},
        {"model": "a b"},
        {"model": ""},
        {"api_base": "file:///etc/passwd"},
        {"api_base": "http://"},
        {"api_base": ""},
        {"key": "two words"},
        {"key": "line\nbreak"},
        {"provider": "openai"},
        {"provider": "openai", "api_base": "", "key": ""},
    ],
)
def test_what_cannot_be_a_model_is_refused_unasked(study: Study, server: OpenAIServer, changed: dict[str, str]) -> None:
    assert put(study, OWN, wanted(server, **changed)).status_code == 422
    assert not server.requests


def test_an_operators_server_asks_no_address_that_a_learner_names(study: Study, server: OpenAIServer) -> None:
    own = study.services.own_models
    put(study, OWN, wanted(server))
    server.requests.clear()
    shared = OwnModels(own._preferences, own._sealer, 5, any_address=False)
    study.services.__dict__["own_models"] = shared
    for provider in ("openai_like", "ollama_chat", "openai"):
        assert put(study, OWN, wanted(server, provider=provider)).status_code == 422
    assert not server.requests
    row = study.services.choices.preferences.of(LOCAL_LEARNER).own
    assert row
    assert shared.deployment(LOCAL_LEARNER, row) is None, "also one that was kept before"
    offered = study.client.get(f"{PREFERENCES}/models").json()
    assert {one["id"] for one in offered["providers"]} == {
        one.id for one in PROVIDERS.values() if not one.at_an_address
    }
    assert offered["servers"] == []


def test_a_key_is_of_no_use_in_the_row_of_somebody_else_or_with_another_secret(
    study: Study, server: OpenAIServer
) -> None:
    put(study, OWN, wanted(server))
    own = study.services.choices.preferences.of(LOCAL_LEARNER).own
    assert own
    assert study.services.own_models.deployment(EVE, own) is None
    changed = replace(own, sealed_key=own.sealed_key[:-1] + bytes([own.sealed_key[-1] ^ 1]))
    assert study.services.own_models.deployment(LOCAL_LEARNER, changed) is None
    assert study.services.own_models.deployment(LOCAL_LEARNER, own)


def test_model_servers_of_this_machine_are_offered(study: Study) -> None:
    listed = Reply(raw=b'{"data": [{"id": "mine"}], "models": [{"name": "llama:8b"}]}')
    with OpenAIServer(listed) as one, OpenAIServer(listed) as other, OpenAIServer(Reply(status=500)) as broken:
        programs = (
            Program("Ollama", port(one), "ollama_chat"), Program("LM Studio", port(other)),
            Program("vLLM", port(broken)), Program("Ours", study.services.settings.port), Program("Nobody", 9),
        )  # fmt: skip
        study.app.state.services = replace(study.services, model_programs=programs)
        found = study.client.get(f"{PREFERENCES}/models").json()["servers"]
    assert [(server["name"], server["provider"], server["models"]) for server in found] == [
        ("Ollama", "ollama_chat", ["llama:8b"]),
        ("LM Studio", "openai_like", ["mine"]),
    ]


def port(server: OpenAIServer) -> int:
    return int(server.url.split(":")[2].split("/")[0])


def test_the_page_shows_what_is_chosen_and_asks_nothing_outside(study: Study) -> None:
    put(study, PREFERENCES, {"answer_length": "long"})
    page = study.client.get("/settings")
    assert 'value="long" checked' in page.text
    assert "connect-src 'self'" in page.headers["content-security-policy"]

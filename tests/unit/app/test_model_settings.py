"""Settings of models that cannot work together do not start, and say what to set."""

import pytest
from pydantic import ValidationError

from app.models.deployments import operators_deployments
from app.models.failover import Deployment
from app.settings import Settings
from tools.errors import ModelFailed

MODEL = {"STUDYRAG_CHAT_MODEL": "openai/small"}
PLACES = (
    '[{"model": "openai/small", "api_base": "http://127.0.0.1:9/v1", "api_key_name": "%s", "requests_per_minute": 5}]'
)


def settings(monkeypatch: pytest.MonkeyPatch, named: dict[str, str]) -> Settings:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"STUDYRAG_DEPLOYMENTS": PLACES % "KEY"}, "STUDYRAG_CHAT_MODEL"),
        (MODEL | {"STUDYRAG_DEPLOYMENTS": '[{"model": "openai/small", "key": "x"}]'}, "key"),
        ({"STUDYRAG_CHAT_API_BASE": "http://127.0.0.1:9"}, "STUDYRAG_CHAT_MODEL"),
        ({"STUDYRAG_RERANK_API_BASE": "http://127.0.0.1:9"}, "STUDYRAG_RERANK_MODEL"),
        ({"STUDYRAG_SECRET_KEY": "short"}, "32 random characters"),
        ({"STUDYRAG_TOKENS_PER_DAY": "-1"}, "STUDYRAG_TOKENS_PER_DAY"),
    ],
)
def test_what_cannot_work_does_not_start(monkeypatch: pytest.MonkeyPatch, named: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(monkeypatch, named)


def test_a_model_is_asked_at_each_of_its_places_and_others_at_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EU_KEY", "a-key-for-tests")
    named = MODEL | {"STUDYRAG_FALLBACK_MODELS": "anthropic/other", "STUDYRAG_DEPLOYMENTS": PLACES % "EU_KEY"}
    assert operators_deployments(settings(monkeypatch, named)) == (
        Deployment("openai/small", "http://127.0.0.1:9/v1", "a-key-for-tests", 5),
        Deployment("anthropic/other"),
    )


def test_a_key_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    named = MODEL | {"STUDYRAG_DEPLOYMENTS": PLACES % "NOBODY_SET_THIS"}
    with pytest.raises(ModelFailed, match="NOBODY_SET_THIS"):
        operators_deployments(settings(monkeypatch, named))

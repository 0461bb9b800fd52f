"""What LangChain would send to LangSmith by itself: nothing, once a process of ours has begun."""

import logging
from collections.abc import Iterator

import langsmith as client
import pytest
from langchain_core.runnables import RunnableLambda
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var

from app.beginning import begin
from app.identity import Role
from tests.support.langsmith_server import LangSmithServer


@pytest.fixture
def _as_an_operator_sets_it(langsmith: LangSmithServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    langsmith.limits = {}
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "a-key")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", langsmith.url)
    get_env_var.cache_clear()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    client.configure(enabled=None)
    get_env_var.cache_clear()


@pytest.mark.usefixtures("_as_an_operator_sets_it")
def test_only_our_own_traces_are_sent(langsmith: LangSmithServer) -> None:
    RunnableLambda(len, name="seen").invoke("a question")
    langsmith.until(lambda it: it.runs)
    begin(Role.WRITER)
    RunnableLambda(len, name="unseen").invoke("a private question")
    wait_for_all_tracers()
    assert {run["name"] for run in langsmith.runs.values()} == {"seen"}

"""Chat over HTTP: with a scripted turn for the wire, with the real graph for the whole."""

import asyncio
import json
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.events import Cited, Done, Restart, ScopeChanged, Status, Token, Waiting
from agent.graph import build_graph, checkpoint_serializer
from app.api import chat
from app.turns import Turns
from tests.support.api import Study
from tests.support.study import MITOSIS, OSMOSIS
from tools.errors import ModelBusy
from tools.types import Citation, Scope

CITATION = Citation(1, "Osmosis moves water.", "d1", "Cells", "o.txt", 3, "iii", "page", 0, 20)
DONE = Done("Osmosis moves water. [1]", (CITATION,), 0.8)
SOURCE = {"n", "quote", "document_id", "book", "filename", "page_index", "page_label", "start", "end", "verified"}
REPLY = {"answer", "sources", "confidence", "refused", "model", "thread_id", "query_id"}
STREAM = {"Accept": "text/event-stream"}


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_the_answer_comes_with_its_sources_and_ids(study: Study) -> None:
    study.turns.events = [Token("Osmosis"), DONE]
    reply = study.client.post("/api/chat", json={"query": "What is osmosis?", "thread_id": "t-1"}).json()
    assert set(reply) >= REPLY
    assert set(reply["sources"][0]) == SOURCE
    assert (reply["thread_id"], reply["query_id"], reply["refused"]) == ("t-1", "query-1", False)


def test_without_a_thread_a_new_conversation_begins(study: Study) -> None:
    study.turns.events = [DONE]
    ids = {study.client.post("/api/chat", json={"query": "x"}).json()["thread_id"] for _ in range(2)}
    assert len(ids) == 2


def test_scope_fields_set_the_scope_and_their_absence_keeps_it(study: Study) -> None:
    study.turns.events = [DONE]
    study.client.post("/api/chat", json={"query": "x"})
    study.client.post("/api/chat", json={"query": "x", "active_subject": "Biology", "active_books": ["Cells"]})
    study.client.post("/api/chat", json={"query": "x", "active_semester": None})
    study.client.post("/api/chat", json={"query": "x", "active_subject": "Biology", "active_chat_files": False})
    assert [scope for _, _, scope in study.turns.asked] == [
        None,
        Scope(None, "Biology", ("Cells",)),
        Scope(),
        Scope(subject="Biology", chat_files=False),
    ]


def test_the_stream_tells_the_same_as_events(study: Study) -> None:
    study.turns.events = [
        Status("Searching"), Waiting(("a.pdf",), "Reading"), ScopeChanged("Biology"), Token("Osm"),
        Restart("busy"), Token("Osmosis\nmoves"), Cited(CITATION), DONE,
    ]  # fmt: skip
    reply = study.client.post("/api/chat", json={"query": "x", "thread_id": "t-1"}, headers=STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events(reply.text)
    names = ["status", "status", "scope", "token", "restart", "token", "source", "done"]
    assert [name for name, _ in told] == names
    assert told[5][1] == {"text": "Osmosis\nmoves"}
    assert set(told[6][1]) == SOURCE
    assert set(told[7][1]) >= REPLY
    assert study.turns.closed


def test_an_error_in_mid_stream_is_an_event_in_the_error_shape(study: Study) -> None:
    study.turns.events, study.turns.error = [Token("Osm")], ModelBusy(retry_after=7)
    reply = study.client.post("/api/chat", json={"query": "x"}, headers=STREAM)
    name, error = events(reply.text)[-1]
    assert (name, error["status"], error["code"], error["retry_after"]) == ("error", "error", "model_busy", 7)


def test_an_unexpected_error_in_mid_stream_shows_nothing_of_the_inside(study: Study) -> None:
    study.turns.events, study.turns.error = [Token("Osm")], ValueError("secret")
    reply = study.client.post("/api/chat", json={"query": "x"}, headers=STREAM)
    assert events(reply.text)[-1][1]["code"] == "internal_error"
    assert "secret" not in reply.text


@pytest.mark.parametrize("headers", [{}, STREAM])
def test_an_error_before_the_first_word_has_its_own_status(study: Study, headers: dict[str, str]) -> None:
    study.turns.error = ModelBusy(retry_after=7)
    reply = study.client.post("/api/chat", json={"query": "x"}, headers=headers)
    assert (reply.status_code, reply.json()["code"], reply.headers["retry-after"]) == (503, "model_busy", "7")


@pytest.mark.parametrize("body", [{}, {"query": 3}, {"query": "x", "thread_id": "../x"}, {"query": "x", "mode": "y"}])
def test_a_malformed_question_is_refused(study: Study, body: dict[str, object]) -> None:
    reply = study.client.post("/api/chat", json=body)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")
    assert study.turns.asked == []


def test_a_quiet_stream_is_kept_alive(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "KEEPALIVE_SECONDS", 0.01)
    study.turns.events, study.turns.pause = [Token("Osm"), DONE], 0.2
    reply = study.client.post("/api/chat", json={"query": "x"}, headers=STREAM)
    assert ": ping\n\n" in reply.text
    assert [name for name, _ in events(reply.text)] == ["token", "done"]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_a_client_that_hangs_up_ends_the_turn(study: Study, accept: str) -> None:
    study.turns.events, study.turns.endless = [Token("Osm")], True
    incoming = [{"type": "http.request", "body": b'{"query": "x"}', "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not incoming:
            await asyncio.sleep(0.05)
            return {"type": "http.disconnect"}
        return incoming.pop()

    async def send(message: Any) -> None:
        return None

    headers = {"host": "localhost", "accept": accept, "content-type": "application/json"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "POST",
        "path": "/api/chat",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await asyncio.wait_for(study.app(scope, receive, send), 10)
    assert study.turns.closed


@pytest.fixture
def tutored(study: Study) -> Study:
    """With the real graph and the built-in tutor in place of the script."""
    turns = Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))
    study.app.state.turns = turns
    return study


def test_a_question_is_answered_with_a_quote_from_the_page_and_kept_in_the_history(tutored: Study) -> None:
    question = "What is the diffusion of water across a semipermeable membrane?"
    document_id = tutored.book(OSMOSIS, "Cells", "o.txt")
    tutored.book(MITOSIS, "Nuclei", "m.txt")
    reply = tutored.client.post("/api/chat", json={"query": question, "thread_id": "t-1"}).json()
    assert not reply["refused"]
    source = reply["sources"][0]
    assert (source["document_id"], OSMOSIS[source["start"] : source["end"]]) == (document_id, source["quote"])
    kept = tutored.client.get(f"/api/query/{reply['query_id']}").json()
    assert (kept["question"], kept["answer"], kept["state"]) == (question, reply["answer"], "done")
    citation = tutored.client.get("/api/threads/t-1/citations/1").json()
    assert (citation["quote"], citation["source_removed"]) == (source["quote"], False)


def test_an_empty_library_is_refused_in_words_and_not_as_an_error(tutored: Study) -> None:
    reply = tutored.client.post("/api/chat", json={"query": "What is osmosis?"})
    assert reply.status_code == 200
    assert reply.json()["refused"]


@pytest.mark.parametrize("headers", [{}, STREAM])
def test_an_empty_question_is_refused_at_the_door(tutored: Study, headers: dict[str, str]) -> None:
    reply = tutored.client.post("/api/chat", json={"query": " "}, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")

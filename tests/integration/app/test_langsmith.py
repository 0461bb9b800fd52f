"""Turns and quizzes as LangSmith gets them, over the wire: what is in a trace, and what never leaves."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from agent.events import Done, Token, Trace
from app.settings import Settings
from app.telemetry.facts import Opinion, QuizFacts, Span
from app.telemetry.sinks import sinks_for
from app.telemetry.telemetry import Telemetry
from tests.support.langsmith_server import PROJECT_ID, LangSmithServer
from tools.correlation import correlated
from tools.types import Citation, Hit, Passage

QUESTION, ANSWER, TEXT = "Why do cells shrink in salt water?", "Water leaves them. [1]", "Water leaves by osmosis."
SCOPE, BOOK, COMMENT, TOPIC = "Autumn › Biology", "My Cells Book", "Not what I meant", "how cells shrink"
PRIVATE = ("shrink", "Water", "osmosis", "Autumn", "My Cells Book", "meant", "learner-1", "thread-1")
PASSAGE = Passage("p1", "d1", BOOK, "cells.txt", 3, "iii", "page", ("Cells",), 0, len(TEXT), TEXT)
CITED = Citation(1, TEXT, "d1", BOOK, "cells.txt", 3, "iii", "page", 0, len(TEXT))
DONE = Done(
    ANSWER,
    (CITED,),
    confidence=0.81,
    model="openai/gpt-4o-mini",
    trace=Trace("answer", QUESTION, SCOPE, (Hit(PASSAGE, 0.9, 0.8, 0.7),), {"retrieve": 20, "answer": 400}),
    dropped_citations=2,
)

Start = Callable[..., Telemetry]


@pytest.fixture
def start(langsmith: LangSmithServer) -> Iterator[Start]:
    with ExitStack() as ends:

        def starting(**more: str) -> Telemetry:
            given = {"langsmith_tracing": "true", "langsmith_api_key": "ls-secret", "langsmith_endpoint": langsmith.url}
            telemetry = Telemetry(sinks_for(Settings.model_validate({**given, **more}), "web"))
            ends.callback(telemetry.close)
            return telemetry

        yield starting


def a_turn(telemetry: Telemetry) -> str:
    query_id = uuid4().hex
    with correlated("request-0001"), telemetry.turn("learner-1", "thread-1", query_id, QUESTION) as watch:
        watch.see(Token("Water"))
        watch.see(DONE)
        watch.paid({"input": 700, "output": 40}, 0.00021)
    telemetry.opinion(Opinion("f1", query_id, "learner-1", 0, COMMENT))
    return query_id


def a_quiz(telemetry: Telemetry) -> None:
    span = Span(datetime.now(UTC), 3.5, "request-0002")
    spent = {"input": 900, "output": 300}
    telemetry.quiz(
        QuizFacts(
            uuid4().hex, "learner-1", "thread-1", span, "quiz", TOPIC, SCOPE, 10, 8, f"I found 8 on {TOPIC}.", "", spent
        )
    )


def test_a_turn_arrives_with_all_that_explains_it(start: Start, langsmith: LangSmithServer) -> None:
    query_id = a_turn(start())
    langsmith.until(lambda it: len(it.runs) == 3 and it.feedback)
    turn, metadata = langsmith.run("turn"), langsmith.run("turn")["extra"]["metadata"]
    assert turn["id"] == str(UUID(query_id))
    assert turn["session_name"] == "studyrag"
    assert turn["inputs"] == {"question": QUESTION}
    assert turn["outputs"]["answer"] == ANSWER
    assert turn["outputs"]["citations"][0]["quote"] == TEXT
    expected = {
        "route": "answer", "scope": SCOPE, "passages": ["p1"], "dropped_citations": 2, "model": "openai/gpt-4o-mini",
        "tokens": {"input": 700, "output": 40}, "cost": 0.00021, "outcome": "done", "request_id": "request-0001",
    }  # fmt: skip
    assert expected.items() <= metadata.items()
    assert "learner-1" not in str(metadata), "the learner is hashed"
    assert langsmith.keys == {"ls-secret"}


def test_its_parts_hang_below_it_and_thumbs_are_its_feedback(start: Start, langsmith: LangSmithServer) -> None:
    query_id = str(UUID(a_turn(start())))
    langsmith.until(lambda it: len(it.runs) == 3 and it.feedback)
    retrieval, model = langsmith.run("retrieve"), langsmith.run("openai/gpt-4o-mini")
    assert {retrieval["parent_run_id"], model["parent_run_id"], retrieval["trace_id"]} == {query_id}
    assert retrieval["dotted_order"].startswith(langsmith.run("turn")["dotted_order"] + ".")
    assert retrieval["outputs"]["documents"][0]["page_content"] == TEXT
    assert model["outputs"]["usage_metadata"] == {
        "input_tokens": 700, "output_tokens": 40, "total_tokens": 740, "total_cost": 0.00021,
    }  # fmt: skip
    (thumb,) = langsmith.feedback.values()
    assert (thumb["run_id"], thumb["key"], thumb["score"], thumb["comment"]) == (query_id, "thumbs", 0, COMMENT)
    assert thumb["session_id"] == PROJECT_ID


def test_a_quiz_arrives_with_what_was_wanted_and_what_came(start: Start, langsmith: LangSmithServer) -> None:
    a_quiz(start())
    langsmith.until(lambda it: len(it.runs) == 2)
    quiz = langsmith.run("quiz")
    assert quiz["inputs"] == {"mode": "quiz", "topic": TOPIC, "requested": 10}
    assert quiz["outputs"]["delivered"] == 8
    assert quiz["extra"]["metadata"]["scope"] == SCOPE
    assert langsmith.run("models")["outputs"]["usage_metadata"]["total_tokens"] == 1200


def test_a_failed_turn_tells_the_code_of_its_error(start: Start, langsmith: LangSmithServer) -> None:
    with pytest.raises(RuntimeError), start().turn("learner-1", "thread-1", uuid4().hex, QUESTION):
        raise RuntimeError(QUESTION)
    langsmith.until(lambda it: it.runs)
    assert langsmith.run("turn")["error"] == "unexpected"


def test_redacted_no_word_of_a_learner_or_a_book_leaves(start: Start, langsmith: LangSmithServer) -> None:
    telemetry = start(STUDYRAG_REDACT_TRACES="true")
    a_turn(telemetry)
    a_quiz(telemetry)
    langsmith.until(lambda it: len(it.runs) == 5 and it.feedback)
    sent = b"".join(langsmith.received).decode(errors="replace")
    assert [word for word in PRIVATE if word in sent] == []
    assert langsmith.run("turn")["inputs"] == {"question": f"[{len(QUESTION)} characters]"}
    scopes = {langsmith.run(name)["extra"]["metadata"]["scope"] for name in ("turn", "quiz")}
    assert len(scopes) == 1, "the same scope can still be seen to be the same"


def test_nothing_is_sent_when_it_is_off(start: Start, langsmith: LangSmithServer) -> None:
    a_turn(start(langsmith_tracing="false"))
    a_turn(start(langsmith_project="the one that is on"))
    langsmith.until(lambda it: len(it.runs) == 3)
    assert {run["session_name"] for run in langsmith.runs.values()} == {"the one that is on"}


def test_a_server_that_hangs_or_fails_keeps_no_turn_waiting(
    start: Start, langsmith: LangSmithServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    langsmith.delay, langsmith.status = 60.0, 500
    telemetry = start()
    turns = 200
    started = time.process_time()
    for _ in range(turns):
        a_turn(telemetry)
    assert not langsmith.runs
    assert time.process_time() - started < turns * 0.05, "milliseconds of this process, and no waiting"

"""Spans of whatever was done for one request are one trace, and hold no words."""

from datetime import UTC, datetime

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from agent.events import Done
from app.telemetry.facts import QuizFacts, Span, TurnFacts
from app.telemetry.spans import Spans
from tools.types import QueryState

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def quiz(request_id: str) -> QuizFacts:
    span = Span(BEGAN, 2.0, request_id)
    return QuizFacts("q", "learner", "thread", span, "quiz", "secret topic", "secret scope", 5, 4, "secret reason")


def turn(request_id: str) -> TurnFacts:
    done = Done("a secret answer")
    span = Span(BEGAN, 0.5, request_id)
    failed, tokens = QueryState.FAILED, {"input": 7}
    return TurnFacts("q", "learner", "thread", "a secret?", span, failed, 0.1, done, "model_busy", tokens)


def test_one_request_is_one_trace_whatever_process_did_it() -> None:
    exporter = InMemorySpanExporter()
    for sink in (Spans("web", exporter), writer := Spans("writer", exporter)):
        sink.turn(turn("request-1"))
        sink.quiz(quiz("request-1"))
        sink.close()
    writer.quiz(quiz("request-2"))
    writer.close()
    *of_one, other = exporter.get_finished_spans()
    assert len({span.context.trace_id for span in of_one}) == 1
    assert other.context.trace_id != of_one[0].context.trace_id
    assert len({span.context.span_id for span in of_one}) == 4


def test_a_span_tells_how_long_and_how_it_went_and_no_words() -> None:
    exporter = InMemorySpanExporter()
    sink = Spans("web", exporter)
    sink.turn(turn("request-1"))
    sink.quiz(quiz("request-1"))
    sink.close()
    one, two = exporter.get_finished_spans()
    assert one.end_time - one.start_time == 500_000_000
    assert (one.status.status_code, one.status.description) == (StatusCode.ERROR, "model_busy")
    assert one.attributes == {
        "route": "",
        "outcome": "failed",
        "model": "built-in tutor",
        "citations": 0,
        "tokens.input": 7,
    }
    assert two.attributes == {"mode": "quiz", "requested": 5, "delivered": 4}
    assert "secret" not in one.to_json() + two.to_json()

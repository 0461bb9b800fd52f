"""Spans for OpenTelemetry. Whatever was done for one request is one trace, in whichever process it was done."""

from hashlib import blake2b
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from app.telemetry.facts import Opinion, QuizFacts, Span, TurnFacts

CLOSE_MILLISECONDS = 3_000
NANOSECONDS = 1_000_000_000


class Spans:
    """Implements Sink; no word of a learner stands in a span."""

    def __init__(self, role: str, exporter: SpanExporter) -> None:
        provider = TracerProvider(resource=Resource.create({"service.name": f"studyrag-{role}"}))
        provider.add_span_processor(BatchSpanProcessor(exporter))
        self._provider = provider
        self._tracer = provider.get_tracer("studyrag")

    def turn(self, facts: TurnFacts) -> None:
        """One span, with how it went."""
        attributes: dict[str, Any] = {"route": facts.route, "outcome": facts.outcome}
        if facts.done:
            tokens = {f"tokens.{name}": count for name, count in facts.tokens.items()}
            attributes |= {"model": facts.done.model, "citations": len(facts.done.citations), **tokens}
        self._record("turn", facts.span, attributes, facts.error)

    def quiz(self, facts: QuizFacts) -> None:
        """One span, with how many questions there are."""
        attributes = {"mode": facts.mode, "requested": facts.requested, "delivered": facts.delivered}
        self._record("quiz", facts.span, attributes, facts.error)

    def opinion(self, opinion: Opinion) -> None:
        """It takes no time, so it has no span."""

    def close(self) -> None:
        """Send what is left."""
        self._provider.force_flush(CLOSE_MILLISECONDS)

    def _record(self, name: str, span: Span, attributes: dict[str, Any], error: str) -> None:
        begun = self._tracer.start_span(
            name, _parent(span.request_id), attributes=attributes, start_time=_nanoseconds(span.started.timestamp())
        )
        if error:
            begun.set_status(Status(StatusCode.ERROR, error))
        begun.end(_nanoseconds(span.ended.timestamp()))


def exporter_to(endpoint: str) -> SpanExporter:
    """To a collector that speaks OTLP over HTTP; its headers come from OTLP's own variable."""
    return OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")


def _parent(request_id: str) -> Any:
    """A request's trace, found from its id alone, so that nothing else has to travel through the queue."""
    digest = blake2b(request_id.encode(), digest_size=24).digest()
    ids = int.from_bytes(digest[:16]), int.from_bytes(digest[16:])
    context = SpanContext(*ids, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return trace.set_span_in_context(NonRecordingSpan(context))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * NANOSECONDS)

"""What this process counts, for Prometheus. The values of every label are a closed or configured set."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from tools.errors import StudyError

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

TURN_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
WORK_SECONDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)

requests = Counter("studyrag_requests", "HTTP requests.", ("method", "route", "status"), registry=REGISTRY)
request_seconds = Histogram(
    "studyrag_request_seconds", "Until the whole answer was sent.", ("route",), registry=REGISTRY
)
turns = Counter("studyrag_turns", "Turns of conversations.", ("route", "outcome"), registry=REGISTRY)
turn_seconds = Histogram("studyrag_turn_seconds", "A whole turn.", ("route",), buckets=TURN_SECONDS, registry=REGISTRY)
first_token_seconds = Histogram(
    "studyrag_first_token_seconds", "Until the first word of an answer.", buckets=TURN_SECONDS, registry=REGISTRY
)
dropped_citations = Counter(
    "studyrag_dropped_citations", "Citations that did not hold and were removed.", registry=REGISTRY
)
documents = Counter("studyrag_documents", "Documents brought to an end.", ("outcome",), registry=REGISTRY)
document_seconds = Histogram(
    "studyrag_document_seconds", "The reading of a document.", buckets=WORK_SECONDS, registry=REGISTRY
)
quizzes = Counter("studyrag_quizzes", "Quizzes brought to an end.", ("outcome",), registry=REGISTRY)
quiz_seconds = Histogram("studyrag_quiz_seconds", "The writing of a quiz.", buckets=WORK_SECONDS, registry=REGISTRY)
opinions = Counter("studyrag_opinions", "Thumbs on answers.", ("thumb",), registry=REGISTRY)
model_calls = Counter("studyrag_model_calls", "Calls of models.", ("model", "outcome"), registry=REGISTRY)
model_seconds = Histogram(
    "studyrag_model_seconds", "A call of a model.", ("model",), buckets=TURN_SECONDS, registry=REGISTRY
)
model_tokens = Counter("studyrag_model_tokens", "Tokens of models.", ("model", "direction"), registry=REGISTRY)
model_dollars = Counter(
    "studyrag_model_dollars", "What models cost, where the price is known.", ("model",), registry=REGISTRY
)
breakers_opened = Counter(
    "studyrag_breakers_opened", "Failures after which a model was left alone.", ("model",), registry=REGISTRY
)
telemetry_dropped = Counter(
    "studyrag_telemetry_dropped", "What a service of observation was not told.", ("service",), registry=REGISTRY
)
cache_lookups = Counter("studyrag_cache_lookups", "Questions to a cache.", ("cache", "result"), registry=REGISTRY)


@contextmanager
def model_called(model: str) -> Iterator[None]:
    """Count a call by how it went, and how long the model took to begin."""
    outcome = "unexpected"
    try:
        with timed(model_seconds.labels(model)):
            yield
        outcome = "answered"
    except StudyError as error:
        outcome = error.code
        raise
    finally:
        model_calls.labels(model, outcome).inc()


@contextmanager
def timed(histogram: Histogram) -> Iterator[None]:
    """Count how long the block takes, also when it fails."""
    started = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - started)

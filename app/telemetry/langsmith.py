"""Traces for LangSmith: one for each turn and each quiz, and the learners' thumbs as feedback."""

import hmac
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, cast
from uuid import UUID, uuid5

from langsmith import Client
from langsmith.schemas import BatchIngestConfig, LangSmithInfo
from langsmith.utils import LangSmithError

from app.telemetry.courier import Courier
from app.telemetry.facts import Opinion, QuizFacts, Span, TurnFacts
from tools.types import Hit

CLOSE_SECONDS = 3.0
SEND_MILLISECONDS = 5_000
Body = dict[str, Any]
_INGESTION: Body = {
    "use_multipart_endpoint": True,
    "size_limit": 100,
    "size_limit_bytes": 20 << 20,
    "scale_up_qsize_trigger": 1_000,
    "scale_up_nthreads_limit": 4,
    "scale_down_nempty_trigger": 4,
}


class Words:
    """What learners and their books say, as it may leave; redacted, only its length does."""

    def __init__(self, redacted: bool, key: str) -> None:
        self._redacted = redacted
        self._key = key.encode()

    def __call__(self, text: str) -> str:
        """The text, or how long it is."""
        return f"[{len(text)} characters]" if self._redacted and text else text

    def named(self, name: str) -> str:
        """A name that a learner gave; redacted, equal names can still be told to be equal."""
        return self.pseudonym(name) if self._redacted and name else name

    def pseudonym(self, text: str) -> str:
        """Always the same for the same text, and nothing that could be guessed back without the key."""
        return hmac.digest(self._key, text.encode(), "sha256").hex()[:24]


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a trace; `path` is its place in it, as LangSmith orders them."""

    id: UUID
    path: str
    parent: "_Run | None" = None

    @property
    def trace_id(self) -> UUID:
        return self.parent.trace_id if self.parent else self.id


class LangSmith:
    """Implements Sink. Everything is put into words, and sent, in a thread of its own."""

    def __init__(self, endpoint: str, key: str, project: str, words: Words) -> None:
        self._endpoint = endpoint
        self._key = key
        self._project = project
        self._words = words
        self._courier = Courier("langsmith")
        self._known_project: UUID | None = None

    @cached_property
    def _client(self) -> Client:
        """Asks the server what it can do, so only the courier may make it."""
        return client_for(self._endpoint, self._key)

    def _project_id(self) -> UUID | None:
        """Feedback names it; None where the server does not tell, as before the first trace."""
        if self._known_project is None:
            with suppress(LangSmithError, ValueError):
                self._known_project = self._client.read_project(project_name=self._project).id
        return self._known_project

    def turn(self, facts: TurnFacts) -> None:
        """The turn with its retrieval and the model's answer below it."""
        self._courier.send(partial(self._turn, facts))

    def quiz(self, facts: QuizFacts) -> None:
        """The writing of a quiz, with what the models took for it."""
        self._courier.send(partial(self._quiz, facts))

    def opinion(self, opinion: Opinion) -> None:
        """Thumbs on the trace of the turn; a second one takes the place of the first."""
        self._courier.send(partial(self._opinion, opinion))

    def close(self) -> None:
        """Wait a little for what is on its way; a server that does not answer gets no more of our time."""
        self._courier.send(lambda: self._client.flush())
        self._courier.close(CLOSE_SECONDS)

    def _turn(self, facts: TurnFacts) -> None:
        root = _root(facts.query_id, facts.span.started)
        done, words = facts.done, self._words
        self._send(
            root,
            "turn",
            "chain",
            facts.span,
            inputs={"question": words(facts.question)},
            outputs={"answer": words(done.answer), "citations": list(self._citations(facts))} if done else {},
            error=facts.error or None,
            metadata=self._common(facts.owner_id, facts.thread_id, facts.span) | self._of_turn(facts),
        )
        if done and done.trace and done.trace.hits:
            self._retrieval(root, facts, done.trace.hits)
        if done and facts.tokens:
            self._model(root, facts.span, done.model, facts.tokens, facts.dollars)

    def _quiz(self, facts: QuizFacts) -> None:
        root = _root(facts.quiz_id, facts.span.started)
        self._send(
            root,
            "quiz",
            "chain",
            facts.span,
            inputs={"mode": facts.mode, "topic": self._words(facts.topic), "requested": facts.requested},
            outputs={"delivered": facts.delivered, "reason": self._words(facts.reason)},
            error=facts.error or None,
            metadata={
                **self._common(facts.owner_id, facts.thread_id, facts.span),
                "scope": self._words.named(facts.scope_label),
                "route": facts.mode,
                "tokens": facts.tokens,
                "cost": facts.dollars,
            },
        )
        if facts.tokens:
            self._model(root, facts.span, "", facts.tokens, facts.dollars)

    def _opinion(self, opinion: Opinion) -> None:
        trace_id = UUID(opinion.query_id)
        self._client.create_feedback(
            trace_id,
            "thumbs",
            score=opinion.score,
            comment=self._words(opinion.comment) or None,
            trace_id=trace_id,
            feedback_id=uuid5(trace_id, opinion.id),
            session_id=self._project_id(),
            source_info={"learner": self._words.pseudonym(opinion.owner_id)},
        )

    def _common(self, owner_id: str, thread_id: str, span: Span) -> Body:
        return {
            "learner": self._words.pseudonym(owner_id),
            "thread_id": self._words.pseudonym(f"{owner_id}:{thread_id}"),
            "request_id": span.request_id,
        }

    def _of_turn(self, facts: TurnFacts) -> Body:
        done = facts.done
        if done is None:
            return {"outcome": facts.outcome}
        return {
            "outcome": facts.outcome,
            "route": facts.route,
            "scope": self._words.named(done.trace.scope_label) if done.trace else "",
            "passages": [hit.passage.id for hit in done.trace.hits] if done.trace else [],
            "dropped_citations": done.dropped_citations,
            "confidence": round(done.confidence, 4),
            "model": done.model,
            "tokens": facts.tokens,
            "cost": facts.dollars,
            "milliseconds": done.trace.milliseconds if done.trace else {},
            "first_token_seconds": facts.first_token,
        }

    def _citations(self, facts: TurnFacts) -> Iterator[Body]:
        for citation in facts.done.citations if facts.done else ():
            yield {
                "n": citation.n,
                "document_id": citation.document_id,
                "page_index": citation.page_index,
                "book": self._words.named(citation.book),
                "quote": self._words(citation.quote),
            }

    def _retrieval(self, root: _Run, facts: TurnFacts, hits: tuple[Hit, ...]) -> None:
        assert facts.done is not None
        assert facts.done.trace is not None
        taken = facts.done.trace.milliseconds.get("retrieve", 0) / 1000
        self._send(
            _below(root, "retrieve"),
            "retrieve",
            "retriever",
            Span(facts.span.started, min(taken, facts.span.seconds), facts.span.request_id),
            inputs={"query": self._words(facts.done.trace.standalone)},
            outputs={"documents": [self._document(hit) for hit in hits]},
        )

    def _document(self, hit: Hit) -> Body:
        passage = hit.passage
        where = {"passage_id": passage.id, "document_id": passage.document_id, "page_index": passage.page_index}
        return {"page_content": self._words(passage.text), "metadata": {**where, "score": round(hit.score, 4)}}

    def _model(self, root: _Run, span: Span, model: str, tokens: dict[str, int], dollars: float | None) -> None:
        read, written = tokens.get("input", 0), tokens.get("output", 0)
        usage: Body = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
        if dollars is not None:
            usage |= {"total_cost": dollars}
        self._send(
            _below(root, "model"),
            model or "models",
            "llm",
            span,
            inputs={},
            outputs={"usage_metadata": usage},
            metadata={"ls_model_name": model} if model else {},
        )

    def _send(self, run: _Run, name: str, kind: Any, span: Span, *, metadata: Body | None = None, **body: Any) -> None:
        self._client.create_run(
            name,
            body.pop("inputs"),
            kind,
            project_name=self._project,
            id=run.id,
            trace_id=run.trace_id,
            dotted_order=run.path,
            parent_run_id=run.parent.id if run.parent else None,
            start_time=span.started,
            end_time=span.ended,
            extra={"metadata": metadata or {}},
            **body,
        )


def client_for(endpoint: str, key: str) -> Client:
    """A client that tells nothing of this process's environment.

    It would end its own sending for good where the server describes itself incompletely, so that is made up for.
    """
    asking = Client(endpoint, api_key=key, timeout_ms=SEND_MILLISECONDS, auto_batch_tracing=False)
    told = asking.info
    info = LangSmithInfo(
        version=told.version,
        batch_ingest_config=cast("BatchIngestConfig", {**_INGESTION, **(told.batch_ingest_config or {})}),
        instance_flags=told.instance_flags,
    )
    return Client(endpoint, api_key=key, timeout_ms=SEND_MILLISECONDS, omit_traced_runtime_info=True, info=info)


def _root(id_: str, started: datetime) -> _Run:
    run_id = UUID(id_)
    return _Run(run_id, _ordered(started, run_id))


def _below(parent: _Run, name: str) -> _Run:
    run_id = uuid5(parent.id, name)
    return _Run(run_id, f"{parent.path}.{parent.path[:21]}Z{run_id}", parent)


def _ordered(started: datetime, run_id: UUID) -> str:
    return f"{started:%Y%m%dT%H%M%S%f}Z{run_id}"

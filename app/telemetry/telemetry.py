"""Watches turns and quizzes, and tells all sinks about them."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from agent.events import Done, Event, Token
from app.telemetry.facts import Opinion, QuizFacts, Sink, Span, TurnFacts
from tools.correlation import request_id
from tools.errors import StudyError
from tools.types import QueryState

log = logging.getLogger("studyrag.telemetry")


class Stopwatch:
    """Runs from its making on."""

    def __init__(self) -> None:
        self._started = datetime.now(UTC)
        self._from = time.perf_counter()

    @property
    def seconds(self) -> float:
        """So far."""
        return time.perf_counter() - self._from

    @property
    def span(self) -> Span:
        """Up to now, for the request that is being served."""
        return Span(self._started, self.seconds, request_id())


class TurnWatch:
    """Sees the events of one turn go by."""

    def __init__(self) -> None:
        self.stopwatch = Stopwatch()
        self.first_token: float | None = None
        self.done: Done | None = None
        self.tokens: dict[str, int] = {}
        self.dollars: float | None = None

    def paid(self, tokens: dict[str, int], dollars: float | None) -> None:
        """What the models took, `input` and `output`; the dollars are None where a price is not known."""
        self.tokens, self.dollars = tokens, dollars

    def see(self, event: Event) -> None:
        """One event, before the door shows it."""
        if isinstance(event, Token) and self.first_token is None:
            self.first_token = self.stopwatch.seconds
        elif isinstance(event, Done):
            self.done = event


class Telemetry:
    """The sinks of a process. One that fails is logged and keeps nobody waiting."""

    def __init__(self, sinks: Sequence[Sink] = ()) -> None:
        self._sinks = sinks

    @contextmanager
    def turn(self, owner_id: str, thread_id: str, query_id: str, question: str) -> Iterator[TurnWatch]:
        """Watch the turn of the block, however it ends."""
        watch, state, code = TurnWatch(), QueryState.STOPPED, ""
        try:
            yield watch
            state = QueryState.DONE
        except (GeneratorExit, asyncio.CancelledError):
            state = QueryState.DONE if watch.done else QueryState.STOPPED
            raise
        except Exception as error:
            state, code = QueryState.FAILED, error.code if isinstance(error, StudyError) else "unexpected"
            raise
        finally:
            facts = TurnFacts(
                query_id,
                owner_id,
                thread_id,
                question,
                watch.stopwatch.span,
                state,
                watch.first_token,
                watch.done,
                code,
                watch.tokens,
                watch.dollars,
            )
            self._tell(lambda sink: sink.turn(facts))

    def quiz(self, facts: QuizFacts) -> None:
        """The writing of a quiz is over."""
        self._tell(lambda sink: sink.quiz(facts))

    def opinion(self, opinion: Opinion) -> None:
        """A learner has judged an answer."""
        self._tell(lambda sink: sink.opinion(opinion))

    def close(self) -> None:
        """To be called when the process ends."""
        self._tell(lambda sink: sink.close())

    def _tell(self, say: Callable[[Sink], None]) -> None:
        for sink in self._sinks:
            try:
                say(sink)
            except Exception:
                log.exception("%s did not take what it was told", type(sink).__name__)

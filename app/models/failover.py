"""Which model to ask, whether to ask it again, and when to leave it alone for a while."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from app.telemetry import metrics
from tools.errors import ModelBusy, ModelFailed, StudyError

T = TypeVar("T")
Clock = Callable[[], float]

RETRY_WAIT = 0.25
LONGEST_WAIT = 2
"""Seconds a learner is kept waiting before a retry; a provider that asks for more is passed over instead."""
ALLOWED_FAILURES = 2
COOLDOWN = 60.0
LONGEST_REST = 3600.0
"""Seconds; what a provider asks for beyond this is tried earlier."""
MINUTE = 60.0

logger = logging.getLogger(__name__)


class ModelTimedOut(ModelBusy):
    """The model did not answer in time. Please ask again in a moment."""


class ModelUnusable(ModelFailed):
    """The model is not set up correctly. Check its name and its key."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model at one place. Without address and key the provider's own, and the key of the environment, hold.

    `requests_per_minute` 0 is no limit; `is_learners` is one that a learner's own key pays for.
    """

    model: str
    api_base: str = ""
    api_key: str = field(default="", repr=False)
    requests_per_minute: int = 0
    is_learners: bool = False

    @property
    def options(self) -> dict[str, str]:
        """What a request to it says of the place."""
        named = {"api_base": self.api_base, "api_key": self.api_key}
        return {"model": self.model} | {name: value for name, value in named.items() if value}


class Circuit:
    """Whether one place may be asked: open after failures in a row, tried again when its rest is over.

    A provider that says how long to wait is left alone for that long, else for `COOLDOWN`.
    """

    def __init__(self, clock: Clock, per_minute: int = 0) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._asked: deque[float] = deque(maxlen=per_minute)
        self._failures = 0
        self._open_until = 0.0
        self._error: StudyError | None = None

    def refusal(self) -> StudyError | None:
        """The error that opened the circuit, with the seconds that are left; None when the model may be asked."""
        left = self._open_until - self._clock()
        if self._error is not None and left > 0:
            return type(self._error)(str(self._error), retry_after=max(1, round(left)))
        if self._per_minute and len(self._asked) == self._per_minute:
            left = self._asked[0] + MINUTE - self._clock()
            return ModelBusy(retry_after=max(1, round(left))) if left > 0 else None
        return None

    def asked(self) -> None:
        """Count a request."""
        self._asked.append(self._clock())

    def succeeded(self) -> None:
        """Close the circuit and forget the failures before."""
        self._failures, self._open_until, self._error = 0, 0.0, None

    def failed(self, error: StudyError) -> None:
        """A request that was refused for what it asks says nothing about the provider, so it is not counted."""
        if not isinstance(error, ModelBusy | ModelUnusable):
            return
        self._failures += 1
        asked_for = error.retry_after or 0
        if self._failures >= ALLOWED_FAILURES or isinstance(error, ModelTimedOut) or asked_for > LONGEST_WAIT:
            self._error = error
            self._open_until = self._clock() + min(asked_for or COOLDOWN, LONGEST_REST)


class Failover:
    """Models in the order of preference, the places of one in turn, each behind its circuit.

    No attempt starts after `budget` seconds.
    """

    def __init__(self, places: Sequence[Deployment], budget: float, clock: Clock = time.monotonic) -> None:
        self._budget = budget
        self._clock = clock
        self._turns = count()
        self._circuits = {place: Circuit(clock, place.requests_per_minute) for place in places}

    @property
    def first(self) -> Deployment:
        """The most preferred place."""
        return next(iter(self._circuits))

    def behind(self, place: Deployment) -> "Failover":
        """The same places after another one, with the circuits that they have here."""
        longer = Failover([place], self._budget, self._clock)
        longer._circuits |= self._circuits
        return longer

    async def run(self, call: Callable[[Deployment], Awaitable[T]]) -> tuple[Deployment, T]:
        """The place that answered, and its answer. Raises ModelBusy if waiting may help, else ModelFailed."""
        deadline = self._clock() + self._budget
        errors: list[StudyError] = []
        for place in self._in_order():
            if refusal := self._circuits[place].refusal():
                errors.append(refusal)
                continue
            if errors and self._clock() > deadline:
                break
            try:
                return place, await self._twice(call, place, deadline)
            except StudyError as error:
                self.failed(place, error)
                errors.append(error)
        raise next((error for error in errors if error.retryable), errors[0])

    def succeeded(self, place: Deployment) -> None:
        """To be called when the whole answer has come: its first word proves little."""
        self._circuits[place].succeeded()

    def failed(self, place: Deployment, error: StudyError) -> None:
        """Count a failure; to be called for an answer, too, that had begun and broke off."""
        logger.warning("model %s failed: %s (%s)", place.model, error, type(error.__cause__).__name__)
        self._circuits[place].failed(error)
        if self._circuits[place].refusal():
            metrics.breakers_opened.labels(_label(place)).inc()

    def _in_order(self) -> Iterator[Deployment]:
        """Another place of each model goes first every time, so that they share the load."""
        turn = next(self._turns)
        for model in dict.fromkeys(place.model for place in self._circuits):
            alike = [place for place in self._circuits if place.model == model]
            first = turn % len(alike)
            yield from alike[first:] + alike[:first]

    async def _twice(self, call: Callable[[Deployment], Awaitable[T]], place: Deployment, deadline: float) -> T:
        try:
            return await self._asked(call, place)
        except ModelBusy as error:
            wait = RETRY_WAIT if error.retry_after is None else error.retry_after
            too_late = self._clock() + wait > deadline
            if isinstance(error, ModelTimedOut) or wait > LONGEST_WAIT or too_late:
                raise
        await asyncio.sleep(wait)
        return await self._asked(call, place)

    async def _asked(self, call: Callable[[Deployment], Awaitable[T]], place: Deployment) -> T:
        self._circuits[place].asked()
        with metrics.model_called(_label(place)):
            return await call(place)


def _label(place: Deployment) -> str:
    """The models of the operator are few and configured; those of learners are not."""
    return "a learner's own" if place.is_learners else place.model

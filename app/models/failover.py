"""Which model to ask, whether to ask it again, and when to leave it alone for a while."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from tools.errors import ModelBusy, ModelFailed, StudyError

T = TypeVar("T")
Clock = Callable[[], float]

RETRY_WAIT = 0.25
LONGEST_WAIT = 2
"""Seconds a learner is kept waiting before a retry; a provider that asks for more is passed over instead."""
ALLOWED_FAILURES = 2
COOLDOWN = 60.0

logger = logging.getLogger(__name__)


class ModelTimedOut(ModelBusy):
    """The model did not answer in time. Please ask again in a moment."""


class ModelUnusable(ModelFailed):
    """The model is not set up correctly. Check its name and its key."""


class Circuit:
    """Whether one model may be asked: open after failures in a row, tried again when `COOLDOWN` is over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._error: StudyError | None = None

    def refusal(self) -> StudyError | None:
        """The error that opened the circuit, with the seconds that are left; None when the model may be asked."""
        left = self._open_until - self._clock()
        if self._error is None or left <= 0:
            return None
        return type(self._error)(str(self._error), retry_after=max(1, round(left)))

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
            self._open_until = self._clock() + min(asked_for or COOLDOWN, COOLDOWN)


class Failover:
    """Models in the order of preference, each behind its circuit; no attempt starts after `budget` seconds."""

    def __init__(self, names: Sequence[str], budget: float, clock: Clock = time.monotonic) -> None:
        self._budget = budget
        self._clock = clock
        self._circuits = {name: Circuit(clock) for name in names}

    async def run(self, call: Callable[[str], Awaitable[T]]) -> tuple[str, T]:
        """Name of the model that answered, and its answer. Raises ModelBusy if waiting may help, else ModelFailed."""
        deadline = self._clock() + self._budget
        errors: list[StudyError] = []
        for name, circuit in self._circuits.items():
            if refusal := circuit.refusal():
                errors.append(refusal)
                continue
            if errors and self._clock() > deadline:
                break
            try:
                return name, await self._twice(call, name, deadline)
            except StudyError as error:
                self.failed(name, error)
                errors.append(error)
        raise next((error for error in errors if error.retryable), errors[0])

    def succeeded(self, name: str) -> None:
        """To be called when the whole answer has come: its first word proves little."""
        self._circuits[name].succeeded()

    def failed(self, name: str, error: StudyError) -> None:
        """Count a failure; to be called for an answer, too, that had begun and broke off."""
        logger.warning("model %s failed: %s (%s)", name, error, type(error.__cause__).__name__)
        self._circuits[name].failed(error)

    async def _twice(self, call: Callable[[str], Awaitable[T]], name: str, deadline: float) -> T:
        try:
            return await call(name)
        except ModelBusy as error:
            wait = RETRY_WAIT if error.retry_after is None else error.retry_after
            too_late = self._clock() + wait > deadline
            if isinstance(error, ModelTimedOut) or wait > LONGEST_WAIT or too_late:
                raise
        await asyncio.sleep(wait)
        return await call(name)

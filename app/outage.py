"""A server that failed is left alone for a while, so that nobody waits for it again and again."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger("studyrag.services")

AWAY_SECONDS = 10.0


class Outage:
    """Of one server, as one process sees it."""

    def __init__(self, server: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._clock = clock
        self._until = float("-inf")

    @property
    def lasts(self) -> bool:
        """Whether to do without the server."""
        return self._clock() < self._until

    def begins(self, error: Exception) -> None:
        """The server did not answer, or not well."""
        self._until = self._clock() + AWAY_SECONDS
        log.warning("%s does not answer: %s", self._server, error)

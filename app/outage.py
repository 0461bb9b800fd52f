"""A server that failed is left alone for a while, so that nobody waits for it again and again."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("studyrag.services")

AWAY_SECONDS = 10.0
TRIAL_SECONDS = 60.0
"""Nobody tries a server for longer."""


class Outage:
    """Of one server, as one process sees it."""

    def __init__(self, server: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._clock = clock
        self._lock = threading.Lock()
        self._is_over = True
        self._until = float("-inf")

    @property
    def lasts(self) -> bool:
        """Whether to do without the server."""
        return self._clock() < self._until

    def spares(self) -> bool:
        """The same, but when it might be over one is let through, and the others wait for what that one finds."""
        with self._lock:
            if self.lasts:
                return True
            if not self._is_over:
                self._until = self._clock() + TRIAL_SECONDS
            return False

    def ends(self) -> None:
        """The server answers."""
        self._is_over, self._until = True, float("-inf")

    def begins(self, error: Exception) -> None:
        """The server did not answer, or not well."""
        self._is_over, self._until = False, self._clock() + AWAY_SECONDS
        log.warning("%s does not answer: %s", self._server, error)

"""A thread that does what must not keep a turn waiting, such as talking to a server that may hang."""

import logging
import threading
from collections.abc import Callable
from queue import Full, Queue

from app.telemetry import metrics

log = logging.getLogger("studyrag.telemetry")

Work = Callable[[], object]
WAITING = 1_000


class Courier:
    """Works off one thing after the other; what comes when too much waits already is dropped and counted."""

    def __init__(self, name: str, waiting: int = WAITING) -> None:
        self._name = name
        self._waiting: Queue[Work | None] = Queue(waiting)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, work: Work) -> None:
        """Do it some time soon, or never."""
        try:
            self._waiting.put_nowait(work)
        except Full:
            metrics.telemetry_dropped.labels(self._name).inc()

    def close(self, seconds: float) -> None:
        """Do what waits, and no more; return after about so many seconds even when that is not done."""
        try:
            self._waiting.put(None, timeout=seconds)
        except Full:
            return
        self._thread.join(seconds)

    def _run(self) -> None:
        while work := self._waiting.get():
            try:
                work()
            except Exception as error:
                log.warning("%s did not take what it was told (%s)", self._name, type(error).__name__, exc_info=True)

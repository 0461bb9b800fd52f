"""The heartbeat of a process, and what it does between two beats for those that have none any more."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from app.persistence.processes import Processes
from tools.errors import StudyError

log = logging.getLogger("studyrag.heart")

PULSE_SECONDS = 3.0
STILL_SECONDS = 60.0
"""A thread that has not come round for so long hangs."""


class Heart:
    """Beats in a thread from `start` to `stop`; `after` is called behind each beat, also behind the first."""

    def __init__(self, processes: Processes, after: Callable[[], None], seconds: float = PULSE_SECONDS) -> None:
        self._processes = processes
        self._after = after
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._last_beat = float("-inf")

    def start(self) -> None:
        """The first beat comes before this returns, so that nothing is begun by a process that nobody knows."""
        self._last_beat = time.monotonic()
        self._processes.beat()
        self._look_after()
        self._thread.start()

    def stop(self) -> None:
        """The last beat: whatever is in hand must have been let go before."""
        self._stopping.set()
        self._thread.join()
        self._processes.leave()

    def is_beating(self) -> bool:
        """Whether it goes on; a database that is away stops no heart."""
        return time.monotonic() - self._last_beat < STILL_SECONDS

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            self._last_beat = time.monotonic()
            try:
                self._processes.beat()
            except (OperationalError, StudyError) as error:
                log.warning("the database did not take the heartbeat: %s", error)
            self._look_after()

    def _look_after(self) -> None:
        try:
            self._processes.bury()
            self._after()
        except (OperationalError, StudyError) as error:
            log.warning("the dead could not be looked after: %s", error)

"""What is done by the clock, by one worker for all."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.persistence.db import Database, Service
from app.persistence.tables import Setting
from tools.errors import StudyError

log = logging.getLogger("studyrag.worker")

AGAIN = timedelta(hours=1)
"""After something that failed, or that took its process along."""


class Regularly:
    """Does something whenever `every` has passed since it was last done anywhere; a row says when that will be.

    `at_start`: once by each process, too.
    """

    def __init__(
        self, database: Database, name: str, every: timedelta, do: Callable[[], object], *, at_start: bool = False
    ) -> None:
        self._database = database
        self._name = name
        self._every = every
        self._do = do
        self._running = threading.Lock()
        self._is_new = at_start

    @property
    def is_due(self) -> bool:
        """Whether it should be done now, and is not being done."""
        if self._running.locked():
            return False
        if self._is_new:
            return True
        with self._database.service_session(Service.INSTALLATION) as session:
            row = session.get(Setting, self._name)
        return row is None or datetime.now(UTC) >= datetime.fromisoformat(row.value["next"])

    def run(self) -> None:
        """Do it if it is due; what keeps it from being done is in the log, and it is tried again soon."""
        if not self.is_due or not self._running.acquire(blocking=False):
            return
        try:
            self._is_new = False
            self._next(AGAIN)
            self._do()
            self._next(self._every)
        except (StudyError, OSError) as error:
            log.error("%s could not be done: %s", self._name, error)
        finally:
            self._running.release()

    def _next(self, wait: timedelta) -> None:
        with self._database.service_session(Service.INSTALLATION) as session:
            session.merge(Setting(key=self._name, value={"next": (datetime.now(UTC) + wait).isoformat()}))

"""What is done by the clock, by one worker for all."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.persistence.db import Database, Service
from app.persistence.tables import Setting
from tools.errors import StudyError

log = logging.getLogger("studyrag.worker")

_NEVER = datetime.min.replace(tzinfo=UTC)
SOON = timedelta(minutes=10)
AGAIN = timedelta(hours=1)
"""After something that failed, or that took its process along."""


class Regularly:
    """Does something whenever `every` has passed since it was last done anywhere; a row says when that will be.

    `at_start`: also when a process begins, unless it was begun shortly before.
    """

    def __init__(
        self, database: Database, name: str, every: timedelta, do: Callable[[], object], *, at_start: bool = False
    ) -> None:
        self._database = database
        self._name = name
        self._every = every
        self._do = do
        self._running = threading.Lock()
        self._begun_by = datetime.now(UTC) - SOON if at_start else _NEVER

    @property
    def is_due(self) -> bool:
        """Whether it should be done now, and is not being done."""
        if self._running.locked():
            return False
        with self._database.service_session(Service.INSTALLATION) as session:
            row = session.get(Setting, self._name)
        if row is None:
            return True
        is_time = datetime.now(UTC) >= datetime.fromisoformat(row.value["next"])
        return is_time or datetime.fromisoformat(row.value.get("begun", row.value["next"])) < self._begun_by

    def run(self) -> None:
        """Do it if it is due; what keeps it from being done is in the log, and it is tried again soon."""
        if not self.is_due or not self._running.acquire(blocking=False):
            return
        try:
            self._next(AGAIN)
            self._do()
            self._next(self._every)
        except (StudyError, OSError) as error:
            log.error("%s could not be done: %s", self._name, error)
        finally:
            self._running.release()

    def _next(self, wait: timedelta) -> None:
        now = datetime.now(UTC)
        with self._database.service_session(Service.INSTALLATION) as session:
            session.merge(Setting(key=self._name, value={"next": (now + wait).isoformat(), "begun": now.isoformat()}))

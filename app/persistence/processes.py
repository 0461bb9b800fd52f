"""Who is alive. A process has a row as long as it lives; what is in the hands of one without a row is nobody's."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update

from app.identity import Identity, Role
from app.persistence.db import Database, Service
from app.persistence.tables import Process, now

SILENT_SECONDS, STUCK_SECONDS = 30, 120
"""After so long without a heartbeat a process elsewhere counts as dead, and one that runs here as stuck."""
LONGEST_LOOK = 10.0
"""More than this between two looks is our own pause, and says nothing about the others."""


@dataclass(slots=True)
class _Seen:
    """What was last seen of a process: no clock is compared, its own count either moves on or does not."""

    beats: int
    at: float
    silent: float = 0.0


class Processes:
    """The processes on one database, as `me` sees them."""

    def __init__(self, database: Database, me: Identity, clock: Callable[[], float] = time.monotonic) -> None:
        self.database = database
        self.me = me
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def beat(self) -> None:
        """I am alive. One that was taken for dead is there again, and finds that it has nothing in hand."""
        with self.database.service_session(Service.WATCHDOG) as session:
            mine = update(Process).where(Process.id == self.me.id)
            if session.execute(mine.values(beats=Process.beats + 1, heartbeat_at=now()).returning(Process.id)).first():
                return
            me = self.me
            session.add(Process(id=me.id, role=me.role, host=me.host, pid=me.pid, birth=me.birth))

    def leave(self) -> None:
        """I end, and have let go of everything."""
        with self.database.service_session(Service.WATCHDOG) as session:
            session.execute(delete(Process).where(Process.id == self.me.id))

    def bury(self) -> None:
        """Remove the rows of the dead: to be called again and again, since some are known by their silence only."""
        with self.database.service_session(Service.WATCHDOG) as session:
            others = session.scalars(select(Process).where(Process.id != self.me.id)).all()
        self._seen = {row.id: self._look(row) for row in others}
        dead = [row for row in others if self._is_dead(row)]
        if not dead:
            return
        with self.database.service_session(Service.WATCHDOG) as session:
            for row in dead:
                session.execute(delete(Process).where(Process.id == row.id, Process.beats == row.beats))

    def is_first(self) -> bool:
        """Whether I am the oldest of my role: the one that does what only one should do."""
        with self.database.service_session(Service.WATCHDOG) as session:
            ids = select(Process.id).where(Process.role == self.me.role)
            return session.scalar(ids.order_by(Process.started_at, Process.id).limit(1)) == self.me.id

    def living(self) -> set[str]:
        """The ids of all that have a row, mine among them."""
        with self.database.service_session(Service.WATCHDOG) as session:
            return set(session.scalars(_living()))

    def heard(self, role: Role) -> datetime | None:
        """When a process of this role last gave a sign; None when there is none."""
        with self.database.service_session(Service.WATCHDOG) as session:
            return session.scalar(select(func.max(Process.heartbeat_at)).where(Process.role == role))

    def _look(self, row: Process) -> _Seen:
        at, before = self._clock(), self._seen.get(row.id)
        if before is None or before.beats != row.beats:
            return _Seen(row.beats, at)
        return _Seen(row.beats, at, before.silent + min(at - before.at, LONGEST_LOOK))

    def _is_dead(self, row: Process) -> bool:
        one = Identity(Role(row.role), row.host, row.pid, row.birth)
        if not one.is_here:
            return self._seen[row.id].silent > SILENT_SECONDS
        return not one.is_running or self._seen[row.id].silent > STUCK_SECONDS


def nobodys(holder: Any) -> ColumnElement[bool]:
    """The condition that a column names no process that lives."""
    return or_(holder.is_(None), holder.not_in(_living()))


def _living() -> Select[tuple[str]]:
    return select(Process.id)

"""The worker process: reads documents, and looks after what dead processes had in hand."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app import file_queue
from app.beginning import begin
from app.broker import Task, queue_folder
from app.consumer import consume
from app.heart import Heart
from app.identity import Role
from app.maintenance import EVERY, Maintenance
from app.reading import Reading
from app.reembedding import Reembedding
from app.regularly import Regularly
from app.retention import forget_old_versions
from app.wiring import Services

CONCURRENCY = 3
DAILY = timedelta(days=1)


class JobCaretaker:
    """What a worker does between two heartbeats; the oldest one for all."""

    def __init__(
        self, services: Services, reading: Reading, reembedding: Reembedding, chores: Sequence[Regularly]
    ) -> None:
        self._services = services
        self._reading = reading
        self._reembedding = reembedding
        self._chores = chores

    def __call__(self) -> None:
        """Called with each heartbeat."""
        self._reading.let_go()
        if not self._services.processes.is_first():
            return
        self._services.queries.interrupt_orphans()
        self._services.jobs.let_go()
        self._services.queue.remind(Task.INGEST, len(self._services.jobs.waiting()))
        file_queue.sweep(queue_folder(self._services.settings))
        if self._reembedding.is_due:
            self._services.queue.tell(Task.REEMBED)
        if any(chore.is_due for chore in self._chores):
            self._services.queue.tell(Task.CHORES)


def chores(services: Services) -> list[Regularly]:
    """What is done by the clock."""
    settings, maintenance = services.settings, Maintenance(services)
    found = [Regularly(services.database, "maintenance", EVERY, maintenance.run, at_start=True)]
    if days := settings.old_versions_days:
        found.append(Regularly(services.database, "old versions", DAILY, lambda: _forget_old_versions(services, days)))
    if settings.backup_to:
        every = timedelta(hours=settings.backup_hours)
        found.append(Regularly(services.database, "backup", every, lambda: _back_up(services)))
    return found


def _forget_old_versions(services: Services, days: int) -> None:
    forget_old_versions(services.documents, datetime.now(UTC) - timedelta(days=days))


def _back_up(services: Services) -> None:
    from app.backup.making import back_up_to  # a worker that makes no backups needs none of it in its memory

    asyncio.run(back_up_to(services, services.settings.backup_to))


def main() -> None:
    """Blocks until SIGTERM."""
    services = Services(begin(Role.WORKER), Role.WORKER)
    reading = Reading(services)
    reembedding, regular = Reembedding(reading), chores(services)

    # Plain functions: Celery would take the `self` of a bound method for an argument of the task.
    @services.celery.task(name=Task.INGEST, shared=False)  # type: ignore[untyped-decorator]
    def ingest() -> None:
        reading.run()

    @services.celery.task(name=Task.REEMBED, shared=False)  # type: ignore[untyped-decorator]
    def reembed() -> None:
        if services.processes.is_first():
            reembedding.run()

    @services.celery.task(name=Task.CHORES, shared=False)  # type: ignore[untyped-decorator]
    def do_chores() -> None:
        for chore in regular:
            chore.run()

    heart = Heart(services.processes, JobCaretaker(services, reading, reembedding, regular))
    consume(services, ("ingestion", "embedding", "maintenance"), CONCURRENCY, heart, reading.stopping.set)


if __name__ == "__main__":
    main()

"""The worker process: reads documents, and looks after what dead processes had in hand."""

from app import file_queue
from app.beginning import begin
from app.broker import Task, queue_folder
from app.consumer import consume
from app.heart import Heart
from app.identity import Role
from app.reading import Reading
from app.reembedding import Reembedding
from app.wiring import Services

CONCURRENCY = 3


class JobCaretaker:
    """What a worker does between two heartbeats; the oldest one for all."""

    def __init__(self, services: Services, reading: Reading, reembedding: Reembedding) -> None:
        self._services = services
        self._reading = reading
        self._reembedding = reembedding

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


def main() -> None:
    """Blocks until SIGTERM."""
    services = Services(begin(Role.WORKER), Role.WORKER)
    reading = Reading(services)
    reembedding = Reembedding(reading)

    # Plain functions: Celery would take the `self` of a bound method for an argument of the task.
    @services.celery.task(name=Task.INGEST, shared=False)  # type: ignore[untyped-decorator]
    def ingest() -> None:
        reading.run()

    @services.celery.task(name=Task.REEMBED, shared=False)  # type: ignore[untyped-decorator]
    def reembed() -> None:
        if services.processes.is_first():
            reembedding.run()

    heart = Heart(services.processes, JobCaretaker(services, reading, reembedding))
    consume(services.celery, ("ingestion", "embedding"), CONCURRENCY, heart, reading.stopping.set)


if __name__ == "__main__":
    main()

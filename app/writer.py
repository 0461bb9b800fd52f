"""The writer process: writes the questions of quizzes."""

from app.beginning import begin
from app.broker import Task
from app.consumer import consume
from app.event_loop import EventLoop
from app.heart import Heart
from app.identity import Role
from app.models.litellm_client import close_litellm
from app.persistence.writings import WritingStore
from app.wiring import Services

AT_ONCE = 4
"""Quizzes; with a chat model they wait most of the time."""


class QuizCaretaker:
    """What a writer does between two heartbeats; the oldest one for all."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._rows = WritingStore(services.database)

    def __call__(self) -> None:
        """Called with each heartbeat."""
        self._services.scribe.let_go()
        if self._services.processes.is_first():
            self._rows.let_go()
            self._services.queue.remind(Task.WRITE, len(self._rows.waiting()))


def main() -> None:
    """Blocks until SIGTERM."""
    services = Services(begin(Role.WRITER), Role.WRITER)
    with EventLoop() as loop:

        @services.celery.task(name=Task.WRITE, shared=False)  # type: ignore[untyped-decorator]
        def write() -> None:
            loop.run(services.scribe.write())

        heart = Heart(services.processes, QuizCaretaker(services))
        consume(services, ("questions",), AT_ONCE, heart, services.scribe.stopping.set)
        loop.run(close_litellm())
    services.telemetry.close()


if __name__ == "__main__":
    main()

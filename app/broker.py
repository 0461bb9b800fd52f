"""The queue, on Redis or on files in the data folder: it says that there is work, and the rows say which."""

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from celery import Celery
from kombu.exceptions import OperationalError

from app import file_queue
from app.outage import Outage
from app.settings import Settings

T = TypeVar("T")

POLL_SECONDS = 0.1
ANSWER_SECONDS = 2.0
REMINDED_AT_ONCE = 100
VISIBILITY_SECONDS = 6 * 3600
"""Redis hands out again what nobody has acknowledged for so long: longer than a book takes to read."""


class Task(StrEnum):
    """What a message asks for."""

    INGEST = "studyrag.ingest"
    WRITE = "studyrag.write"
    REEMBED = "studyrag.reembed"
    CHORES = "studyrag.chores"

    @property
    def queue(self) -> str:
        """The queue that carries it."""
        return QUEUES[self]


QUEUES = {Task.INGEST: "ingestion", Task.WRITE: "questions", Task.REEMBED: "embedding", Task.CHORES: "maintenance"}


def celery_app(settings: Settings) -> Celery:
    """Celery on the Redis of the settings, or on the file queue of the data folder."""
    broker, options = (_redis if settings.redis_url else _files)(settings)
    app = Celery("studyrag", broker=broker, set_as_current=False)
    app.conf.update(
        broker_transport_options=options,
        broker_connection_timeout=ANSWER_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        # What Flower looks at; it knows nothing of files.
        worker_enable_remote_control=bool(settings.redis_url),
        worker_send_task_events=bool(settings.redis_url),
        task_routes={task: {"queue": task.queue} for task in Task},
    )
    return app


def _files(settings: Settings) -> tuple[str, dict[str, Any]]:
    file_queue.register()
    options = {"folder": str(queue_folder(settings)), "polling_interval": POLL_SECONDS}
    return f"{file_queue.SCHEME}://localhost", options


def _redis(settings: Settings) -> tuple[str, dict[str, Any]]:
    """Every wait has an end: a server that hangs is as good as none."""
    options = {
        "visibility_timeout": VISIBILITY_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": ANSWER_SECONDS,
        "socket_keepalive": True,
        "health_check_interval": 5,
        "max_retries": 1,
    }
    return settings.redis_url, options


def queue_folder(settings: Settings) -> Path:
    """Where the messages lie that are files."""
    return settings.data_dir / "queue" / "messages"


class Queue:
    """The way to the workers; where it is broken, their caretaker finds the work in the rows a little later."""

    def __init__(self, app: Celery, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._outage = Outage("the queue", clock)

    def tell(self, task: Task, times: int = 1) -> None:
        """There is work for so many. Every failure of the broker is logged, none is raised."""
        self._reach(lambda: [self._app.send_task(task) for _ in range(times)])

    def length(self, task: Task) -> int | None:
        """How many messages nobody has taken; None when the broker does not answer."""
        return self._reach(lambda: self._length(task.queue))

    def remind(self, task: Task, waiting: int) -> None:
        """Make up for messages that were lost: there is to be one for each row that waits."""
        told = self.length(task)
        if told is not None and told < waiting:
            self.tell(task, min(waiting - told, REMINDED_AT_ONCE))

    def _length(self, queue: str) -> int:
        with self._app.connection_or_acquire() as connection:
            return int(connection.default_channel.queue_declare(queue).message_count)

    def _reach(self, call: Callable[[], T]) -> T | None:
        if self._outage.lasts:
            return None
        try:
            return call()
        except self._failures as error:
            self._outage.begins(error)
            return None

    @property
    def _failures(self) -> tuple[type[Exception], ...]:
        transport = self._app.connection_for_write().transport
        return (OperationalError, OSError, *transport.connection_errors, *transport.channel_errors)

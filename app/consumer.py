"""Celery in one of our processes: threads that take tasks from some queues until the process is asked to end."""

from collections.abc import Callable, Sequence

from celery import Celery
from celery.signals import worker_shutting_down

from app.heart import Heart


def consume(app: Celery, queues: Sequence[str], threads: int, heart: Heart, stop: Callable[[], None]) -> None:
    """Blocks until SIGTERM; then `stop` is called, and what is in hand is waited for."""
    worker_shutting_down.connect(lambda **_: stop(), weak=False)
    heart.start()
    try:
        app.worker_main(
            [
                "worker",
                "--pool=threads",
                f"--concurrency={threads}",
                f"--queues={','.join(queues)}",
                "--loglevel=WARNING",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )
    finally:
        heart.stop()

"""Celery in one of our processes: threads that take tasks from some queues until the process is asked to end."""

from collections.abc import Callable, Sequence

from celery.signals import worker_shutting_down

from app.heart import Heart
from app.telemetry.exposition import observable
from app.wiring import Services


def consume(services: Services, queues: Sequence[str], threads: int, heart: Heart, stop: Callable[[], None]) -> None:
    """Blocks until SIGTERM; then `stop` is called, and what is in hand is waited for."""
    worker_shutting_down.connect(lambda **_: stop(), weak=False)
    heart.start()
    try:
        with observable(services.settings, heart.is_beating):
            services.celery.worker_main(
                [
                    "--quiet",
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

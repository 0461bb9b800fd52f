"""Celery in one of our processes: threads that take tasks from some queues until the process is asked to end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from celery.signals import worker_shutting_down

from app.heart import Heart
from app.settings import Settings
from app.telemetry.exposition import serve
from app.wiring import Services


def consume(services: Services, queues: Sequence[str], threads: int, heart: Heart, stop: Callable[[], None]) -> None:
    """Blocks until SIGTERM; then `stop` is called, and what is in hand is waited for."""
    worker_shutting_down.connect(lambda **_: stop(), weak=False)
    heart.start()
    try:
        with _observable(services.settings, heart):
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


@contextmanager
def _observable(settings: Settings, heart: Heart) -> Iterator[None]:
    """Within the block the process answers Prometheus and whoever asks whether it lives, if that is wanted."""
    if not settings.metrics_port:
        yield
        return
    token = settings.metrics_token.get_secret_value()
    server = serve(settings.host, settings.metrics_port, token, heart.is_beating)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()

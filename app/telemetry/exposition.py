"""The metrics of a process as Prometheus reads them, and the small server that gives them to it."""

import hmac
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.exposition import ThreadingWSGIServer

from app.settings import Settings
from app.telemetry.metrics import REGISTRY

log = logging.getLogger("studyrag.metrics")

Answer = Callable[[str, list[tuple[str, str]]], Any]


def is_allowed(authorization: str, token: str) -> bool:
    """Whether a request shows the operator's token."""
    return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


def exposed() -> tuple[bytes, str]:
    """The metrics of this process, and their media type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """What is read every few seconds is no news."""


@contextmanager
def observable(
    settings: Settings, is_alive: Callable[[], bool], more: Callable[[], bytes] = lambda: b""
) -> Iterator[None]:
    """Within the block `/metrics` and `/health/live` are answered in a thread, where a port is set for it.

    `more` are further metrics, worked out when they are asked for. Raises OSError when the port is taken.
    """
    if not settings.metrics_port:
        yield
        return
    token = settings.metrics_token.get_secret_value()

    def application(environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/health/live":
            return _answer(start_response, "200 OK" if is_alive() else "503 Service Unavailable", b"")
        if environ["PATH_INFO"] != "/metrics":
            return _answer(start_response, "404 Not Found", b"")
        if token and not is_allowed(environ.get("HTTP_AUTHORIZATION", ""), token):
            return _answer(start_response, "401 Unauthorized", b"")
        counted, kind = exposed()
        return _answer(start_response, "200 OK", counted + more(), kind)

    server = make_server(settings.host, settings.metrics_port, application, ThreadingWSGIServer, _Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _answer(start_response: Answer, status: str, body: bytes, kind: str = "text/plain") -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]

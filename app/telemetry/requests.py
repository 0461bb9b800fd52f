"""The outermost layer of the web process: each request has an id, and is counted."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry import metrics
from tools.correlation import correlated

log = logging.getLogger("studyrag.requests")

HEADER = "X-Request-Id"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NO_ROUTE = "other"
READING = {"GET", "HEAD", "OPTIONS"}
BAD = 500


class Requests:
    """Takes `X-Request-Id` in and gives it back; counts by route, never by address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; what comes over a socket gets its id, and is counted, where it is done."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        with correlated(Headers(scope=scope).get(HEADER)) as id_:
            return await self._request(id_, scope, receive, send)

    async def _request(self, id_: str, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = id_
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            _count(scope, status, time.perf_counter() - started)


def _count(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else NO_ROUTE
    route = route_of(scope)
    metrics.requests.labels(method, route, status).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    if status >= BAD or scope["method"] not in READING:
        log.info("%s %s %s", method, route, status, extra={"milliseconds": round(seconds * 1000, 1)})


def route_of(scope: Scope) -> str:
    """The template of the address, such as `/api/jobs/{job_id}`; there are as many as there are routes."""
    return getattr(scope.get("route"), "path", None) or NO_ROUTE

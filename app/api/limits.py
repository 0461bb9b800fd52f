"""How much one may ask: requests a minute, and bytes in a request."""

import math
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response

JSON_BYTES = 1 << 20
FILES_AT_ONCE = 4
DRAINED_BYTES = 16 << 20
UPLOAD = "/api/documents/upload"


class RequestLimits:
    """Limits for `/api`; an upload may hold several files, each of which has its own limit when it is read."""

    def __init__(
        self, app: ASGIApp, per_minute: int, max_file_bytes: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self.bucket = Bucket(per_minute, clock)
        self.max_upload = FILES_AT_ONCE * max_file_bytes + JSON_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; 429 when there were too many, 413 when it is too large."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/") or scope["path"] == "/api/health":
            return await self.app(scope, receive, send)
        wait = self.bucket.take()
        if wait:
            response = error_response(429, "too_many_requests", _too_many(wait), wait)
            return await response(scope, receive, send)
        limit = self.max_upload if scope["path"] == UPLOAD else JSON_BYTES
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            await _drain(receive)
            return await _too_large(limit)(scope, receive, send)
        return await self.app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    """For a body without a declared length: stop reading it where the limit is."""
    size = 0

    async def receiving() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413)
        return message

    return receiving


class Bucket:
    """A full minute's worth at once, then as many as trickle in."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self.left = float(per_minute)
        self.filled_at = clock()

    def take(self) -> int:
        """0 when the request may pass, else the seconds to wait."""
        now = self.clock()
        self.left = min(self.per_minute, self.left + (now - self.filled_at) * self.per_minute / 60)
        self.filled_at = now
        if self.left < 1:
            return math.ceil((1 - self.left) * 60 / self.per_minute)
        self.left -= 1
        return 0


async def _drain(receive: Receive) -> None:
    """Read a little of what is being sent, so that the sender gets to see the answer."""
    size, more = 0, True
    while more and size < DRAINED_BYTES:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


def _too_large(limit: int) -> ASGIApp:
    return error_response(413, "too_large", f"This request is larger than {limit >> 20} MB. Send less at a time.")


def _too_many(wait: int) -> str:
    unit = "second" if wait == 1 else "seconds"
    return f"That were too many requests in one minute. Please try again in {wait} {unit}."

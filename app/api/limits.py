"""How much may come from an address in a minute, and in a request."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response, study_error
from app.limits import Limits, TooMany, Use

JSON_BYTES = 1 << 20
FILES_AT_ONCE = 4
DRAINED_BYTES = 16 << 20
UPLOAD = "/api/documents/upload"


class RequestLimits:
    """Limits for `/api`; an upload may hold several files, each of which has its own limit when it is read."""

    def __init__(self, app: ASGIApp, limits: Limits, max_file_bytes: int) -> None:
        self.app = app
        self.limits = limits
        self.max_upload = FILES_AT_ONCE * max_file_bytes + JSON_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; 429 when there were too many, 413 when it is too large."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/") or scope["path"] == "/api/health":
            return await self.app(scope, receive, send)
        address = scope["client"][0] if scope.get("client") else ""
        try:
            await self.limits.take(Use.ADDRESS, address)
        except TooMany as error:
            return await study_error(error)(scope, receive, send)
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


async def _drain(receive: Receive) -> None:
    """Read a little of what is being sent, so that the sender gets to see the answer."""
    size, more = 0, True
    while more and size < DRAINED_BYTES:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


def _too_large(limit: int) -> ASGIApp:
    return error_response(413, "too_large", f"This request is larger than {limit >> 20} MB. Send less at a time.")

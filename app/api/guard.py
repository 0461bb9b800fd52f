"""Who may speak to a server on loopback: no other site's page, whatever name it gives this address."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}


class Guard:
    """Refuses host names that are not loopback (DNS rebinding) and changes asked for by other origins."""

    def __init__(self, app: ASGIApp, host: str = "") -> None:
        """`host` is the one name besides those of loopback under which this server is known."""
        self.app = app
        self.host = host.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket; 403 or close code 1008 when it is refused."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        reason = self._refusal(scope)
        if reason is None:
            return await self.app(scope, receive, _with_headers(send))
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return await error_response(403, "forbidden", reason)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        is_probe = scope["type"] == "http" and scope["path"].startswith("/health/")
        if not (is_probe or is_loopback(host) or host == self.host):
            return f"StudyRAG answers under another name: open it as {self.host or 'http://127.0.0.1'}."
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        return "Another website may not change anything here." if changes and _is_foreign(headers, host) else None


def _is_foreign(headers: Headers, host: str) -> bool:
    """Browsers say where a change comes from; what a cookie may do, only our own pages may ask for."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    return urlsplit(origin).netloc.lower() != host


def is_loopback(host: str) -> bool:
    """True for `localhost`, names below it, and loopback addresses, with or without a port."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending

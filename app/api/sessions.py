"""Who a request or a socket is of: the session in its cookies or its bearer token, renewed before it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.service import Accounts
from app.accounts.supabase import Session
from app.accounts.tokens import SignedIn
from app.api.errors import study_error
from tools.errors import NotSignedIn, StudyError

OPEN_PAGES = ("/login", "/signup", "/forgot", "/api/", "/health", "/metrics", "/viewer/", "/public/", "/assets/")
"""Pages and files for everybody; what of the API is not says so itself."""
SOCKETS = "/ws/"
DAYS = 30
LINK_SECONDS = 24 * 3600
CHUNK = 3000
"""Browsers keep about 4,000 bytes a cookie. Chainlit, which reads the first one, too, has the same way to go on."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Their names, and whether a browser may send them without encryption."""

    name: str
    is_secure: bool

    @property
    def refresh(self) -> str:
        """What renews a session."""
        return f"refresh_{self.name}"

    @property
    def link(self) -> str:
        """What a link that comes back belongs to."""
        return f"link_{self.name}"

    def token(self, cookies: Mapping[str, str]) -> str:
        """The access token; empty when there is none."""
        if self.name in cookies:
            return cookies[self.name]
        parts: list[str] = []
        while (part := cookies.get(f"{self.name}_{len(parts)}")) is not None:
            parts.append(part)
        return "".join(parts)

    def own(self, cookies: Mapping[str, str]) -> list[str]:
        """The names of those that hold the access token."""
        return [name for name in cookies if name == self.name or name.startswith(f"{self.name}_")]

    def of_token(self, token: str) -> dict[str, str]:
        """The cookies that hold a token, by name."""
        if len(token) <= CHUNK:
            return {self.name: token}
        return {f"{self.name}_{at // CHUNK}": token[at : at + CHUNK] for at in range(0, len(token), CHUNK)}

    def keep(self, response: Response, session: Session, before: Mapping[str, str]) -> None:
        """Let the browser keep a session, and drop what it kept before."""
        now = self.of_token(session.access_token) | {self.refresh: session.refresh_token}
        for name, value in now.items():
            self._set(response, name, value, DAYS * 24 * 3600)
        self._drop(response, set(self.own(before)) - set(now))

    def clear(self, response: Response, before: Mapping[str, str]) -> None:
        """Let the browser forget the session."""
        self._drop(response, {*self.own(before), self.refresh, self.link})

    def keep_link(self, response: Response, verifier: str) -> None:
        """Let the browser keep what a link belongs to."""
        self._set(response, self.link, verifier, LINK_SECONDS)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, httponly=True, secure=self.is_secure, samesite="lax")

    def _drop(self, response: Response, names: set[str]) -> None:
        for name in sorted(names):
            response.delete_cookie(name, httponly=True, secure=self.is_secure, samesite="lax")


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of who asks; `error` tells why a session is none."""

    session: SignedIn | None = None
    is_bearer: bool = False
    renewed: Session | None = None
    error: StudyError | None = None


class Sessions:
    """Puts the visit into `scope["state"]`. What comes after it sees no token that is not valid."""

    def __init__(self, app: ASGIApp, accounts: Accounts, cookies: Cookies) -> None:
        self.app = app
        self.accounts = accounts
        self.cookies = cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket; a page goes to the sign-in page without a session, a socket is refused."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visit = await self._visit(connection)
        scope.setdefault("state", {})["visit"] = visit
        scope["headers"] = self._headers(connection, visit)
        if scope["type"] == "websocket":
            await self._socket(visit, scope, receive, send)
        else:
            answering = _refused(scope, connection, visit) or self.app
            await answering(scope, receive, self._telling(send, connection, visit))

    async def _visit(self, connection: HTTPConnection) -> Visit:
        scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and bearer:
            return replace(await self._of(bearer.strip()), is_bearer=True)
        visit = await self._of(self.cookies.token(connection.cookies))
        refresh = connection.cookies.get(self.cookies.refresh)
        is_ending = visit.session is None or self.accounts.is_ending(visit.session)
        if refresh and is_ending and connection.scope["type"] == "http":
            return await self._renewed(visit, refresh)
        return visit

    async def _of(self, token: str) -> Visit:
        if not token:
            return Visit()
        try:
            return Visit(await self.accounts.signed_in(token))
        except StudyError as error:
            return Visit(error=error)

    async def _renewed(self, visit: Visit, refresh: str) -> Visit:
        try:
            session = await self.accounts.renewed(refresh)
            return Visit(await self.accounts.signed_in(session.access_token), renewed=session)
        except StudyError as error:
            return visit if visit.session else Visit(error=error)

    def _headers(self, connection: HTTPConnection, visit: Visit) -> list[tuple[bytes, bytes]]:
        dropped = {b"cookie"} if visit.session else {b"cookie", b"authorization"}
        kept = [(name, value) for name, value in connection.scope["headers"] if name not in dropped]
        cookies = {name: value for name, value in connection.cookies.items() if name not in self._names(connection)}
        if visit.session and not visit.is_bearer:
            cookies |= self.cookies.of_token(visit.session.token)
            cookies[self.cookies.refresh] = (
                visit.renewed.refresh_token if visit.renewed else connection.cookies.get(self.cookies.refresh, "")
            )
        joined = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return [*kept, (b"cookie", joined.encode("latin-1", "ignore"))] if joined else kept

    def _names(self, connection: HTTPConnection) -> set[str]:
        return {*self.cookies.own(connection.cookies), self.cookies.refresh}

    async def _socket(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        session = visit.session
        if session is None:
            await send({"type": "websocket.close", "code": 1008, "reason": str(NotSignedIn())})
            return

        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not await self.accounts.lives(session):
                await send({"type": "websocket.close", "code": 1008, "reason": str(NotSignedIn())})
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        await self.app(scope, receiving, send)

    def _telling(self, send: Send, connection: HTTPConnection, visit: Visit) -> Send:
        told = Response()
        if visit.renewed:
            self.cookies.keep(told, visit.renewed, connection.cookies)
        elif isinstance(visit.error, NotSignedIn) and not visit.is_bearer:
            self.cookies.clear(told, connection.cookies)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not any(name == "set-cookie" for name in headers):  # signing in and out says it itself
                    for value in told.headers.getlist("set-cookie"):
                        headers.append("set-cookie", value)
            await send(message)

        return sending


def _refused(scope: Scope, connection: HTTPConnection, visit: Visit) -> ASGIApp | None:
    path: str = scope["path"]
    if visit.session is not None or path.startswith(OPEN_PAGES):
        return None
    if path.startswith(SOCKETS):
        return study_error(visit.error or NotSignedIn())
    if scope["method"] == "GET" and "text/html" in connection.headers.get("accept", ""):
        wanted = path + (f"?{query}" if (query := scope["query_string"].decode("latin-1")) else "")
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    return None


def safe_path(wanted: str | None) -> str:
    """A path on this server to go on to; the chat for everything else."""
    path = wanted or "/"
    is_here = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_here and not urlsplit(path).netloc and "\\" not in path else "/"

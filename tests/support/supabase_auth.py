"""A small server that speaks the protocol of Supabase Auth: passwords, links, tokens and their keys, in memory."""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ANON, SERVICE = "anon-key", "service-key"
SECRET = "a-secret-of-an-older-project-with-enough-bytes"
TOKEN_SECONDS = 3600
Answer = tuple[int, dict[str, Any] | None, dict[str, str]]


class Key:
    """One that signs tokens: its type decides on the algorithm."""

    def __init__(self, algorithm: str = "ES256") -> None:
        self.id, self.algorithm = uuid4().hex, algorithm
        self.private: Any = (
            ec.generate_private_key(ec.SECP256R1())
            if algorithm == "ES256"
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )

    @property
    def public(self) -> dict[str, Any]:
        kind = jwt.algorithms.ECAlgorithm if self.algorithm == "ES256" else jwt.algorithms.RSAAlgorithm
        key: dict[str, Any] = kind.to_jwk(self.private.public_key(), as_dict=True)
        return key | {"kid": self.id, "alg": self.algorithm, "use": "sig", "key_ops": ["verify"]}


@dataclass
class Account:
    """Somebody who can sign in."""

    email: str
    password: str
    confirmed: bool
    id: str = field(default_factory=lambda: str(uuid4()))
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id, "aud": "authenticated", "role": "authenticated", "email": self.email, "phone": "",
            "app_metadata": {"provider": "email", "providers": ["email"]}, "user_metadata": {}, "identities": [],
            "created_at": self.at, "updated_at": self.at, "is_anonymous": False,
        } | ({"email_confirmed_at": self.at, "confirmed_at": self.at} if self.confirmed else {})  # fmt: skip


@dataclass
class _Flow:
    account: Account
    challenge: str


class SupabaseAuthServer:
    """`with SupabaseAuthServer() as server:`, then `server.url`; `server.mails` holds the links that were sent."""

    def __init__(self, autoconfirm: bool = True, legacy: bool = False) -> None:
        self.autoconfirm, self.legacy = autoconfirm, legacy
        self.keys = [Key()]
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, tuple[Account, str]] = {}
        """Account and session id by refresh token."""
        self.spent: set[str] = set()
        self.mails: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.seen: list[tuple[str, str, dict[str, Any], Answer]] = []
        """Method, path with query, body and answer of each request."""
        self.seconds, self.broken = TOKEN_SECONDS, False
        self._codes: dict[str, _Flow] = {}
        self._links: dict[str, _Flow] = {}
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self.close()
        self._thread.join()

    def close(self) -> None:
        """Let go of the port; enough where it was never started."""
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/auth/v1"

    def token(self, account: Account, session_id: str = "a-session", **claims: Any) -> str:
        """As the server signs it, but for these claims."""
        now = int(time.time())
        said = {
            "iss": self.issuer, "sub": account.id, "aud": "authenticated", "role": "authenticated", "iat": now,
            "exp": now + self.seconds, "email": account.email, "session_id": session_id, "aal": "aal1",
        } | claims  # fmt: skip
        if self.legacy:
            return jwt.encode(said, SECRET, "HS256")
        key = self.keys[-1]
        return jwt.encode(said, key.private, key.algorithm, headers={"kid": key.id})

    def account(self, email: str, password: str = "a good password") -> Account:
        return self.accounts.setdefault(email, Account(email, password, confirmed=True))

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any], bearer: str) -> Answer:
        with self._lock:
            self.asked.append((method, path))
            if self.broken:
                return _error(503, "unexpected_failure", "away")
            name = f"{method} {path}"
            if path.startswith("/admin/users/"):
                return self._admin(method, path.rpartition("/")[2], bearer)
            routes = {
                "GET /.well-known/jwks.json": self._jwks, "POST /signup": self._signup, "POST /token": self._token,
                "POST /recover": self._recover, "GET /authorize": self._authorize, "GET /verify": self._verify,
                "GET /user": self._user, "PUT /user": self._change, "POST /logout": self._logout,
            }  # fmt: skip
            if name not in routes:
                return _error(404, "not_found", "no such path")
            return routes[name](query, body, bearer)

    def _jwks(self, *_: Any) -> Answer:
        return 200, {"keys": [] if self.legacy else [key.public for key in self.keys]}, {}

    def _signup(self, query: dict[str, str], body: dict[str, Any], _bearer: str) -> Answer:
        if body["email"] in self.accounts:
            return _error(422, "user_already_exists", "User already registered")
        if len(body["password"]) < 6:
            weak = {"weak_password": {"reasons": ["length"], "message": "too short"}}
            return _error(422, "weak_password", "Password should be at least 6 characters.", **weak)
        account = self.accounts[body["email"]] = Account(body["email"], body["password"], self.autoconfirm)
        if self.autoconfirm:
            return 200, self._session(account), {}
        self._send(account, "signup", query, body)
        return 200, account.shown() | {"confirmation_sent_at": account.at}, {}

    def _token(self, query: dict[str, str], body: dict[str, Any], _bearer: str) -> Answer:
        grants = {"password": self._by_password, "refresh_token": self._by_refresh, "pkce": self._by_code}
        grant = grants.get(query.get("grant_type", ""))
        return grant(body) if grant else _error(400, "validation_failed", "unsupported_grant_type")

    def _by_password(self, body: dict[str, Any]) -> Answer:
        account = self.accounts.get(body["email"])
        if account is None or account.password != body["password"]:
            return _error(400, "invalid_credentials", "Invalid login credentials")
        if not account.confirmed:
            return _error(400, "email_not_confirmed", "Email not confirmed")
        return 200, self._session(account), {}

    def _by_refresh(self, body: dict[str, Any]) -> Answer:
        known = self.sessions.pop(body["refresh_token"], None)
        if known is None:
            spent = body["refresh_token"] in self.spent
            code = "refresh_token_already_used" if spent else "refresh_token_not_found"
            return _error(400, code, "Invalid Refresh Token")
        self.spent.add(body["refresh_token"])
        return 200, self._session(*known), {}

    def _by_code(self, body: dict[str, Any]) -> Answer:
        flow = self._codes.pop(body["auth_code"], None)
        if flow is None:
            return _error(404, "flow_state_not_found", "invalid flow state, no valid flow state found")
        if _challenge(body["code_verifier"]) != flow.challenge:
            return _error(400, "bad_code_verifier", "code challenge does not match previously saved code verifier")
        return 200, self._session(flow.account), {}

    def _recover(self, query: dict[str, str], body: dict[str, Any], _bearer: str) -> Answer:
        if account := self.accounts.get(body["email"]):
            self._send(account, "recovery", query, body)
        return 200, {}, {}

    def _authorize(self, query: dict[str, str], _body: dict[str, Any], _bearer: str) -> Answer:
        """The other provider says yes at once."""
        account = self.account(f"somebody@{query['provider']}.example")
        return self._back(_Flow(account, query["code_challenge"]), query["redirect_to"])

    def _verify(self, query: dict[str, str], _body: dict[str, Any], _bearer: str) -> Answer:
        flow = self._links.pop(query["token"], None)
        if flow is None:
            said = {"error": "access_denied", "error_code": "otp_expired"}
            return 303, None, {"Location": _with(query["redirect_to"], said)}
        flow.account.confirmed = True
        return self._back(flow, query["redirect_to"])

    def _user(self, _query: dict[str, str], _body: dict[str, Any], bearer: str) -> Answer:
        account = self._of(bearer)
        return (200, account.shown(), {}) if account else _error(401, "bad_jwt", "invalid JWT")

    def _change(self, query: dict[str, str], body: dict[str, Any], bearer: str) -> Answer:
        account = self._of(bearer)
        if account is not None and body.get("password"):
            if account.password == body["password"]:
                return _error(422, "same_password", "New password should be different from the old password.")
            account.password = body["password"]
        return self._user(query, body, bearer)

    def _logout(self, _query: dict[str, str], _body: dict[str, Any], bearer: str) -> Answer:
        session_id = _claims(bearer).get("session_id")
        self.sessions = {token: one for token, one in self.sessions.items() if one[1] != session_id}
        return 204, None, {}

    def _admin(self, method: str, id_: str, bearer: str) -> Answer:
        if bearer != SERVICE:
            return _error(403, "not_admin", "User not allowed")
        account = next((one for one in self.accounts.values() if one.id == id_), None)
        if account is None:
            return _error(404, "user_not_found", "User not found")
        if method == "DELETE":
            del self.accounts[account.email]
            return 200, {}, {}
        return 200, account.shown(), {}

    def _of(self, bearer: str) -> Account | None:
        return next((one for one in self.accounts.values() if one.id == _claims(bearer).get("sub")), None)

    def _session(self, account: Account, session_id: str = "") -> dict[str, Any]:
        session_id, refresh = session_id or str(uuid4()), uuid4().hex
        self.sessions[refresh] = account, session_id
        return {
            "access_token": self.token(account, session_id), "token_type": "bearer", "expires_in": self.seconds,
            "expires_at": int(time.time()) + self.seconds, "refresh_token": refresh, "user": account.shown(),
        }  # fmt: skip

    def _send(self, account: Account, kind: str, query: dict[str, str], body: dict[str, Any]) -> None:
        token = uuid4().hex
        self._links[token] = _Flow(account, body.get("code_challenge", ""))
        parts = {"token": token, "type": kind, "redirect_to": query.get("redirect_to", "")}
        self.mails.append((account.email, f"{self.issuer}/verify?{urlencode(parts)}"))

    def _back(self, flow: _Flow, to: str) -> Answer:
        code = str(uuid4())
        self._codes[code] = flow
        return 303, None, {"Location": _with(to, {"code": code})}


def _with(address: str, parts: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(parts)}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _claims(bearer: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(bearer, options={"verify_signature": False})
    except jwt.PyJWTError:
        return {}
    return claims


def _error(status: int, code: str, message: str, **more: Any) -> Answer:
    return status, {"code": code, "message": message, **more}, {"X-Supabase-Api-Version": "2024-01-01"}


def _handler(server: SupabaseAuthServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            body = json.loads(raw) if raw else {}
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
            path = parts.path.removeprefix("/auth/v1")
            answer = server.answer(self.command, path, query, body, bearer)
            server.seen.append((self.command, f"{path}?{parts.query}", body, answer))
            status, said, headers = answer
            data = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _reply

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    return Handler

"""Supabase Auth, through its own client: it keeps passwords, sends e-mails and talks to Google and GitHub."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal, cast

import httpx
from supabase_auth import AsyncGoTrueClient, AsyncMemoryStorage
from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError, AuthWeakPasswordError
from supabase_auth.types import AuthResponse

from app.accounts.errors import LinkSpent, NotConfirmed, Refused, SignInUnavailable, TooManyTries, WrongPassword
from tools.errors import NotFound, NotSignedIn, StudyError

PATIENCE_SECONDS = 10.0
Provider = Literal["google", "github"]
SHORT_PASSWORD = "Please choose a longer password, with letters, digits and signs that are hard to guess."
KNOWN = "There is an account with this e-mail address. Sign in, or reset the password."

_TOLD: dict[str, Callable[[], StudyError]] = {
    "invalid_credentials": WrongPassword,
    "email_not_confirmed": NotConfirmed,
    "user_banned": WrongPassword,
    "user_already_exists": partial(
        Refused, "There is an account with this e-mail address. Sign in, or reset the password."
    ),
    "email_exists": partial(Refused, "There is an account with this e-mail address. Sign in, or reset the password."),
    "email_address_invalid": partial(Refused, "Please enter an e-mail address at which you can be reached."),
    "validation_failed": partial(Refused, "Please enter an e-mail address at which you can be reached."),
    "weak_password": partial(Refused, SHORT_PASSWORD),
    "same_password": partial(Refused, "Please choose a password that you did not have before."),
    "signup_disabled": partial(Refused, "New accounts are not made here at the moment."),
    "email_provider_disabled": partial(Refused, "Signing in with e-mail and password is switched off here."),
    "provider_disabled": partial(Refused, "This way to sign in is switched off here."),
    "over_request_rate_limit": TooManyTries,
    "over_email_send_rate_limit": partial(TooManyTries, "An e-mail was sent a moment ago. Please wait a little."),
    "session_not_found": NotSignedIn,
    "session_expired": NotSignedIn,
    "bad_jwt": NotSignedIn,
}
"""By the codes of Supabase Auth."""


@dataclass(frozen=True, slots=True)
class Session:
    """The tokens of somebody who is signed in."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What has begun and ends with a link: where to go, if anywhere, and what to keep in this browser until then."""

    url: str
    verifier: str


class SupabaseAuth:
    """One project. Whatever it refuses becomes one of our errors."""

    def __init__(self, url: str, anon_key: str, service_key: str = "") -> None:
        self.url = f"{url.rstrip('/')}/auth/v1"
        self._anon_key = anon_key
        self._service_key = service_key

    @property
    def can_delete(self) -> bool:
        """Whether it may delete whom it knows: that takes the service key."""
        return bool(self._service_key)

    async def keys(self) -> Mapping[str, Any]:
        """The public keys that sign tokens. Raises httpx.HTTPError."""
        reply = await self._http.get(f"{self.url}/.well-known/jwks.json", headers={"apikey": self._anon_key})
        return cast("Mapping[str, Any]", reply.raise_for_status().json())

    async def sign_up(self, email: str, password: str, back: str) -> tuple[Session | None, str]:
        """A session, or None where an e-mail is to be confirmed first; then with what to keep for its link."""
        kept = AsyncMemoryStorage()
        async with self._client(kept) as client:
            options: Any = {"email_redirect_to": back}
            reply = await client.sign_up({"email": email, "password": password, "options": options})
        return _session(reply), _verifier(kept)

    async def sign_in(self, email: str, password: str) -> Session:
        """Raises WrongPassword and NotConfirmed."""
        async with self._client() as client:
            return _sure(await client.sign_in_with_password({"email": email, "password": password}))

    async def begin_with(self, provider: Provider, back: str) -> Begun:
        """Where to send the browser; it comes back with a code."""
        kept = AsyncMemoryStorage()
        async with self._client(kept) as client:
            reply = await client.sign_in_with_oauth({"provider": provider, "options": {"redirect_to": back}})
        return Begun(reply.url, _verifier(kept))

    async def finish(self, code: str, verifier: str) -> Session:
        """Raises LinkSpent for a code that is not valid, or came to another browser."""
        async with self._client(otherwise=LinkSpent) as client:
            exchange: Any = {"auth_code": code, "code_verifier": verifier, "redirect_to": ""}
            return _sure(await client.exchange_code_for_session(exchange))

    async def refresh(self, refresh_token: str) -> Session:
        """A new session for one that ends. Raises NotSignedIn when it was ended."""
        async with self._client(otherwise=NotSignedIn) as client:
            return _sure(await client.refresh_session(refresh_token))

    async def sign_out(self, access_token: str) -> None:
        """End this session: its refresh token is worth nothing any more."""
        async with self._client() as client:
            await client.admin.sign_out(access_token, "local")

    async def send_reset(self, email: str, back: str) -> str:
        """Have a link sent, if there is such an account; returns what to keep for it."""
        kept = AsyncMemoryStorage()
        async with self._client(kept) as client:
            await client.reset_password_for_email(email, {"redirect_to": back})
        return _verifier(kept)

    async def change_password(self, session: Session, password: str) -> None:
        """Raises Refused for a password that is too simple."""
        async with self._client() as client:
            await client.set_session(session.access_token, session.refresh_token)
            await client.update_user({"password": password})

    async def delete(self, learner_id: str) -> None:
        """Remove the account itself; nothing happens when there is none."""
        with suppress(NotFound):
            async with self._client(key=self._service_key, otherwise=NotFound) as client:
                await client.admin.delete_user(learner_id)

    async def close(self) -> None:
        """Let go of the connections."""
        if "_http" in self.__dict__:
            await self._http.aclose()

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=PATIENCE_SECONDS, follow_redirects=False)

    @asynccontextmanager
    async def _client(
        self,
        kept: AsyncMemoryStorage | None = None,
        *,
        key: str = "",
        otherwise: type[StudyError] = Refused,
    ) -> AsyncIterator[AsyncGoTrueClient]:
        """The client is somebody's once it has signed in, so that each use has one of its own."""
        key = key or self._anon_key
        try:
            yield AsyncGoTrueClient(
                url=self.url,
                headers={"apikey": key, "Authorization": f"Bearer {key}"},
                storage=kept or AsyncMemoryStorage(),
                auto_refresh_token=False,
                persist_session=False,
                http_client=self._http,
                flow_type="pkce",
            )
        except AuthError as error:
            raise _told(error, otherwise) from error
        except httpx.HTTPError as error:
            raise SignInUnavailable from error


def _told(error: AuthError, otherwise: type[StudyError]) -> StudyError:
    if isinstance(error, AuthWeakPasswordError):
        return Refused(SHORT_PASSWORD)
    if not isinstance(error, AuthApiError):
        return SignInUnavailable() if isinstance(error, AuthRetryableError) else otherwise()
    if error.status == 429:
        return _TOLD.get(str(error.code), TooManyTries)()
    if error.status >= 500:
        return SignInUnavailable()
    return otherwise() if otherwise is not Refused else _TOLD.get(str(error.code), Refused)()


def _session(reply: AuthResponse) -> Session | None:
    return Session(reply.session.access_token, reply.session.refresh_token) if reply.session else None


def _sure(reply: AuthResponse) -> Session:
    session = _session(reply)
    if session is None:
        raise NotSignedIn
    return session


def _verifier(kept: AsyncMemoryStorage) -> str:
    """The secret of PKCE, without what the client notes behind it."""
    return next(iter(kept.storage.values()), "").partition("/")[0]

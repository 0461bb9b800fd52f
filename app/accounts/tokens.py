"""Access tokens, checked here with the keys that Supabase Auth publishes: no request waits for another server."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from app.accounts.errors import SignInUnavailable
from tools.errors import NotSignedIn
from tools.types import Learner

log = logging.getLogger(__name__)

AUDIENCE = ROLE = "authenticated"
LEEWAY_SECONDS = 60
"""By how much the clocks may differ where a token ends; when it was issued is not looked at."""
KEYS_SECONDS, AGAIN_SECONDS = 600, 2
"""Keys are fetched anew after so long, and for a key that is not known no sooner than this after the last try."""
SECRET_ALGORITHM = "HS256"
ALGORITHMS = {"EC": "ES256", "RSA": "RS256"}
"""The one algorithm for each type of public key."""

FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a valid token says; `expires_at` in seconds since 1970."""

    learner: Learner
    session_id: str
    expires_at: float
    token: str


class Tokens:
    """Checks tokens of one Supabase project; `fetch` gets its JSON Web Key Set, `secret` is that of older projects."""

    def __init__(
        self, issuer: str, fetch: FetchKeys, secret: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._secret = secret
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def signed_in(self, token: str) -> SignedIn:
        """Raises NotSignedIn for every token that is not a valid one, and SignInUnavailable without any keys yet."""
        await self._have_key(_header(token))
        return self.read(token)

    def read(self, token: str) -> SignedIn:
        """The same with the keys that are known already."""
        header = _header(token)
        key, algorithm = self._key(header)
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "aud", "iss"], "verify_iat": False},
            )
            if claims.get("role") != ROLE:
                raise NotSignedIn
            learner = Learner(claims["sub"], str(claims.get("email") or ""))
            return SignedIn(learner, str(claims.get("session_id") or ""), float(claims["exp"]), token)
        except (jwt.PyJWTError, ValueError) as error:
            raise NotSignedIn from error

    def _key(self, header: Mapping[str, Any]) -> tuple[Any, str]:
        """The algorithm is the key's own, whatever a token says of itself."""
        if header.get("alg") == SECRET_ALGORITHM and self._secret:
            return self._secret, SECRET_ALGORITHM
        key = self._keys.get(str(header.get("kid")))
        if key is None or header.get("alg") != key.algorithm_name:
            raise NotSignedIn
        return key.key, key.algorithm_name

    async def _have_key(self, header: Mapping[str, Any]) -> None:
        """Fetch the keys when they are old, or when this one may be new; a made-up one costs nobody a request."""
        if header.get("alg") not in ALGORITHMS.values():
            return
        async with self._lock:
            if self._is_time(str(header.get("kid"))):
                await self._renew()
        if self._fetched == float("-inf"):
            raise SignInUnavailable

    def _is_time(self, key_id: str) -> bool:
        now = self._clock()
        is_fresh = key_id in self._keys and now - self._fetched < KEYS_SECONDS
        return not is_fresh and now - self._tried >= AGAIN_SECONDS

    async def _renew(self) -> None:
        """A server that is away takes nobody's keys away."""
        self._tried = self._clock()
        try:
            self._keys = _public_keys(await self._fetch())
            self._fetched = self._tried
        except (OSError, ValueError, AttributeError, httpx.HTTPError, jwt.PyJWTError) as error:
            log.warning("the keys of the sign-in server could not be read: %s", error)


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise NotSignedIn from error


def _public_keys(key_set: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """By their id; keys of other kinds, such as the secret ones, are of no use."""
    found = [key for key in key_set.get("keys", ()) if key.get("kty") in ALGORITHMS and key.get("kid")]
    return {key["kid"]: jwt.PyJWK(key, ALGORITHMS[key["kty"]]) for key in found}

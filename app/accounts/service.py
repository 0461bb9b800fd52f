"""Who is signed in, from the first request to the last: tokens checked, sessions renewed and ended."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.supabase import Session, SupabaseAuth
from app.accounts.tokens import LEEWAY_SECONDS, SignedIn, Tokens
from app.caches import Cache, Kept, key_of
from app.limits import Limits, Use
from app.persistence.learners import LearnerStore
from tools.errors import NotSignedIn, StudyError
from tools.types import Learner

RENEW_SECONDS = 120
"""A session is renewed when so much or less is left of its token."""
RENEWED_SECONDS = 20
"""For so long, who still comes with the old refresh token gets the session that it became."""
_EVERYWHERE = "everywhere"


@dataclass(slots=True)
class _Renewal:
    task: "asyncio.Task[Session]"
    at: float


class Accounts:
    """Of one process. What ended is told to the others through the cache, as far as they share one."""

    def __init__(
        self,
        auth: SupabaseAuth,
        tokens: Tokens,
        learners: LearnerStore,
        cache: Cache,
        limits: Limits,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.auth = auth
        self._tokens = tokens
        self._learners = learners
        self._cache = cache
        self._limits = limits
        self._clock = clock
        self._known: set[str] = set()
        self._alive: dict[str, float] = {}
        self._renewals: dict[str, _Renewal] = {}

    async def signed_in(self, token: str) -> SignedIn:
        """Whose request this is. Raises NotSignedIn, also for a session that was ended."""
        found = await self._tokens.signed_in(token)
        if await asyncio.to_thread(self._is_over, found):
            raise NotSignedIn
        await self._meet(found)
        return found

    def read(self, token: str) -> SignedIn:
        """The same for a request that came past `signed_in` before."""
        return self._tokens.read(token)

    async def lives(self, session: SignedIn) -> bool:
        """Whether a connection that was opened in this session may go on: it was renewed in time and not ended."""
        until = max(session.expires_at, self._alive.get(session.session_id, 0.0))
        return self._clock() < until + LEEWAY_SECONDS and not await asyncio.to_thread(self._is_over, session)

    def is_ending(self, session: SignedIn) -> bool:
        """Whether it is time to renew it."""
        return session.expires_at - self._clock() < RENEW_SECONDS

    async def renewed(self, refresh_token: str) -> Session:
        """The next session, one for all requests that ask at once. Raises NotSignedIn when there is none."""
        self._forget_old_renewals()
        known = self._renewals.get(refresh_token)
        if known is None:
            task = asyncio.create_task(self.auth.refresh(refresh_token))
            known = self._renewals[refresh_token] = _Renewal(task, self._clock())
        try:
            return await asyncio.shield(known.task)
        except StudyError:
            self._renewals.pop(refresh_token, None)
            raise

    async def try_sign_in(self, email: str, password: str, address: str) -> Session:
        """Slowed by account and by address, whether it succeeds or not. Raises TooMany and WrongPassword."""
        await self.count_try(email, address)
        return await self.auth.sign_in(email, password)

    async def count_try(self, email: str, address: str) -> None:
        """One attempt at a password, or one e-mail that is sent. Raises TooMany."""
        await self._limits.take(Use.TRIES_OF_ADDRESS, address)
        await self._limits.take(Use.TRIES, email.strip().casefold())

    async def end(self, session: SignedIn) -> None:
        """Sign out: here at once, at Supabase for good."""
        self._end(session, session.session_id)
        await self.auth.sign_out(session.token)

    def end_everywhere(self, session: SignedIn) -> None:
        """No token of this learner is worth anything any more."""
        self._known.discard(session.learner.id)
        self._end(session, _EVERYWHERE)

    def _end(self, session: SignedIn, which: str) -> None:
        self._alive.pop(session.session_id, None)
        self._cache.put(key_of(Kept.ENDED, session.learner, which), b"1", Kept.ENDED.seconds)

    def _is_over(self, session: SignedIn) -> bool:
        marks = (key_of(Kept.ENDED, session.learner, which) for which in (session.session_id, _EVERYWHERE))
        return any(self._cache.get(mark) is not None for mark in marks)

    async def _meet(self, found: SignedIn) -> None:
        self._alive[found.session_id] = max(found.expires_at, self._alive.get(found.session_id, 0.0))
        if found.learner.id not in self._known:
            await asyncio.to_thread(self._learners.known, found.learner)
            self._known.add(found.learner.id)

    def _forget_old_renewals(self) -> None:
        now = self._clock()
        self._renewals = {old: one for old, one in self._renewals.items() if now - one.at < RENEWED_SECONDS}
        self._alive = {session: until for session, until in self._alive.items() if now < until + LEEWAY_SECONDS}


def learner_of(session: SignedIn | None) -> Learner:
    """Raises NotSignedIn."""
    if session is None:
        raise NotSignedIn
    return session.learner

"""How much a learner, or an address, may ask for in a time: counted in Redis for all replicas, else in this process."""

import math
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from app.outage import Outage
from app.settings import Settings
from tools.errors import StudyError

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

PREFIX = "studyrag:limits"
ANSWER_SECONDS = 0.5


class Use(StrEnum):
    """What is counted."""

    REQUESTS = "requests"
    ADDRESS = "requests from one address"
    QUESTIONS = "questions"
    TRIES = "attempts to sign in to one account"
    TRIES_OF_ADDRESS = "attempts to sign in from one address"


class TooMany(StudyError):
    """That was too much at once. Please try again later."""

    code = "too_many_requests"
    status = 429
    retryable = True


@dataclass(frozen=True, slots=True)
class _Allowance:
    item: RateLimitItemPerMinute
    sentence: str


def _allowances(settings: Settings) -> dict[Use, _Allowance]:
    minute = RateLimitItemPerMinute
    return {
        Use.REQUESTS: _Allowance(minute(settings.requests_per_minute), "too many requests in one minute"),
        Use.ADDRESS: _Allowance(minute(settings.address_requests_per_minute), "too many requests in one minute"),
        Use.TRIES: _Allowance(minute(settings.tries_per_minute), "too many attempts in one minute"),
        Use.TRIES_OF_ADDRESS: _Allowance(minute(4 * settings.tries_per_minute), "too many attempts in one minute"),
        Use.QUESTIONS: _Allowance(minute(settings.questions_per_minute), "too many questions in one minute"),
    }


class Limits:
    """What is left of each allowance; without an answer of Redis this process counts for itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allowances = _allowances(settings)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._outage = Outage("the count of requests")

    async def take(self, use: Use, who: str) -> None:
        """Count one use of a learner or an address. Raises TooMany with the seconds to wait."""
        allowance = self._allowances[use]
        counted = blake2b(who.encode(), digest_size=16).hexdigest()  # addresses and names are nobody's affair
        wait = await self._wait(allowance, f"{use.name}:{counted}")
        if wait:
            unit = "second" if wait == 1 else "seconds"
            told = f"That were {allowance.sentence}. Please try again in {wait} {unit}."
            raise TooMany(told, retry_after=wait)

    async def _wait(self, allowance: _Allowance, who: str) -> int:
        """0 when it may be used, else the seconds until it may."""
        if self._settings.redis_url and not self._outage.lasts:
            try:
                return await _hit(self._shared, allowance, who)
            except StorageError as error:
                self._outage.begins(error)
        return await _hit(self._own, allowance, who)

    async def close(self) -> None:
        """Let go of Redis; the next use connects again."""
        if self._settings.redis_url:
            await self._pool.disconnect()

    @cached_property
    def _shared(self) -> SlidingWindowCounterRateLimiter:
        url, pool = f"async+{self._settings.redis_url}", cast("Any", self._pool)
        storage = RedisStorage(
            url, wrap_exceptions=True, implementation="redispy", key_prefix=PREFIX, connection_pool=pool
        )
        return SlidingWindowCounterRateLimiter(storage)

    @cached_property
    def _pool(self) -> "ConnectionPool":
        from redis.asyncio import ConnectionPool

        return ConnectionPool.from_url(
            self._settings.redis_url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
        )


async def _hit(limiter: SlidingWindowCounterRateLimiter, allowance: _Allowance, who: str) -> int:
    if await limiter.hit(allowance.item, who):
        return 0
    left = await limiter.get_window_stats(allowance.item, who)
    return max(1, math.ceil(left.reset_time - time.time()))

"""What was worked out for a learner and may be needed again: in this process, or in Redis for all of them.

Every key names the learner it was worked out for, and everything it depends on; what changes gets another key.
"""

import time
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, cast

from app.cache import ByteCache
from app.outage import Outage
from app.telemetry.metrics import cache_lookups
from tools.types import Learner

if TYPE_CHECKING:
    from redis import Redis

BUDGET = 32 << 20
PREFIX = "studyrag:cache"
ANSWER_SECONDS = 0.25
"""A cache that takes longer saves nothing."""


class Kept(Enum):
    """What is kept, under which name and for how many seconds."""

    EMBEDDING = ("embedding", 24 * 3600)
    RETRIEVAL = ("retrieval", 3600)
    ANSWER = ("answer", 1800)
    OUTLINE = ("outline", 3600)
    ENDED = ("ended", 24 * 3600)

    @property
    def seconds(self) -> int:
        """How long."""
        return self.value[1]


class Cache(Protocol):
    """Bytes by key; nothing that is asked of it ever fails."""

    def get(self, key: str) -> bytes | None:
        """None for what is not kept, or not any more."""
        ...

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it for so long, if there is room."""
        ...

    def forget(self, learner: Learner) -> None:
        """Drop all that was kept for a learner."""
        ...


def key_of(kept: Kept, learner: Learner, *parts: object) -> str:
    """A key that no other learner's value has, and no other parts."""
    digest = blake2b(repr(parts).encode(), digest_size=16).hexdigest()
    return f"{_folder(learner)}:{kept.value[0]}:{digest}"


def _folder(learner: Learner) -> str:
    return f"{PREFIX}:{blake2b(learner.id.encode(), digest_size=16).hexdigest()}"


class MemoryCache:
    """Implements Cache for one process, with a bound on its bytes."""

    def __init__(self, budget: int = BUDGET, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: ByteCache[str, tuple[float, bytes]] = ByteCache(budget)
        self._clock = clock

    def get(self, key: str) -> bytes | None:
        """None for what is not kept, or not any more."""
        until, value = self._kept.get([key]).get(key, (0.0, b""))
        return value if self._clock() < until else None

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it for so long, unless something newer drives it out."""
        self._kept.put(key, (self._clock() + seconds, value), len(key) + len(value))

    def forget(self, learner: Learner) -> None:
        """Drop all that was kept for a learner."""
        self._kept.drop(lambda key: key.startswith(_folder(learner)))


class CountedCache:
    """A cache whose hits and misses are counted by what was asked for."""

    def __init__(self, cache: Cache) -> None:
        self.put, self.forget = cache.put, cache.forget
        self._cache = cache

    def get(self, key: str) -> bytes | None:
        """None for what is not kept, or not any more."""
        value = self._cache.get(key)
        cache_lookups.labels(key.split(":")[-2], "miss" if value is None else "hit").inc()
        return value


class RedisCache:
    """Implements Cache for all processes on one Redis; while it is away, nothing is kept."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._outage = Outage("the cache", clock)

    def get(self, key: str) -> bytes | None:
        """None for what is not kept, or not any more."""
        return cast("bytes | None", self._reach(lambda client: client.get(key)))

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it for so long, if there is room."""
        self._reach(lambda client: client.set(key, value, ex=seconds))

    def forget(self, learner: Learner) -> None:
        """Drop all that was kept for a learner."""
        self._reach(lambda client: [client.delete(key) for key in client.scan_iter(f"{_folder(learner)}:*", 1000)])

    def _reach(self, call: "Callable[[Redis], object]") -> object:
        from redis.exceptions import RedisError

        if self._outage.lasts:
            return None
        try:
            return call(self._client)
        except (RedisError, OSError) as error:
            self._outage.begins(error)
            return None

    @cached_property
    def _client(self) -> "Redis":
        from redis import Redis

        return Redis.from_url(self._url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS)

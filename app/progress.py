"""That something became of a learner's documents is told by the workers and heard by the pages, over Redis."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from app.outage import AWAY_SECONDS, Outage
from tools.types import Learner

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("studyrag.progress")

CHANNEL = "studyrag:progress"
ANSWER_SECONDS, PING_SECONDS = 0.5, 5
LOOK_SECONDS = 0.5
"""Between two looks at the rows while nobody tells."""
LATEST_SECONDS = 2.0
"""The same while somebody does, since what is told may be lost."""
SOONEST_SECONDS = 0.1

Next = Callable[[], Awaitable[None]]


class Progress:
    """Of all learners, as one process tells and hears it; without Redis nothing is told, and looking must do."""

    def __init__(self, redis_url: str, away_seconds: float = AWAY_SECONDS) -> None:
        self._url = redis_url
        self._away_seconds = away_seconds
        self._outage = Outage("the channel of progress")
        self._ears: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None
        self.is_heard = False

    def tell(self, learner: Learner) -> None:
        """Something of this learner's has changed, and stands in the rows."""
        if not self._url or self._outage.lasts:
            return
        from redis.exceptions import RedisError

        try:
            self._client.publish(CHANNEL, learner.id)
        except (RedisError, OSError) as error:
            self._outage.begins(error)

    @asynccontextmanager
    async def of(self, learner: Learner) -> AsyncIterator[Next]:
        """Gives a function that returns when there may be something new: when it was told, or after a while."""
        ear = asyncio.Event()
        self._ears[learner.id].add(ear)
        if self._url and self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        try:
            yield partial(self._next, ear)
        finally:
            self._ears[learner.id].discard(ear)
            if not self._ears[learner.id]:
                del self._ears[learner.id]
            if not self._ears and self._listener:
                self._listener.cancel()
                self._listener = None

    async def _next(self, ear: asyncio.Event) -> None:
        await asyncio.sleep(SOONEST_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(LATEST_SECONDS if self.is_heard else LOOK_SECONDS):
                await ear.wait()
        ear.clear()

    async def _listen(self) -> None:
        from redis.exceptions import RedisError

        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                log.warning("progress is not told at present: %s", error)
            finally:
                self.is_heard = False
            await asyncio.sleep(self._away_seconds)

    async def _hear(self) -> None:
        from redis.asyncio import Redis

        server = Redis.from_url(self._url, socket_connect_timeout=ANSWER_SECONDS, health_check_interval=PING_SECONDS)
        async with server as client, client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            self.is_heard = True
            async for message in channel.listen():
                if message["type"] == "message":
                    for ear in self._ears.get(message["data"].decode(), ()):
                        ear.set()

    @cached_property
    def _client(self) -> "Redis":
        from redis import Redis

        return Redis.from_url(self._url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS)

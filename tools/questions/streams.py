"""Work on the elements of a stream, several of them at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Generic, TypeVar

from tools.errors import StudyError

T = TypeVar("T")
R = TypeVar("R")


class _Hands(Generic[T, R]):
    """Several that take from one stream, with what they have made of it."""

    def __init__(self, stream: AsyncGenerator[T, None], work: Callable[[T], Awaitable[R]], count: int) -> None:
        self._stream, self._work, self._busy = stream, work, count
        self._made: asyncio.Queue[tuple[R] | None] = asyncio.Queue()
        # Freed when a result has been dealt with, so that nothing is made in advance for one who wants no more.
        self._free = asyncio.Semaphore(count)
        self._reading = asyncio.Lock()
        self.errors: list[StudyError] = []

    async def one(self) -> None:
        """Work on element after element until there are no more, or one has failed."""
        try:
            while await self._free.acquire() and not self.errors:
                async with self._reading:
                    element = await anext(self._stream)
                self._made.put_nowait((await self._work(element),))
        except StopAsyncIteration:
            pass
        except StudyError as error:
            self.errors.append(error)
        finally:
            self._made.put_nowait(None)

    async def made(self) -> tuple[R] | None:
        """The next result; None when no hand is busy any more."""
        while self._busy:
            if result := await self._made.get():
                return result
            self._busy -= 1
            self._free.release()
        return None

    def dealt_with(self) -> None:
        """The last result was taken: a hand may go on."""
        self._free.release()


async def as_ready(
    stream: AsyncGenerator[T, None], work: Callable[[T], Awaitable[R]], at_once: int
) -> AsyncGenerator[R, None]:
    """What `work` makes of each element, in the order in which it gets ready; at most `at_once` are in the making.

    After a StudyError nothing more is begun: what is in the making is still given, then the error is raised.
    """
    hands = _Hands(stream, work, at_once)
    async with aclosing(stream):
        tasks = [asyncio.create_task(hands.one()) for _ in range(at_once)]
        try:
            while result := await hands.made():
                yield result[0]
                hands.dealt_with()
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    if hands.errors:
        raise hands.errors[0]

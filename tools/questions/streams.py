"""Work on the elements of a stream, several of them at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

from tools.errors import StudyError

T = TypeVar("T")
R = TypeVar("R")


async def as_ready(
    stream: AsyncGenerator[T, None], work: Callable[[T], Awaitable[R]], at_once: int
) -> AsyncGenerator[R, None]:
    """What `work` makes of each element, in the order in which it gets ready; at most `at_once` are in the making.

    After a StudyError nothing more is begun: what is in the making is still given, then the error is raised.
    """
    made: asyncio.Queue[tuple[R] | None] = asyncio.Queue()
    # Freed when a result has been dealt with, so that nothing is made in advance for one who wants no more.
    free = asyncio.Semaphore(at_once)
    reading = asyncio.Lock()
    errors: list[StudyError] = []

    async def hand() -> None:
        try:
            while await free.acquire() and not errors:
                async with reading:
                    element = await anext(stream)
                made.put_nowait((await work(element),))
        except StopAsyncIteration:
            pass
        except StudyError as error:
            errors.append(error)
        finally:
            made.put_nowait(None)

    async with aclosing(stream):
        hands = [asyncio.create_task(hand()) for _ in range(at_once)]
        try:
            left = at_once
            while left:
                result = await made.get()
                if result is None:
                    left -= 1
                else:
                    yield result[0]
                free.release()
            await asyncio.gather(*hands)
        finally:
            for one in hands:
                one.cancel()
            await asyncio.gather(*hands, return_exceptions=True)
    if errors:
        raise errors[0]

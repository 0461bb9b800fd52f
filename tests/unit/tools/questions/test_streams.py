import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from tools.errors import ModelFailed
from tools.questions.streams import as_ready


class Numbers:
    """A stream that remembers how far it was read, and whether it was closed."""

    def __init__(self, count: int) -> None:
        self.count, self.read, self.closed = count, 0, False

    async def __call__(self) -> AsyncGenerator[int, None]:
        try:
            while self.read < self.count:
                self.read += 1
                yield self.read
        finally:
            self.closed = True


class Work:
    """Doubles a number once it is let go; all are let go when nothing else is said."""

    def __init__(self, *held: int, bad: int = 0) -> None:
        self.gates = {n: asyncio.Event() for n in held}
        self.bad = bad
        self.now = self.most = 0

    async def __call__(self, n: int) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0)
            if n in self.gates:
                await self.gates[n].wait()
            if n == self.bad:
                raise ModelFailed
            return 2 * n
        finally:
            self.now -= 1


@pytest.mark.parametrize("at_once", [1, 3, 50])
async def test_every_element_is_worked_on_once_and_never_more_at_once_than_allowed(at_once: int) -> None:
    work = Work()
    found = [n async for n in as_ready(Numbers(20)(), work, at_once)]
    assert sorted(found) == [2 * n for n in range(1, 21)]
    assert work.most <= at_once


async def test_what_is_ready_does_not_wait_for_what_is_not() -> None:
    work = Work(1)
    async with aclosing(as_ready(Numbers(3)(), work, 2)) as found:
        assert [await anext(found), await anext(found)] == [4, 6]
        work.gates[1].set()
        assert [n async for n in found] == [2]


async def test_nothing_is_made_in_advance_for_one_who_wants_no_more() -> None:
    numbers = Numbers(20)
    async with aclosing(as_ready(numbers(), Work(), 1)) as found:
        assert await anext(found) == 2
    assert numbers.read == 1
    assert numbers.closed


async def test_what_is_in_the_making_is_ended_with_the_stream() -> None:
    work, numbers = Work(2, 3), Numbers(20)
    async with aclosing(as_ready(numbers(), work, 3)) as found:
        await anext(found)
        assert work.now
    assert work.now == 0
    assert numbers.closed


async def test_after_an_error_the_rest_is_given_and_no_more_begun() -> None:
    work, numbers = Work(2, bad=1), Numbers(20)
    async with aclosing(as_ready(numbers(), work, 3)) as found:
        assert await anext(found) == 6
        work.gates[2].set()
        assert await anext(found) == 4
        with pytest.raises(ModelFailed):
            await anext(found)
    assert numbers.read == 3


async def test_an_error_of_the_stream_itself_comes_after_what_it_gave() -> None:
    async def breaking() -> AsyncGenerator[int, None]:
        yield 1
        raise ModelFailed

    found = as_ready(breaking(), Work(), 2)
    assert await anext(found) == 2
    with pytest.raises(ModelFailed):
        await anext(found)

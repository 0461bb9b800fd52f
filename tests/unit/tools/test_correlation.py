"""An id follows what is done for a request, and cannot be used to write into a log."""

import asyncio

import pytest

from tools.correlation import correlated, request_id


async def test_it_follows_into_threads_and_tasks_and_ends_with_the_block() -> None:
    before = request_id()
    with correlated("request-one") as given:
        inside = await asyncio.gather(asyncio.to_thread(request_id), asyncio.create_task(_asked()))
    assert (given, *inside, request_id()) == ("request-one", "request-one", "request-one", before)


async def _asked() -> str:
    return request_id()


@pytest.mark.parametrize("proposed", [None, "", "short", "a" * 65, "two\nlines-of-log", "{curly}-id"])
def test_what_is_no_id_is_replaced(proposed: str | None) -> None:
    with correlated(proposed) as one, correlated(proposed) as other:
        assert proposed not in (one, other)
        assert one != other
        assert len(one) == 32

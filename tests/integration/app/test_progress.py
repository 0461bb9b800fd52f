"""What a worker tells of a learner's documents, the pages of that learner hear at once; without Redis they look."""

import asyncio
from collections.abc import Callable
from itertools import count

import pytest

from app import progress
from app.progress import Progress
from tests.support.learners import ADA, BOB
from tests.support.redis_server import RedisServer

PATIENCE = 300


@pytest.fixture
def only_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits goes on when it is told, and not before."""
    monkeypatch.setattr(progress, "LATEST_SECONDS", 10 * PATIENCE)


async def until(true: Callable[[], bool]) -> None:
    for _ in count():
        if true():
            return
        await asyncio.sleep(0.01)


async def heard(page: Progress) -> None:
    await until(lambda: page.is_heard)


@pytest.mark.usefixtures("only_told")
async def test_it_is_heard_in_another_process_by_its_learner_alone(redis_server: RedisServer) -> None:
    worker, page = Progress(redis_server.url), Progress(redis_server.url)
    async with asyncio.timeout(PATIENCE), page.of(ADA) as adas, page.of(BOB) as bobs:
        await heard(page)
        adas_news, bobs_news = asyncio.create_task(adas()), asyncio.create_task(bobs())
        worker.tell(ADA)
        await adas_news
        assert not bobs_news.done()
        worker.tell(BOB)
        await bobs_news


@pytest.mark.usefixtures("only_told")
async def test_what_was_told_while_nobody_waited_is_not_missed(redis_server: RedisServer) -> None:
    page = Progress(redis_server.url)
    async with asyncio.timeout(PATIENCE), page.of(ADA) as news:
        await heard(page)
        page.tell(ADA)
        await until(lambda: next(iter(page._ears[ADA.id])).is_set())
        await news()


async def test_without_redis_a_page_looks_until_it_is_back(redis_server: RedisServer) -> None:
    page = Progress(redis_server.url, away_seconds=0.05)
    async with asyncio.timeout(PATIENCE), page.of(ADA) as news:
        await heard(page)
        redis_server.kill()
        await until(lambda: not page.is_heard)
        page.tell(ADA)
        await news()
        redis_server.start()
        await heard(page)


async def test_nothing_of_redis_is_needed_where_none_is_configured() -> None:
    page = Progress("")
    async with asyncio.timeout(PATIENCE), page.of(ADA) as news:
        page.tell(ADA)
        await news()

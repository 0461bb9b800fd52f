"""What is counted, in this process and on Redis."""

from collections.abc import AsyncIterator

import pytest

from app.limits import Limits, TooMany, Use
from app.settings import Settings
from tests.support.redis_server import RedisServer


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("STUDYRAG_QUESTIONS_PER_MINUTE", "3")
    monkeypatch.setenv("STUDYRAG_REQUESTS_PER_MINUTE", "1")
    return Settings()


@pytest.fixture(params=["memory", "redis"])
async def limits(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Limits]:
    url = request.getfixturevalue("redis_server").url if request.param == "redis" else ""
    limits = Limits(settings.model_copy(update={"redis_url": url}))
    yield limits
    await limits.close()


async def test_each_learner_has_an_allowance_of_each_kind_and_hears_when_to_come_back(limits: Limits) -> None:
    for _ in range(3):
        await limits.take(Use.QUESTIONS, "ada")
    with pytest.raises(TooMany, match="too many questions in one minute") as refused:
        await limits.take(Use.QUESTIONS, "ada")
    assert refused.value.retry_after is not None
    assert 1 <= refused.value.retry_after <= 60
    await limits.take(Use.QUESTIONS, "bob")
    await limits.take(Use.REQUESTS, "ada")
    with pytest.raises(TooMany, match="too many requests"):
        await limits.take(Use.REQUESTS, "ada")


async def test_replicas_count_together(redis_server: RedisServer, settings: Settings) -> None:
    shared = settings.model_copy(update={"redis_url": redis_server.url})
    first, second = Limits(shared), Limits(shared)
    for one in (first, second, first):
        await one.take(Use.QUESTIONS, "ada")
    with pytest.raises(TooMany):
        await second.take(Use.QUESTIONS, "ada")
    await first.close()
    await second.close()


@pytest.mark.parametrize(("trouble", "relief"), [("kill", "start"), ("pause", "go_on"), ("fill", "empty")])
async def test_without_redis_each_process_counts_for_itself(
    redis_server: RedisServer, settings: Settings, trouble: str, relief: str
) -> None:
    limits = Limits(settings.model_copy(update={"redis_url": redis_server.url}))
    await limits.take(Use.QUESTIONS, "ada")
    getattr(redis_server, trouble)()
    for _ in range(3):
        await limits.take(Use.QUESTIONS, "ada")
    with pytest.raises(TooMany):
        await limits.take(Use.QUESTIONS, "ada")
    getattr(redis_server, relief)()
    await limits.close()

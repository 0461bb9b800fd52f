"""A Redis that is away, hangs, is full or was restarted keeps nobody who has work to give."""

from collections.abc import Iterator

import pytest
from kombu import pools

from app.broker import Queue, Task, celery_app
from app.outage import AWAY_SECONDS
from app.settings import Settings
from tests.support.redis_server import RedisServer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(redis_server: RedisServer, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    app = celery_app(Settings())
    yield Queue(app, clock)
    pools.reset()


@pytest.mark.parametrize(("trouble", "relief"), [("kill", "start"), ("pause", "go_on"), ("fill", "empty")])
def test_trouble_is_told_to_nobody_and_asked_after_once(
    queue: Queue, clock: Clock, redis_server: RedisServer, trouble: str, relief: str
) -> None:
    queue.tell(Task.INGEST)
    getattr(redis_server, trouble)()
    queue.tell(Task.INGEST)
    getattr(redis_server, relief)()
    assert queue.length(Task.INGEST) is None, "it is left alone for a while"
    clock.now += AWAY_SECONDS
    before = queue.length(Task.INGEST)
    queue.tell(Task.INGEST)
    assert before is not None
    assert queue.length(Task.INGEST) == before + 1


def test_a_restart_between_two_messages_goes_unnoticed(queue: Queue, redis_server: RedisServer) -> None:
    queue.tell(Task.INGEST)
    redis_server.kill()
    redis_server.start()
    queue.tell(Task.INGEST)
    assert queue.length(Task.INGEST) == 1

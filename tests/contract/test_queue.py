"""What the queue promises, on files and on Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import pools

from app.broker import REMINDED_AT_ONCE, Queue, Task, celery_app
from app.settings import Settings


@pytest.fixture(params=["files", "redis"])
def queue(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("STUDYRAG_DATA_DIR", str(tmp_path))
    if request.param == "redis":
        monkeypatch.setenv("REDIS_URL", request.getfixturevalue("redis_server").url)
    app = celery_app(Settings())
    yield Queue(app)
    pools.reset()


def test_each_kind_of_work_has_a_queue_of_its_own(queue: Queue) -> None:
    queue.tell(Task.INGEST, 2)
    queue.tell(Task.WRITE)
    assert [queue.length(task) for task in Task] == [2, 1, *[0] * (len(Task) - 2)]


def test_lost_messages_are_made_up_for_and_none_is_told_twice(queue: Queue) -> None:
    queue.tell(Task.INGEST)
    queue.remind(Task.INGEST, 3)
    assert queue.length(Task.INGEST) == 3
    queue.remind(Task.INGEST, 2)
    assert queue.length(Task.INGEST) == 3
    queue.remind(Task.INGEST, 10 * REMINDED_AT_ONCE)
    assert queue.length(Task.INGEST) == 3 + REMINDED_AT_ONCE

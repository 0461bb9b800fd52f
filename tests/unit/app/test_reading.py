"""A job in the hands of a worker: brought to an end, given back, or let alone when it is another's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app import reading
from app.persistence.db import Service
from app.persistence.jobs import MAX_ATTEMPTS
from app.persistence.tables import PipelineRun
from app.reading import Reading
from app.storage.local import LocalStorage
from app.wiring import LOCAL_LEARNER, Services
from ingestion.pipeline import Ingested, Stage
from tests.support.api import MemoryIndexes
from tests.unit.app.api.conftest import services_in
from tests.unit.app.conftest import METADATA
from tools.correlation import correlated, request_id
from tools.errors import IndexUnavailable, StorageUnavailable, StudyError, UnreadableDocument
from tools.types import JobState

Report = Callable[[Stage, int, int], None]


@dataclass
class Room:
    """One document in the queue, and what the ingestion does with it."""

    services: Services
    reading: Reading
    job_id: str

    @property
    def state(self) -> str:
        return self.services.jobs.get(LOCAL_LEARNER, self.job_id).state

    def let_time_pass(self) -> None:
        """Until any job may be tried again."""
        with self.services.database.service_session(Service.WATCHDOG) as session:
            session.execute(update(PipelineRun).values(due_at=None))

    def is_kept(self) -> bool:
        return bool(self.services.library.documents(LOCAL_LEARNER))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    services = services_in(tmp_path)
    services.__dict__["indexes"] = MemoryIndexes(services)
    services.learners.known(LOCAL_LEARNER)
    services.processes.beat()
    accepted = services.documents.accept(LOCAL_LEARNER, "notes.txt", BytesIO(b"Water moves."))
    yield Room(services, Reading(services), str(accepted.job_id))
    services.indexes.close()
    services.database.engine.dispose()


def during(monkeypatch: pytest.MonkeyPatch, do: Callable[[], None]) -> None:
    """An ingestion during which something happens."""

    def ingest(_source: object, _plant: object, report: Report) -> Ingested:
        report(Stage.EMBED, 1, 3)
        do()
        report(Stage.INDEX, 1, 3)
        return Ingested(METADATA, 5, {})

    monkeypatch.setattr(reading, "ingest", ingest)


def test_a_job_that_went_to_another_worker_is_left_to_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_for_dead() -> None:
        room.services.processes.leave()
        assert room.services.jobs.let_go() == [room.job_id]
        assert room.services.jobs.claim(room.job_id, "another")

    during(monkeypatch, taken_for_dead)
    room.reading.run()
    assert room.is_kept(), "it is no cancelled upload"
    assert (room.state, room.services.jobs.get(LOCAL_LEARNER, room.job_id).worker) == (JobState.RUNNING, "another")


def test_what_is_done_for_a_job_belongs_to_the_request_that_asked_for_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with correlated("request-of-mine"):
        room.services.documents.accept(LOCAL_LEARNER, "other.txt", BytesIO(b"Salt stays."))
    seen: list[str] = []
    during(monkeypatch, lambda: seen.append(request_id()))
    room.reading.run()
    room.reading.run()
    assert len(seen) == 2
    assert "request-of-mine" in seen


def test_a_cancelled_job_leaves_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, lambda: cast(None, room.services.documents.cancel(LOCAL_LEARNER, room.job_id)))
    room.reading.run()
    assert (room.is_kept(), room.state) == (False, JobState.CANCELLED)


def test_a_worker_that_stops_gives_its_job_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, room.reading.stopping.set)
    room.reading.run()
    assert (room.is_kept(), room.state) == (True, JobState.QUEUED)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (IndexUnavailable(), JobState.QUEUED),
        (OperationalError("BEGIN", None, Exception("locked")), JobState.QUEUED),
        (RuntimeError("a bug"), JobState.QUEUED),
        (UnreadableDocument(), JobState.FAILED),
    ],
)
def test_what_may_help_is_tried_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, error: Exception, state: JobState
) -> None:
    def fail() -> None:
        raise error

    during(monkeypatch, fail)
    room.reading.run()
    assert room.state == state
    room.reading.run()
    assert room.state == state, "not at once"
    for _ in range(10):
        room.let_time_pass()
        room.reading.run()
    assert (room.state, room.is_kept()) == (JobState.FAILED, True)
    told = room.services.jobs.get(LOCAL_LEARNER, room.job_id).error
    assert told == str(error) if isinstance(error, StudyError) else "our side" in str(told)


def test_a_job_whose_end_could_not_be_written_is_put_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("BEGIN", None, Exception("locked"))

    during(monkeypatch, lambda: None)
    with monkeypatch.context() as patch:
        for end in ("ready", "requeue", "fail"):
            patch.setattr(room.services.jobs, end, fail)
        with pytest.raises(OperationalError):
            room.reading.run()
    assert room.state == JobState.RUNNING
    room.reading.let_go()
    assert room.state == JobState.QUEUED


def test_a_document_waits_for_a_store_that_is_away_as_long_as_it_takes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(LocalStorage):
        @contextmanager
        def local_copy(self, key: str) -> Iterator[Path]:
            raise StorageUnavailable
            yield Path()

    there = room.services.storage
    room.services.__dict__["storage"] = Away(room.services.settings.data_dir / "objects")
    for _ in range(MAX_ATTEMPTS + 1):
        room.reading.run()
        room.let_time_pass()
    assert (room.state, room.services.jobs.get(LOCAL_LEARNER, room.job_id).attempts) == (JobState.QUEUED, 0)

    room.services.__dict__["storage"] = there
    during(monkeypatch, lambda: None)
    room.reading.run()
    assert room.state == JobState.READY

"""Jobs: taken once, kept alive by a heartbeat, taken up again when it stops."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.persistence.jobs import STALE_AFTER
from app.persistence.tables import PipelineRun, now
from tests.unit.app.conftest import Desk
from tools.errors import NotFound
from tools.types import JobState


def still_heart(desk: Desk, job_id: str) -> None:
    with desk.database.session() as session:
        session.execute(
            update(PipelineRun)
            .where(PipelineRun.id == job_id)
            .values(heartbeat_at=now() - STALE_AFTER - timedelta(seconds=1))
        )


@pytest.fixture
def job_id(desk: Desk) -> str:
    return str(desk.upload("Osmosis.").job_id)


def test_a_job_is_taken_by_one_worker_only(desk: Desk, job_id: str) -> None:
    assert desk.jobs.claim(job_id, "first") is not None
    assert desk.jobs.claim(job_id, "second") is None


def test_a_job_whose_heart_has_stopped_is_taken_up_again(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "first")
    still_heart(desk, job_id)
    assert desk.jobs.stranded(queued_too=False) == [job_id]
    taken = desk.jobs.claim(job_id, "second")
    assert taken is not None
    assert taken.attempts == 2
    assert not desk.jobs.beat(job_id, "first", "embed", 1, 2), "the first worker must notice that it lost the job"


def test_a_pulse_keeps_alive_only_what_a_worker_has_in_hand(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "first")
    still_heart(desk, job_id)
    desk.jobs.pulse("first", ())
    assert desk.jobs.stranded(queued_too=False) == [job_id]
    desk.jobs.pulse("first", {job_id})
    assert desk.jobs.stranded(queued_too=False) == []


def test_the_jobs_of_a_dead_worker_are_let_go_at_once(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "dead")
    assert desk.jobs.workers() == ["dead"]
    desk.jobs.orphan("dead")
    assert desk.jobs.stranded(queued_too=True) == [job_id]


def test_a_document_has_one_open_job(desk: Desk, job_id: str) -> None:
    job = desk.jobs.get("ada", job_id)
    assert desk.jobs.create("ada", job.document_id, "notes.txt") == job_id


def test_progress_of_a_conversation_lists_its_files_in_order(desk: Desk) -> None:
    for text in ("one", "two"):
        desk.upload(text, f"{text}.txt", None, thread_id="chat")
    first = desk.jobs.in_thread("ada", "chat")[0]
    desk.jobs.claim(first.job_id, "worker")
    desk.jobs.beat(first.job_id, "worker", "embed", 3, 9)
    shown = desk.jobs.in_thread("ada", "chat")
    assert [(p.filename, p.state, p.done, p.total) for p in shown] == [
        ("one.txt", JobState.RUNNING, 3, 9),
        ("two.txt", JobState.QUEUED, 0, 0),
    ]
    assert desk.jobs.in_thread("bob", "chat") == []


def test_nobody_sees_the_job_of_another(desk: Desk, job_id: str) -> None:
    with pytest.raises(NotFound):
        desk.jobs.get("bob", job_id)

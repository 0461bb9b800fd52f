"""Jobs: taken once, and taken up again when their worker is dead."""

import pytest

from app.identity import Identity, Role
from app.persistence.jobs import Hold
from app.persistence.learners import LearnerStore
from app.persistence.processes import Processes
from ingestion.pipeline import Ingested
from tests.support.learners import ADA, BOB
from tests.unit.app.conftest import METADATA, Desk
from tools.errors import NotFound, UnreadableDocument
from tools.types import JobState, Learner


def someone(desk: Desk, host: str) -> str:
    """A process that lives, elsewhere."""
    processes = Processes(desk.database, Identity(Role.WORKER, host, 1, "now"))
    processes.beat()
    return processes.me.id


@pytest.fixture
def job_id(desk: Desk) -> str:
    return str(desk.upload("Osmosis.").job_id)


def test_a_job_is_taken_by_one_worker_only(desk: Desk, job_id: str) -> None:
    assert desk.jobs.claim(job_id, "first") is not None
    assert desk.jobs.claim(job_id, "second") is None


def test_the_job_of_a_dead_worker_is_put_back_and_no_other(desk: Desk, job_id: str) -> None:
    living = someone(desk, "living")
    other = str(desk.upload("Mitosis.", "mitosis.txt").job_id)
    desk.jobs.claim(other, living)
    desk.jobs.claim(job_id, "host:4711")
    assert desk.jobs.let_go() == [job_id]
    assert desk.jobs.waiting() == [job_id]
    taken = desk.jobs.claim(job_id, living)
    assert taken is not None
    assert taken.attempts == 2


def test_a_worker_that_was_taken_for_dead_can_write_nothing_any_more(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "first")
    desk.jobs.let_go()
    desk.jobs.claim(job_id, "second")
    assert desk.jobs.beat(job_id, "first", "embed", 1, 2) is Hold.LOST
    assert not desk.jobs.requeue(job_id, "first")
    assert not desk.jobs.fail(job_id, "first", UnreadableDocument())
    assert desk.jobs.ready(job_id, "first", Ingested(METADATA, 5, {})) is None
    assert desk.jobs.beat(job_id, "second", "embed", 1, 2) is Hold.MINE
    assert desk.jobs.get(ADA, job_id).state == JobState.RUNNING


def test_a_worker_puts_back_what_it_does_nothing_about(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "worker")
    desk.jobs.let_go_but("worker", [job_id])
    assert desk.jobs.waiting() == []
    desk.jobs.let_go_but("worker", [])
    assert desk.jobs.waiting() == [job_id]


def test_a_document_has_one_open_job(desk: Desk, job_id: str) -> None:
    job = desk.jobs.get(ADA, job_id)
    assert desk.jobs.create(ADA, job.document_id, "notes.txt") == job_id


def test_progress_of_a_conversation_lists_its_files_in_order(desk: Desk) -> None:
    for text in ("one", "two"):
        desk.upload(text, f"{text}.txt", None, thread_id="chat")
    first = desk.jobs.in_thread(ADA, "chat")[0]
    desk.jobs.claim(first.job_id, "worker")
    desk.jobs.beat(first.job_id, "worker", "embed", 3, 9)
    shown = desk.jobs.in_thread(ADA, "chat")
    assert [(p.filename, p.state, p.done, p.total) for p in shown] == [
        ("one.txt", JobState.RUNNING, 3, 9),
        ("two.txt", JobState.QUEUED, 0, 0),
    ]
    assert desk.jobs.in_thread(BOB, "chat") == []


def test_nobody_sees_the_job_of_another(desk: Desk, job_id: str) -> None:
    with pytest.raises(NotFound):
        desk.jobs.get(BOB, job_id)


@pytest.mark.parametrize(("at_once", "database_kind"), [(1, "sqlite"), (3, "sqlite"), (1, "postgres")])
def test_one_with_many_books_does_not_starve_the_others(desk: Desk, at_once: int) -> None:
    books = {"ada": 6, "bob": 1, "cleo": 2}
    for owner, count in books.items():
        LearnerStore(desk.database).known(Learner(owner))
        for n in range(count):
            desk.upload(f"{owner} {n}", f"{n}.txt", owner=Learner(owner))
    order: list[str] = []
    in_hand: list[str] = []
    while job := desk.jobs.claim_next("worker"):
        order.append(job.owner_id)
        in_hand.append(job.id)
        if len(in_hand) == at_once:
            desk.jobs.fail(in_hand.pop(0), "worker", UnreadableDocument())
    assert order == ["ada", "bob", "cleo", "ada", "cleo", "ada", "ada", "ada", "ada"]


def test_what_is_to_be_tried_later_waits_and_is_in_nobodys_way(desk: Desk, job_id: str) -> None:
    desk.jobs.claim(job_id, "worker")
    desk.jobs.requeue(job_id, "worker", seconds=3600)
    assert (desk.jobs.waiting(), desk.jobs.claim_next("worker")) == ([], None)
    other = str(desk.upload("Mitosis.", "mitosis.txt").job_id)
    taken = desk.jobs.claim_next("worker")
    assert taken is not None
    assert taken.id == other

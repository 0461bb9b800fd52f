"""Jobs as rows that name who has them in hand: what the queue forgets, the rows remember."""

from collections.abc import Collection
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.orm import Session

from app.persistence.db import Database, Service, take_turns
from app.persistence.fairness import next_in_turn
from app.persistence.processes import nobodys
from app.persistence.tables import Document, PipelineRun, ThreadDocument, now
from ingestion.pipeline import Ingested
from tools.errors import Conflict, NotFound, StudyError
from tools.types import JobState, Learner, Progress

MAX_ATTEMPTS = 5
_FREE: dict[str, Any] = {"state": JobState.QUEUED, "worker": None}
OPEN = (JobState.QUEUED, JobState.RUNNING)


class Hold(Enum):
    """What a worker learns when it writes its progress: go on, the learner cancelled, or the job is another's now."""

    MINE = auto()
    CANCELLED = auto()
    LOST = auto()


class JobStore:
    """Jobs, taken by one worker at a time; whoever lost a job can write nothing to it any more."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def create(self, learner: Learner, document_id: str, filename: str) -> str:
        """A new queued job, or the open one when the document already has it."""
        with self.database.session_of(learner) as session:
            take_turns(session, learner)
            return queue_in(session, learner, document_id, filename)

    def get(self, learner: Learner, job_id: str) -> PipelineRun:
        """Raises NotFound, also for another learner's."""
        with self.database.session_of(learner) as session:
            job = session.get(PipelineRun, job_id)
            if job is None or job.owner_id != learner.id:
                raise NotFound("There is no such job.")
            return job

    def latest(self, learner: Learner, document_id: str) -> PipelineRun | None:
        """The last job of a document."""
        with self.database.session_of(learner) as session:
            return session.scalar(
                select(PipelineRun)
                .where(PipelineRun.owner_id == learner.id, PipelineRun.document_id == document_id)
                .order_by(PipelineRun.created_at.desc())
                .limit(1)
            )

    def in_thread(self, learner: Learner, thread_id: str) -> list[Progress]:
        """How far each document of a conversation is, oldest first."""
        with self.database.session_of(learner) as session:
            documents = session.execute(
                select(Document, ThreadDocument.filename)
                .join(ThreadDocument, ThreadDocument.document_id == Document.id)
                .where(ThreadDocument.thread_id == thread_id, ThreadDocument.owner_id == learner.id)
                .order_by(ThreadDocument.added_at)
            ).all()
            if not documents:
                return []
            jobs: dict[str, PipelineRun] = {}
            for job in session.scalars(
                select(PipelineRun)
                .where(PipelineRun.document_id.in_([row[0].id for row in documents]))
                .order_by(PipelineRun.created_at)
            ):
                jobs[job.document_id] = job
            return [progress(jobs.get(document.id), document, name) for document, name in documents]

    def claim_next(self, worker: str) -> PipelineRun | None:
        """Take the queued job whose turn it is; None when there is nothing to do."""
        while (job_id := self._next()) is not None:
            if (job := self.claim(job_id, worker)) is not None:
                return job
        return None

    def _next(self) -> str | None:
        with self.database.service_session(Service.WORKER) as session:
            return next_in_turn(session, PipelineRun, _is_waiting(), _is_running, PipelineRun.started_at)

    def claim(self, job_id: str, worker: str) -> PipelineRun | None:
        """Take a queued job; None when there is nothing to do."""
        with self.database.service_session(Service.WORKER) as session:
            waiting = update(PipelineRun).where(PipelineRun.id == job_id, PipelineRun.state == JobState.QUEUED)
            taking = waiting.values(
                state=JobState.RUNNING, worker=worker, started_at=now(), attempts=PipelineRun.attempts + 1
            )
            if not _wrote(session, taking):
                return None
            job = session.get_one(PipelineRun, job_id)
            _set_document(session, job.document_id, JobState.RUNNING, None)
            return job

    def beat(self, job_id: str, worker: str, stage: str, done: int, total: int) -> Hold:
        """Write progress, and hear whether to go on."""
        with self.database.service_session(Service.WORKER) as session:
            mine = _held(job_id, worker)
            if _wrote(session, mine.values(stage=stage, done=done, total=total)):
                job = session.get_one(PipelineRun, job_id)
                return Hold.CANCELLED if job.cancel_requested else Hold.MINE
            gone = session.get(PipelineRun, job_id)
            return Hold.CANCELLED if gone is None or gone.state == JobState.CANCELLED else Hold.LOST

    def fail(self, job_id: str, worker: str, error: StudyError) -> bool:
        """End a job with what to tell the learner; False when it is another worker's now."""
        with self.database.service_session(Service.WORKER) as session:
            ended = {"state": JobState.FAILED, "error": str(error), "error_code": error.code, "finished_at": now()}
            if not _wrote(session, _held(job_id, worker).values(**ended)):
                return False
            job = session.get_one(PipelineRun, job_id)
            _set_document(session, job.document_id, JobState.FAILED, str(error))
            return True

    def requeue(self, job_id: str, worker: str, seconds: float = 0) -> bool:
        """Put a running job back, to be taken up again after so long; False when it is another worker's now."""
        due_at = now() + timedelta(seconds=seconds)
        with self.database.service_session(Service.WORKER) as session:
            return _wrote(session, _held(job_id, worker).values(**_FREE, due_at=due_at))

    def postpone(self, job_id: str, worker: str, seconds: float) -> bool:
        """The same for a job that could not even be begun: it does not count as an attempt."""
        later = {**_FREE, "due_at": now() + timedelta(seconds=seconds), "attempts": PipelineRun.attempts - 1}
        with self.database.service_session(Service.WORKER) as session:
            return _wrote(session, _held(job_id, worker).values(later))

    def ready(self, job_id: str, worker: str, ingested: Ingested, config_version: int = 0) -> str | None:
        """Publish the document in one transaction; returns the version it takes over from, if any."""
        with self.database.service_session(Service.WORKER) as session:
            if not _wrote(
                session, _held(job_id, worker).values(state=JobState.READY, stage="ready", finished_at=now())
            ):
                return None
            job = session.get_one(PipelineRun, job_id)
            document = session.get(Document, job.document_id)
            if document is None:
                raise NotFound
            _describe(document, ingested)
            document.config_version = config_version
            job.done = job.total = document.page_count
            replaced = session.get(Document, document.replaces_id) if document.replaces_id else None
            if replaced is not None and replaced.id != document.id:
                replaced.superseded_by = document.id
                return replaced.id
            return None

    def cancelled(self, job_id: str) -> None:
        """End a job that was cancelled."""
        with self.database.service_session(Service.WORKER) as session:
            job = session.get_one(PipelineRun, job_id)
            job.state, job.finished_at = JobState.CANCELLED, now()

    def request_cancel(self, learner: Learner, job_id: str) -> PipelineRun:
        """Ask for a stop. Raises Conflict when the job is over."""
        job = self.get(learner, job_id)
        if job.state not in OPEN:
            raise Conflict("This upload is already finished, so there is nothing to cancel.")
        with self.database.session_of(learner) as session:
            session.execute(update(PipelineRun).where(PipelineRun.id == job_id).values(cancel_requested=True))
            return session.get_one(PipelineRun, job_id)

    def let_go(self) -> list[str]:
        """Put back what dead workers had in hand; returns those jobs."""
        running = update(PipelineRun).where(PipelineRun.state == JobState.RUNNING, nobodys(PipelineRun.worker))
        with self.database.service_session(Service.WATCHDOG) as session:
            return list(session.scalars(running.values(**_FREE).returning(PipelineRun.id)))

    def let_go_but(self, worker: str, active: Collection[str]) -> None:
        """Put back what stands in a worker's name, apart from what it is at."""
        held = update(PipelineRun).where(PipelineRun.state == JobState.RUNNING, PipelineRun.worker == worker)
        with self.database.service_session(Service.WATCHDOG) as session:
            session.execute(held.where(PipelineRun.id.not_in(tuple(active))).values(**_FREE))

    def waiting(self) -> list[str]:
        """The queued jobs that may be taken now, oldest first."""
        with self.database.service_session(Service.WATCHDOG) as session:
            return list(session.scalars(select(PipelineRun.id).where(_is_waiting()).order_by(PipelineRun.created_at)))


def queue_in(session: Session, learner: Learner, document_id: str, filename: str) -> str:
    """A new queued job in this transaction, or the open one when the document already has it; returns its id."""
    open_job = session.scalar(
        select(PipelineRun.id).where(PipelineRun.document_id == document_id, PipelineRun.state.in_(OPEN))
    )
    if open_job:
        return open_job
    job = PipelineRun(id=uuid4().hex, document_id=document_id, owner_id=learner.id, filename=filename)
    session.add(job)
    _set_document(session, document_id, JobState.QUEUED, None)
    return job.id


def progress(job: PipelineRun | None, document: Document, filename: str) -> Progress:
    """How far a document is, by its last job."""
    if job is None or document.state == JobState.READY:
        pages = document.page_count
        return Progress(document.id, job.id if job else "", filename, JobState(document.state), "ready", pages, pages)
    return Progress(document.id, job.id, filename, JobState(job.state), job.stage, job.done, job.total, job.error)


def _is_waiting() -> ColumnElement[bool]:
    is_due = or_(PipelineRun.due_at.is_(None), PipelineRun.due_at <= now())
    return (PipelineRun.state == JobState.QUEUED) & is_due


def _is_running(row: type[PipelineRun]) -> ColumnElement[bool]:
    return row.state == JobState.RUNNING


def _held(job_id: str, worker: str) -> Update:
    """An update of a job that this worker has in hand."""
    return update(PipelineRun).where(
        PipelineRun.id == job_id, PipelineRun.worker == worker, PipelineRun.state == JobState.RUNNING
    )


def _wrote(session: Session, change: Update) -> bool:
    result: Any = session.execute(change)
    return bool(result.rowcount)


def _set_document(session: Session, document_id: str, state: JobState, error: str | None) -> None:
    session.execute(update(Document).where(Document.id == document_id).values(state=state, error=error))


def _describe(document: Document, ingested: Ingested) -> None:
    metadata = ingested.metadata
    document.state, document.error, document.ready_at = JobState.READY, None, now()
    document.title, document.author, document.language = metadata.title, metadata.author, metadata.language
    document.page_count, document.passage_count = metadata.page_count, ingested.passages
    document.details = {
        "contents": [list(entry) for entry in metadata.contents],
        "empty_pages": list(metadata.empty_pages),
        "recognised_pages": list(metadata.recognised_pages),
        "subject_words": list(metadata.subject_words),
        "notes": list(metadata.notes),
        "seconds": ingested.seconds,
    }

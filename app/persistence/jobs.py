"""Jobs as rows with a heartbeat: what the queue forgets, the rows remember."""

from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.persistence.db import Database
from app.persistence.tables import Document, PipelineRun, Setting, ThreadDocument, now
from ingestion.pipeline import Ingested
from tools.errors import Conflict, NotFound, StudyError
from tools.types import JobState, Progress

STALE_AFTER = timedelta(seconds=15)
MAX_ATTEMPTS = 5
OPEN = (JobState.QUEUED, JobState.RUNNING)


class JobStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def create(self, owner_id: str, document_id: str, filename: str) -> str:
        """A new queued job, or the open one when the document already has it."""
        with self.database.session() as session:
            return queue_in(session, owner_id, document_id, filename)

    def get(self, owner_id: str, job_id: str) -> PipelineRun:
        with self.database.session() as session:
            job = session.get(PipelineRun, job_id)
            if job is None or job.owner_id != owner_id:
                raise NotFound("There is no such job.")
            return job

    def latest(self, owner_id: str, document_id: str) -> PipelineRun | None:
        with self.database.session() as session:
            return session.scalar(
                select(PipelineRun)
                .where(PipelineRun.owner_id == owner_id, PipelineRun.document_id == document_id)
                .order_by(PipelineRun.created_at.desc())
                .limit(1)
            )

    def in_thread(self, owner_id: str, thread_id: str) -> list[Progress]:
        """How far each document of a conversation is, oldest first."""
        with self.database.session() as session:
            documents = session.execute(
                select(Document, ThreadDocument.filename)
                .join(ThreadDocument, ThreadDocument.document_id == Document.id)
                .where(ThreadDocument.thread_id == thread_id, ThreadDocument.owner_id == owner_id)
                .order_by(ThreadDocument.added_at)
            ).all()
            jobs: dict[str, PipelineRun] = {}
            for job in session.scalars(
                select(PipelineRun)
                .where(PipelineRun.document_id.in_([row[0].id for row in documents]))
                .order_by(PipelineRun.created_at)
            ):
                jobs[job.document_id] = job
            return [progress(jobs.get(document.id), document, name) for document, name in documents]

    def claim(self, job_id: str, worker: str) -> PipelineRun | None:
        """Take a queued job, or a running one whose heart has stopped; None when there is nothing to do."""
        with self.database.session() as session:
            stale = PipelineRun.heartbeat_at < now() - STALE_AFTER
            taken = session.execute(
                update(PipelineRun)
                .where(PipelineRun.id == job_id)
                .where(
                    or_(
                        PipelineRun.state == JobState.QUEUED,
                        (PipelineRun.state == JobState.RUNNING) & stale,
                    )
                )
                .values(
                    state=JobState.RUNNING,
                    worker=worker,
                    heartbeat_at=now(),
                    started_at=now(),
                    attempts=PipelineRun.attempts + 1,
                )
                .returning(PipelineRun.id)
            ).first()
            if taken is None:
                return None
            job = session.get_one(PipelineRun, job_id)
            _set_document(session, job.document_id, JobState.RUNNING, None)
            return job

    def beat(self, job_id: str, worker: str, stage: str, done: int, total: int) -> bool:
        """Write progress and heartbeat; False when the job was cancelled or another worker has taken it."""
        with self.database.session() as session:
            written = session.execute(
                update(PipelineRun)
                .where(PipelineRun.id == job_id, PipelineRun.worker == worker)
                .where(PipelineRun.state == JobState.RUNNING, PipelineRun.cancel_requested.is_(False))
                .values(stage=stage, done=done, total=total, heartbeat_at=now())
                .returning(PipelineRun.id)
            ).first()
            return written is not None

    def fail(self, job_id: str, error: StudyError) -> None:
        with self.database.session() as session:
            job = session.get_one(PipelineRun, job_id)
            job.state, job.error, job.error_code, job.finished_at = JobState.FAILED, str(error), error.code, now()
            _set_document(session, job.document_id, JobState.FAILED, str(error))

    def requeue(self, job_id: str) -> None:
        """Put a running job back, to be taken up again."""
        with self.database.session() as session:
            job = session.get_one(PipelineRun, job_id)
            if job.state == JobState.RUNNING:
                job.state, job.worker = JobState.QUEUED, None

    def ready(self, job_id: str, ingested: Ingested) -> str | None:
        """Publish the document in one transaction; returns the version it takes over from, if any."""
        with self.database.session() as session:
            job = session.get_one(PipelineRun, job_id)
            job.state, job.stage, job.finished_at = JobState.READY, "ready", now()
            document = session.get(Document, job.document_id)
            if document is None:
                raise NotFound
            _describe(document, ingested)
            job.done = job.total = document.page_count
            replaced = session.get(Document, document.replaces_id) if document.replaces_id else None
            if replaced is not None and replaced.id != document.id:
                replaced.superseded_by = document.id
                return replaced.id
            return None

    def cancelled(self, job_id: str) -> None:
        with self.database.session() as session:
            job = session.get_one(PipelineRun, job_id)
            job.state, job.finished_at = JobState.CANCELLED, now()

    def request_cancel(self, owner_id: str, job_id: str) -> PipelineRun:
        """Ask for a stop. Raises Conflict when the job is over."""
        job = self.get(owner_id, job_id)
        if job.state not in OPEN:
            raise Conflict("This upload is already finished, so there is nothing to cancel.")
        with self.database.session() as session:
            session.execute(update(PipelineRun).where(PipelineRun.id == job_id).values(cancel_requested=True))
            return session.get_one(PipelineRun, job_id)

    def stranded(self, *, queued_too: bool) -> list[str]:
        """Jobs nobody works on: running ones without a heartbeat, and on a worker's start the queued ones too."""
        with self.database.session() as session:
            lost = (PipelineRun.state == JobState.RUNNING) & (PipelineRun.heartbeat_at < now() - STALE_AFTER)
            waiting = (PipelineRun.state == JobState.QUEUED) & (
                PipelineRun.created_at < now() - (timedelta(0) if queued_too else timedelta(minutes=2))
            )
            return list(
                session.scalars(select(PipelineRun.id).where(or_(lost, waiting)).order_by(PipelineRun.created_at))
            )

    def workers(self) -> list[str]:
        """The workers that running jobs are in the hands of."""
        with self.database.session() as session:
            query = select(PipelineRun.worker).where(PipelineRun.state == JobState.RUNNING).distinct()
            return [worker for worker in session.scalars(query) if worker]

    def orphan(self, worker: str) -> None:
        """Let go of the running jobs of a worker that is known to be dead, without waiting for the heartbeat."""
        with self.database.session() as session:
            session.execute(
                update(PipelineRun)
                .where(PipelineRun.state == JobState.RUNNING, PipelineRun.worker == worker)
                .values(state=JobState.QUEUED, worker=None)
            )

    def pulse(self, worker: str, active: Collection[str]) -> None:
        """This worker is alive, and so are the jobs it has in hand."""
        with self.database.session() as session:
            session.execute(
                update(PipelineRun)
                .where(PipelineRun.state == JobState.RUNNING, PipelineRun.id.in_(tuple(active)))
                .values(heartbeat_at=now())
            )
            session.merge(Setting(key="worker", value={"at": now().isoformat(), "name": worker}))


def queue_in(session: Session, owner_id: str, document_id: str, filename: str) -> str:
    """A new queued job in this transaction, or the open one when the document already has it; returns its id."""
    open_job = session.scalar(
        select(PipelineRun.id).where(PipelineRun.document_id == document_id, PipelineRun.state.in_(OPEN))
    )
    if open_job:
        return open_job
    job = PipelineRun(id=uuid4().hex, document_id=document_id, owner_id=owner_id, filename=filename)
    session.add(job)
    _set_document(session, document_id, JobState.QUEUED, None)
    return job.id


def progress(job: PipelineRun | None, document: Document, filename: str) -> Progress:
    if job is None or document.state == JobState.READY:
        pages = document.page_count
        return Progress(document.id, job.id if job else "", filename, JobState(document.state), "ready", pages, pages)
    return Progress(document.id, job.id, filename, JobState(job.state), job.stage, job.done, job.total, job.error)


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

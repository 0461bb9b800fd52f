"""The ingestion of documents, job by job, in the worker process."""

import logging
import random
import threading
import time

from sqlalchemy.exc import OperationalError

from app.indexes import Index
from app.persistence.jobs import MAX_ATTEMPTS, Hold
from app.persistence.tables import PipelineRun
from app.pipeline_config import PipelineConfig
from app.telemetry import metrics
from app.wiring import Services
from ingestion.errors import Cancelled
from ingestion.pipeline import Ingested, Plant, Source, Stage, ingest
from tools.correlation import correlate
from tools.errors import NotFound, StorageUnavailable, StudyError, UnreadableDocument
from tools.types import Learner

log = logging.getLogger("studyrag.worker")

BEAT_SECONDS = 0.5
RETRY_SECONDS = 3
UNEXPECTED_TRIES = 3
STORE_SECONDS = 15
"""A store that is away comes back: a document waits for it as long as it takes."""


class Stopping(Exception):
    """The worker is asked to stop: the job goes back into the queue."""


class Lost(Exception):
    """Another worker has the job now, since this one was taken for dead: it is none of ours any more."""


class Reading:
    """Runs jobs; one for each worker process."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.worker = services.processes.me.id
        self.stopping = threading.Event()
        self._taking = threading.Lock()
        """What is being taken stands in the rows before it stands in `_active`."""
        self._active: list[str] = []

    def run(self) -> None:
        """Take the job whose turn it is and bring it to an end; an error of a document is the job's, not the worker's.

        What goes wrong at the end itself leaves the job to `let_go`.
        """
        with self._taking:
            job = self.services.jobs.claim_next(self.worker)
            if job is None:
                return
            self._active.append(job.id)
        correlate(job.request_id)
        try:
            with metrics.timed(metrics.document_seconds):
                self._bring_to_an_end(job)
        finally:
            self._active.remove(job.id)
            self.services.progress.tell(Learner(job.owner_id))

    def let_go(self) -> None:
        """Put back the jobs that stand in this worker's name though it does nothing about them any more."""
        with self._taking:
            self.services.jobs.let_go_but(self.worker, self._active)

    def _bring_to_an_end(self, job: PipelineRun) -> None:
        try:
            chosen = self.services.choices.of(Learner(job.owner_id))
            self._ready(job, self._ingest(job, chosen.pipeline), chosen.version)
        except (Cancelled, NotFound):
            self.services.documents.discard(job)
        except Lost:
            log.warning("job %s went to another worker meanwhile", job.id)
        except Stopping:
            self.services.jobs.requeue(job.id, self.worker)
        except StorageUnavailable:
            self.services.jobs.postpone(job.id, self.worker, STORE_SECONDS)
        except StudyError as error:
            self._again_or_failed(job, error, MAX_ATTEMPTS if error.retryable else 0)
        except Exception as error:
            if self._still_there(job):
                log.exception("job %s failed", job.id)
                self._unforeseen(job, error)
            else:
                self.services.documents.discard(job)

    def plant(self, index: Index, config: PipelineConfig) -> Plant:
        """Where what is read from a document goes to."""
        return Plant(
            index.passages, index.apparatus, index.concepts.remake, index.keywords, index.vectors, index.embeddings,
            config.chunking, config.embedding, self.services.settings.max_pages,
        )  # fmt: skip

    def _ingest(self, job: PipelineRun, config: PipelineConfig) -> Ingested:
        if job.cancel_requested:
            raise Cancelled
        if job.attempts > MAX_ATTEMPTS:
            raise UnreadableDocument("Reading this file stopped the program several times, so I gave it up.")
        document = self.services.library.document(Learner(job.owner_id), job.document_id).document
        with self.services.storage.local_copy(document.storage_key) as path:
            source = Source(document.id, path, document.filename)
            plant = self.plant(self.services.indexes.serving(Learner(job.owner_id)), config)
            return ingest(source, plant, Reporter(self, job))

    def _ready(self, job: PipelineRun, ingested: Ingested, config_version: int) -> None:
        replaced = self.services.jobs.ready(job.id, self.worker, ingested, config_version)
        metrics.documents.labels("ready").inc()
        log.info("job %s is done", job.id, extra={"passages": ingested.passages, "seconds": ingested.seconds})
        if replaced:
            self._forget(Learner(job.owner_id), replaced)

    def _unforeseen(self, job: PipelineRun, error: Exception) -> None:
        tries = MAX_ATTEMPTS if isinstance(error, OperationalError) else UNEXPECTED_TRIES
        told = StudyError("Something went wrong on our side while reading this file. Try again.")
        self._again_or_failed(job, told, tries)

    def _again_or_failed(self, job: PipelineRun, error: StudyError, tries: int) -> None:
        """What was indexed of a failed document goes; its original stays for another try."""
        if job.attempts < tries:
            pause = max(pause_after(job.attempts), error.retry_after or 0)
            self.services.jobs.requeue(job.id, self.worker, pause)
        elif self.services.jobs.fail(job.id, self.worker, error):
            metrics.documents.labels("failed").inc()
            self._forget(Learner(job.owner_id), job.document_id)

    def _forget(self, learner: Learner, document_id: str) -> None:
        index = self.services.indexes.serving(learner)
        index.passages.delete(document_id)
        index.apparatus.delete(document_id)
        index.concepts.delete(document_id)
        self.services.indexes.forget(learner, document_id)

    def _still_there(self, job: PipelineRun) -> bool:
        try:
            self.services.library.document(Learner(job.owner_id), job.document_id)
        except NotFound:
            return False
        return True


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt: twice as long each time, and not all at the same moment."""
    longest: float = RETRY_SECONDS * 2**attempts
    return random.uniform(longest / 2, longest)


class Reporter:
    """Writes progress at most twice a second; raises Cancelled, Lost or Stopping when the job must end."""

    def __init__(self, reading: Reading, job: PipelineRun) -> None:
        self._reading = reading
        self._job = job
        self._last: tuple[float, Stage | None] = (0.0, None)

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """`done` of `total` of the stage's own units."""
        if self._reading.stopping.is_set():
            raise Stopping
        written, last_stage = self._last
        if stage == last_stage and done < total and time.monotonic() - written < BEAT_SECONDS:
            return
        self._last = (time.monotonic(), stage)
        hold = self._reading.services.jobs.beat(self._job.id, self._reading.worker, stage, done, total)
        self._reading.services.progress.tell(Learner(self._job.owner_id))
        match hold:
            case Hold.CANCELLED:
                raise Cancelled
            case Hold.LOST:
                raise Lost

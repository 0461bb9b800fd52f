"""The worker process: Celery takes job ids from the queue and runs the ingestion; beat and a watchdog go with it."""

import logging
import os
import socket
import threading
import time

import psutil
from celery import Celery
from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutting_down
from sqlalchemy.exc import OperationalError

from app.broker import INGEST, REEMBED, WATCH, enqueue_ingestion
from app.indexes import Index
from app.persistence.jobs import MAX_ATTEMPTS
from app.persistence.tables import PipelineRun
from app.pipeline_config import CONFIG, PipelineConfig, load
from app.settings import Settings
from app.wiring import Services
from ingestion.errors import Cancelled
from ingestion.pipeline import Ingested, Plant, Source, Stage, embed, index, ingest
from tools.errors import NotFound, StudyError, UnreadableDocument

log = logging.getLogger("studyrag.worker")

CONCURRENCY = 3
BEAT_SECONDS = 0.5
PULSE_SECONDS = 3
RETRY_SECONDS = 3
UNEXPECTED_TRIES = 3


class Stopping(Exception):
    """The worker is asked to stop: the job goes back into the queue."""


class Ingestion:
    """Runs jobs; one for each worker process."""

    def __init__(self, services: Services, config: PipelineConfig) -> None:
        self.services = services
        self.config = config
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()
        self.active: set[str] = set()
        self._reembedding = threading.Lock()

    def run(self, job_id: str) -> None:
        """Take the job and bring it to an end; an error of the document is the job's, not the worker's.

        What goes wrong at the end itself leaves the job without a heartbeat, and so to the watchdog.
        """
        job = self.services.jobs.claim(job_id, self.worker)
        if job is None:
            return
        self.active.add(job_id)
        try:
            self._bring_to_an_end(job)
        finally:
            self.active.discard(job_id)

    def _bring_to_an_end(self, job: PipelineRun) -> None:
        try:
            if job.cancel_requested:
                raise Cancelled
            if job.attempts > MAX_ATTEMPTS:
                raise UnreadableDocument("Reading this file stopped the program several times, so I gave it up.")
            self._ready(job, self._ingest(job))
        except (Cancelled, NotFound):
            self.services.documents.discard(job)
        except Stopping:
            self.services.jobs.requeue(job.id)
        except StudyError as error:
            if error.retryable and job.attempts < MAX_ATTEMPTS:
                self._again(job)
            else:
                self._failed(job, error)
        except OperationalError:
            log.exception("the database did not answer during job %s", job.id)
            self._again(job)
        except Exception:
            if not self._still_there(job):
                self.services.documents.discard(job)
                return
            log.exception("job %s failed", job.id)
            if job.attempts < UNEXPECTED_TRIES:
                self._again(job)
            else:
                self._failed(job, StudyError("Something went wrong on our side while reading this file. Try again."))

    def _ingest(self, job: PipelineRun) -> Ingested:
        document = self.services.library.document(job.owner_id, job.document_id).document
        with self.services.storage.local_copy(document.storage_key) as path:
            source = Source(document.id, path, document.filename)
            return ingest(source, self._plant(self.services.indexes.serving), Reporter(self, job.id))

    def _plant(self, index: Index) -> Plant:
        limit = self.services.settings.max_pages
        return Plant(index.passages, index.vectors, index.embeddings, self.config.chunking, limit)

    def _ready(self, job: PipelineRun, ingested: Ingested) -> None:
        replaced = self.services.jobs.ready(job.id, ingested)
        if replaced:
            self._forget(replaced)

    def _failed(self, job: PipelineRun, error: StudyError) -> None:
        """What was indexed so far goes; the original stays for another try."""
        self.services.jobs.fail(job.id, error)
        self._forget(job.document_id)

    def _forget(self, document_id: str) -> None:
        self.services.passages.delete(document_id)
        self.services.indexes.forget(document_id)

    def _again(self, job: PipelineRun) -> None:
        self.services.jobs.requeue(job.id)
        enqueue_ingestion(self.services.celery, job.id, delay=RETRY_SECONDS * job.attempts)

    def _still_there(self, job: PipelineRun) -> bool:
        try:
            self.services.library.document(job.owner_id, job.document_id)
        except NotFound:
            return False
        return True

    def pulse(self) -> None:
        """Keep the heartbeat of this worker's jobs going, also while a provider or a long page keeps one waiting."""
        while not self.stopping.wait(PULSE_SECONDS):
            try:
                self.services.jobs.pulse(self.worker, self.active)
            except OperationalError:
                log.warning("the database did not take the heartbeat")

    def watch(self) -> None:
        """Take up the jobs whose worker is gone."""
        for job_id in self.services.jobs.stranded(queued_too=False):
            enqueue_ingestion(self.services.celery, job_id)
        if self.services.indexes.serving.model != self.services.indexes.wanted.model:
            self.services.celery.send_task(REEMBED)

    def reembed(self) -> None:
        """Fill the index of a newly configured embedding model, then let it serve."""
        indexes = self.services.indexes
        if indexes.serving.model == indexes.wanted.model or not self._reembedding.acquire(blocking=False):
            return
        try:
            plant = self._plant(indexes.wanted)
            while document_ids := self.services.library.without_vectors(indexes.wanted.model):
                for document_id in document_ids:
                    embed(document_id, plant, 0, self._stop_if_asked)
                    index(document_id, plant, 0, self._stop_if_asked)
            indexes.serve(indexes.wanted.model)
        except Stopping:
            return
        except StudyError as error:
            log.warning("the new embedding model could not be filled yet, the old one goes on serving: %s", error)
        finally:
            self._reembedding.release()

    def _stop_if_asked(self, _stage: Stage, _done: int, _total: int) -> None:
        if self.stopping.is_set():
            raise Stopping

    def take_over(self) -> None:
        """At the start: whatever dead workers of this machine had in hand, and whatever waits, is queued again."""
        for worker in self.services.jobs.workers():
            host, _, pid = worker.rpartition(":")
            if host == socket.gethostname() and not (pid.isdigit() and psutil.pid_exists(int(pid))):
                self.services.jobs.orphan(worker)
        for job_id in self.services.jobs.stranded(queued_too=True):
            enqueue_ingestion(self.services.celery, job_id)


class Reporter:
    """Writes progress at most twice a second; raises Cancelled or Stopping when the job must end."""

    def __init__(self, ingestion: Ingestion, job_id: str) -> None:
        self.ingestion = ingestion
        self.job_id = job_id
        self.last: tuple[float, Stage | None] = (0.0, None)

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        if self.ingestion.stopping.is_set():
            raise Stopping
        written, last_stage = self.last
        if stage == last_stage and done < total and time.monotonic() - written < BEAT_SECONDS:
            return
        self.last = (time.monotonic(), stage)
        if not self.ingestion.services.jobs.beat(self.job_id, self.ingestion.worker, stage, done, total):
            raise Cancelled


def build_worker(settings: Settings) -> Celery:
    services = Services(settings)
    ingestion = Ingestion(services, load(CONFIG))
    app = services.celery

    def run(job_id: str) -> None:
        ingestion.run(job_id)

    def watch() -> None:
        ingestion.watch()

    def reembed() -> None:
        ingestion.reembed()

    # Plain functions: Celery would take the `self` of a bound method for an argument of the task.
    for name, task in ((INGEST, run), (WATCH, watch), (REEMBED, reembed)):
        app.task(name=name, shared=False)(task)
    worker_ready.connect(lambda **_: _on_ready(app, ingestion), weak=False)
    worker_shutting_down.connect(lambda **_: ingestion.stopping.set(), weak=False)
    return app


def _on_ready(app: Celery, ingestion: Ingestion) -> None:
    ingestion.take_over()
    threading.Thread(target=ingestion.pulse, daemon=True).start()
    EmbeddedService(app, thread=True).start()


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    app = build_worker(Settings())
    queues = "ingestion,embedding,maintenance"
    app.worker_main(
        [
            "worker",
            "--pool=threads",
            f"--concurrency={CONCURRENCY}",
            f"--queues={queues}",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


if __name__ == "__main__":
    main()

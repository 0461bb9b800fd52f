"""The queue: files in the data folder. Only ids travel through it."""

import logging
from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError

from app import file_queue
from app.settings import Settings

log = logging.getLogger("studyrag.queue")

INGEST = "studyrag.ingest"
WRITE = "studyrag.write"
REEMBED = "studyrag.reembed"
POLL_SECONDS = 0.1


def celery_app(settings: Settings) -> Celery:
    """Celery on the file queue of this data folder."""
    file_queue.register()
    app = Celery("studyrag", broker=f"{file_queue.SCHEME}://localhost", set_as_current=False)
    app.conf.update(
        broker_transport_options={"folder": str(queue_folder(settings)), "polling_interval": POLL_SECONDS},
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_routes={
            INGEST: {"queue": "ingestion"},
            WRITE: {"queue": "questions"},
            REEMBED: {"queue": "embedding"},
        },
    )
    return app


def queue_folder(settings: Settings) -> Path:
    """Where the messages lie."""
    return settings.data_dir / "queue" / "messages"


def enqueue_ingestion(app: Celery, job_id: str, delay: float = 0) -> None:
    """Send the job's id to the workers; when the broker is away the row is found later."""
    _send(app, INGEST, job_id, delay)


def enqueue_quiz(app: Celery, quiz_id: str) -> None:
    """Send the quiz's id to the writers; when the broker is away the row is found later."""
    _send(app, WRITE, quiz_id, 0)


def _send(app: Celery, task: str, id_: str, delay: float) -> None:
    try:
        app.send_task(task, args=[id_], countdown=delay)
    except (OperationalError, OSError):
        log.warning("the broker did not take %s %s", task, id_)

"""The queue: files in the data folder. Only ids travel through it."""

from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError

from app import file_queue
from app.settings import Settings

INGEST = "studyrag.ingest"
REEMBED = "studyrag.reembed"
POLL_SECONDS = 0.1


def celery_app(settings: Settings) -> Celery:
    file_queue.register()
    app = Celery("studyrag", broker=f"{file_queue.SCHEME}://", set_as_current=False)
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
            REEMBED: {"queue": "embedding"},
        },
    )
    return app


def queue_folder(settings: Settings) -> Path:
    """Where the messages lie."""
    return settings.data_dir / "queue" / "messages"


def enqueue_ingestion(app: Celery, job_id: str, delay: float = 0) -> None:
    """Send the job's id to the workers; when the broker is away the row is found later."""
    try:
        app.send_task(INGEST, args=[job_id], countdown=delay)
    except (OperationalError, OSError):
        return

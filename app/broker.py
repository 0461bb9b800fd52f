"""The queue: files in the data folder. Only ids travel through it."""

from celery import Celery
from kombu.exceptions import OperationalError

from app.settings import Settings

INGEST = "studyrag.ingest"
REEMBED = "studyrag.reembed"
WATCH = "studyrag.watch"
WATCH_SECONDS = 10


def celery_app(settings: Settings) -> Celery:
    app = Celery("studyrag", broker="filesystem://localhost", set_as_current=False)
    app.conf.update(
        broker_transport_options=_folders(settings),
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
            WATCH: {"queue": "maintenance"},
        },
        beat_schedule={"watch": {"task": WATCH, "schedule": WATCH_SECONDS, "options": {"expires": WATCH_SECONDS}}},
        beat_schedule_filename=str(settings.data_dir / "queue" / "beat"),
    )
    return app


def _folders(settings: Settings) -> dict[str, object]:
    queue = settings.data_dir / "queue"
    for name in ("messages", "control", "processed"):
        (queue / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "control_folder": str(queue / "control"),
        "processed_folder": str(queue / "processed"),
        "store_processed": False,
        "polling_interval": 0.2,
    }


def enqueue_ingestion(app: Celery, job_id: str, delay: float = 0) -> None:
    """Send the job's id to the workers; when the broker is away the watchdog finds the row later."""
    try:
        app.send_task(INGEST, args=[job_id], countdown=delay)
    except (OperationalError, OSError):
        return

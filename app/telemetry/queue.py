"""The request's id on its way through the queue: in the header of each message, and back in the thread of its task."""

from typing import Any

from celery import signals

from tools.correlation import correlate, request_id

HEADER = "studyrag_request"


def follow_requests() -> None:
    """For whatever this process sends and takes from now on."""
    signals.before_task_publish.connect(_mark, weak=False)
    signals.task_prerun.connect(_recognise, weak=False)


def _mark(headers: dict[str, Any], **_: Any) -> None:
    headers[HEADER] = request_id()


def _recognise(task: Any, **_: Any) -> None:
    """Work that was found without its message, after a crash, gets an id of its own."""
    correlate(task.request.get(HEADER))

"""A message carries the request that it was sent for, and its task knows it."""

from celery import Celery
from celery.app.trace import build_tracer

from app.telemetry.queue import follow_requests
from tools.correlation import correlated, request_id


def test_the_task_belongs_to_the_request_that_sent_it() -> None:
    follow_requests()
    app = Celery("test", broker="memory://", set_as_current=False)
    seen: list[str] = []

    def look() -> None:
        seen.append(request_id())

    task = app.task(look, name="look", shared=False)
    with app.connection_for_write() as connection, correlated("request-of-mine"):
        app.send_task("look", connection=connection)
        headers = connection.SimpleQueue("celery").get(timeout=60).headers
    run = build_tracer(task.name, task, app=app, propagate=True)
    with correlated("another-request"):
        run("1", (), {}, headers)
        run("2", (), {}, {"id": "2"})
    assert seen[0] == "request-of-mine"
    assert len(seen[1]) == 32, "what was found without its message has an id of its own"

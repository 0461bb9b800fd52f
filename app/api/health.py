"""Whether the product and each of its parts is well."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from sqlalchemy import text

from agent.state import BUILT_IN
from app.api.deps import ServicesDep
from app.api.errors import ErrorBody
from app.api.health_schemas import Alive, Dependency, Health
from app.broker import Task
from app.identity import Role
from app.persistence.db import Service
from app.wiring import Services
from tools.errors import StudyError

log = logging.getLogger("studyrag.api")

router = APIRouter(tags=["health"])

SILENT_AFTER = timedelta(seconds=45)


class NotReady(StudyError):
    """StudyRAG is still starting. Please try again in a moment."""

    code = "not_ready"
    status = 503
    retryable = True


@router.get("/api/health")
def health(request: Request, services: ServicesDep) -> Health:
    """The state of each dependency and how fast it answers. The status is 200 as long as this can be said at all."""
    dependencies = checked(services)
    well = all(dependency.state == "ok" for dependency in dependencies.values())
    return Health(status="ok" if well else "degraded", version=request.app.version, dependencies=dependencies)


@router.get("/health/live")
def live() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/health/ready", responses={503: {"model": ErrorBody}})
def ready(services: ServicesDep) -> Alive:
    """Questions can be answered: database and search index are there."""
    for check in (_database, _vectors):
        if _measured(check, services).state != "ok":
            raise NotReady(retry_after=2)
    return Alive()


def checked(services: Services) -> dict[str, Dependency]:
    """Each part with its state; one after the other, so in as long as they take together."""
    checks = {
        "database": _database,
        "vectors": _vectors,
        "worker": _worker,
        "writer": _writer,
        "queue": _queue,
        "storage": _storage,
        "embeddings": _embeddings,
    }
    dependencies = {name: _measured(check, services) for name, check in checks.items()}
    dependencies["chat_model"] = Dependency(state="ok", detail=services.settings.chat_model or BUILT_IN)
    return dependencies


def _measured(check: Callable[[Services], str | None], services: Services) -> Dependency:
    started = time.perf_counter()
    try:
        detail = check(services)
    except StudyError as error:
        return Dependency(state="down", detail=str(error))
    except Exception as error:
        log.warning("a part of the product does not answer", exc_info=True)
        return Dependency(state="down", detail=type(error).__name__)
    return Dependency(state="ok", latency_ms=round((time.perf_counter() - started) * 1000, 1), detail=detail)


def _database(services: Services) -> None:
    with services.database.service_session(Service.INSTALLATION) as session:
        session.execute(text("SELECT 1"))


def _vectors(services: Services) -> None:
    services.indexes.ping()


def _embeddings(services: Services) -> str:
    """The model that serves, the one that is taking over, and whether its cosines mean what they should."""
    serving, wanted = services.indexes.serving_model, services.indexes.wanted_model
    told = serving if serving == wanted else f"{serving}, being replaced by {wanted}"
    is_measured = services.indexes.calibration(serving) is not None
    return told if is_measured else f"{told}; not measured yet, so words alone decide"


def _worker(services: Services) -> str:
    return _heard(services, Role.WORKER, "so uploads wait")


def _writer(services: Services) -> str:
    return _heard(services, Role.WRITER, "so quizzes wait for their questions")


def _heard(services: Services, role: Role, then: str) -> str:
    """When the last sign of life was. Raises StudyError with what follows where there was none for long."""
    heard = services.processes.heard(role)
    if heard is None:
        raise StudyError(f"No {role} is running, {then}.")
    silent = datetime.now(UTC) - heard
    if silent > SILENT_AFTER:
        raise StudyError(f"The {role} has been silent for {silent.seconds} seconds, {then}.")
    return f"last heard of {max(silent.seconds, 0)} seconds ago"


def _queue(services: Services) -> str:
    waiting = services.queue.length(Task.INGEST)
    if waiting is None:
        raise StudyError("The queue does not answer, so uploads wait; they are found in the database when it is back.")
    return f"{waiting} messages wait"


def _storage(services: Services) -> str:
    return services.storage.check()

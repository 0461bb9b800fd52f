"""For operators: numbers as JSON and as a page, and the metrics for Prometheus."""

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.api.deps import Operator, OperatorsOnly, ServicesDep
from app.api.health import checked
from app.api.operation_schemas import Analytics, LatencyOut, PopularOut, StoredOut, UsageOut, WorkOut
from app.api.pages import html
from app.broker import Task
from app.telemetry.exposition import exposed, is_allowed
from app.telemetry.state import state_of
from app.wiring import Services

router = APIRouter(tags=["operation"])

Days = Annotated[int, Query(ge=1, le=90, description="How far to look back.")]
SPANS = {1: "day", 7: "week", 30: "month"}
REFRESH_SECONDS = "60"


@router.get("/api/analytics")
def analytics(_operator: Operator, services: ServicesDep, days: Days = 7) -> Analytics:
    """Usage, popular questions, latencies, errors, work and storage; for operators only."""
    return _numbers(services, days)


@router.get("/dashboard", summary="The numbers as a page", response_class=HTMLResponse)
def dashboard(_operator: Operator, services: ServicesDep, days: Days = 7) -> HTMLResponse:
    """The same with the health of each part; a browser shows it anew every minute."""
    values = {"numbers": _numbers(services, days), "parts": checked(services), "now": datetime.now(UTC)}
    page = html(200, "dashboard.html", theme=None, days=days, spans=SPANS, **values)
    page.headers["Refresh"] = REFRESH_SECONDS
    return page


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, services: ServicesDep) -> Response:
    """What this process has counted, and what waits in the whole product; for Prometheus, and operators only."""
    if not _may_read(request, services.settings.metrics_token.get_secret_value()):
        raise OperatorsOnly
    counted, media_type = exposed()
    return Response(counted + state_now(services), media_type=media_type)


def state_now(services: Services) -> bytes:
    """What holds for the whole product, in Prometheus' format."""
    parts = {name: part.state == "ok" for name, part in checked(services).items()}
    lengths = {task.queue: services.queue.length(task) for task in Task}
    queues = {queue: length for queue, length in lengths.items() if length is not None}
    return state_of(services.operation.work(), services.operation.stored(), parts, queues)


def _numbers(services: Services, days: int) -> Analytics:
    since, numbers = datetime.now(UTC) - timedelta(days=days), services.operation
    return Analytics(
        since=since,
        usage=UsageOut.model_validate(numbers.usage(since)),
        popular=[PopularOut.model_validate(one) for one in numbers.popular(since)],
        latencies=[LatencyOut.model_validate(one) for one in numbers.latencies(since)],
        work=WorkOut.model_validate(numbers.work()),
        stored=StoredOut.model_validate(numbers.stored()),
    )


def _may_read(request: Request, token: str) -> bool:
    """With a token, whoever shows it; without one, this machine, but not what a proxy on it passes on."""
    if token:
        return is_allowed(request.headers.get("authorization", ""), token)
    if request.headers.get("x-forwarded-for") or request.headers.get("forwarded"):
        return False
    return request.client is not None and _is_loopback(request.client.host)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

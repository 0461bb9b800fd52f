"""Other names that are in use for the same things, and addresses where there is nothing."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

OTHER_NAMES = {
    "/api/upload": "/api/documents/upload",
    "/api/files": "/api/documents",
    "/api/query": "/api/chat",
    "/api/pipeline/status/{id}": "/api/jobs/{id}",
    "/api/metrics": "/api/analytics",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

router = APIRouter(include_in_schema=False)


def _redirect(target: str) -> Callable[[Request], Response]:
    def redirect(request: Request) -> Response:
        url = target.format(**request.path_params)
        return RedirectResponse(f"{url}?{request.url.query}" if request.url.query else url, 308)

    return redirect


for _name, _target in OTHER_NAMES.items():
    router.add_api_route(_name, _redirect(_target), methods=METHODS)


def add_unknown_routes(app: FastAPI) -> None:
    """Below our prefixes an unknown address is an error, not the chat's page."""
    for prefix in ("/api", "/health", "/view", "/cite"):
        app.add_route(prefix + "/{rest:path}", _nothing_here, methods=METHODS, include_in_schema=False)


def _nothing_here(request: Request) -> Response:
    path, query = request.url.path, request.url.query
    if path.endswith("/"):
        return RedirectResponse(path.rstrip("/") + (f"?{query}" if query else ""), 308)
    known = any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.routes)
    raise HTTPException(405 if known else 404)

"""Pages for people: templates that escape whatever they are given, and headers that allow nothing from outside."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ASSETS = Path(__file__).resolve().parents[2] / "public" / "viewer"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}


class Assets(StaticFiles):
    """Files that a browser may keep but must ask about, so that a new version shows at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, or 304 when the browser's copy is still the same."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def add_assets(app: FastAPI) -> None:
    """Serve the viewer's scripts and style sheets below `/viewer`."""
    app.mount("/viewer", Assets(directory=ASSETS))


def html(status: int, template: str, **values: Any) -> HTMLResponse:
    """A page from one of the templates. Raises UndefinedError when a value that it names is missing."""
    return HTMLResponse(TEMPLATES.get_template(template).render(values), status, HEADERS)

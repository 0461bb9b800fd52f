"""The HTTP API: thin routes that unpack, call and show."""

from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI

from app.api import (
    account,
    auth,
    chat,
    documents,
    generate,
    health,
    history,
    jobs,
    library,
    operation,
    pipeline,
    preferences,
    quizzes,
    redirects,
    reference,
    review,
    search,
    settings_page,
    sign_in,
    viewer,
)
from app.api.errors import ERRORS, add_error_handlers
from app.api.guard import Guard
from app.api.limits import RequestLimits
from app.api.pages import add_assets
from app.api.sessions import Sessions
from app.pages import Pages
from app.telemetry.requests import Requests
from app.wiring import Services

MODULES = (
    auth, account, sign_in, documents, library, jobs, search, chat, generate, quizzes, review, history, preferences,
    pipeline, settings_page, health, operation, viewer, redirects, reference,
)  # fmt: skip


def register(app: FastAPI) -> None:
    """Add routes, error handlers and middleware; call it before anything that ends in a catch-all route is mounted."""
    services: Services = app.state.services
    app.state.pages = Pages(services)
    app.openapi_tags = [{"name": name, "description": text} for name, text in reference.TAGS.items()]
    router = APIRouter(responses=ERRORS)
    for module in MODULES:
        router.include_router(module.router)
    app.include_router(router)
    redirects.add_unknown_routes(app)
    add_assets(app)
    add_error_handlers(app)
    settings = services.settings
    app.add_middleware(RequestLimits, limits=services.limits, max_file_bytes=settings.max_file_mb << 20)
    if services.accounts is not None:
        app.add_middleware(Sessions, accounts=services.accounts, cookies=auth.cookies_of(services))
    app.add_middleware(Guard, host=urlsplit(settings.address).netloc)
    app.add_middleware(Requests)

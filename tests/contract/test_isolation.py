"""What one learner has, no other finds, reads or changes: every route with the other's ids.

The cases are those of the routes: one that has no case fails. They know nothing of the database below.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app import api
from app.settings import Settings
from app.wiring import Services
from tests.support.isolation import SECRET, Ids, World, add_a_book, filled, furnish, routes, touched, world

LIMITS = {"STUDYRAG_MAX_FILE_MB": 1, "STUDYRAG_REQUESTS_PER_MINUTE": 1_000_000}


@dataclass(frozen=True)
class Attempt:
    """What Bob sends with Ada's ids in it, as `{name}`; `found` is the status where 404 is not the answer."""

    url: str
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    found: int = 404


SCOPES: tuple[dict[str, Any], ...] = (
    {"active_semester": "{semester}"}, {"active_subject": "{subject}"}, {"active_books": ["{book}"]},
)  # fmt: skip
ASKED = {"query": "What are cloves?"}
IN_SCOPE = "active_books={book}"
QUIZ, ITEM = "/api/quizzes/{quiz}", "/api/quizzes/{quiz}/items/{item}"
DOCUMENT, JOB = "/api/documents/{document}", "/api/jobs/{waiting_job}"

CASES: dict[tuple[str, str], list[Attempt]] = {
    ("POST", "/api/documents/upload"): [Attempt("/api/documents/upload", form={"thread_id": "{thread}"})],
    ("GET", "/api/documents"): [
        Attempt(f"/api/documents?{name}={{{name}}}", found=200) for name in ("semester", "subject", "book")
    ],
    ("GET", "/api/documents/{document_id}"): [Attempt(DOCUMENT)],
    ("GET", "/api/documents/{document_id}/status"): [Attempt(f"{DOCUMENT}/status")],
    ("PATCH", "/api/documents/{document_id}"): [
        Attempt(DOCUMENT, {"filename": "mine.txt"}), Attempt(DOCUMENT, {"book": "mine"}),
    ],
    ("DELETE", "/api/documents/{document_id}"): [Attempt(DOCUMENT)],
    ("GET", "/api/documents/{document_id}/versions"): [Attempt(f"{DOCUMENT}/versions")],
    ("GET", "/api/documents/{document_id}/file"): [Attempt(f"{DOCUMENT}/file")],
    ("GET", "/api/documents/{document_id}/pages/{index}"): [
        Attempt(f"{DOCUMENT}/pages/1"), Attempt(f"{DOCUMENT}/pages/1?format=image"),
    ],
    ("GET", "/api/library"): [Attempt("/api/library", found=200)],
    ("PATCH", "/api/library/{place_id}"): [
        Attempt(f"/api/library/{{{place}}}", {"name": "mine"}) for place in ("semester", "subject", "book")
    ],
    ("POST", "/api/ingest"): [Attempt("/api/ingest", {"mode": "new"}, found=202)],
    ("GET", "/api/jobs/{job_id}"): [Attempt(JOB)],
    ("DELETE", "/api/jobs/{job_id}"): [Attempt(JOB)],
    ("POST", "/api/jobs/{job_id}/retry"): [Attempt("/api/jobs/{failed_job}/retry")],
    ("POST", "/api/search"): [
        Attempt("/api/search", ASKED, found=200),
        *(Attempt("/api/search", ASKED | scope, found=422) for scope in SCOPES),
    ],
    ("POST", "/api/chat"): [
        Attempt("/api/chat", ASKED | {"thread_id": "{thread}"}),
        Attempt("/api/chat", {"query": "/scope everything", "thread_id": "{thread}"}),
        *(Attempt("/api/chat", ASKED | scope, found=200) for scope in SCOPES),
        Attempt("/api/chat", ASKED, found=200),
        Attempt("/api/chat", {"query": "/library"}, found=200),
    ],
    ("POST", "/api/chat/generate-questions"): [
        Attempt("/api/chat/generate-questions", scope, found=422) for scope in SCOPES
    ],
    ("POST", "/api/quizzes"): [
        Attempt("/api/quizzes", {"thread_id": "{thread}"}),
        *(Attempt("/api/quizzes", scope, found=422) for scope in SCOPES),
        Attempt("/api/quizzes", {"questions": "mistakes"} | SCOPES[2], found=422),
    ],
    ("GET", "/api/quizzes"): [Attempt("/api/quizzes?thread_id={thread}", found=200)],
    ("GET", "/api/quizzes/{quiz_id}"): [Attempt(QUIZ)],
    ("POST", "/api/quizzes/{quiz_id}/stop"): [Attempt(f"{QUIZ}/stop")],
    ("POST", "/api/quizzes/{quiz_id}/answers"): [Attempt(f"{QUIZ}/answers", {"item_id": "{item}", "answer": "ox1"})],
    ("POST", "/api/quizzes/{quiz_id}/finish"): [Attempt(f"{QUIZ}/finish")],
    ("GET", "/api/quizzes/{quiz_id}/report"): [Attempt("/api/quizzes/{done_quiz}/report")],
    ("GET", "/api/quizzes/{quiz_id}/export"): [Attempt("/api/quizzes/{done_quiz}/export?format=csv")],
    ("PATCH", "/api/quizzes/{quiz_id}/items/{item_id}"): [Attempt(ITEM, {"flagged": True})],
    ("POST", "/api/quizzes/{quiz_id}/items/{item_id}/hint"): [Attempt(f"{ITEM}/hint")],
    ("POST", "/api/quizzes/{quiz_id}/items/{item_id}/reveal"): [Attempt(f"{ITEM}/reveal")],
    ("POST", "/api/quizzes/{quiz_id}/items/{item_id}/another"): [Attempt(f"{ITEM}/another")],
    ("POST", "/api/quizzes/{quiz_id}/items/{item_id}/challenge"): [
        Attempt("/api/quizzes/{done_quiz}/items/{item}/challenge"),
    ],
    ("POST", "/api/quizzes/{quiz_id}/items/{item_id}/report"): [Attempt(f"{ITEM}/report")],
    ("GET", "/api/review/due"): [
        Attempt("/api/review/due?thread_id={thread}"), Attempt(f"/api/review/due?{IN_SCOPE}", found=422),
    ],
    ("GET", "/api/review/topics"): [
        Attempt("/api/review/topics?thread_id={thread}"), Attempt(f"/api/review/topics?{IN_SCOPE}", found=422),
    ],
    ("POST", "/api/review/{item_id}"): [Attempt("/api/review/{item}", {"answer": "ox1"})],
    ("GET", "/api/query/history"): [Attempt("/api/query/history?thread_id={thread}", found=200)],
    ("GET", "/api/query/{query_id}"): [Attempt("/api/query/{query}")],
    ("GET", "/api/threads/{thread_id}/citations/{n}"): [Attempt("/api/threads/{thread}/citations/1")],
    ("GET", "/view/{document_id}/{page_index}"): [Attempt("/view/{document}/1")],
    ("GET", "/cite/{thread_id}/{n}"): [Attempt("/cite/{thread}/1")],
    ("GET", "/api/preferences"): [Attempt("/api/preferences", found=200)],
    ("PUT", "/api/preferences"): [
        Attempt("/api/preferences", {"tutor": "own"}, found=422),
        Attempt("/api/preferences", {"answer_length": "short"}, found=200),
    ],
    ("GET", "/api/preferences/models"): [Attempt("/api/preferences/models", found=200)],
    ("PUT", "/api/preferences/model-key"): [
        Attempt("/api/preferences/model-key", {"provider": "x", "model": "y"}, found=422),
    ],
    ("DELETE", "/api/preferences/model-key"): [Attempt("/api/preferences/model-key", found=204)],
    ("GET", "/api/pipeline/config"): [Attempt("/api/pipeline/config", found=200)],
    ("PUT", "/api/pipeline/config"): [
        Attempt("/api/pipeline/config", {"version": 0, "config": {"retrieval": {"passages": 3}}}, found=200),
    ],
    ("POST", "/api/pipeline/read-again"): [Attempt("/api/pipeline/read-again", found=202)],
    ("POST", "/api/documents/{document_id}/read-again"): [Attempt("/api/documents/{document}/read-again")],
    ("GET", "/settings"): [Attempt("/settings", found=200)],
    ("GET", "/api/auth/user"): [Attempt("/api/auth/user", found=200)],
    ("POST", "/api/auth/login"): [Attempt("/api/auth/login", found=200)],
    ("POST", "/api/auth/logout"): [Attempt("/api/auth/logout", found=200)],
    ("GET", "/account"): [Attempt("/account", found=200)],
    ("GET", "/api/account/export"): [Attempt("/api/account/export", found=200)],
    ("GET", "/api/health"): [Attempt("/api/health", found=200)],
    ("GET", "/api/analytics"): [Attempt("/api/analytics", found=403)],
    ("GET", "/dashboard"): [Attempt("/dashboard", found=403)],
    ("GET", "/metrics"): [Attempt("/metrics", found=403)],
}  # fmt: skip

NOBODYS = {"/openapi.json", "/docs", "/redoc", "/health/live", "/health/ready"}
ACCOUNTS = {
    "/login", "/signup", "/forgot", "/password", "/logout", "/account/delete", "/api/account", "/api/auth/signup",
    "/api/auth/refresh", "/api/auth/reset", "/api/auth/password", "/api/auth/with/{provider}", "/api/auth/callback",
}  # fmt: skip
"""These take no id, and there are none here; tests/unit/app/api/test_accounts.py has them."""
OTHER_NAMES = {"/api/upload", "/api/files", "/api/query", "/api/pipeline/status/{id}", "/api/metrics"}
"""These only redirect, to routes that have their case."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.services = services_in(tmp_path_factory.mktemp("routes"))
    api.register(app)
    return app


@pytest.fixture(scope="module")
def shared(app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(app, services_in(tmp_path_factory.mktemp("isolation"))) as made:
        yield made


@pytest.fixture(scope="module")
def hers(shared: World) -> Ids:
    add_a_book(shared, "bob", "willow.txt", "Baskets are woven of willow rods, which are cut in winter.")
    return furnish(shared)


def services_in(folder: Path, database_url: str = "") -> Services:
    return Services(Settings.model_validate({"STUDYRAG_DATA_DIR": folder, "database_url": database_url, **LIMITS}))


def test_every_route_has_a_case(app: FastAPI) -> None:
    lacking = {(method, path) for method, path in routes(app) if "{rest:path}" not in path} - set(CASES)
    assert {path for _, path in lacking} == NOBODYS | OTHER_NAMES | ACCOUNTS


@pytest.mark.parametrize(
    ("method", "attempt"),
    [
        pytest.param(method, attempt, id=f"{method} {path} {n}")
        for (method, path), attempts in CASES.items()
        for n, attempt in enumerate(attempts)
    ],
)
def test_nobody_finds_or_changes_what_is_somebody_elses(
    shared: World, hers: Ids, method: str, attempt: Attempt
) -> None:
    before = shared.dump("ada")
    files = {"file": ("mine.txt", b"Something of my own.")} if attempt.form else None
    reply = shared.as_(
        "bob", method, filled(attempt.url, asdict(hers)), json=filled(attempt.json, asdict(hers)),
        data=filled(attempt.form, asdict(hers)), files=files,
    )  # fmt: skip
    assert reply.status_code == attempt.found, reply.text
    assert SECRET not in reply.text.lower()
    assert not touched(before, shared.dump("ada"))


def test_to_its_owner_the_same_answers(shared: World, hers: Ids) -> None:
    """Otherwise a case could hold because its id is wrong."""
    for (method, _), attempts in CASES.items():
        for attempt in attempts:
            if method == "GET" and attempt.found in (404, 422) and "format=image" not in attempt.url:
                reply = shared.as_("ada", method, filled(attempt.url, asdict(hers)))
                assert reply.status_code == 200, (attempt.url, reply.text)


def test_two_learners_may_name_their_conversations_the_same(shared: World, hers: Ids) -> None:
    """The id is a browser's: the second who uses it is told that there is no such conversation."""
    reply = shared.as_("bob", "POST", "/api/chat", json={"query": "/scope", "thread_id": hers.thread})
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert shared.as_("ada", "POST", "/api/chat", json={"query": "/scope", "thread_id": hers.thread}).is_success

"""What one learner has, no other finds, reads or changes: all that Chainlit hears, with the other's ids.

The cases are those of Chainlit as it is mounted: an event, an action or a route that has no case fails.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import chainlit.config
import pytest
from chainlit import server as chainlit_server
from chainlit.config import config
from chainlit.session import WebsocketSession
from chainlit.utils import mount_chainlit
from fastapi import FastAPI
from socketio.exceptions import ConnectionError as Refused

from app import api, turns
from app.settings import Settings
from app.web import ROOT
from app.wiring import Services
from tests.contract.test_isolation import Attempt
from tests.support.browser import Browser, Served, a_data_layer_of_its_own, browsing, served
from tests.support.isolation import SECRET, World, add_a_book, filled, furnish, routes, touched, world

Ids = dict[str, str]

MESSAGE: dict[str, Any] = {
    "id": "{step}", "threadId": "{thread}", "parentId": "{step}", "name": "Bob", "type": "user_message",
    "output": "What are cloves?", "createdAt": "2026-01-01T00:00:00Z",
}  # fmt: skip
ELSEWHERE: dict[str, Any] = MESSAGE | {"id": "{new}"}
CARD: dict[str, Any] = {
    "id": "{card}", "type": "custom", "name": "Sources", "display": "inline", "forId": "{step}", "props": {"n": [1]},
}  # fmt: skip
SETTINGS: tuple[dict[str, Any], ...] = (
    {"semester": "{semester}"}, {"subject": "{subject}"}, {"books": ["{book}"]}, {"chat_only": True},
)  # fmt: skip
EVENTS: dict[str, list[list[Any]]] = {
    "connection_successful": [[]],
    "client_message": [
        [{"message": MESSAGE, "fileReferences": [{"id": "{file}"}]}],
        *([{"message": ELSEWHERE | {"output": said}}] for said in ("Why?", "/scope {book}", "/delete {book}")),
        *([{"message": ELSEWHERE | {"command": name}}] for name in ("Library", "Review")),
        [{"message": ELSEWHERE | {"modes": {"scope": "book:{book}"}}}],
        [{"message": ELSEWHERE, "fileReferences": [{"id": "{file}"}]}],
    ],
    "edit_message": [[{"message": MESSAGE | {"output": "Mine now"}}]],
    "message_favorite": [[{"message": MESSAGE | {"metadata": {"favorite": on}}}] for on in (True, False)],
    "fetch_favorites": [[]],
    "stop": [[]],
    "window_message": [["studyrag:library"], ["studyrag:thread:{thread}"]],
    "chat_settings_change": [[values] for values in SETTINGS],
    "chat_settings_edit": [[values] for values in SETTINGS],
    "audio_start": [[]],
    "audio_chunk": [[{"isStart": True, "mimeType": "audio/wav", "elapsedTime": 1.0, "data": b"0"}]],
    "audio_end": [[]],
    "clear_session": [[]],
}  # fmt: skip
CONNECTION = {"connect", "disconnect"}
"""These have tests of their own below."""

FILED = {"semester": "mine", "subject": "mine", "book": "mine"}
ACTIONS: dict[str, list[dict[str, str]]] = {
    "upload": [{"document_id": "{document}", "do": do} | FILED for do in ("cancel", "retry", "file")],
    "ask_again": [{}],
}
PLACES = (None, "{thread}")
"""A conversation of Bob's own, and the address of Ada's."""


def _acting(name: str, payload: dict[str, str], session: str) -> dict[str, Any]:
    return {"action": {"name": name, "payload": payload}, "sessionId": session}


THREAD, FILE = "/project/thread/{thread}", "/project/file"
HERS, MINE = {"sessionId": "{session}"}, {"sessionId": "{own_session}"}
CASES: dict[tuple[str, str], list[Attempt]] = {
    ("GET", "/user"): [Attempt("/user", found=200)],
    ("POST", "/login"): [Attempt("/login", form={"email": "ada", "password": "x"}, found=409)],
    ("POST", "/logout"): [Attempt("/logout", found=303)],
    ("POST", "/auth/jwt"): [Attempt("/auth/jwt", found=401)],
    ("POST", "/auth/header"): [Attempt("/auth/header", found=200)],
    ("POST", "/set-session-cookie"): [Attempt("/set-session-cookie", {"session_id": "{session}"}, found=200)],
    ("GET", "/project/settings"): [Attempt("/project/settings", found=200)],
    ("PUT", "/feedback"): [
        # Chainlit words every refusal of a data layer so.
        Attempt("/feedback", MINE | {"feedback": {"forId": "{step}", "value": 0, "id": id_}}, found=500)
        for id_ in ("{opinion}", "{new}")
    ],
    ("DELETE", "/feedback"): [Attempt("/feedback", {"feedbackId": "{opinion}"}, found=200)],
    ("POST", "/project/threads"): [
        Attempt("/project/threads", {"pagination": {"first": 20}, "filter": filter_}, found=200)
        for filter_ in ({"userId": "ada"}, {"search": "cloves"}, {"feedback": 1})
    ] + [Attempt("/project/threads", {"pagination": {"first": 20, "cursor": "{thread}"}, "filter": {}}, found=200)],
    ("GET", "/project/thread/{thread_id}"): [Attempt(THREAD, found=401)],
    ("GET", "/project/share/{thread_id}"): [Attempt("/project/share/{thread}")],
    ("GET", "/project/thread/{thread_id}/element/{element_id}"): [
        Attempt(f"{THREAD}/element/{{card}}", found=401),
        Attempt("/project/thread/{own_thread}/element/{card}", found=200),
    ],
    ("PUT", "/project/element"): [
        Attempt("/project/element", HERS | {"element": CARD}, found=401),
        *(
            Attempt("/project/element", MINE | {"element": CARD | {"threadId": thread}}, found=200)
            for thread in ("{thread}", "{own_thread}", "")
        ),
    ],
    ("DELETE", "/project/element"): [
        Attempt("/project/element", HERS | {"element": CARD}, found=401),
        *(
            Attempt("/project/element", MINE | {"element": CARD | {"threadId": thread}}, found=200)
            for thread in ("{thread}", "{own_thread}")
        ),
    ],
    ("PUT", "/project/thread"): [Attempt("/project/thread", {"threadId": "{thread}", "name": "mine"}, found=401)],
    ("PUT", "/project/thread/share"): [
        Attempt("/project/thread/share", {"threadId": "{thread}", "isShared": True}, found=401)
    ],
    ("DELETE", "/project/thread"): [Attempt("/project/thread", {"threadId": "{thread}"}, found=401)],
    ("POST", "/project/action"): [
        Attempt("/project/action", _acting(name, payload, session), found=found)
        for name, payloads in ACTIONS.items()
        for payload in payloads
        for session, found in (("{session}", 401), ("{own_session}", 200))
    ],
    ("POST", "/mcp"): [Attempt("/mcp", HERS | {"name": "x"}, found=401)],
    ("DELETE", "/mcp"): [Attempt("/mcp", HERS | {"name": "x"}, found=401)],
    ("POST", "/project/file"): [Attempt(f"{FILE}?session_id={{session}}", form={}, found=401)],
    ("GET", "/project/file/{file_id}"): [
        Attempt(f"{FILE}/{{file}}?session_id={{session}}", found=401),
        Attempt(f"{FILE}/{{file}}?session_id={{own_session}}"),
    ],
}  # fmt: skip
NOBODYS = {
    "/", "/health", "/favicon", "/logo", "/avatars/{avatar_id:str}", "/public/{filename:path}", "/{full_path:path}",
    "/assets/{filename:path}", "/copilot/{filename:path}", "/project/translations", "/auth/config", "/docs", "/redoc",
    "/docs/oauth2-redirect", "/openapi.json", "/auth/oauth/{provider_id}", "/auth/oauth/{provider_id}/callback",
    "/auth/oauth/azure-ad-hybrid/callback",
}  # fmt: skip
"""The page and its parts, and sign-ins that are not offered."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[FastAPI]:
    app = FastAPI()
    limits = {"STUDYRAG_MAX_FILE_MB": 1, "STUDYRAG_REQUESTS_PER_MINUTE": 1_000_000}
    app.state.services = Services(Settings.model_validate({"STUDYRAG_DATA_DIR": folder, **limits}))
    api.register(app)
    with pytest.MonkeyPatch.context() as patch, a_data_layer_of_its_own():
        patch.setenv("CHAINLIT_AUTH_SECRET", "x" * 40)
        patch.setattr(chainlit.config, "FILES_DIRECTORY", folder / "files")
        patch.setattr(chainlit_server.sio.eio, "ping_interval", 3600)
        mount_chainlit(app, str(ROOT / "chainlit_app.py"), path="")
        yield app


@pytest.fixture(scope="module")
def shared(app: FastAPI, folder: Path) -> Iterator[World]:
    (folder / "files").mkdir()
    with world(app, app.state.services) as made:
        turns.install(app.state.turns)
        yield made


@pytest.fixture(scope="module")
def chat(app: FastAPI, shared: World) -> Iterator[Served]:
    with served(app) as running:
        yield running


@pytest.fixture(scope="module")
def ids(shared: World, chat: Served) -> Ids:
    """Ada's, with a page of hers that holds a file; and a conversation of Bob's."""
    add_a_book(shared, "bob", "willow.txt", "Baskets are woven of willow rods, which are cut in winter.")
    shared.as_("bob", "POST", "/api/chat", json={"query": "What are baskets woven of?", "thread_id": "bob-thread"})
    hers = furnish(shared)
    session, file = asyncio.run(_dropped_a_file(chat, hers.thread))
    return asdict(hers) | {"session": session, "file": file, "own_thread": "bob-thread"}


async def _dropped_a_file(chat: Served, thread: str) -> tuple[str, str]:
    async with browsing(chat, "ada", thread) as page:
        content = {"file": ("cloves.txt", SECRET.encode(), "text/plain")}
        reply = await page.ask("POST", f"{FILE}?session_id={page.session}", files=content)
        assert reply.is_success, reply.text
        return page.session, reply.json()["id"]


@asynccontextmanager
async def _asking(chat: Served, ids: Ids, place: str | None) -> AsyncIterator[Browser]:
    """Bob's page after his first question: before it Chainlit keeps nothing."""
    async with browsing(chat, "bob", place and ids["thread"]) as page:
        await page.send("client_message", _filled({"message": ELSEWHERE}, ids, page))
        yield page


def _of_others(rows: list[str]) -> list[str]:
    """Bob's own may change: the page of the case before is still being left."""
    return [row for row in rows if "'bob'" not in row]


def _filled(value: Any, ids: Ids, page: Browser) -> Any:
    return filled(value, ids | {"new": str(uuid4()), "own_session": page.session})


def test_every_event_action_and_route_has_a_case(app: FastAPI) -> None:
    assert set(chainlit_server.sio.handlers["/"]) == set(EVENTS) | CONNECTION
    assert set(config.code.action_callbacks) == set(ACTIONS)
    assert {path for _, path in set(routes(chainlit_server.app)) - set(CASES)} <= NOBODYS


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("event", "data"),
    [pytest.param(event, data, id=f"{event} {n}") for event, cases in EVENTS.items() for n, data in enumerate(cases)],
)
async def test_no_event_finds_or_changes_what_is_somebody_elses(
    shared: World, chat: Served, ids: Ids, place: str | None, event: str, data: list[Any]
) -> None:
    before = shared.dump("ada")
    async with _asking(chat, ids, place) as page:
        await page.send(event, *_filled(data, ids, page))
        assert SECRET not in repr(page.seen).lower()
    assert not _of_others(touched(before, shared.dump("ada")))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("method", "attempt"),
    [
        pytest.param(method, attempt, id=f"{method} {path} {n}")
        for (method, path), attempts in CASES.items()
        for n, attempt in enumerate(attempts)
    ],
)
async def test_no_request_finds_or_changes_what_is_somebody_elses(
    shared: World, chat: Served, ids: Ids, place: str | None, method: str, attempt: Attempt
) -> None:
    before = shared.dump("ada")
    async with _asking(chat, ids, place) as page:
        url, json, form = _filled([attempt.url, attempt.json, attempt.form], ids, page)
        files = {"file": ("mine.txt", b"Something of my own.", "text/plain")} if form == {} else None
        reply = await page.ask(method, url, json=json, data=form, files=files)
        assert reply.status_code == attempt.found, reply.text
        assert SECRET not in f"{reply.text} {page.seen}".lower()
    assert not _of_others(touched(before, shared.dump("ada")))


async def test_to_its_owner_the_same_answers(chat: Served, ids: Ids) -> None:
    """Otherwise a case could hold because its id is wrong."""
    async with browsing(chat, "ada", ids["thread"]) as page:
        assert SECRET in repr([data for event, data in page.seen if event == "resume_thread"])
        for url in (THREAD, f"{THREAD}/element/{{card}}", f"{FILE}/{{file}}?session_id={{session}}"):
            reply = await page.ask("GET", _filled(url, ids, page))
            assert (reply.status_code, SECRET in reply.text) == (200, True), url
        for filter_ in ({}, {"search": SECRET}, {"feedback": 1}):
            reply = await page.ask("POST", "/project/threads", json={"pagination": {"first": 20}, "filter": filter_})
            assert [thread["id"] for thread in reply.json()["data"]] == [ids["thread"]]


async def test_nobody_takes_over_another_learners_page(chat: Served, ids: Ids) -> None:
    for thread in (None, ids["thread"]):
        page = Browser(chat, "bob", session=ids["session"])
        with pytest.raises(Refused):
            await page.open(thread)


async def test_an_address_of_another_learner_is_told_to_be_none(chat: Served, ids: Ids) -> None:
    async with browsing(chat, "bob", ids["thread"]) as page:
        shown = [event for event, _ in page.seen]
        assert ("toast", "There is no such conversation.") in _toasts(page)
        assert "set_commands" not in shown, "no chat may begin there"
        page.seen.clear()
        await page.send("client_message", _filled({"message": ELSEWHERE}, ids, page))
        assert ("toast", "There is no such conversation.") in _toasts(page)


async def test_a_page_at_another_learners_conversation_goes_when_it_is_left(chat: Served, ids: Ids) -> None:
    async with browsing(chat, "bob", ids["thread"]) as page:
        await page.send("client_message", _filled({"message": ELSEWHERE}, ids, page))
        await page.send("clear_session")
    await chat.inside(_end_of(page.session))


def _toasts(page: Browser) -> list[tuple[str, str]]:
    return [(event, data[0]["message"]) for event, data in page.seen if event == "toast"]


async def _end_of(session: str) -> None:
    for _ in range(6000):
        if WebsocketSession.get_by_id(session) is None:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError(session)

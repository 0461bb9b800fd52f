"""Accounts over the API and its pages, with a server that speaks the protocol of Supabase Auth."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from langgraph.checkpoint.memory import InMemorySaver
from sqlalchemy import text
from starlette.websockets import WebSocketDisconnect

from agent.graph import build_graph, checkpoint_serializer
from app import api
from app.pages import Pages
from app.persistence.db import Service
from app.persistence.tables import Base
from app.settings import Settings
from app.turns import Turns
from app.wiring import Services
from tests.support.api import MemoryIndexes, Study
from tests.support.supabase_auth import ANON, SERVICE, SupabaseAuthServer
from tests.unit.app.api.conftest import LIMITS
from tools.types import Learner

PUBLIC = "https://study.example.org"
ADA, PASSWORD = "ada@example.org", "a good password"
COOKIE, REFRESH = "studyrag_8000", "refresh_studyrag_8000"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def auth() -> Iterator[SupabaseAuthServer]:
    with SupabaseAuthServer() as server:
        yield server


@pytest.fixture
def study(tmp_path: Path, auth: SupabaseAuthServer) -> Iterator[Study]:
    given = {
        "STUDYRAG_DATA_DIR": tmp_path, "supabase_url": auth.url, "supabase_anon_key": ANON,
        "supabase_service_key": SERVICE, "STUDYRAG_PUBLIC_URL": PUBLIC, "STUDYRAG_TRIES_PER_MINUTE": 5, **LIMITS,
    }  # fmt: skip
    services = Services(Settings.model_validate(given))
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.services = services
    api.register(app)
    services.__dict__["indexes"] = indexes = MemoryIndexes(services)
    app.state.turns = turns = Turns(services, build_graph(InMemorySaver(serde=checkpoint_serializer())))
    app.state.pages = Pages(services)
    client = TestClient(app, base_url=PUBLIC, raise_server_exceptions=False, follow_redirects=False)
    with client:
        yield Study(client, app, services, indexes, turns)
        assert services.accounts
        assert client.portal
        client.portal.call(services.accounts.auth.close)
    app.state.pages.painter.close()
    indexes.close()
    services.database.engine.dispose()


def enter(study: Study, email: str = ADA, password: str = PASSWORD, path: str = "signup") -> httpx.Response:
    reply: httpx.Response = study.client.post(f"/api/auth/{path}", json={"email": email, "password": password})
    assert reply.status_code != 500, reply.text
    return reply


def cookies(reply: httpx.Response) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in reply.headers.get_list("set-cookie")}


def elsewhere(study: Study, path: str, **headers: str) -> httpx.Response:
    """A request with nothing but these headers, from another tab or another machine."""
    held = dict(study.client.cookies)
    study.client.cookies.clear()
    reply: httpx.Response = study.client.get(path, headers=headers)
    study.client.cookies.clear()
    for name, value in held.items():
        study.client.cookies.set(name, value, domain="study.example.org")
    return reply


def test_an_account_is_made_and_comes_back(study: Study) -> None:
    reply = enter(study)
    assert (reply.status_code, reply.json()["user"]["name"]) == (200, ADA)
    assert study.client.get("/api/auth/user").json()["name"] == ADA
    assert study.client.post("/api/auth/logout").status_code == 200
    assert study.client.get("/api/auth/user").status_code == 401
    assert enter(study, path="login").status_code == 200
    assert study.client.get("/api/library").status_code == 200


def test_cookies_are_kept_from_scripts_and_other_sites(study: Study) -> None:
    for line in cookies(enter(study)).values():
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(line.split("; "))


def test_a_program_comes_with_a_bearer_token(study: Study) -> None:
    token = enter(study).json()["access_token"]
    reply = elsewhere(study, "/api/library", Authorization=f"Bearer {token}")
    assert (reply.status_code, cookies(reply)) == (200, {})


@pytest.mark.parametrize("bearer", ["", "nonsense", "a.b.c"])
def test_nobody_gets_anything(study: Study, bearer: str) -> None:
    reply = study.client.get("/api/library", headers={"Authorization": f"Bearer {bearer}"} if bearer else {})
    assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("email", "password", "status", "code"),
    [
        (ADA, "wrong", 401, "wrong_password"),
        ("nobody@example.org", PASSWORD, 401, "wrong_password"),
        (ADA, "", 422, "invalid_request"),
    ],
)
def test_what_is_wrong_is_told_without_telling_who_has_an_account(
    study: Study, auth: SupabaseAuthServer, email: str, password: str, status: int, code: str
) -> None:
    auth.account(ADA, PASSWORD)
    reply = enter(study, email, password, "login")
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert not cookies(reply)


def test_guessing_is_slowed_by_account(study: Study, auth: SupabaseAuthServer) -> None:
    auth.account(ADA, PASSWORD)
    tries = [enter(study, ADA.upper() if n % 2 else ADA, f"guess {n}", "login").status_code for n in range(6)]
    assert tries == [401] * 5 + [429]
    assert int(enter(study, path="login").headers["retry-after"]) > 0


def test_guessing_is_slowed_by_address(study: Study) -> None:
    tries = [enter(study, f"a{n}@example.org", "guess", "login").status_code for n in range(21)]
    assert tries == [401] * 20 + [429]


def test_a_session_is_renewed_before_it_ends(study: Study, auth: SupabaseAuthServer) -> None:
    auth.seconds = 60
    enter(study)
    before = study.client.cookies[REFRESH]
    auth.seconds = 3600
    reply = study.client.get("/api/library")
    assert (reply.status_code, set(cookies(reply))) == (200, {COOKIE, REFRESH})
    assert study.client.cookies[REFRESH] != before
    assert not cookies(study.client.get("/api/library"))


def test_several_requests_with_one_refresh_token_renew_it_once(study: Study, auth: SupabaseAuthServer) -> None:
    auth.seconds = 60
    enter(study)
    auth.seconds = 3600
    held = _joined(dict(study.client.cookies))
    assert [elsewhere(study, "/api/library", Cookie=held).status_code for _ in range(3)] == [200] * 3
    assert len([one for one in auth.asked if one == ("POST", "/token")]) == 1


def _joined(held: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in held.items())


def test_signing_out_ends_it_in_every_tab_and_for_good(study: Study, auth: SupabaseAuthServer) -> None:
    enter(study)
    held = _joined(dict(study.client.cookies))
    assert elsewhere(study, "/api/library", Cookie=held).status_code == 200
    study.client.post("/logout", headers={"Origin": PUBLIC})
    assert elsewhere(study, "/api/library", Cookie=held).status_code == 401
    assert not auth.sessions, "the refresh token is worth nothing"


def test_a_socket_ends_with_its_session(study: Study) -> None:
    with pytest.raises(WebSocketDisconnect), study.client.websocket_connect("/ws/socket.io"):
        pass
    assert study.client.get("/ws/socket.io/?transport=polling").status_code == 401


def test_a_page_leads_to_the_sign_in_page_and_back(study: Study, auth: SupabaseAuthServer) -> None:
    auth.account(ADA, PASSWORD)
    reply = study.client.get("/settings?theme=dark", headers=PAGE)
    assert (reply.status_code, reply.headers["location"]) == (303, "/login?next=%2Fsettings%3Ftheme%3Ddark")
    page = study.client.get(reply.headers["location"], headers=PAGE)
    assert (page.status_code, 'value="/settings?theme=dark"' in page.text) == (200, True)
    form = {"email": ADA, "password": PASSWORD, "next": "/settings?theme=dark"}
    entered = study.client.post("/login", data=form, headers={"Origin": PUBLIC})
    assert (entered.status_code, entered.headers["location"]) == (303, "/settings?theme=dark")
    assert study.client.get("/settings", headers=PAGE).status_code == 200


@pytest.mark.parametrize("next_", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(study: Study, auth: SupabaseAuthServer, next_: str) -> None:
    auth.account(ADA, PASSWORD)
    reply = study.client.post("/login", data={"email": ADA, "password": PASSWORD, "next": next_})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")


def test_the_page_says_what_is_wrong(study: Study) -> None:
    reply = study.client.post("/login", data={"email": "<b>@example.org", "password": "x"})
    assert (reply.status_code, "do not belong together" in reply.text, "<b>" in reply.text) == (401, True, False)


def test_another_site_signs_nobody_in(study: Study, auth: SupabaseAuthServer) -> None:
    auth.account(ADA, PASSWORD)
    form = {"email": ADA, "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert study.client.post("/login", data=form, headers=headers).status_code == 403


def follow(study: Study, link: str) -> httpx.Response:
    """A link of an e-mail, or of another provider, as this browser opens it."""
    back = httpx.get(link, follow_redirects=False).headers["location"]
    parts = urlsplit(back)
    reply: httpx.Response = study.client.get(f"{parts.path}?{parts.query}")
    return reply


def test_an_address_is_confirmed_by_its_link(study: Study, auth: SupabaseAuthServer) -> None:
    auth.autoconfirm = False
    reply = enter(study)
    assert (reply.json()["user"], REFRESH in cookies(reply)) == (None, False)
    assert enter(study, path="login").json()["code"] == "not_confirmed"
    [(_, link)] = auth.mails
    assert follow(study, link).headers["location"] == "/"
    assert study.client.get("/api/auth/user").json()["name"] == ADA


def test_a_link_that_comes_to_another_browser_signs_nobody_in_there(study: Study, auth: SupabaseAuthServer) -> None:
    auth.autoconfirm = False
    enter(study)
    study.client.cookies.clear()
    [(_, link)] = auth.mails
    assert follow(study, link).headers["location"].startswith("/login?told=link_spent")
    assert study.client.get("/api/auth/user").status_code == 401


def test_a_password_is_forgotten_and_chosen_anew(study: Study, auth: SupabaseAuthServer) -> None:
    auth.account(ADA, PASSWORD)
    for email in (ADA, "nobody@example.org"):
        assert "is on its way" in study.client.post("/api/auth/reset", json={"email": email}).json()["message"]
    study.client.post("/forgot", data={"email": ADA})
    link = auth.mails[-1][1]
    assert follow(study, link).headers["location"] == "/password"
    assert study.client.post("/password", data={"password": "another good one"}).status_code == 303
    assert enter(study, password="another good one", path="login").status_code == 200


@pytest.mark.parametrize("provider", ["google", "github"])
def test_another_provider_says_who_comes(study: Study, auth: SupabaseAuthServer, provider: str) -> None:
    begun = study.client.get(f"/api/auth/with/{provider}?next=/settings")
    assert parse_qs(urlsplit(begun.headers["location"]).query)["code_challenge_method"] == ["s256"]
    assert follow(study, begun.headers["location"]).headers["location"] == "/settings"
    assert study.client.get("/api/auth/user").json()["name"] == f"somebody@{provider}.example"


def test_while_the_server_is_away_nobody_is_sent_out(study: Study, auth: SupabaseAuthServer) -> None:
    enter(study)
    study.client.get("/api/library")
    auth.broken = True
    assert study.client.get("/api/library").status_code == 200
    reply = enter(study, path="login")
    assert (reply.status_code, reply.json()["code"]) == (503, "sign_in_unavailable")


def _theirs(study: Study, learner: Learner) -> dict[str, int]:
    with study.services.database.service_session(Service.INSTALLATION) as session:
        tables = {table.name: "id" if table.name == "learners" else "owner_id" for table in Base.metadata.sorted_tables}
        owned = {name: column for name, column in tables.items() if column in Base.metadata.tables[name].columns}
        return {
            name: count
            for name, column in owned.items()
            if (count := session.scalar(text(f"SELECT count(*) FROM {name} WHERE {column} = :id"), {"id": learner.id}))
        }


def _fill(study: Study) -> Learner:
    learner = Learner(study.client.get("/api/auth/user").json()["id"])
    study.upload("Osmosis moves water.", "notes.txt", semester="Autumn", subject="Biology", book="Cells")
    study.client.post("/api/chat", json={"query": "What moves water?", "thread_id": "t"})
    return learner


def test_everything_can_be_taken_away(study: Study) -> None:
    enter(study)
    _fill(study)
    packed = zipfile.ZipFile(io.BytesIO(study.client.get("/api/account/export").content))
    rows: dict[str, Any] = {name: json.loads(packed.read(name)) for name in packed.namelist() if name.endswith(".json")}
    [file] = [name for name in packed.namelist() if name.startswith("files/")]
    assert (packed.read(file), file.endswith("notes.txt")) == (b"Osmosis moves water.", True)
    assert rows["data/books.json"][0]["title"] == "Cells"
    assert rows["data/queries.json"][0]["question"] == "What moves water?"


def test_an_account_is_deleted_with_everything_in_it(study: Study, auth: SupabaseAuthServer) -> None:
    enter(study)
    learner = _fill(study)
    held = {"Cookie": _joined(dict(study.client.cookies))}
    assert study.client.request("DELETE", "/api/account", json={"email": "other@example.org"}).status_code == 422
    assert _theirs(study, learner)
    assert study.client.request("DELETE", "/api/account", json={"email": ADA}).status_code == 200
    assert _theirs(study, learner) == {}
    assert list(study.services.storage.list(f"users/{learner.id}")) == []
    assert auth.accounts == {}
    assert study.client.get("/api/library", headers=held).status_code == 401, "its token is worth nothing"
    assert _theirs(study, learner) == {}


def test_the_page_of_the_account_deletes_it_too(study: Study, auth: SupabaseAuthServer) -> None:
    enter(study)
    assert ADA in study.client.get("/account", headers=PAGE).text
    assert study.client.post("/account/delete", data={"email": "x"}).status_code == 422
    assert "deleted" in study.client.post("/account/delete", data={"email": ADA}).text
    assert auth.accounts == {}

"""Chainlit's own doors: a page that asks no public host, the learner signed in with it, empty files let through."""

import os
import re
import shutil
from collections.abc import Collection
from functools import cache
from typing import Any

import chainlit.auth
import chainlit.config
from chainlit import server
from chainlit.auth import create_jwt, set_auth_cookie
from chainlit.config import config
from chainlit.session import BaseSession
from chainlit.user import User
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.service import Accounts
from app.identity import Role, this_process
from app.settings import Settings

_REMOTE_LINK = re.compile(r"\s*<(?:link|meta)\b[^>]*?\b(?:href|content)=\"https?://[^>]*>")


def without_remote(html: str) -> str:
    """Drop the links and meta tags that name another host."""
    return _REMOTE_LINK.sub("", html)


class SignIn(BaseHTTPMiddleware):
    """Signs in with the page whom the headers show; Chainlit would first fail, then ask once more."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """The response; a page of HTML brings a cookie for the learner whom the headers show."""
        response = await call_next(request)
        is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if is_page and config.code.header_auth_callback:
            user = await config.code.header_auth_callback(request.headers)
            if user is not None:
                set_auth_cookie(request, response, create_jwt(user))
        return response


def prepare(settings: Settings, accounts: Accounts | None) -> None:
    """Chainlit has no setting for any of this."""
    if accounts is not None:
        _sign_in_by(accounts)
    template = server.get_html_template
    server.get_html_template = cache(lambda root_path: without_remote(template(root_path)))
    if accounts is None:
        server.app.add_middleware(SignIn)
    config.features.spontaneous_file_upload.max_size_mb = settings.max_file_mb
    _let_empty_files_through()


def _sign_in_by(accounts: Accounts) -> None:
    """Chainlit's cookie is our access token, so that no session of its own outlives it."""

    def user_of(token: str) -> User:
        learner = accounts.read(token).learner
        return User(identifier=learner.id, display_name=learner.email or None)

    os.environ["CHAINLIT_CUSTOM_AUTH"] = "true"
    config.code.header_auth_callback = None
    chainlit.auth.decode_jwt = user_of


def keep_files(settings: Settings, living: Collection[str]) -> None:
    """What is dropped into a chat lies in a folder of this process until it is accepted; those of dead ones go."""
    folder = settings.data_dir / "tmp" / "chat"
    mine = folder / this_process(Role.WEB).id
    mine.mkdir(parents=True, exist_ok=True)
    chainlit.config.FILES_DIRECTORY = mine
    for other in folder.iterdir():
        if other.name not in living:
            shutil.rmtree(other, ignore_errors=True)


def _let_empty_files_through() -> None:
    """Chainlit answers them with an internal error; we have a sentence for them."""
    persist = BaseSession.persist_file

    async def persist_file(
        self: Any, name: str, mime: str, path: str | None = None, content: bytes | str | None = None
    ) -> Any:
        return await persist(self, name, mime, os.devnull if content == b"" else path, content)

    BaseSession.persist_file = persist_file

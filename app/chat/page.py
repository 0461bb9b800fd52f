"""Chainlit's page: served without what it fetches from public hosts, and with the learner signed in already."""

import re
from functools import cache

from chainlit import server
from chainlit.auth import create_jwt, set_auth_cookie
from chainlit.config import config
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

_REMOTE_LINK = re.compile(r"\s*<(?:link|meta)\b[^>]*?\b(?:href|content)=\"https?://[^>]*>")


def without_remote(html: str) -> str:
    """Drop the links and meta tags that name another host."""
    return _REMOTE_LINK.sub("", html)


class SignIn(BaseHTTPMiddleware):
    """Signs in with the page whom the headers show; Chainlit would first fail, then ask once more."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if is_page and config.code.header_auth_callback:
            user = await config.code.header_auth_callback(request.headers)
            if user is not None:
                set_auth_cookie(request, response, create_jwt(user))
        return response


def prepare() -> None:
    """Chainlit has no setting for either; its catch-all route looks the template up under this name."""
    template = server.get_html_template
    server.get_html_template = cache(lambda root_path: without_remote(template(root_path)))
    server.app.add_middleware(SignIn)

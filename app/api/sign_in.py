"""The pages of accounts: sign in, sign up, a new password, and what is yours to take away or delete."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.errors import LinkSpent, SignInUnavailable
from app.api.account import delete_account
from app.api.auth import (
    CONFIRM,
    RESET,
    accounts_of,
    address_of,
    change_password,
    cookies_of,
    send_reset,
    sign_up,
)
from app.api.deps import Owner, ServicesDep, VisitDep
from app.api.pages import HEADERS, html
from app.api.sessions import safe_path
from app.api.viewer import Theme
from tools.errors import InvalidRequest, StudyError

router = APIRouter(tags=["auth"], default_response_class=HTMLResponse)

Email = Annotated[str, Form(max_length=254)]
Password = Annotated[str, Form(max_length=512)]
Next = Annotated[str | None, Query(max_length=2000)]
NextField = Annotated[str, Form(alias="next", max_length=2000)]
TOLD = {kind.code: str(kind()) for kind in (LinkSpent, SignInUnavailable)}
"""What a link that came back can say on the sign-in page, by its code."""


@dataclass(frozen=True, slots=True)
class Page:
    """One of the pages: its template's values."""

    path: str
    title: str
    button: str
    asks_email: bool = True
    asks_password: bool = True
    is_new: bool = False


SIGN_IN = Page("/login", "Sign in", "Sign in")
SIGN_UP = Page("/signup", "Create an account", "Create account", is_new=True)
FORGOT = Page("/forgot", "Forgot your password?", "Send a link", asks_password=False)
PASSWORD = Page("/password", "A new password", "Change password", asks_email=False, is_new=True)


@router.get("/login", summary="Sign in")
async def login_page(
    visit: VisitDep, services: ServicesDep, next: Next = None, told: Next = None, theme: Theme = None
) -> Response:
    """A page for people; who is signed in already goes on."""
    if services.accounts is None or visit.session:
        return RedirectResponse(safe_path(next), 303)
    return _page(SIGN_IN, theme=theme, next=safe_path(next), wrong=TOLD.get(told or "", ""))


@router.post("/login", summary="Sign in with the page")
async def login(
    request: Request, services: ServicesDep, email: Email = "", password: Password = "", next: NextField = "/"
) -> Response:
    """Goes on to the page that was wanted, or says what is wrong."""

    async def entered() -> Response:
        session = await accounts_of(services).try_sign_in(_given(email), _given(password), address_of(request))
        response = RedirectResponse(safe_path(next), 303)
        cookies_of(services).keep(response, session, request.cookies)
        return response

    return await _tried(SIGN_IN, entered, email, next)


@router.get("/signup", summary="Create an account")
async def signup_page(services: ServicesDep, next: Next = None, theme: Theme = None) -> Response:
    """A page for people."""
    accounts_of(services)
    return _page(SIGN_UP, theme=theme, next=safe_path(next))


@router.post("/signup", summary="Create an account with the page")
async def signup(
    request: Request, services: ServicesDep, email: Email = "", password: Password = "", next: NextField = "/"
) -> Response:
    """Goes on, or tells that a link was sent, or what is wrong."""

    async def entered() -> Response:
        waiting = _page(SIGN_IN, next=next, email=email, good=CONFIRM)
        session = await sign_up(_given(email), _given(password), request, waiting)
        if session is None:
            return waiting
        response = RedirectResponse(safe_path(next), 303)
        cookies_of(services).keep(response, session, request.cookies)
        return response

    return await _tried(SIGN_UP, entered, email, next)


@router.get("/forgot", summary="Ask for a new password")
async def forgot_page(services: ServicesDep, theme: Theme = None) -> Response:
    """A page for people."""
    accounts_of(services)
    return _page(FORGOT, theme=theme)


@router.post("/forgot", summary="Ask for a new password with the page")
async def forgot(request: Request, email: Email = "") -> Response:
    """Tells that a link was sent if there is such an account."""

    async def entered() -> Response:
        page = _page(FORGOT, email=email, good=RESET)
        await send_reset(_given(email), request, page)
        return page

    return await _tried(FORGOT, entered, email)


@router.get("/password", summary="Choose a new password")
async def password_page(_owner: Owner, services: ServicesDep, theme: Theme = None) -> Response:
    """A page for people who are signed in, also by the link of a reset."""
    accounts_of(services)
    return _page(PASSWORD, theme=theme)


@router.post("/password", summary="Choose a new password with the page")
async def new_password(request: Request, visit: VisitDep, password: Password = "") -> Response:
    """Goes on to the chat, or says what is wrong."""

    async def entered() -> Response:
        await change_password(_given(password), request, visit.session.token if visit.session else "")
        return RedirectResponse("/", 303)

    return await _tried(PASSWORD, entered)


@router.post("/logout", summary="Sign out", response_model=None)
async def logout(request: Request, services: ServicesDep, visit: VisitDep) -> Response:
    """Ends the session in every tab; the chat's own menu comes here, too."""
    response: Response = RedirectResponse("/login", 303)
    if services.accounts is not None:
        cookies_of(services).clear(response, request.cookies)
        if visit.session:
            await services.accounts.end(visit.session)
    return response


@router.get("/account", summary="Account")
async def account_page(owner: Owner, services: ServicesDep, theme: Theme = None) -> Response:
    """What is yours, to take away or to delete."""
    return _account(services, owner.email, theme=theme)


@router.post("/account/delete", summary="Delete the account with the page")
async def delete_all(
    request: Request, owner: Owner, services: ServicesDep, visit: VisitDep, email: Email = ""
) -> Response:
    """Only with the e-mail address typed in again."""
    accounts_of(services)
    if email.strip().casefold() != owner.email.casefold():
        return _account(services, owner.email, wrong="Type your e-mail address to delete everything.")
    forget = request.app.state.turns.graph.checkpointer.adelete_thread
    response = _page(SIGN_IN, good=await delete_account(services, forget, visit.session))
    cookies_of(services).clear(response, request.cookies)
    return response


async def _tried(form: Page, entered: Callable[[], Awaitable[Response]], email: str = "", next: str = "/") -> Response:
    try:
        return await entered()
    except StudyError as error:
        return _page(form, error.status, email=email, next=safe_path(next), wrong=str(error))


def _page(form: Page, status: int = 200, **values: str | None) -> HTMLResponse:
    given = {"theme": None, "email": "", "next": "/", "wrong": "", "good": ""} | values
    query = f"?{urlencode({'next': given['next']})}" if given["next"] != "/" else ""
    return _with_forms(html(status, "sign_in.html", form=form, query=query, **given))


def _account(services: ServicesDep, email: str, theme: str | None = None, wrong: str = "") -> HTMLResponse:
    has_accounts = services.accounts is not None
    page = html(422 if wrong else 200, "account.html", theme=theme, email=email, wrong=wrong, has_accounts=has_accounts)
    return _with_forms(page)


def _with_forms(page: HTMLResponse) -> HTMLResponse:
    page.headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
    return page


def _given(value: str) -> str:
    if not value.strip():
        raise InvalidRequest("Please fill in every field.")
    return value.strip() if "@" in value else value

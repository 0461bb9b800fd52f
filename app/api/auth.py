"""Who you are: an account's owner, or on the learner's own machine always the same one, without a login."""

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.errors import LinkSpent
from app.accounts.service import Accounts, learner_of
from app.accounts.supabase import Provider, Session
from app.api.account_schemas import Login, LoginReply, NewPassword, Refresh, Reset, SignUp, User
from app.api.deps import Owner, ServicesDep, VisitDep
from app.api.schemas import Message
from app.api.sessions import Cookies, safe_path
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import Conflict, InvalidRequest, NotSignedIn, StudyError
from tools.types import Learner

router = APIRouter(prefix="/api/auth", tags=["auth"])

CONFIRM = "Almost there: open the link in the e-mail that was sent to you."
RESET = "If there is an account with this address, an e-mail with a link is on its way."
CALLBACK = "/api/auth/callback"


@router.post("/login")
async def login(request: Request, response: Response, services: ServicesDep, body: Login | None = None) -> LoginReply:
    """E-mail and password. Nothing to do on your own machine: the local learner is signed in already."""
    if services.accounts is None:
        message = "You are signed in already: this is your own machine, so no password is needed."
        return LoginReply(message=message, user=await _user(LOCAL_LEARNER, services))
    if body is None or not body.email or not body.password:
        raise InvalidRequest("Please enter your e-mail address and your password.")
    session = await services.accounts.try_sign_in(body.email, body.password, address_of(request))
    return await _signed_in("Welcome back.", session, request, response)


@router.post("/signup")
async def signup(body: SignUp, request: Request, response: Response, services: ServicesDep) -> LoginReply:
    """A new account; where addresses are confirmed, a link comes by e-mail first."""
    session = await sign_up(body.email, body.password, request, response)
    if session is None:
        return LoginReply(message=CONFIRM)
    return await _signed_in("Welcome.", session, request, response)


@router.post("/refresh")
async def refresh(
    request: Request, response: Response, services: ServicesDep, body: Refresh | None = None
) -> LoginReply:
    """New tokens for a session that ends soon."""
    accounts, cookies = accounts_of(services), cookies_of(services)
    token = (body.refresh_token if body else None) or request.cookies.get(cookies.refresh)
    if not token:
        raise NotSignedIn
    return await _signed_in("Your session goes on.", await accounts.renewed(token), request, response)


@router.post("/logout")
async def logout(request: Request, response: Response, services: ServicesDep, visit: VisitDep) -> Message:
    """End this session, in every tab. The local learner stays signed in."""
    if services.accounts is None:
        return Message(message="On your own machine you stay signed in. Close the window to leave.")
    cookies_of(services).clear(response, request.cookies)
    if visit.session:
        await services.accounts.end(visit.session)
    return Message(message="You are signed out.")


@router.post("/reset")
async def reset(body: Reset, request: Request, response: Response, services: ServicesDep) -> Message:
    """Have a link for a new password sent; the reply does not tell whether there is such an account."""
    await send_reset(body.email, request, response)
    return Message(message=RESET)


@router.post("/password")
async def password(body: NewPassword, request: Request, services: ServicesDep, visit: VisitDep) -> Message:
    """A new password for who is signed in, also by the link of a reset."""
    await change_password(body.password, request, visit.session.token if visit.session else "")
    return Message(message="Your password is changed.")


@router.get("/user")
async def user(owner: Owner, services: ServicesDep) -> User:
    """Who is signed in."""
    return await _user(owner, services)


@router.get("/with/{provider}", status_code=303)
async def sign_in_with(
    provider: Provider, services: ServicesDep, next: Annotated[str | None, Query(max_length=2000)] = None
) -> RedirectResponse:
    """Go to Google or GitHub, and come back signed in."""
    back = f"{services.settings.address}{CALLBACK}?{urlencode({'next': safe_path(next)})}"
    begun = await accounts_of(services).auth.begin_with(provider, back)
    response = RedirectResponse(begun.url, 303)
    cookies_of(services).keep_link(response, begun.verifier)
    return response


@router.get("/callback", status_code=303)
async def callback(
    request: Request,
    services: ServicesDep,
    code: Annotated[str | None, Query(max_length=2000)] = None,
    next: Annotated[str | None, Query(max_length=2000)] = None,
) -> RedirectResponse:
    """Where links of e-mails and other providers come back to."""
    cookies = cookies_of(services)
    try:
        verifier = request.cookies.get(cookies.link)
        if not code or not verifier:
            raise LinkSpent
        session = await accounts_of(services).auth.finish(code, verifier)
    except StudyError as error:
        return RedirectResponse(f"/login?{urlencode({'told': error.code, 'next': safe_path(next)})}", 303)
    response = RedirectResponse(safe_path(next), 303)
    cookies.keep(response, session, request.cookies)
    response.delete_cookie(cookies.link)
    return response


async def sign_up(email: str, password: str, request: Request, response: Response) -> Session | None:
    """None where the address is to be confirmed first. Raises TooMany and Refused."""
    services: Services = request.app.state.services
    accounts = accounts_of(services)
    await accounts.count_try(email, address_of(request))
    session, verifier = await accounts.auth.sign_up(email, password, f"{services.settings.address}{CALLBACK}")
    if session is None:
        cookies_of(services).keep_link(response, verifier)
    return session


async def send_reset(email: str, request: Request, response: Response) -> None:
    """Raises TooMany."""
    services: Services = request.app.state.services
    accounts = accounts_of(services)
    await accounts.count_try(email, address_of(request))
    back = f"{services.settings.address}{CALLBACK}?{urlencode({'next': '/password'})}"
    cookies_of(services).keep_link(response, await accounts.auth.send_reset(email, back))


async def change_password(password: str, request: Request, token: str) -> None:
    """Raises NotSignedIn and Refused."""
    services: Services = request.app.state.services
    if not token:
        raise NotSignedIn
    refresh_token = request.cookies.get(cookies_of(services).refresh, "")
    await accounts_of(services).auth.change_password(Session(token, refresh_token), password)


def accounts_of(services: Services) -> Accounts:
    """Raises Conflict where there are none."""
    if services.accounts is None:
        raise Conflict("There are no accounts on your own machine: you are signed in already.")
    return services.accounts


def cookies_of(services: Services) -> Cookies:
    """Names and kind of this installation's cookies."""
    settings = services.settings
    return Cookies(f"studyrag_{settings.port}", settings.address.startswith("https:"))


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


async def _user(owner: Learner, services: Services) -> User:
    learner = await asyncio.to_thread(services.learners.known, owner)
    return User(id=learner.id, name=learner.display_name)


async def _signed_in(message: str, session: Session, request: Request, response: Response) -> LoginReply:
    services: Services = request.app.state.services
    cookies_of(services).keep(response, session, request.cookies)
    found = await accounts_of(services).signed_in(session.access_token)
    return LoginReply(
        message=message,
        user=await _user(learner_of(found), services),
        access_token=session.access_token,
        refresh_token=session.refresh_token,
        expires_at=int(found.expires_at),
    )

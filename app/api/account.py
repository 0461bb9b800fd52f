"""Take everything away, or delete it."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.accounts.tokens import SignedIn
from app.api.account_schemas import Reset
from app.api.auth import accounts_of, cookies_of
from app.api.deps import Owner, ServicesDep, VisitDep
from app.api.schemas import Message
from app.leaving import Forget, archive, erase
from app.wiring import Services
from tools.errors import InvalidRequest, NotSignedIn

router = APIRouter(prefix="/api/account", tags=["auth"])

DELETED = "Your account and everything in it are deleted."
LEFT = "Everything of yours is deleted here. The sign-in itself is removed by the operator of this StudyRAG."


@router.get("/export", response_class=FileResponse)
def export(owner: Owner, services: ServicesDep) -> FileResponse:
    """Everything that is yours, as a ZIP: your files, and all else as JSON."""
    made = archive(services, owner)
    headers, later = {"Cache-Control": "no-store"}, BackgroundTask(made.unlink)
    return FileResponse(made, 200, headers, "application/zip", later, filename="studyrag.zip")


@router.delete("")
async def delete(
    body: Reset, request: Request, response: Response, owner: Owner, services: ServicesDep, visit: VisitDep
) -> Message:
    """Delete the account with everything in it, at once; `email` says that you mean it."""
    accounts_of(services)
    if body.email.casefold() != owner.email.casefold():
        raise InvalidRequest("Send the e-mail address of your account to delete it.")
    told = await delete_account(services, request.app.state.turns.graph.checkpointer.adelete_thread, visit.session)
    cookies_of(services).clear(response, request.cookies)
    return Message(message=told)


async def delete_account(services: Services, forget: Forget, session: SignedIn | None) -> str:
    """What is here goes first: until then the learner can come back and try again. Returns what to tell."""
    accounts = accounts_of(services)
    if session is None:
        raise NotSignedIn
    learner = session.learner
    await erase(services, forget, learner)
    if accounts.auth.can_delete:
        await accounts.auth.delete(learner.id)
    await asyncio.to_thread(accounts.end_everywhere, session)
    return DELETED if accounts.auth.can_delete else LEFT

"""Who you are: on the learner's own machine always the same one, without a login."""

from fastapi import APIRouter

from app.api.account_schemas import Login, LoginReply, User
from app.api.deps import Owner, ServicesDep
from app.api.schemas import Message
from tools.types import Learner

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/login")
def login(owner: Owner, services: ServicesDep, body: Login | None = None) -> LoginReply:
    """Nothing to do on your own machine: the local learner is signed in already."""
    message = "You are signed in already: this is your own machine, so no password is needed."
    return LoginReply(message=message, user=_user(owner, services))


@router.post("/logout")
def logout() -> Message:
    """Nothing to do either: the local learner stays signed in."""
    return Message(message="On your own machine you stay signed in. Close the window to leave.")


@router.get("/user")
def user(owner: Owner, services: ServicesDep) -> User:
    """Who is signed in."""
    return _user(owner, services)


def _user(owner: Learner, services: ServicesDep) -> User:
    learner = services.learners.known(owner)
    return User(id=learner.id, name=learner.display_name)

"""Who is signed in, and how one gets there."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import Body

Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class User(BaseModel):
    """A learner as the doors show one."""

    id: str = Field(examples=["local"])
    name: str = Field(examples=["You"])


class LoginReply(BaseModel):
    """Who is signed in now. Tokens are for programs; a browser has them in cookies. There are none without accounts."""

    message: str = Field(examples=["You are signed in already: this is your own machine, so no password is needed."])
    user: User | None = None
    access_token: str | None = Field(default=None, examples=[None])
    refresh_token: str | None = Field(default=None, examples=[None])
    expires_at: int | None = Field(default=None, description="In seconds since 1970.", examples=[None])


class Login(BaseModel):
    """Both fields are ignored on the learner's own machine."""

    email: Email | None = None
    password: Password | None = None


class SignUp(Body):
    """A new account."""

    email: Email
    password: Password


class Refresh(Body):
    """A browser needs no body: its cookie holds the token."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=4096)] | None = None


class Reset(Body):
    """Where to send a link for a new password."""

    email: Email


class NewPassword(Body):
    """The password from now on."""

    password: Password

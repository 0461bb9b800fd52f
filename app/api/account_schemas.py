"""Who is signed in."""

from pydantic import BaseModel, Field


class User(BaseModel):
    """A learner as the doors show one."""

    id: str = Field(examples=["local"])
    name: str = Field(examples=["You"])


class LoginReply(BaseModel):
    """Who is signed in now."""

    message: str = Field(examples=["You are signed in already: this is your own machine, so no password is needed."])
    user: User


class Login(BaseModel):
    """Both fields are ignored on the learner's own machine."""

    email: str | None = None
    password: str | None = None

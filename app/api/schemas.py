"""What several routes send and receive; field names are a promise to clients."""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tools.types import Scope

DOCUMENT_ID = "3f6c0d1e9a7b4c558d2e1f0a9b8c7d6e"
JOB_ID = "b1946ac92492d2347c6235b4d2611184"
THREAD_ID = "7d1b3c6e-6f0c-4f7e-9a59-0d7f5f3a2b10"
QUERY_ID = "9e107d9d372bb6826bd81d3542a419d6"
QUOTE = "Water moves across a semipermeable membrane by osmosis."

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]


Question = Annotated[str, StringConstraints(max_length=1_000_000)]  # a constraint makes it valid Unicode, too


class Body(BaseModel):
    """A request; a field that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


class Message(BaseModel):
    """One sentence."""

    message: str


class Scoped(Body):
    """The scope by names or ids. A field that is left out or null does not narrow."""

    active_semester: str | None = Field(default=None, max_length=255, examples=["Spring 2026"])
    active_subject: str | None = Field(default=None, max_length=255, examples=["Biology"])
    active_books: list[Annotated[str, StringConstraints(max_length=255)]] | None = Field(
        default=None, max_length=500, examples=[["Biology"]]
    )

    @property
    def scope(self) -> Scope:
        """An empty name is none."""
        return Scope(self.active_semester or None, self.active_subject or None, tuple(self.active_books or ()))

    @property
    def names_a_scope(self) -> bool:
        """Whether any of its fields was sent."""
        return any(name.startswith("active_") for name in self.model_fields_set)


class ScopedInChat(Scoped):
    """The scope of a conversation, to which its own files belong."""

    active_chat_files: bool = Field(default=True, description="Whether the conversation's own files belong to it.")

    @property
    def scope(self) -> Scope:
        """The scope, and whether the files of the chat belong to it."""
        return replace(super().scope, chat_files=self.active_chat_files)

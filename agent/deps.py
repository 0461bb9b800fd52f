"""What a turn is given to work with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from tools.types import Found, Progress, ResolvedScope, Scope

Search = Callable[[str, ResolvedScope, int], Awaitable[Found]]
PageText = Callable[[str, int], Awaitable[str | None]]


class Library(Protocol):
    """The learner's own library; every call is already limited to this learner and this conversation."""

    async def resolve(self, scope: Scope) -> ResolvedScope:
        """Document ids that are ready, and a name for them. Raises InvalidRequest for a name that does not exist."""
        ...

    async def tree(self) -> str:
        """The library as Markdown: semesters › subjects › books › documents with their states."""
        ...

    async def uploads(self, thread_id: str) -> list[Progress]:
        """The documents dropped into this conversation, oldest first."""
        ...

    async def delete(self, name: str) -> str:
        """Delete the one document or book of that name; returns what was deleted. Raises NotFound or InvalidRequest."""
        ...

    async def elsewhere(self, scope: ResolvedScope) -> list[tuple[str, ResolvedScope]]:
        """The learner's books outside this scope: (title, its own scope)."""
        ...


@dataclass(frozen=True)
class ChatModel:
    """A configured model with the name to show; its own retries and fallbacks lie behind it."""

    name: str
    chat: BaseChatModel


@dataclass(frozen=True)
class Deps:
    """Dependencies of one turn of one learner in one conversation; `clock` and `sleep` count seconds."""

    thread_id: str
    library: Library
    search: Search
    page_text: PageText
    model: ChatModel | None
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

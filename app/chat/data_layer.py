"""Chainlit's persistence on our tables. An error of the database is never hidden."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from chainlit.context import ChainlitContextException, get_context
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from app.conversations import Conversation
from app.persistence.learners import LearnerStore
from app.persistence.tables import LearnerRow, Thread
from app.persistence.threads import ThreadStore, Transcript
from app.telemetry.facts import Opinion
from tools.errors import NotSignedIn
from tools.types import Learner

T = TypeVar("T")

_reader: ContextVar[Learner] = ContextVar("_reader")
"""The learner of an HTTP request: Chainlit asks for the user in the task that then handles the request."""


class DataLayer:
    """Has all that chainlit.data.base.BaseDataLayer asks for; a contract test compares the two."""

    def __init__(
        self,
        learners: LearnerStore,
        threads: ThreadStore,
        forget: Callable[[str], Any],
        tell: Callable[[Opinion], None] = lambda _: None,
    ) -> None:
        """`forget` is awaited with the key under which the tutor remembers a conversation that was deleted.

        `tell` hears what learners think of answers.
        """
        self.learners = learners
        self.threads = threads
        self.forget = forget
        self.tell = tell
        self._order = asyncio.Lock()

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """None for an identifier without an account; whom it finds is the reader of this request."""
        row = await asyncio.to_thread(self.learners.called, identifier)
        if row is None:
            return None
        _reader.set(Learner(row.id))
        return _user(row)

    async def create_user(self, user: User) -> PersistedUser | None:
        """Accounts are made elsewhere; this only finds them."""
        return await self.get_user(user.identifier)

    async def get_thread_author(self, thread_id: str) -> str:
        """The owner's identifier; empty when there is no such conversation."""
        owner = await asyncio.to_thread(self.learners.owner, thread_id)
        return owner.identifier if owner else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """With steps, cards and feedback; None for a conversation of somebody else."""
        owner = await asyncio.to_thread(self.learners.owner, thread_id)
        if owner is None or owner.id != _owner().id:
            return None
        conversation = await asyncio.to_thread(self.threads.get, _owner(), thread_id)
        return _thread_dict(conversation, owner) if conversation else None

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """A page of the learner's named conversations, last used first."""
        threads, more = await asyncio.to_thread(
            self.threads.page, _owner(), pagination.first, pagination.cursor, filters.search, filters.feedback
        )
        ends = (threads[0].id, threads[-1].id) if threads else (None, None)
        rows = [_listed(thread) for thread in threads]
        return PaginatedResponse(pageInfo=PageInfo(more, *ends), data=rows)

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Chainlit begins a conversation with a `user_id` and proposes a name; ours comes from the first question."""
        if user_id is not None:
            await self._write(self.threads.begin, _owner(), thread_id, tags or ())
        elif name is not None:
            await self._write(self.threads.rename, _owner(), thread_id, name)
        if metadata:
            kept = {key: metadata[key] for key in ("chat_settings", "chat_profile") if metadata.get(key)}
            await self._write(self.threads.remember, _owner(), thread_id, kept)

    async def delete_thread(self, thread_id: str) -> None:
        """Remove the conversation and what the tutor remembers of it. Raises NotFound when it is somebody else's."""
        conversation = Conversation(_owner(), thread_id)
        await self._write(self.threads.delete, conversation.learner, thread_id)
        await self.forget(conversation.memory)

    async def create_step(self, step_dict: StepDict) -> None:
        """Keep a message, also one that is there already; nothing before the learner's first words."""
        if _has_begun():
            await self._write(self.threads.keep_step, _owner(), step_dict["threadId"], dict(step_dict))

    async def update_step(self, step_dict: StepDict) -> None:
        """The same as `create_step`: a message is replaced as a whole."""
        await self.create_step(step_dict)

    async def delete_step(self, step_id: str) -> None:
        """Remove a message of the open conversation with everything below it."""
        if _has_begun():
            await self._write(self.threads.delete_step, _owner(), get_context().session.thread_id, step_id)

    async def create_element(self, element: Element) -> None:
        """Only our own cards are kept: a file that was dropped into the chat is a document with a card of its own."""
        body = dict(element.to_dict())
        if element.type == "custom" and _has_begun():
            body["chainlitKey"] = None  # a file of the session, gone with it
            await self._write(self.threads.keep_element, _owner(), element.thread_id, body)

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """The card as it was last kept; None when it is not this learner's."""
        row = await asyncio.to_thread(self.threads.element, _owner(), thread_id, element_id)
        return ElementDict(**row.body) if row else None

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Remove a card of this learner; nothing happens when there is none."""
        if _has_begun():
            await self._write(self.threads.delete_element, _owner(), element_id)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """One opinion a message, the last one; returns its id. Raises NotFound for somebody else's message."""
        learner = _owner()
        said = (feedback.id or uuid4().hex, feedback.forId, feedback.value, feedback.comment)
        id_ = await self._write(self.threads.keep_feedback, learner, *said)
        if query_id := await asyncio.to_thread(self.threads.query_of, learner, feedback.forId):
            self.tell(Opinion(id_, query_id, learner.id, feedback.value, feedback.comment or ""))
        return id_

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Whether there was one of this learner to remove."""
        return await self._write(self.threads.delete_feedback, _owner(), feedback_id)

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """None: this product has no favourites."""
        return []

    async def build_debug_url(self) -> str:
        """Empty: there is no page to look into a conversation."""
        return ""

    async def close(self) -> None:
        """The database is closed by those who opened it."""

    async def _write(self, call: Callable[..., T], *values: Any) -> T:
        """What was told first is written first, and to the end, also when a turn is stopped."""
        async with self._order:
            return await asyncio.shield(asyncio.to_thread(call, *values))


def _owner() -> Learner:
    try:
        user = get_context().session.user
    except ChainlitContextException:
        user = None
    owner = Learner(user.id) if isinstance(user, PersistedUser) else _reader.get(None)
    if owner is None:
        raise NotSignedIn
    return owner


def _has_begun() -> bool:
    """A chat in which nothing was said yet leaves no trace."""
    return bool(get_context().session.has_first_interaction)


def _user(row: LearnerRow) -> PersistedUser:
    return PersistedUser(
        id=row.id,
        createdAt=_stamp(row.created_at),
        identifier=row.identifier,
        display_name=row.display_name,
    )


def _thread_dict(conversation: Transcript, owner: LearnerRow) -> ThreadDict:
    steps = [dict(step.body) for step in conversation.steps]
    for step in steps:
        if given := conversation.feedback.get(step["id"]):
            step["feedback"] = {"id": given.id, "forId": given.for_id, "value": given.value, "comment": given.comment}
    thread = conversation.thread
    return ThreadDict(
        id=thread.id,
        createdAt=_stamp(thread.created_at),
        name=thread.name,
        userId=owner.id,
        userIdentifier=owner.identifier,
        tags=thread.tags,
        metadata=dict(thread.details or {}),
        steps=[StepDict(**step) for step in steps],
        elements=[ElementDict(**element.body) for element in conversation.elements],
    )


def _listed(thread: Thread) -> ThreadDict:
    """The history is grouped by `createdAt`, so it carries the time of the last use."""
    return ThreadDict(
        id=thread.id,
        createdAt=_stamp(thread.updated_at),
        name=thread.name,
        userId=thread.owner_id,
        userIdentifier=None,
        tags=thread.tags,
        metadata={},
        steps=[],
        elements=[],
    )


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

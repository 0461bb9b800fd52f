"""What the chat shows: conversations with their messages, cards and feedback. Every call names its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.conversations import Conversation
from app.persistence.db import Database, insert_if_new
from app.persistence.learners import LearnerStore
from app.persistence.looking import holds
from app.persistence.tables import (
    CitationRow,
    Element,
    Feedback,
    Query,
    Step,
    Thread,
    ThreadDocument,
    now,
)
from tools.errors import NotFound
from tools.types import Learner

NAME_CHARS = 80
NO_CONVERSATION = "There is no such conversation."


@dataclass(frozen=True, slots=True)
class Transcript:
    """A thread with everything that the chat showed in it, oldest first."""

    thread: Thread
    steps: list[Step]
    elements: list[Element]
    feedback: dict[str, Feedback]


class ThreadStore:
    """Conversations with what Chainlit shows in them, each call in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def own(self, learner: Learner, thread_id: str) -> Conversation:
        """The learner's conversation, begun at first sight. Raises NotFound when it is somebody else's."""
        with self.database.session_of(learner) as session:
            thread_in(session, learner, thread_id)
        return Conversation(learner, thread_id)

    def known(self, learner: Learner, thread_id: str) -> Conversation:
        """A conversation that need not have begun. Raises NotFound when it is somebody else's."""
        owner = LearnerStore(self.database).owner(thread_id)
        if owner is not None and owner.id != learner.id:
            raise NotFound(NO_CONVERSATION)
        return Conversation(learner, thread_id)

    def get(self, learner: Learner, thread_id: str) -> Transcript | None:
        """None when there is no such conversation of this learner."""
        with self.database.session_of(learner) as session:
            thread = session.get(Thread, thread_id)
            if thread is None or thread.owner_id != learner.id:
                return None
            steps = select(Step).where(Step.thread_id == thread_id).order_by(Step.created_at)
            feedback = session.scalars(select(Feedback).where(Feedback.thread_id == thread_id))
            return Transcript(
                thread,
                list(session.scalars(steps)),
                list(session.scalars(select(Element).where(Element.thread_id == thread_id))),
                {row.for_id: row for row in feedback},
            )

    def page(
        self,
        learner: Learner,
        first: int,
        after: str | None = None,
        search: str | None = None,
        feedback: int | None = None,
    ) -> tuple[list[Thread], bool]:
        """Named conversations after the one with this id, last used first, and whether there are more."""
        query = select(Thread).where(Thread.owner_id == learner.id, Thread.name.is_not(None))
        if search:
            said = select(Step.thread_id).where(holds(Step.body["output"].as_string(), search))
            query = query.where(or_(holds(Thread.name, search), Thread.id.in_(said)))
        if feedback is not None:
            query = query.where(Thread.id.in_(select(Feedback.thread_id).where(Feedback.value == feedback)))
        with self.database.session_of(learner) as session:
            last = session.get(Thread, after) if after else None
            if last is not None:
                query = query.where(tuple_(Thread.updated_at, Thread.id) < tuple_(last.updated_at, last.id))
            rows = list(session.scalars(query.order_by(Thread.updated_at.desc(), Thread.id.desc()).limit(first + 1)))
        return rows[:first], len(rows) > first

    def rename(self, learner: Learner, thread_id: str, name: str) -> None:
        """Begins the conversation at first sight. Raises NotFound when it is somebody else's."""
        with self.database.session_of(learner) as session:
            thread_in(session, learner, thread_id)
            session.execute(
                update(Thread).where(Thread.id == thread_id).values(name=name, updated_at=Thread.updated_at)
            )

    def begin(self, learner: Learner, thread_id: str, tags: Sequence[str] = ()) -> None:
        """Create the conversation; doing so again changes nothing."""
        with self.database.session_of(learner) as session:
            thread = thread_in(session, learner, thread_id)
            thread.tags = list(tags) or thread.tags or []

    def remember(self, learner: Learner, thread_id: str, details: dict[str, Any]) -> None:
        """Keep the state of the chat's controls, if there is such a conversation of the learner's.

        Chainlit tells it when a page is left. That is no use of the conversation, so its time stays.
        """
        with self.database.session_of(learner) as session:
            thread = session.get(Thread, thread_id)
            if thread is None or thread.owner_id != learner.id:
                return
            merged = {**(thread.details or {}), **details}
            session.execute(
                update(Thread).where(Thread.id == thread_id).values(details=merged, updated_at=Thread.updated_at)
            )

    def delete(self, learner: Learner, thread_id: str) -> None:
        """Remove the conversation with its history; its files stay in the library."""
        with self.database.session_of(learner) as session:
            thread = session.get(Thread, thread_id)
            if thread is None or thread.owner_id != learner.id:
                raise NotFound(NO_CONVERSATION)
            for table in (Step, Element, Feedback, ThreadDocument, Query, CitationRow):
                session.execute(delete(table).where(table.thread_id == thread_id))
            session.delete(thread)

    def keep_step(self, learner: Learner, thread_id: str, body: dict[str, Any]) -> None:
        """Insert or replace; the learner's first words name the conversation, a choice of scope only until then."""
        with self.database.session_of(learner) as session:
            thread = thread_in(session, learner, thread_id)
            known = session.get(Step, body["id"])
            if known is not None and known.thread_id != thread_id:
                raise NotFound("There is no such message in this conversation.")
            at = _time(body.get("createdAt"))
            session.merge(Step(id=body["id"], thread_id=thread_id, owner_id=learner.id, created_at=at, body=body))
            if body.get("type") == "user_message":
                if not thread.name or thread.name.startswith("/scope"):
                    thread.name = _name(body.get("output")) or thread.name
                thread.updated_at = now()

    def delete_step(self, learner: Learner, thread_id: str, step_id: str) -> None:
        """Remove a message with everything below it."""
        with self.database.session_of(learner) as session:
            thread_in(session, learner, thread_id)
            steps = session.scalars(select(Step).where(Step.thread_id == thread_id)).all()
            gone = {step_id}
            for _ in steps:
                below = {step.id for step in steps if step.body.get("parentId") in gone} - gone
                if not below:
                    break
                gone |= below
            session.execute(delete(Element).where(Element.for_id.in_(gone), Element.thread_id == thread_id))
            session.execute(delete(Feedback).where(Feedback.for_id.in_(gone), Feedback.thread_id == thread_id))
            session.execute(delete(Step).where(Step.id.in_(gone), Step.thread_id == thread_id))

    def keep_element(self, learner: Learner, thread_id: str, body: dict[str, Any]) -> None:
        """Insert or replace."""
        with self.database.session_of(learner) as session:
            thread_in(session, learner, thread_id)
            known = session.get(Element, body["id"])
            if known is not None and known.thread_id != thread_id:
                raise NotFound("There is no such card in this conversation.")
            for_id = body.get("forId")
            session.merge(Element(id=body["id"], thread_id=thread_id, owner_id=learner.id, for_id=for_id, body=body))

    def element(self, learner: Learner, thread_id: str, element_id: str) -> Element | None:
        """None when there is no such card of this learner in this conversation."""
        with self.database.session_of(learner) as session:
            return session.scalar(
                select(Element)
                .join(Thread, Thread.id == Element.thread_id)
                .where(Element.id == element_id, Thread.id == thread_id, Thread.owner_id == learner.id)
            )

    def delete_element(self, learner: Learner, element_id: str) -> None:
        """Remove a card of this learner; nothing happens when there is none."""
        with self.database.session_of(learner) as session:
            session.execute(delete(Element).where(Element.id == element_id, Element.thread_id.in_(_own(learner))))

    def keep_feedback(self, learner: Learner, feedback_id: str, for_id: str, value: int, comment: str | None) -> str:
        """One opinion a message: a second one replaces the first; returns the id it is kept under."""
        with self.database.session_of(learner) as session:
            step = session.get(Step, for_id)
            thread = session.get(Thread, step.thread_id) if step else None
            if step is None or thread is None or thread.owner_id != learner.id:
                raise NotFound("There is no such message in your conversations.")
            known = session.scalar(select(Feedback).where(Feedback.for_id == for_id))
            if known is None:
                known = Feedback(id=feedback_id, for_id=for_id, thread_id=step.thread_id, owner_id=learner.id)
                session.add(known)
            known.value, known.comment = value, comment
            return known.id

    def query_of(self, learner: Learner, step_id: str) -> str | None:
        """The query that a message of the tutor answers; None for any other message."""
        with self.database.session_of(learner) as session:
            step = session.get(Step, step_id)
            known = (step.body.get("metadata") or {}).get("query_id") if step and step.owner_id == learner.id else None
            return str(known) if known else None

    def delete_feedback(self, learner: Learner, feedback_id: str) -> bool:
        """Whether there was one of this learner to remove."""
        with self.database.session_of(learner) as session:
            row = session.get(Feedback, feedback_id)
            thread = session.get(Thread, row.thread_id) if row and row.thread_id else None
            if row is None or thread is None or thread.owner_id != learner.id:
                return False
            session.delete(row)
            return True


def thread_in(session: Session, learner: Learner, thread_id: str) -> Thread:
    """The learner's conversation, created at first sight. Raises NotFound when it is another learner's."""
    session.execute(insert_if_new(session, Thread).values(id=thread_id, owner_id=learner.id))
    thread = session.get(Thread, thread_id)
    if thread is None or thread.owner_id != learner.id:
        raise NotFound(NO_CONVERSATION)
    return thread


def _own(learner: Learner) -> Select[Any]:
    return select(Thread.id).where(Thread.owner_id == learner.id)


def _name(text: str | None) -> str | None:
    line = " ".join((text or "").split())
    if not line:
        return None
    return line if len(line) <= NAME_CHARS else line[: NAME_CHARS - 1].rstrip() + "…"


def _time(stamp: str | None) -> datetime:
    moment = datetime.fromisoformat(stamp) if stamp else now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Scopes turned into documents: the one place that knows what belongs to a scope."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from app.persistence.tables import Book, Document, Semester, Subject, ThreadDocument
from tools.errors import InvalidRequest, OutsideScope
from tools.names import name_key
from tools.types import JobState, Learner, ResolvedScope, Scope

_CHAT = "this chat's files"
_ALL = "all your books"


def resolved(session: Session, learner: Learner, scope: Scope, thread_id: str | None) -> ResolvedScope:
    """The ready documents of a scope, with the files of this conversation. Raises InvalidRequest and OutsideScope."""
    return _Resolver(session, learner, thread_id).resolved(scope)


def named(table: Any, value: str) -> ColumnElement[bool]:
    """An id, or a name however it is written, of a semester, subject or book."""
    return or_(table.id == value, table.key == name_key(value))


class _Resolver:
    def __init__(self, session: Session, learner: Learner, thread_id: str | None) -> None:
        self._session = session
        self._learner = learner
        in_thread = select(ThreadDocument.document_id).where(
            ThreadDocument.owner_id == learner.id, ThreadDocument.thread_id == (thread_id or "")
        )
        self._in_chat = Document.id.in_(in_thread)
        # A file that is filed under a book belongs to that book's place.
        self._unfiled = and_(self._in_chat, Document.book_id.is_(None))

    def resolved(self, scope: Scope) -> ResolvedScope:
        reach, label = self._reach(scope)
        rows = self._rows(reach)
        if rows and scope.within:
            rows = self._inside(rows, label, scope.within)
        ids = frozenset(row.id for row in rows if row.state == JobState.READY)
        unread = () if ids else tuple(row.filename for row in rows if row.state in (JobState.QUEUED, JobState.RUNNING))
        return ResolvedScope(self._learner, ids, label, unread)

    def _inside(self, rows: list[Any], label: str, scope: Scope) -> list[Any]:
        reach, name = self._reach(scope)
        ids = {row.id for row in self._rows(reach)}
        inside = [row for row in rows if row.id in ids]
        if not inside:
            raise OutsideScope(label, name)
        return inside

    def _rows(self, reach: ColumnElement[bool]) -> list[Any]:
        query = select(Document.id, Document.filename, Document.state)
        query = query.where(Document.owner_id == self._learner.id, Document.superseded_by.is_(None), reach)
        return list(self._session.execute(query).all())

    def _reach(self, scope: Scope) -> tuple[ColumnElement[bool], str]:
        """Which documents a scope names by itself, and the scope's name."""
        if scope.documents:
            added = self._in_chat if scope.chat_files else false()
            return or_(Document.id.in_(scope.documents), added), _CHAT
        chat = self._unfiled if scope.chat_files else false()
        if not scope.names_a_place:
            left_out = "" if scope.chat_files or not self._rows(self._unfiled) else f" without {_CHAT}"
            return or_(Document.book_id.is_not(None), chat), f"{_ALL}{left_out}"
        books, label = self._named(scope)
        files = f" + {_CHAT}" if scope.chat_files and self._rows(self._unfiled) else ""
        return or_(Document.book_id.in_(books), chat), f"{label}{files}"

    def _named(self, scope: Scope) -> tuple[list[str], str]:
        """The ids of the books that a scope names, and their name or that of their place. Raises InvalidRequest."""
        places = [(table, value) for table, value in ((Semester, scope.semester), (Subject, scope.subject)) if value]
        label = [self._place(table, value) for table, value in places]
        query = (
            select(Book.id, Book.title, Book.key)
            .join(Subject, Subject.id == Book.subject_id)
            .join(Semester, Semester.id == Subject.semester_id)
            .where(Book.owner_id == self._learner.id, *(named(table, value) for table, value in places))
        )
        rows = list(self._session.execute(query.order_by(Book.key)).all())
        if scope.books:
            rows = _called(rows, scope.books, " there" if places else "")
            label.append(", ".join(dict.fromkeys(row.title for row in rows)))
        return [row.id for row in rows], " › ".join(label)

    def _place(self, table: Any, value: str) -> str:
        """A semester or subject as the learner wrote it."""
        name = self._session.scalar(select(table.name).where(table.owner_id == self._learner.id, named(table, value)))
        if name is None:
            raise InvalidRequest(f"You have no {table.__name__.lower()} named “{value}”.")
        return str(name)


def _called(books: list[Any], names: Sequence[str], where: str) -> list[Any]:
    """Those of the books that have one of these names or ids. Raises InvalidRequest for a name that none has."""
    known = {name for book in books for name in (book.id, book.key)}
    for name in names:
        if known.isdisjoint((name, name_key(name))):
            raise InvalidRequest(f"You have no book named “{name}”{where}.")
    keys = {name_key(name) for name in names}
    return [book for book in books if book.id in names or book.key in keys]

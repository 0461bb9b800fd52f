"""The learner's library: semester › subject › book › document. Every call names its owner."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.persistence.db import Database, Service, insert_if_new, is_taken, take_turns
from app.persistence.looking import holds
from app.persistence.scopes import named, resolved
from app.persistence.tables import (
    Book,
    Document,
    PassageRow,
    Semester,
    SentenceVectors,
    Subject,
    ThreadDocument,
)
from app.persistence.threads import thread_in
from app.persistence.uploads import abandon_in
from tools.errors import Conflict, NotFound
from tools.names import name_key, tidy
from tools.types import Learner, ResolvedScope, Scope


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a document is filed; names, created when they do not exist."""

    semester: str
    subject: str
    book: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document with the names of its place; the place is empty while the document belongs to chats only."""

    document: Document
    semester: str = ""
    subject: str = ""
    book: str = ""

    @property
    def book_title(self) -> str:
        """The book's name; without a book that of the document, else of its file."""
        return self.book or self.document.title or self.document.filename


@dataclass(slots=True)
class Node:
    """A semester, subject or book in the tree."""

    id: str
    name: str
    children: list["Node"] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


class LibraryStore:
    """Semesters, subjects, books and documents, each call in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def tree(self, learner: Learner) -> list[Node]:
        """Semesters with subjects with books with their current documents, by name."""
        with self.database.session_of(learner) as session:
            semesters = {row.id: Node(row.id, row.name) for row in _owned(session, Semester, learner)}
            subjects: dict[str, Node] = {}
            for subject in _owned(session, Subject, learner):
                subjects[subject.id] = Node(subject.id, subject.name)
                semesters[subject.semester_id].children.append(subjects[subject.id])
            books: dict[str, Node] = {}
            for book in _owned(session, Book, learner):
                books[book.id] = Node(book.id, book.title)
                subjects[book.subject_id].children.append(books[book.id])
            for document in session.scalars(
                select(Document)
                .where(Document.owner_id == learner.id, Document.superseded_by.is_(None))
                .order_by(Document.filename)
            ):
                if document.book_id in books:
                    books[document.book_id].documents.append(document)
            return list(semesters.values())

    def unfiled(self, learner: Learner) -> list[Document]:
        """Documents that belong to chats only."""
        with self.database.session_of(learner) as session:
            return list(
                session.scalars(
                    select(Document).where(
                        Document.owner_id == learner.id, Document.book_id.is_(None), Document.superseded_by.is_(None)
                    )
                )
            )

    def document(self, learner: Learner, document_id: str) -> Shelved:
        """Raises NotFound for a document of somebody else as for none."""
        with self.database.session_of(learner) as session:
            row = session.execute(_shelved(learner).where(Document.id == document_id)).one_or_none()
            if row is None:
                raise NotFound("That document is not in your library.")
            return Shelved(row[0], row[1] or "", row[2] or "", row[3] or "")

    def documents(
        self,
        learner: Learner,
        *,
        semester: str | None = None,
        subject: str | None = None,
        book: str | None = None,
        text: str | None = None,
    ) -> list[Shelved]:
        """Current documents, narrowed by names or ids and by words in the file name, title or author."""
        query = _shelved(learner).where(Document.superseded_by.is_(None))
        if semester:
            query = query.where(named(Semester, semester))
        if subject:
            query = query.where(named(Subject, subject))
        if book:
            query = query.where(named(Book, book))
        if text:
            fields = (Document.filename, Document.title, Document.author)
            query = query.where(or_(*(holds(column, text) for column in fields)))
        with self.database.session_of(learner) as session:
            rows = session.execute(query.order_by(Document.created_at)).all()
            return [Shelved(row[0], row[1] or "", row[2] or "", row[3] or "") for row in rows]

    def versions(self, learner: Learner, document_id: str) -> list[Document]:
        """All versions of the file this document is one of, newest first."""
        document = self.document(learner, document_id).document
        with self.database.session_of(learner) as session:
            query = select(Document).where(Document.owner_id == learner.id, Document.filename == document.filename)
            query = query.where(
                Document.book_id == document.book_id if document.book_id else Document.id == document_id
            )
            return list(session.scalars(query.order_by(Document.version.desc())))

    def move(self, learner: Learner, document_id: str, placement: Placement) -> None:
        """Places left empty go. Raises NotFound, and Conflict when the book holds such a file."""
        with self.database.session_of(learner) as session:
            take_turns(session, learner)
            document = _document(session, learner, document_id)
            book_id = place_in(session, learner, placement)
            if _is_taken(session, document, book_id, document.filename):
                raise Conflict(
                    f"“{placement.book}” already holds a file named {document.filename}. Rename one of them."
                )
            document.book_id = book_id
            _drop_empty_places(session, learner)

    def rename(self, learner: Learner, document_id: str, filename: str) -> None:
        """Raises NotFound, and Conflict when the book holds another current file of that name."""
        with self.database.session_of(learner) as session:
            take_turns(session, learner)
            document = _document(session, learner, document_id)
            if document.book_id and _is_taken(session, document, document.book_id, filename):
                raise Conflict(f"This book already holds a file named {filename}. Choose another name.")
            document.filename = filename

    def rename_place(self, learner: Learner, place_id: str, name: str) -> None:
        """Rename a semester, subject or book. Raises Conflict when that name is taken beside it."""
        try:
            with self.database.session_of(learner) as session:
                tables: tuple[tuple[Any, str], ...] = ((Semester, "name"), (Subject, "name"), (Book, "title"))
                for table, column in tables:
                    row = session.get(table, place_id)
                    if row is not None and row.owner_id == learner.id:
                        setattr(row, column, name)
                        return
                raise NotFound
        except IntegrityError as error:
            if not is_taken(error):
                raise
            raise Conflict(f"There is already one named “{name}” here. Choose another name.") from error

    def delete(self, learner: Learner, document_id: str) -> Document:
        """Remove the rows of a document, its pages and passages with it; returns what it was.

        The key of its original is left to whoever removes that.
        """
        with self.database.session_of(learner) as session:
            take_turns(session, learner)
            document = _document(session, learner, document_id)
            session.execute(
                update(Document).where(Document.superseded_by == document_id).values(superseded_by="removed")
            )
            # Passage by passage through SQL, so that the keyword index hears of it.
            session.execute(delete(PassageRow).where(PassageRow.document_id == document_id))
            abandon_in(session, document)
            session.delete(document)
            session.flush()
            _drop_empty_places(session, learner)
            return document

    def attach(self, learner: Learner, thread_id: str, document_id: str, filename: str) -> None:
        """Make a document part of a conversation; doing so again changes nothing."""
        with self.database.session_of(learner) as session:
            attach_in(session, learner, thread_id, document_id, filename)

    def thread_documents(self, learner: Learner, thread_id: str) -> list[Document]:
        """The documents dropped into a conversation, oldest first."""
        with self.database.session_of(learner) as session:
            return list(
                session.scalars(
                    select(Document)
                    .join(ThreadDocument, ThreadDocument.document_id == Document.id)
                    .where(ThreadDocument.thread_id == thread_id, ThreadDocument.owner_id == learner.id)
                    .order_by(ThreadDocument.added_at)
                )
            )

    def resolve(self, learner: Learner, scope: Scope, thread_id: str | None = None) -> ResolvedScope:
        """The ready documents of a scope. Raises InvalidRequest for a name the learner has not, and OutsideScope."""
        with self.database.session_of(learner) as session:
            return resolved(session, learner, scope, thread_id)

    def without_vectors(self, model: str) -> list[tuple[Learner, str]]:
        """Owner and id of every learner's ready documents with passages that this embedding model has not seen."""
        with self.database.service_session(Service.INSTALLATION) as session:
            seen = (SentenceVectors.passage_id == PassageRow.id) & (SentenceVectors.model == model)
            query = (
                select(Document.owner_id, Document.id)
                .select_from(PassageRow)
                .join(Document, Document.id == PassageRow.document_id)
                .outerjoin(SentenceVectors, seen)
                .where(SentenceVectors.passage_id.is_(None), Document.state == "ready")
            )
            return [(Learner(owner_id), id_) for owner_id, id_ in session.execute(query.distinct())]


def _owned(session: Session, table: Any, learner: Learner) -> list[Any]:
    return list(session.scalars(select(table).where(table.owner_id == learner.id).order_by(table.key)))


def _is_taken(session: Session, document: Document, book_id: str, filename: str) -> bool:
    """Whether the book holds another current file of that name, which this one would hide."""
    query = select(Document.id).where(Document.book_id == book_id, Document.filename == filename)
    query = query.where(Document.superseded_by.is_(None), Document.id != document.id)
    return session.scalar(query) is not None


def _document(session: Session, learner: Learner, document_id: str) -> Document:
    row = session.get(Document, document_id)
    if row is None or row.owner_id != learner.id:
        raise NotFound("That document is not in your library.")
    return row


def _shelved(learner: Learner) -> Any:
    return (
        select(Document, Semester.name, Subject.name, Book.title)
        .outerjoin(Book, Book.id == Document.book_id)
        .outerjoin(Subject, Subject.id == Book.subject_id)
        .outerjoin(Semester, Semester.id == Subject.semester_id)
        .where(Document.owner_id == learner.id)
    )


def place_in(session: Session, learner: Learner, placement: Placement) -> str:
    """The id of the book at that place, made in this transaction when it is new."""
    semester = _found_or_made(session, Semester, "name", placement.semester, owner_id=learner.id)
    subject = _found_or_made(session, Subject, "name", placement.subject, owner_id=learner.id, semester_id=semester)
    return _found_or_made(session, Book, "title", placement.book, owner_id=learner.id, subject_id=subject)


def _found_or_made(session: Session, table: Any, column: str, name: str, **parent: str) -> str:
    # The write comes first: who makes the same place at the same moment waits for this transaction, and finds it.
    key = name_key(name)
    values = {"id": uuid4().hex, "key": key, column: tidy(name), **parent}
    session.execute(insert_if_new(session, table).values(values))
    return str(session.scalars(select(table.id).filter_by(key=key, **parent)).one())


def attach_in(session: Session, learner: Learner, thread_id: str, document_id: str, filename: str) -> None:
    """Make a document part of a conversation; doing so again changes nothing. Raises NotFound as `thread_in` does."""
    thread_in(session, learner, thread_id)
    row = {"thread_id": thread_id, "document_id": document_id, "owner_id": learner.id, "filename": filename}
    session.execute(insert_if_new(session, ThreadDocument).values(row))


def _drop_empty_places(session: Session, learner: Learner) -> None:
    """A book nobody files under any more goes, and then its subject and semester."""
    session.flush()
    held = select(Document.book_id).where(Document.book_id.is_not(None))
    session.execute(delete(Book).where(Book.owner_id == learner.id, Book.id.not_in(held)))
    session.execute(delete(Subject).where(Subject.owner_id == learner.id, Subject.id.not_in(select(Book.subject_id))))
    session.execute(
        delete(Semester).where(Semester.owner_id == learner.id, Semester.id.not_in(select(Subject.semester_id)))
    )

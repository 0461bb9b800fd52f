"""The tree of semesters, subjects, books and documents."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from app.api.document_schemas import DocumentOut
from app.api.schemas import Body, Name
from app.persistence.library import Node, Shelved
from app.persistence.tables import Document
from tools.types import JobState


class Counts(BaseModel):
    """How many documents there are in each state."""

    documents: int = Field(examples=[2])
    queued: int = Field(examples=[0])
    running: int = Field(examples=[1])
    ready: int = Field(examples=[1])
    failed: int = Field(examples=[0])
    cancelled: int = Field(examples=[0])

    @classmethod
    def of(cls, documents: Sequence[Document]) -> "Counts":
        """Counted by state."""
        states = [document.state for document in documents]
        return cls(documents=len(states), **{state.value: states.count(state) for state in JobState})


class PlaceName(BaseModel):
    """A semester, subject or book."""

    id: str = Field(examples=["0cc175b9c0f1b6a831c399e269772661"])
    name: str = Field(examples=["Autumn 2026"])


class Placed(PlaceName):
    """A place with what is in it."""

    counts: Counts


class BookOut(Placed):
    """A book with its documents."""

    documents: list[DocumentOut]


class SubjectOut(Placed):
    """A subject with its books."""

    books: list[BookOut]


class SemesterOut(Placed):
    """A semester with its subjects."""

    subjects: list[SubjectOut]


class LibraryOut(BaseModel):
    """The tree; `unfiled` holds what was dropped into chats and not filed yet."""

    semesters: list[SemesterOut]
    unfiled: list[DocumentOut]
    counts: Counts


class NewName(Body):
    """What a place is to be called."""

    name: Name = Field(examples=["Autumn 2026"])


def places(nodes: Sequence[Node]) -> list[SemesterOut]:
    """The tree from the top."""
    return [_semester(node) for node in nodes]


def _semester(node: Node) -> SemesterOut:
    subjects = [_subject(child, node.name) for child in node.children]
    return SemesterOut(id=node.id, name=node.name, counts=Counts.of(_below(node)), subjects=subjects)


def _subject(node: Node, semester: str) -> SubjectOut:
    books = [_book(child, semester, node.name) for child in node.children]
    return SubjectOut(id=node.id, name=node.name, counts=Counts.of(_below(node)), books=books)


def _book(node: Node, semester: str, subject: str) -> BookOut:
    documents = [DocumentOut.of(Shelved(document, semester, subject, node.name)) for document in node.documents]
    return BookOut(id=node.id, name=node.name, counts=Counts.of(node.documents), documents=documents)


def _below(node: Node) -> list[Document]:
    return [*node.documents, *(document for child in node.children for document in _below(child))]

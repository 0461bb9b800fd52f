"""Learners, and the tree of their libraries down to the file."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.persistence.tables.base import Base, now
from tools.names import name_key, tidy


class LearnerRow(Base):
    """Who owns rows. `identifier` is the name to sign in with."""

    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    identifier: Mapped[str] = mapped_column(String(255), unique=True)
    display_name: Mapped[str]
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class _Named:
    """What learners name. `key` follows the name, and is what names are compared by."""

    key: Mapped[str]

    @validates("name", "title")
    def _keyed(self, _field: str, name: str) -> str:
        self.key = name_key(name)
        return tidy(name)


class Semester(_Named, Base):
    """The top of the library's tree."""

    __tablename__ = "semesters"
    __table_args__ = (UniqueConstraint("owner_id", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    name: Mapped[str] = mapped_column(String(255))


class Subject(_Named, Base):
    """A subject of a semester."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("semester_id", "key"), Index("subjects_owner", "owner_id", "key"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    semester_id: Mapped[str] = mapped_column(ForeignKey("semesters.id"))
    name: Mapped[str] = mapped_column(String(255))


class Book(_Named, Base):
    """A book of a subject; its documents are filed in it."""

    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("subject_id", "key"), Index("books_owner", "owner_id", "key"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"))
    title: Mapped[str] = mapped_column(String(255))


class Document(Base):
    """A file of a learner. `book_id` is empty while it belongs to chats only; `state` is that of its last job."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("owner_id", "sha256"), Index("documents_book", "book_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    book_id: Mapped[str | None] = mapped_column(ForeignKey("books.id"))
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    storage_key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16), default="queued")
    error: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[str | None] = mapped_column(String(64))
    superseded_by: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str | None]
    author: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(16))
    page_count: Mapped[int] = mapped_column(default=0)
    passage_count: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Table of contents, empty and recognised pages, subject words, notes on damage."""
    config_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of its owner's pipeline settings, by which it was read; 0 are those of the file."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]

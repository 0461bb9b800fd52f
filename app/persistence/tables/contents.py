"""What was read of a document: pages, passages, apparatus, concepts, words and vectors."""

from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.tables.base import Base


class PageRow(Base):
    """A page as it was read; `index` is its place in the file, from 1, and `label` what is printed on it."""

    __tablename__ = "pages"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    index: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    recognised: Mapped[bool] = mapped_column(default=False)


class PassageRow(Base):
    """`n` is the number by which the keyword index knows it; `text` is `page.text[start:end]`."""

    __tablename__ = "passages"
    __table_args__ = (Index("passages_document", "document_id", "page_index", "start"),)

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    page_index: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    section: Mapped[str]
    """Heading path, joined by line feeds."""
    text: Mapped[str]


class ApparatusRow(Base):
    """An entry of a document's own apparatus, as tools.apparatus has them; what is of its kind alone is in `body`."""

    __tablename__ = "apparatus"
    __table_args__ = (Index("apparatus_kind", "document_id", "kind"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    kind: Mapped[str] = mapped_column(String(16))
    section: Mapped[list[Any]]
    page_index: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    body: Mapped[dict[str, Any]]


class ConceptRow(Base):
    """A concept of a document, as tools.concepts has them in `body`; without a passage: the document has none."""

    __tablename__ = "concepts"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    passage_id: Mapped[str] = mapped_column(String(64))
    weight: Mapped[float]
    body: Mapped[dict[str, Any]]


class WordPostings(Base):
    """The passages of a document that hold a stem, packed as tools.keywords.POSTING."""

    __tablename__ = "word_postings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    postings: Mapped[bytes] = mapped_column(LargeBinary)


class WordTotals(Base):
    """How many passages of a document are searched by their words, and how many words they have."""

    __tablename__ = "word_totals"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    passages: Mapped[int]
    words: Mapped[int]


class SentenceVectors(Base):
    """For one passage and one embedding model: sentence spans as uint16 pairs, unit vectors times 127 as int8.

    `words` are tools.matching.PackedWords, if the model tells words apart and did so already.
    """

    __tablename__ = "sentence_vectors"

    passage_id: Mapped[str] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    model: Mapped[str] = mapped_column(String(128), primary_key=True)
    spans: Mapped[bytes] = mapped_column(LargeBinary)
    vectors: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)


class MeanVectors(Base):
    """What Chroma holds, in blocks of a document: passage ids joined by line feeds, unit vectors times 127 as int8."""

    __tablename__ = "mean_vectors"
    __table_args__ = (Index("mean_vectors_digest", "digest"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    model: Mapped[str] = mapped_column(String(128), primary_key=True)
    first: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its first passage."""
    digest: Mapped[str] = mapped_column(String(32), server_default="")
    """Of ids and vectors: what is kept in memory goes by it."""
    size: Mapped[int]
    passage_ids: Mapped[str]
    vectors: Mapped[bytes] = mapped_column(LargeBinary)

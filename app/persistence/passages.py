"""Passages and their sentence vectors in the database."""

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, select, tuple_
from sqlalchemy.orm import Session

from app.cache import ByteCache
from app.persistence.db import Sessions, insert_if_new
from app.persistence.tables import Book, Document, PageRow, PassageRow, SentenceVectors
from app.persistence.word_vectors import WordTable
from ingestion.embed import EmbeddedPassage, normalised
from ingestion.types import Chunk, Page
from tools.outline import Heading
from tools.ports import PackedWords, SentenceParts
from tools.questions.types import PassagePlace
from tools.types import Passage

_PASSAGES = (
    select(
        PassageRow.id,
        PassageRow.document_id,
        func.coalesce(Book.title, Document.title, Document.filename).label("book"),
        Document.filename,
        PassageRow.page_index,
        PageRow.label,
        PageRow.kind,
        PassageRow.section,
        PassageRow.start,
        PassageRow.end,
        PassageRow.text,
    )
    .join(Document, Document.id == PassageRow.document_id)
    .outerjoin(Book, Book.id == Document.book_id)
    .join(PageRow, and_(PageRow.document_id == PassageRow.document_id, PageRow.index == PassageRow.page_index))
)

SentenceCache = ByteCache[tuple[str, str, str], SentenceParts]
"""By owner, model and passage: an id names the text, so that what belongs to it never changes."""
_BYTES_AN_ENTRY = 500


def passage_id(document_id: str, chunk: Chunk) -> str:
    """The same passage of the same document has the same id, however often it is read, as long as its vectors are."""
    as_whole = "" if chunk.unit == "sentence" else f"{chunk.unit}\0"
    digest = blake2b(f"{as_whole}{chunk.text}".encode(), digest_size=6).hexdigest()
    return f"{document_id}-{chunk.page_index}-{chunk.start}-{digest}"


class PassageTable:
    """Implements tools.ports.PassageStore; sentence vectors are those of one embedding model."""

    def __init__(self, sessions: Sessions, model: str, cache: SentenceCache) -> None:
        self._sessions = sessions
        self._model = model
        self._cache = cache
        self._words = WordTable(sessions, model)

    def add_pages(self, document_id: str, pages: Sequence[Page], chunks: Sequence[Chunk]) -> None:
        """Store pages with all their passages; what was stored of these pages before gives way, if it differs."""
        indexes = [page.index for page in pages]
        own = {"owner_id": self._sessions.owner_id, "document_id": document_id}
        rows = [_row(document_id, chunk) | own for chunk in chunks]
        gone = delete(PassageRow).where(
            self._of(document_id),
            PassageRow.page_index.in_(indexes),
            PassageRow.id.not_in([row["id"] for row in rows]),
        )
        with self._sessions.session() as session:
            session.execute(delete(PageRow).where(self._page(document_id), PageRow.index.in_(indexes)))
            session.execute(gone)
            for table, new in ((PageRow, [_page_row(page) | own for page in pages]), (PassageRow, rows)):
                if new:
                    session.execute(insert_if_new(session, table), new)

    def add_vectors(self, ids: Sequence[str], embedded: Sequence[EmbeddedPassage]) -> None:
        """Store this model's vectors of passages that are there already."""
        rows = self._vector_rows(ids, embedded)
        if rows:
            with self._sessions.session() as session:
                session.execute(insert_if_new(session, SentenceVectors), rows)

    def _vector_rows(self, ids: Sequence[str], embedded: Sequence[EmbeddedPassage]) -> list[dict[str, object]]:
        own: dict[str, object] = {"owner_id": self._sessions.owner_id, "model": self._model}
        return [
            own
            | {
                "passage_id": id_,
                "spans": e.spans.tobytes(),
                "vectors": e.vectors.tobytes(),
                "words": e.words.to_bytes() if e.words else None,
            }
            for id_, e in zip(ids, embedded, strict=True)
        ]

    def delete(self, document_id: str) -> None:
        """Remove the passages of a document and their vectors of every model; its pages stay, for old citations."""
        with self._sessions.session() as session:
            session.execute(delete(PassageRow).where(self._of(document_id)))

    def delete_other_models(self) -> None:
        """Remove the sentence vectors of the models that serve no longer."""
        with self._sessions.session() as session:
            session.execute(delete(SentenceVectors).where(SentenceVectors.model != self._model))

    def count(self, document_id: str) -> int:
        """How many passages a document has, with vectors or without."""
        with self._sessions.session() as session:
            query = select(func.count()).select_from(PassageRow).where(self._of(document_id))
            return session.scalar(query) or 0

    def without_vectors(self, document_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and texts of passages that this model has not embedded yet, in reading order."""
        query = select(PassageRow.id, PassageRow.text).where(*self._lacking(document_id))
        with self._sessions.session() as session:
            rows = session.execute(query.order_by(PassageRow.page_index, PassageRow.start).limit(limit))
            return [(id_, text) for id_, text in rows]

    def count_without_vectors(self, document_id: str) -> int:
        """How many passages of a document this model has not embedded yet."""
        with self._sessions.session() as session:
            return session.scalar(select(func.count(PassageRow.id)).where(*self._lacking(document_id))) or 0

    def _lacking(self, document_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        own = exists().where(SentenceVectors.passage_id == PassageRow.id, SentenceVectors.model == self._model)
        return self._of(document_id), ~own

    def means(self, document_id: str, batch: int = 500) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Ids and passage vectors in batches, from the stored sentence vectors: enough to fill an empty index again."""
        with self._sessions.session() as session:
            ids = list(session.scalars(select(PassageRow.id).where(self._of(document_id))))
        for first in range(0, len(ids), batch):
            parts = self._fetched(ids[first : first + batch])
            if parts:
                vectors = [vectors.astype(np.float32).mean(axis=0) for _, vectors in parts.values()]
                yield list(parts), normalised(np.stack(vectors))

    def texts(self, document_id: str) -> list[tuple[str, str]]:
        """Ids and texts of a document's passages, each with the headings above it."""
        query = select(PassageRow.id, PassageRow.text, PassageRow.section).where(self._of(document_id))
        with self._sessions.session() as session:
            return [(id_, f"{text}\n{section}") for id_, text, section in session.execute(query)]

    def ids(self, document_ids: Collection[str], limit: int) -> list[str]:
        """Up to `limit` ids of passages of these documents, in no order."""
        query = select(PassageRow.id).where(self._of(*document_ids)).limit(limit)
        with self._sessions.session() as session:
            return list(session.scalars(query))

    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        """Where every passage of these documents stands, in reading order."""
        query = select(PassageRow.id, PassageRow.document_id, PassageRow.page_index, PassageRow.section).where(
            self._of(*document_ids)
        )
        order = (PassageRow.document_id, PassageRow.page_index, PassageRow.start)
        with self._sessions.session() as session:
            rows = session.execute(query.order_by(*order))
            return [PassagePlace(id_, document_id, page, _section(path)) for id_, document_id, page, path in rows]

    def contents(self, document_ids: Collection[str]) -> dict[str, list[Heading]]:
        """The tables of contents of these documents."""
        query = select(Document.id, Document.details).where(self._sessions.owns(Document.owner_id))
        with self._sessions.session() as session:
            rows = session.execute(query.where(Document.id.in_(document_ids)))
            return {
                id_: [(level or 1, text, page) for level, text, page in details.get("contents", ())]
                for id_, details in rows
            }

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """By id; one that is gone is left out."""
        with self._sessions.session() as session:
            rows = session.execute(self._passages().where(PassageRow.id.in_(ids)))
            return {row.id: _passage(row) for row in rows}

    def sentences(self, ids: Sequence[str]) -> dict[str, SentenceParts]:
        """What is kept in memory of these, and the rest from the database; a passage may be gone since."""
        kept = self._cache.get((self._sessions.owner_id, self._model, id_) for id_ in ids)
        found = {id_: parts for (*_, id_), parts in kept.items()}
        if missing := [id_ for id_ in ids if id_ not in found]:
            fetched = self._fetched(missing)
            for id_, (spans, vectors) in fetched.items():
                size = spans.nbytes + vectors.nbytes + _BYTES_AN_ENTRY
                self._cache.put((self._sessions.owner_id, self._model, id_), (spans, vectors), size)
            found |= fetched
        return {id_: found[id_] for id_ in ids if id_ in found}

    def words(self, ids: Sequence[str]) -> dict[str, PackedWords]:
        """Of those passages whose words this model has embedded."""
        return self._words.of(ids)

    def _fetched(self, ids: Sequence[str]) -> dict[str, SentenceParts]:
        query = select(SentenceVectors.passage_id, SentenceVectors.spans, SentenceVectors.vectors).where(
            self._sessions.owns(SentenceVectors.owner_id),
            SentenceVectors.passage_id.in_(ids),
            SentenceVectors.model == self._model,
        )
        with self._sessions.session() as session:
            return {id_: _parts(spans, vectors) for id_, spans, vectors in session.execute(query)}

    def neighbours(self, passage_id: str, radius: int = 1) -> list[Passage]:
        """In reading order, with up to `radius` passages before and after; empty when this one is gone."""
        with self._sessions.session() as session:
            here = session.execute(self._passages().where(PassageRow.id == passage_id)).one_or_none()
            if here is None:
                return []
            place = tuple_(PassageRow.page_index, PassageRow.start)
            same_document = self._passages().where(PassageRow.document_id == here.document_id).limit(radius)
            before = same_document.where(place < (here.page_index, here.start)).order_by(
                PassageRow.page_index.desc(), PassageRow.start.desc()
            )
            after = same_document.where(place > (here.page_index, here.start)).order_by(
                PassageRow.page_index, PassageRow.start
            )
            rows = [*reversed(session.execute(before).all()), here, *session.execute(after).all()]
        return [_passage(row) for row in rows]

    def page_text(self, document_id: str, page_index: int) -> str | None:
        """None for a page that is not stored."""
        query = select(PageRow.text).where(self._page(document_id), PageRow.index == page_index)
        with self._sessions.session() as session:
            return session.scalar(query)

    def _passages(self) -> Select[*tuple[Any, ...]]:
        return _PASSAGES.where(self._sessions.owns(PassageRow.owner_id))

    def _of(self, *document_ids: str) -> ColumnElement[bool]:
        return and_(self._sessions.owns(PassageRow.owner_id), PassageRow.document_id.in_(document_ids))

    def _page(self, document_id: str) -> ColumnElement[bool]:
        return and_(self._sessions.owns(PageRow.owner_id), PageRow.document_id == document_id)


def sample(session: Session, model: str, most: int) -> list[tuple[list[str], NDArray[np.float32]]]:
    """The sentences of at most `most` passages with their unit vectors, evenly from the documents of all learners."""
    of_model = SentenceVectors.model == model
    by_document = select(SentenceVectors.passage_id).where(of_model).order_by(SentenceVectors.passage_id)
    ids = session.scalars(by_document).all()
    chosen = ids[:: max(1, ceil(len(ids) / most))]
    query = select(PassageRow.text, SentenceVectors.spans, SentenceVectors.vectors).join_from(
        SentenceVectors, PassageRow, PassageRow.id == SentenceVectors.passage_id
    )
    rows = session.execute(query.where(of_model, SentenceVectors.passage_id.in_(chosen)))
    return [_sentences(text, *_parts(spans, vectors)) for text, spans, vectors in rows]


def _sentences(
    text: str, spans: NDArray[np.uint16], vectors: NDArray[np.int8]
) -> tuple[list[str], NDArray[np.float32]]:
    return [text[start:end] for start, end in spans.tolist()], normalised(vectors.astype(np.float32))


def _row(document_id: str, chunk: Chunk) -> dict[str, object]:
    return {
        "id": passage_id(document_id, chunk),
        "page_index": chunk.page_index,
        "start": chunk.start,
        "end": chunk.end,
        "section": "\n".join(chunk.section),
        "text": chunk.text,
    }


def _page_row(page: Page) -> dict[str, object]:
    return {
        "index": page.index,
        "label": page.label,
        "kind": page.kind,
        "text": page.text,
        "recognised": page.recognised,
    }


def _passage(row: Row[*tuple[Any, ...]]) -> Passage:
    return Passage(
        id=row.id,
        document_id=row.document_id,
        book=row.book,
        filename=row.filename,
        page_index=row.page_index,
        page_label=row.label,
        page_kind=row.kind,
        section=_section(row.section),
        start=row.start,
        end=row.end,
        text=row.text,
    )


def _section(path: str) -> tuple[str, ...]:
    return tuple(path.split("\n")) if path else ()


def _parts(spans: bytes, vectors: bytes) -> SentenceParts:
    cuts = np.frombuffer(spans, dtype=np.uint16).reshape(-1, 2)
    return cuts, np.frombuffer(vectors, dtype=np.int8).reshape(len(cuts), -1)

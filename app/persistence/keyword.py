"""The keyword index: for each document and stem the passages that hold it, packed, so that a scope is a few rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from app.persistence.db import Sessions
from app.persistence.tables import PassageRow, WordPostings, WordTotals
from tools.keywords import POSTING, Postings, postings, ranked, rarity
from tools.ports import Worded
from tools.spelling import nearest
from tools.words import stem, words

MOST_WORDS = 24
_LOOKED_THROUGH = 50
_ALIKE = 2
"""With so many letters a misspelt word begins like the right one."""


class KeywordTable:
    """Implements tools.ports.KeywordIndex on any database; a document that is deleted takes its words along."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> Worded:
        """The `k` best passages of these documents by BM25; of very many words those that tell most are looked up."""
        if not words or not document_ids:
            return Worded()
        with self._sessions.session() as session:
            passages, length = self._totals(session, document_ids)
            if not passages:
                return Worded(rarity=rarity(words, {}, 0))
            counts = self._counts(session, _stems(words), document_ids) if len(words) > MOST_WORDS else None
            held = self._held(session, _stems(_rarest(words, counts)), document_ids)
            best = ranked(held, passages, length / passages, k)
            ids = self._ids(session, PassageRow.n.in_([number for number, _ in best]))
            spelt = self._spelt(session, words[:MOST_WORDS], held, document_ids)
        counts = counts or {stem_: len(entries) for stem_, entries in held.items()}
        found = tuple((ids[number], score) for number, score in best if number in ids)
        return Worded(found, rarity(words, counts, passages), passages, spelt)

    def has(self, word: str, document_ids: Collection[str]) -> bool:
        """Whether these documents have a folded word itself, and not just another one of its stem."""
        ids = [id_ for id_, _ in self.search([word], document_ids, _LOOKED_THROUGH).found]
        with self._sessions.session() as session:
            mine = select(PassageRow.text).where(self._sessions.owns(PassageRow.owner_id), PassageRow.id.in_(ids))
            texts = session.scalars(mine).all()
        return any(word in words(text) for text in texts)

    def add(self, document_id: str, texts: Sequence[tuple[str, str]]) -> None:
        """Make the words of a document's passages searchable; what it had before gives way."""
        with self._sessions.session() as session:
            numbers = {id_: number for number, id_ in self._ids(session, PassageRow.document_id == document_id).items()}
            found = postings((numbers[id_], text) for id_, text in texts if id_ in numbers)
            self._delete(session, document_id)
            own: dict[str, object] = {"owner_id": self._sessions.owner_id, "document_id": document_id}
            if found:
                session.execute(insert(WordPostings), [own | _row(*entry) for entry in found.items()])
                session.execute(insert(WordTotals), [own | _totals_row(found)])

    def delete(self, document_id: str) -> None:
        """Nothing of the document is found any more."""
        with self._sessions.session() as session:
            self._delete(session, document_id)

    def _delete(self, session: Session, document_id: str) -> None:
        for table in (WordPostings, WordTotals):
            session.execute(delete(table).where(self._sessions.owns(table.owner_id), table.document_id == document_id))

    def _totals(self, session: Session, document_ids: Collection[str]) -> tuple[int, int]:
        """How many passages, and how many words in them."""
        sums = select(func.coalesce(func.sum(WordTotals.passages), 0), func.coalesce(func.sum(WordTotals.words), 0))
        mine = sums.where(self._sessions.owns(WordTotals.owner_id), WordTotals.document_id.in_(document_ids))
        passages, words = session.execute(mine).one()
        return passages, words

    def _held(self, session: Session, stems: Collection[str], document_ids: Collection[str]) -> dict[str, Postings]:
        blocks: dict[str, list[bytes]] = defaultdict(list)
        query = select(WordPostings.stem, WordPostings.postings).where(self._matching(stems, document_ids))
        for stem_, packed in session.execute(query):
            blocks[stem_].append(packed)
        return {stem_: np.frombuffer(b"".join(packed), POSTING) for stem_, packed in blocks.items()}

    def _counts(self, session: Session, stems: Collection[str], document_ids: Collection[str]) -> dict[str, int]:
        """How many passages hold each stem, without reading which."""
        size = func.sum(func.length(WordPostings.postings))
        query = select(WordPostings.stem, size).where(self._matching(stems, document_ids)).group_by(WordPostings.stem)
        return {stem_: total // POSTING.itemsize for stem_, total in session.execute(query)}

    def _matching(self, stems: Collection[str], document_ids: Collection[str]) -> ColumnElement[bool]:
        return and_(
            self._sessions.owns(WordPostings.owner_id),
            WordPostings.document_id.in_(document_ids),
            WordPostings.stem.in_(stems),
        )

    def _spelt(
        self, session: Session, asked: Sequence[str], held: dict[str, Postings], document_ids: Collection[str]
    ) -> dict[str, str]:
        """For words that none of these documents holds, one of theirs that each may be a misspelling of."""
        unknown = [word for word in asked if stem(word) not in held and word[:_ALIKE].isascii() and word.isalpha()]
        found = {word: nearest(stem(word), self._beginning(session, word[:_ALIKE], document_ids)) for word in unknown}
        return {word: self._form(session, near, document_ids) for word, near in found.items() if near}

    def _beginning(self, session: Session, letters: str, document_ids: Collection[str]) -> Sequence[str]:
        """The stems that begin like this."""
        query = select(WordPostings.stem).where(
            self._sessions.owns(WordPostings.owner_id),
            WordPostings.document_id.in_(document_ids),
            WordPostings.stem >= letters,
            WordPostings.stem < letters[:-1] + chr(ord(letters[-1]) + 1),
        )
        return session.scalars(query.distinct()).all()

    def _form(self, session: Session, stem_: str, document_ids: Collection[str]) -> str:
        """A stem as the first passage that holds it has it."""
        (entries,) = self._held(session, [stem_], document_ids).values()
        mine = select(PassageRow.text).where(self._sessions.owns(PassageRow.owner_id))
        text = session.scalar(mine.where(PassageRow.n == int(entries["passage"][0]))) or ""
        return next((word for word in words(text) if stem(word) == stem_), stem_)

    def _ids(self, session: Session, which: ColumnElement[bool]) -> dict[int, str]:
        mine = select(PassageRow.n, PassageRow.id).where(self._sessions.owns(PassageRow.owner_id))
        rows = session.execute(mine.where(which))
        return {row.n: row.id for row in rows}


def _row(stem_: str, entries: Postings) -> dict[str, object]:
    return {"stem": stem_, "postings": entries.tobytes()}


def _totals_row(found: dict[str, Postings]) -> dict[str, object]:
    every = np.unique(np.concatenate([entries[["passage", "length"]] for entries in found.values()]))
    return {"passages": len(every), "words": int(every["length"].sum())}


def _stems(words: Sequence[str]) -> set[str]:
    return {stem(word) for word in words}


def _rarest(words: Sequence[str], counts: dict[str, int] | None) -> Sequence[str]:
    """The words that tell most; those that the documents do not hold are of no use."""
    if counts is None:
        return words
    return sorted((word for word in words if stem(word) in counts), key=lambda word: counts[stem(word)])[:MOST_WORDS]

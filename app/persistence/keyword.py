"""BM25 by SQLite's full-text index."""

import json
from collections.abc import Collection, Sequence
from math import log

from sqlalchemy import text

from app.persistence.db import Database
from tools.words import stem

MOST_WORDS = 24

# Most matches are in other documents. They are left out by row number before their score and their row are looked at;
# without the plus sign SQLite would ask the full-text index once for each row number.
_SEARCH = text(
    """
    SELECT p.id, -best.score FROM (
        SELECT rowid AS n, bm25(passages_fts, 1.0, 1.0) AS score FROM passages_fts
        WHERE passages_fts MATCH :words AND +rowid IN (
            SELECT n FROM passages WHERE document_id IN (SELECT value FROM json_each(:documents)))
        ORDER BY score LIMIT :k
    ) best JOIN passages p ON p.n = best.n ORDER BY best.score
    """
)
_COUNTS = text("SELECT term, doc FROM passages_vocabulary WHERE term IN (SELECT value FROM json_each(:stems))")
_TOTAL = text("SELECT count(*) FROM passages")


class SqliteKeywordIndex:
    """Implements tools.ports.KeywordIndex."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        if len(words) > MOST_WORDS:
            words = self._rarest(words)
        if not words or not document_ids:
            return []
        match = " OR ".join(_quoted(word) for word in words)
        with self._database.session() as session:
            rows = session.execute(_SEARCH, {"words": match, "documents": json.dumps(list(document_ids)), "k": k})
            return [(id_, score) for id_, score in rows]

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        by_word = {word: stem(word) for word in words}
        with self._database.session() as session:
            total = session.scalar(_TOTAL) or 0
            rows = session.execute(_COUNTS, {"stems": json.dumps(sorted(set(by_word.values())))})
            counts = {str(row[0]): int(row[1]) for row in rows}
        return {word: _inverse_frequency(counts.get(stem_, 0), total) for word, stem_ in by_word.items()}

    def _rarest(self, words: Sequence[str]) -> list[str]:
        """The words of a very long question that tell most; those the index does not hold are of no use."""
        rarity = self.rarity(words)
        unseen = max(rarity.values())
        held = [word for word in words if rarity[word] < unseen] or list(words)
        return sorted(held, key=lambda word: -rarity[word])[:MOST_WORDS]


def _inverse_frequency(count: int, total: int) -> float:
    return log(1 + (total - count + 0.5) / (count + 0.5))


def _quoted(word: str) -> str:
    """A string of the query language: nothing in it is an operator."""
    return '"' + word.replace('"', '""').replace("\0", " ") + '"'

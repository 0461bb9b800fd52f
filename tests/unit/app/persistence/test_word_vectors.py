"""Passages that an earlier version embedded get the vectors of their words in the background."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from app.caches import MemoryCache
from app.indexes import Indexes
from app.persistence.db import Database, migrate
from app.persistence.word_vectors import WordTable
from app.reading import Reading
from app.reembedding import Reembedding
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from ingestion.embed import embed_passages
from tests.support.embeddings import HashingEmbeddings, WordHashing
from tests.support.migrations import downgrade
from tests.support.shelf import LEARNER, SearchShelf
from tools.types import ResolvedScope

PAGES = ["Osmosis moves water. It needs no energy.", "Mitosis divides the nucleus.", "∑ = ∫"]
SCOPE = ResolvedScope(LEARNER, frozenset({"bio"}), "bio")


def opened(settings: Settings, database: Database, embeddings: Embeddings) -> Indexes:
    return Indexes(settings, database, MemoryCache(), lambda *_: embeddings)


@pytest.fixture
def indexes(database: Database, tmp_path: Path) -> Indexes:
    """A book that was embedded before words had vectors, and a model that has them now."""
    SearchShelf(database, HashingEmbeddings(), model=BUILT_IN_EMBEDDINGS).put("bio", PAGES)
    settings = Settings(_env_file=None, STUDYRAG_DATA_DIR=tmp_path)
    indexes = opened(settings, database, WordHashing())
    indexes.settle = lambda: None  # type: ignore[method-assign]
    return indexes


def reembedding(indexes: Indexes, *, is_stopping: bool = False) -> Reembedding:
    stopping = SimpleNamespace(is_set=lambda: is_stopping)
    return Reembedding(cast("Reading", SimpleNamespace(services=SimpleNamespace(indexes=indexes), stopping=stopping)))


def test_words_are_embedded_once_for_every_passage(indexes: Indexes) -> None:
    index = indexes.serving(LEARNER)
    before = index.search.search("What is osmosis?", SCOPE)
    assert indexes.wordless() == [(LEARNER, "bio")]
    assert {hit.match for hit in before.hits} == {None}

    reembedding(indexes).run()

    assert indexes.wordless() == []
    assert None not in {hit.match for hit in index.search.search("What is osmosis?", SCOPE).hits}
    passages = index.passages.passages(index.passages.ids(["bio"], 9))
    held = index.passages.words(list(passages))
    for id_, passage in passages.items():
        (fresh,) = embed_passages([passage.text], WordHashing())
        assert fresh.words is not None
        assert held[id_].to_bytes() == fresh.words.to_bytes()


def test_a_worker_that_stops_goes_on_with_them_later(indexes: Indexes) -> None:
    work = reembedding(indexes, is_stopping=True)

    work.run()

    assert work.is_due
    assert indexes.wordless() == [(LEARNER, "bio")]


def test_a_model_without_words_lacks_none(indexes: Indexes, database: Database) -> None:
    assert opened(indexes.settings, database, HashingEmbeddings()).wordless() == []


def test_going_back_and_forth_keeps_the_sentences(database: Database) -> None:
    shelf = SearchShelf(database, WordHashing())
    shelf.put("bio", PAGES)
    ids = shelf.passages.ids(["bio"], 9)
    sentences = shelf.passages.sentences(ids)
    assert len(shelf.passages.words(ids)) == len(PAGES)

    downgrade(database, "0014")
    migrate(database.engine)

    assert shelf.passages.words(ids) == {}
    assert all(np.array_equal(shelf.passages.sentences([id_])[id_][1], sentences[id_][1]) for id_ in ids)
    words = WordTable(database.of(LEARNER), "test")
    assert {id_ for id_, *_ in words.lacking("bio", 9)} == set(ids)

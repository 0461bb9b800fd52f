"""An embedding model is measured on everybody's books, and everything that compares cosines learns of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.cache import ByteCache
from app.caches import MemoryCache
from app.indexes import Indexes
from app.persistence.db import Database
from app.persistence.learners import LearnerStore
from app.persistence.passages import PassageTable
from app.persistence.tables import Document
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from ingestion.embed import embed_passages
from ingestion.types import Chunk, Page
from tests.support.embeddings import HashingEmbeddings, High
from tests.support.learners import ADA, BOB
from tools.calibration import BUILT_IN
from tools.types import Degraded, Learner, ResolvedScope

MODEL = "scripted/high"
WATER = [f"Topic{n} has water{n} and salt{n % 7}. Topic{n} moves salt{n % 5} to water{n}." for n in range(25)]
KINGS = [f"King{n} won a battle at town{n}. In year{n} king{n} lost it to earl{n % 9}." for n in range(20)]


def put(database: Database, learner: Learner, texts: Sequence[str]) -> None:
    """A book of one passage a page, with the vectors of MODEL."""
    LearnerStore(database).known(learner)
    with database.session_of(learner) as session:
        session.add(Document(id=learner.id, owner_id=learner.id, filename="b.txt", sha256="x", size=1, storage_key="k"))
    table = PassageTable(database.of(learner), MODEL, ByteCache())
    pages = [Page(n, str(n), "page", text) for n, text in enumerate(texts)]
    table.add_pages(learner.id, pages, [Chunk(page.index, 0, len(page.text), page.text, ()) for page in pages])
    todo = table.without_vectors(learner.id, len(texts))
    table.add_vectors([id_ for id_, _ in todo], embed_passages([text for _, text in todo], High()))


def opened(database: Database, folder: Path, model: str = MODEL) -> Indexes:
    """As each process has its own."""
    settings = Settings(_env_file=None, STUDYRAG_DATA_DIR=folder, STUDYRAG_EMBEDDING_MODEL=model)
    return Indexes(
        settings,
        database,
        MemoryCache(),
        lambda _, name: HashingEmbeddings() if name == BUILT_IN_EMBEDDINGS else High(),
    )


@pytest.fixture
def indexes(database: Database, tmp_path: Path) -> Indexes:
    return opened(database, tmp_path)


def test_a_model_is_measured_on_the_books_of_all_learners(database: Database, indexes: Indexes, tmp_path: Path) -> None:
    put(database, ADA, WATER)
    indexes.calibrate(MODEL)
    assert indexes.calibration(MODEL) is None, "one book is too few passages"

    put(database, BOB, KINGS)
    indexes.calibrate(MODEL)

    found = indexes.calibration(MODEL)
    assert found is not None
    assert min(found.own) > 0.6
    assert opened(database, tmp_path).calibration(MODEL) == found, "the other processes read it"
    assert indexes.calibration("scripted/other") is None


def test_searches_and_comparisons_go_by_words_until_the_model_is_measured(database: Database, indexes: Indexes) -> None:
    put(database, ADA, WATER + KINGS)
    scope = ResolvedScope(ADA, frozenset({"ada"}), "these")
    before, by_words = indexes.serving(ADA), indexes.likeness
    assert before.search.search("Who won a battle at town7?", scope).degraded == Degraded.UNMEASURED
    assert by_words.cosines("salt", ["opera"]).tolist() == [0.0]

    indexes.calibrate(MODEL)

    after = indexes.serving(ADA)
    assert after.search.search("Who won a battle at town7?", scope).degraded is None
    assert after.likeness is indexes.likeness
    assert after.likeness is not before.likeness
    indexes.close()


def test_the_built_in_model_needs_no_measuring(database: Database, tmp_path: Path) -> None:
    assert opened(database, tmp_path, "").calibration(BUILT_IN_EMBEDDINGS) == BUILT_IN

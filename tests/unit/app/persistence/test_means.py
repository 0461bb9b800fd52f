import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import update

from app.cache import ByteCache
from app.persistence.db import Database, migrate
from app.persistence.means import MeanTable
from app.persistence.tables import MeanVectors
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA
from tests.support.migrations import downgrade
from tests.support.shelf import SearchShelf

ROWS = np.eye(4, dtype=np.float32)
IDS = ["a", "b", "c", "d"]
PAGES = ["Osmosis moves water.", "Mitosis divides the nucleus.", "Sorting puts things in order."]


@pytest.fixture
def shelf(database: Database) -> SearchShelf:
    shelf = SearchShelf(database, HashingEmbeddings())
    for document_id in ("bio", "algo"):
        shelf.put(document_id, [])
    return shelf


@pytest.fixture
def means(shelf: SearchShelf) -> MeanTable:
    return MeanTable(shelf.database.of(ADA), "test", ByteCache())


def order(means: MeanTable, vector: NDArray[np.float32], *documents: str, k: int = 9) -> list[str]:
    return [id_ for id_, _ in means.nearest(vector, means.blocks(documents), k)]


def size(means: MeanTable, document_ids: list[str]) -> int:
    return sum(block.size for block in means.blocks(document_ids))


def test_blocks_of_several_documents_are_ranked_together(means: MeanTable) -> None:
    means.add("bio", IDS[:2], ROWS[:2])
    means.add("bio", IDS[2:3], ROWS[2:3])
    means.add("algo", IDS[3:], ROWS[3:])
    asked = np.array([1, 2, 3, 4], dtype=np.float32)

    assert order(means, asked, "bio", "algo") == ["d", "c", "b", "a"]
    assert order(means, asked, "bio", "unknown", k=2) == ["c", "b"]
    assert (size(means, ["bio"]), size(means, ["bio", "algo"]), size(means, [])) == (3, 4, 0)
    assert order(means, asked) == []


def test_the_cosine_does_not_depend_on_the_length_of_the_question(means: MeanTable) -> None:
    means.add("bio", IDS, ROWS)

    assert dict(means.nearest(7 * ROWS[1], means.blocks(["bio"]), 4)) == pytest.approx({"a": 0, "b": 1, "c": 0, "d": 0})
    assert len(means.nearest(0 * ROWS[1], means.blocks(["bio"]), 4)) == 4


def test_a_block_again_replaces_itself(means: MeanTable) -> None:
    means.add("bio", IDS, ROWS)
    means.add("bio", IDS, ROWS[::-1].copy())

    assert size(means, ["bio"]) == 4
    assert order(means, ROWS[0], "bio", k=1) == ["d"]


def test_models_and_documents_do_not_meet(means: MeanTable, database: Database) -> None:
    other = MeanTable(database.of(ADA), "another", ByteCache())
    means.add("bio", IDS[:2], ROWS[:2])
    means.add("algo", IDS[2:], ROWS[2:])
    other.add("bio", ["e"], np.eye(8, dtype=np.float32)[:1])

    means.delete("bio")
    assert order(means, ROWS[0], "bio", "algo") == ["c", "d"]
    assert size(other, ["bio", "algo"]) == 1

    other.delete_other_models()
    assert (size(means, ["bio", "algo"]), size(other, ["bio"])) == (0, 1)


def test_a_library_of_before_gets_its_blocks_from_the_sentence_vectors(shelf: SearchShelf, means: MeanTable) -> None:
    shelf.put("old", PAGES)
    ((ids, vectors),) = list(shelf.passages.means("old"))
    downgrade(shelf.database, "0002")
    migrate(shelf.database.engine)

    assert size(means, ["old"]) == len(ids) == 3
    assert [order(means, vector, "old", k=1)[0] for vector in vectors] == ids
    assert [
        cosine for vector in vectors for _, cosine in means.nearest(vector, means.blocks(["old"]), 1)
    ] == pytest.approx([1.0] * 3, abs=0.02)


def test_what_was_read_once_is_not_read_again(means: MeanTable, database: Database) -> None:
    means.add("bio", IDS, ROWS)
    first = means.nearest(ROWS[0], means.blocks(["bio"]), 4)
    with database.session_of(ADA) as session:
        session.execute(update(MeanVectors).values(vectors=bytes(16)))

    assert means.nearest(ROWS[0], means.blocks(["bio"]), 4) == first
    unread = MeanTable(database.of(ADA), "test", ByteCache())
    assert unread.nearest(ROWS[0], unread.blocks(["bio"]), 1)[0][1] == 0


def test_what_another_process_did_is_seen_at_once(means: MeanTable, database: Database) -> None:
    other = MeanTable(database.of(ADA), "test", ByteCache())
    means.add("bio", IDS[:2], ROWS[:2])
    assert order(means, ROWS[0], "bio") == ["a", "b"]

    other.add("bio", ["a", "x"], ROWS[1:3])
    assert order(means, ROWS[0], "bio") == ["a", "x"]
    assert dict(means.nearest(ROWS[1], means.blocks(["bio"]), 4))["a"] == pytest.approx(1, abs=0.01)

    other.delete("bio")
    assert order(means, ROWS[0], "bio") == []


def test_a_small_cache_gives_the_same_answers(database: Database, means: MeanTable) -> None:
    small = MeanTable(database.of(ADA), "test", ByteCache(600))
    for n, id_ in enumerate(IDS):
        means.add("bio", [id_], ROWS[n : n + 1])

    blocks = means.blocks(["bio"])
    for row in ROWS:
        assert dict(small.nearest(row, blocks, 4)) == dict(means.nearest(row, blocks, 4))


def test_blocks_of_before_get_the_digest_that_they_would_get_now(means: MeanTable, database: Database) -> None:
    means.add("bio", IDS, ROWS)
    before = means.blocks(["bio"])
    downgrade(database, "0008")
    migrate(database.engine)

    assert means.blocks(["bio"]) == before
    assert order(means, ROWS[2], "bio", k=1) == ["c"]

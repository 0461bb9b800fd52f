import numpy as np
import pytest
from numpy.typing import NDArray

from app.persistence.db import Database, migrate
from app.persistence.means import MeanTable
from tests.support.embeddings import HashingEmbeddings
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
    return MeanTable(shelf.database.of("ada"), "test")


def order(means: MeanTable, vector: NDArray[np.float32], *documents: str, k: int = 9) -> list[str]:
    return [id_ for id_, _ in means.nearest(vector, documents, k)]


def test_blocks_of_several_documents_are_ranked_together(means: MeanTable) -> None:
    means.add("bio", IDS[:2], ROWS[:2])
    means.add("bio", IDS[2:3], ROWS[2:3])
    means.add("algo", IDS[3:], ROWS[3:])
    asked = np.array([1, 2, 3, 4], dtype=np.float32)

    assert order(means, asked, "bio", "algo") == ["d", "c", "b", "a"]
    assert order(means, asked, "bio", "unknown", k=2) == ["c", "b"]
    assert (means.size(["bio"]), means.size(["bio", "algo"]), means.size([])) == (3, 4, 0)
    assert order(means, asked) == []


def test_the_cosine_does_not_depend_on_the_length_of_the_question(means: MeanTable) -> None:
    means.add("bio", IDS, ROWS)

    assert dict(means.nearest(7 * ROWS[1], ["bio"], 4)) == pytest.approx({"a": 0, "b": 1, "c": 0, "d": 0})
    assert len(means.nearest(0 * ROWS[1], ["bio"], 4)) == 4


def test_a_block_again_replaces_itself(means: MeanTable) -> None:
    means.add("bio", IDS, ROWS)
    means.add("bio", IDS, ROWS[::-1].copy())

    assert means.size(["bio"]) == 4
    assert order(means, ROWS[0], "bio", k=1) == ["d"]


def test_models_and_documents_do_not_meet(means: MeanTable, database: Database) -> None:
    other = MeanTable(database.of("ada"), "another")
    means.add("bio", IDS[:2], ROWS[:2])
    means.add("algo", IDS[2:], ROWS[2:])
    other.add("bio", ["e"], np.eye(8, dtype=np.float32)[:1])

    means.delete("bio")
    assert order(means, ROWS[0], "bio", "algo") == ["c", "d"]
    assert other.size(["bio", "algo"]) == 1

    other.delete_other_models()
    assert (means.size(["bio", "algo"]), other.size(["bio"])) == (0, 1)


def test_a_library_of_before_gets_its_blocks_from_the_sentence_vectors(shelf: SearchShelf, means: MeanTable) -> None:
    shelf.put("old", PAGES)
    ((ids, vectors),) = list(shelf.passages.means("old"))
    downgrade(shelf.database, "0002")
    migrate(shelf.database.engine)

    assert means.size(["old"]) == len(ids) == 3
    assert [order(means, vector, "old", k=1)[0] for vector in vectors] == ids
    assert [cosine for vector in vectors for _, cosine in means.nearest(vector, ["old"], 1)] == pytest.approx(
        [1.0] * 3, abs=0.02
    )

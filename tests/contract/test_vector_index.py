"""What every vector index promises."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from app.cache import ByteCache
from app.persistence.db import Database
from app.persistence.learners import LearnerStore
from app.persistence.means import MeanTable
from app.vectors import EXACT_PASSAGES, ChromaIndex, ChromaVectors
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA, BOB
from tests.support.shelf import ExactVectors, SearchShelf
from tools.ports import VectorIndex
from tools.types import Learner

DIMENSIONS = 16
DOCUMENTS = ["bio", "algo", "near", "far", *(f"document{n}" for n in range(40))]
KINDS = {"chroma, small scopes": EXACT_PASSAGES, "chroma, large scopes": 0}


Open = Callable[[str], VectorIndex]


@pytest.fixture(params=["in memory", *KINDS])
def opened(request: pytest.FixtureRequest, database: Database) -> Iterator[Open]:
    """The index of a learner. A scope is large for Chroma when it has more passages than are looked at exactly."""
    if request.param == "in memory":
        indexes = defaultdict[Learner, VectorIndex](ExactVectors)
        yield lambda learner: indexes[learner]
        return
    shelf = SearchShelf(database, HashingEmbeddings())
    for document_id in DOCUMENTS:
        shelf.put(document_id, [])
    LearnerStore(database).known(BOB)
    url, model = request.getfixturevalue("chroma").url, f"model/{uuid4()}"
    chroma, cache = ChromaVectors(url, model), ByteCache[str, tuple[list[str], NDArray[np.float32]]]()
    yield lambda learner: ChromaIndex(
        chroma, learner, MeanTable(database.of(learner), model, cache), KINDS[request.param]
    )
    chroma.close()


@pytest.fixture
def index(opened: Open) -> VectorIndex:
    return opened(ADA)


def vectors(n: int, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def put(index: VectorIndex, document_id: str, rows: NDArray[np.float32]) -> list[str]:
    ids = [f"{document_id}-{n}" for n in range(len(rows))]
    index.add(document_id, ids, rows)
    return ids


def test_the_nearest_come_first_with_their_cosines(index: VectorIndex) -> None:
    rows = vectors(30)
    ids = put(index, "bio", rows)

    found = index.search(rows[7].tolist(), ["bio"], 5)

    cosines = rows @ rows[7]
    nearest = np.argsort(-cosines)[:5]
    assert [id_ for id_, _ in found] == [ids[n] for n in nearest]
    assert [cosine for _, cosine in found] == pytest.approx(cosines[nearest].tolist(), abs=0.01)


def test_nothing_outside_the_scope_is_found_however_near(index: VectorIndex) -> None:
    rows = vectors(300)
    put(index, "near", rows)
    far = put(index, "far", -rows[:3])

    found = index.search(rows[0].tolist(), ["far", "unknown"], 10)

    assert sorted(id_ for id_, _ in found) == sorted(far)


def test_a_scope_of_many_documents_holds(index: VectorIndex) -> None:
    rows = vectors(600)
    for n in range(40):
        put(index, f"document{n}", rows[15 * n : 15 * n + 15])
    inside = [f"document{n}" for n in range(0, 40, 2)]

    found = index.search(rows[20].tolist(), inside, 50)

    expected = [n for n in np.argsort(-(rows @ rows[20])) if n // 15 % 2 == 0][:50]
    assert len(found) == 50
    assert {id_.split("-")[0] for id_, _ in found} <= set(inside)
    assert len({id_ for id_, _ in found} & {f"document{n // 15}-{n % 15}" for n in expected}) >= 47


def test_a_scope_without_documents_finds_nothing(index: VectorIndex) -> None:
    put(index, "bio", vectors(3))

    assert index.search(vectors(1)[0].tolist(), [], 5) == []


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.search(vectors(1)[0].tolist(), ["bio"], 5) == []
    assert index.count("bio") == 0


def test_adding_twice_changes_nothing(index: VectorIndex) -> None:
    rows = vectors(12)
    put(index, "bio", rows)
    put(index, "bio", rows)

    assert index.count("bio") == 12
    assert len(index.search(rows[0].tolist(), ["bio"], 50)) == 12


def test_deleting_a_document_leaves_the_others(index: VectorIndex) -> None:
    put(index, "bio", vectors(12))
    put(index, "algo", vectors(5, seed=1))

    index.delete("bio")

    assert (index.count("bio"), index.count("algo")) == (0, 5)
    found = index.search(vectors(1)[0].tolist(), ["bio", "algo"], 50)
    assert {id_.split("-")[0] for id_, _ in found} == {"algo"}


def test_deleting_what_is_not_there_is_no_error(index: VectorIndex) -> None:
    index.delete("unknown")

    assert index.count("unknown") == 0


def test_another_learner_s_vectors_are_no_neighbours(opened: Open) -> None:
    """However many of somebody else's are nearer, all that are mine are found."""
    ada, bob = opened(ADA), opened(BOB)
    rows = vectors(300)
    mine = put(ada, "bio", -rows[:4])
    put(bob, "algo", rows)

    assert sorted(id_ for id_, _ in ada.search(rows[0].tolist(), ["bio"], 4)) == sorted(mine)
    assert (ada.count("bio"), ada.count("algo"), bob.count("algo")) == (4, 0, 300)


def test_deleting_for_one_learner_leaves_the_other(opened: Open) -> None:
    ada, bob = opened(ADA), opened(BOB)
    put(ada, "bio", vectors(3))
    put(bob, "algo", vectors(5))

    ada.delete("bio")

    assert (ada.count("bio"), bob.count("algo")) == (0, 5)
    assert len(bob.search(vectors(1)[0].tolist(), ["algo"], 9)) == 5

"""The vector index against a server that dies and comes back, and against other processes."""

from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from uuid import uuid4

import numpy as np
import pytest

from app.persistence.db import Database, connect, migrate
from app.persistence.means import MeanTable
from app.persistence.tables import Document
from app.vectors import EXACT_PASSAGES, ChromaIndex, collection_name
from tests.support.chroma import ChromaServer
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import SearchShelf
from tools.errors import IndexUnavailable

ROWS = np.eye(4, dtype=np.float32)
IDS = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """One of this module's own, since its tests kill it."""
    with ChromaServer(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    engine = connect(f"sqlite:///{tmp_path / 'studyrag.sqlite3'}")
    migrate(engine)
    database = Database(engine)
    shelf = SearchShelf(database, HashingEmbeddings())
    for document_id in ("bio", "algo"):
        shelf.put(document_id, [])
    yield database
    engine.dispose()


def opened(server: ChromaServer, database: Database, model: str, exact_up_to: int = EXACT_PASSAGES) -> ChromaIndex:
    """As a process of its own would open it."""
    return ChromaIndex(server.url, model, MeanTable(database.of("ada"), model), exact_up_to)


@pytest.fixture
def model() -> str:
    return f"model {uuid4()}"


@pytest.fixture
def index(server: ChromaServer, database: Database, model: str) -> Iterator[ChromaIndex]:
    server.start()
    index = opened(server, database, model)
    yield index
    index.close()


@pytest.fixture
def large(server: ChromaServer, index: ChromaIndex, database: Database, model: str) -> Iterator[ChromaIndex]:
    """The same index where every scope is too large to be looked at exactly."""
    large = opened(server, database, model, exact_up_to=0)
    yield large
    large.close()


def test_a_killed_server_loses_nothing(server: ChromaServer, index: ChromaIndex, large: ChromaIndex) -> None:
    index.add("bio", IDS, ROWS)
    server.kill()
    server.start()

    assert index.count("bio") == 4
    assert large.search(ROWS[2].tolist(), ["bio"], 1)[0][0] == "c"


def test_a_search_of_a_large_scope_says_that_the_server_is_down(
    server: ChromaServer, index: ChromaIndex, large: ChromaIndex
) -> None:
    index.add("bio", IDS, ROWS)
    server.kill()

    with pytest.raises(IndexUnavailable):
        large.search(ROWS[0].tolist(), ["bio"], 1)


def test_a_small_scope_is_searched_while_the_server_is_down(server: ChromaServer, index: ChromaIndex) -> None:
    index.add("bio", IDS, ROWS)
    server.kill()

    assert index.search(ROWS[2].tolist(), ["bio"], 1)[0][0] == "c"


@pytest.mark.parametrize("exact_up_to", [EXACT_PASSAGES, 0], ids=["small", "large"])
def test_another_process_sees_additions_and_deletions_at_once(
    server: ChromaServer, index: ChromaIndex, database: Database, model: str, exact_up_to: int
) -> None:
    reader = opened(server, database, model, exact_up_to)
    assert reader.search(ROWS[0].tolist(), ["bio", "algo"], 4) == []

    index.add("bio", IDS[:2], ROWS[:2])
    index.add("algo", IDS[2:], ROWS[2:])
    assert {id_ for id_, _ in reader.search(ROWS[0].tolist(), ["bio", "algo"], 4)} == set(IDS)

    index.delete("bio")
    assert {id_ for id_, _ in reader.search(ROWS[0].tolist(), ["bio", "algo"], 4)} == set(IDS[2:])
    reader.close()


def test_a_document_whose_row_is_gone_leaves_no_vectors_in_the_database(index: ChromaIndex, database: Database) -> None:
    index.add("bio", IDS, ROWS)
    with database.session_of("ada") as session:
        session.delete(session.get_one(Document, "bio"))

    assert index.search(ROWS[0].tolist(), ["bio"], 4) == []


def test_a_write_waits_for_the_server(server: ChromaServer, index: ChromaIndex) -> None:
    server.kill()
    back = Timer(0.5, server.start)
    back.start()

    index.add("bio", IDS, ROWS)
    back.join()

    assert index.count("bio") == 4


def test_a_collection_that_was_removed_is_made_again(
    server: ChromaServer, index: ChromaIndex, database: Database
) -> None:
    index.add("bio", IDS, ROWS)
    other = opened(server, database, "another model")
    other.delete_other_models()
    other.close()

    index.add("bio", IDS[:2], ROWS[:2])

    assert index.count("bio") == len(index.search(ROWS[0].tolist(), ["bio"], 4)) == 2


def test_each_model_has_vectors_of_its_own(server: ChromaServer, index: ChromaIndex, database: Database) -> None:
    other = opened(server, database, "another model")
    index.add("bio", IDS, ROWS)
    other.add("bio", IDS, np.eye(8, dtype=np.float32)[:4])

    assert other.search([0.0] * 7 + [1.0], ["bio"], 4)[0][1] == pytest.approx(0, abs=1e-6)
    assert index.search(ROWS[1].tolist(), ["bio"], 1)[0][0] == "b"
    other.close()


@pytest.mark.parametrize("model", ["m", "openai/text-embedding-3-small", "ein Modell für alles" * 20, "模型", ""])
def test_any_model_name_makes_a_collection(server: ChromaServer, database: Database, model: str) -> None:
    server.start()
    index = opened(server, database, model)
    index.add("bio", IDS, ROWS)

    assert index.count("bio") == 4
    assert collection_name(model) != collection_name(model + "!")
    index.close()

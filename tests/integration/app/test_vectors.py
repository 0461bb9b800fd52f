"""The vector index against a server that dies and comes back, and against other processes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit
from uuid import uuid4

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from app.cache import ByteCache
from app.persistence.db import Database, Service, connect, migrate
from app.persistence.learners import LearnerStore
from app.persistence.means import MeanTable
from app.persistence.tables import Document
from app.vectors import EXACT_PASSAGES, ChromaIndex, ChromaVectors, collection_name, shared_name
from tests.support.chroma import ChromaServer
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA, BOB
from tests.support.shelf import LEARNER, SearchShelf
from tools.errors import IndexUnavailable
from tools.types import Learner

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


Open = Callable[..., ChromaIndex]


@pytest.fixture
def opened(server: ChromaServer, database: Database) -> Iterator[Open]:
    """The index of a learner, as a process of its own would open it."""
    servers: list[ChromaVectors] = []

    def opened(model: str, exact_up_to: int = EXACT_PASSAGES, learner: Learner = LEARNER) -> ChromaIndex:
        servers.append(ChromaVectors(server.url, model))
        return ChromaIndex(servers[-1], learner, MeanTable(database.of(learner), model, ByteCache()), exact_up_to)

    yield opened
    for one in servers:
        one.close()


@pytest.fixture
def model() -> str:
    return f"model {uuid4()}"


@pytest.fixture
def index(server: ChromaServer, opened: Open, model: str) -> ChromaIndex:
    server.start()
    return opened(model)


@pytest.fixture
def large(index: ChromaIndex, opened: Open, model: str) -> ChromaIndex:
    """The same index where every scope is too large to be looked at exactly."""
    return opened(model, exact_up_to=0)


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
    index: ChromaIndex, opened: Open, model: str, exact_up_to: int
) -> None:
    reader = opened(model, exact_up_to)
    assert reader.search(ROWS[0].tolist(), ["bio", "algo"], 4) == []

    index.add("bio", IDS[:2], ROWS[:2])
    index.add("algo", IDS[2:], ROWS[2:])
    assert {id_ for id_, _ in reader.search(ROWS[0].tolist(), ["bio", "algo"], 4)} == set(IDS)

    index.delete("bio")
    assert {id_ for id_, _ in reader.search(ROWS[0].tolist(), ["bio", "algo"], 4)} == set(IDS[2:])


def test_a_document_whose_row_is_gone_leaves_no_vectors_in_the_database(index: ChromaIndex, database: Database) -> None:
    index.add("bio", IDS, ROWS)
    with database.session_of(LEARNER) as session:
        session.delete(session.get_one(Document, "bio"))

    assert index.search(ROWS[0].tolist(), ["bio"], 4) == []


def test_a_write_waits_for_the_server(server: ChromaServer, index: ChromaIndex) -> None:
    server.kill()
    back = Timer(0.5, server.start)
    back.start()

    index.add("bio", IDS, ROWS)
    back.join()

    assert index.count("bio") == 4


def test_a_collection_that_was_removed_is_made_again(index: ChromaIndex, opened: Open) -> None:
    index.add("bio", IDS, ROWS)
    opened("another model").server.delete_other_models()

    index.add("bio", IDS[:2], ROWS[:2])

    assert index.count("bio") == len(index.search(ROWS[0].tolist(), ["bio"], 4)) == 2


def test_each_model_has_vectors_of_its_own(index: ChromaIndex, opened: Open) -> None:
    other = opened("another model")
    index.add("bio", IDS, ROWS)
    other.add("bio", IDS, np.eye(8, dtype=np.float32)[:4])

    assert other.search([0.0] * 7 + [1.0], ["bio"], 4)[0][1] == pytest.approx(0, abs=1e-6)
    assert index.search(ROWS[1].tolist(), ["bio"], 1)[0][0] == "b"


@pytest.mark.parametrize("model", ["m", "openai/text-embedding-3-small", "ein Modell für alles" * 20, "模型", ""])
def test_any_name_of_model_and_learner_makes_a_collection(server: ChromaServer, opened: Open, model: str) -> None:
    server.start()
    index = opened(model)
    index.add("bio", IDS, ROWS)

    assert index.count("bio") == 4
    assert len({collection_name(one, owner) for one in (model, model + "!") for owner in (ADA, BOB)}) == 4


def test_a_collection_of_all_learners_becomes_one_for_each_without_embedding(
    server: ChromaServer, database: Database, opened: Open, model: str
) -> None:
    server.start()
    LearnerStore(database).known(BOB)
    with database.service_session(Service.INSTALLATION) as session:
        session.get_one(Document, "algo").owner_id = "bob"
    ada, bob = opened(model, exact_up_to=0), opened(model, exact_up_to=0, learner=BOB)
    ada.means.add("bio", IDS[:3], ROWS[:3])
    bob.means.add("algo", IDS[3:], ROWS[3:])
    with shared_collection(server, model) as names:
        for _ in range(2):  # as after a crash, or by two workers
            ada.server.settle({LEARNER: ada.means, BOB: bob.means})
        assert shared_name(model) not in names()

    assert (ada.count("bio"), ada.count("algo"), bob.count("algo")) == (3, 0, 1)
    assert ada.search(ROWS[2].tolist(), ["bio"], 1) == [("c", pytest.approx(1, abs=0.01))]


@contextmanager
def shared_collection(server: ChromaServer, model: str) -> Iterator[Callable[[], set[str]]]:
    """As an earlier version left it; yields a look at the names of all collections."""
    settings = Settings(anonymized_telemetry=False, chroma_http_max_keepalive_connections=0)
    client = chromadb.HttpClient(host="127.0.0.1", port=urlsplit(server.url).port or 0, settings=settings)
    client.create_collection(shared_name(model), embedding_function=None)
    yield lambda: {one.name for one in client.list_collections()}
    client.close()

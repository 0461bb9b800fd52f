"""The vector index against a server that dies and comes back."""

from collections.abc import Iterator
from threading import Timer
from uuid import uuid4

import numpy as np
import pytest

from app.vectors import ChromaIndex, collection_name
from tests.support.chroma import ChromaServer
from tools.errors import IndexUnavailable

ROWS = np.eye(4, dtype=np.float32)
IDS = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """One of this module's own, since its tests kill it."""
    with ChromaServer(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def index(server: ChromaServer) -> Iterator[ChromaIndex]:
    server.start()
    index = ChromaIndex(server.url, f"model {uuid4()}")
    yield index
    index.close()


def test_a_killed_server_loses_nothing(server: ChromaServer, index: ChromaIndex) -> None:
    index.add("bio", IDS, ROWS)
    server.kill()
    server.start()

    assert index.count("bio") == 4
    assert index.search(ROWS[2].tolist(), ["bio"], 1)[0][0] == "c"


def test_a_search_while_the_server_is_down_says_so(server: ChromaServer, index: ChromaIndex) -> None:
    index.add("bio", IDS, ROWS)
    server.kill()

    with pytest.raises(IndexUnavailable):
        index.search(ROWS[0].tolist(), ["bio"], 1)


def test_a_write_waits_for_the_server(server: ChromaServer, index: ChromaIndex) -> None:
    server.kill()
    back = Timer(0.5, server.start)
    back.start()

    index.add("bio", IDS, ROWS)
    back.join()

    assert index.count("bio") == 4


def test_a_collection_that_was_removed_is_made_again(server: ChromaServer, index: ChromaIndex) -> None:
    index.add("bio", IDS, ROWS)
    other = ChromaIndex(server.url, "another model")
    other.delete_other_models()
    other.close()

    index.add("bio", IDS[:2], ROWS[:2])

    assert index.count("bio") == 2


def test_each_model_has_a_collection_of_its_own(server: ChromaServer, index: ChromaIndex) -> None:
    other = ChromaIndex(server.url, "another model")
    index.add("bio", IDS, ROWS)
    other.add("bio", IDS, np.eye(8, dtype=np.float32)[:4])

    assert other.search([0.0] * 7 + [1.0], ["bio"], 4)[0][1] == pytest.approx(0, abs=1e-6)
    assert index.search(ROWS[1].tolist(), ["bio"], 1)[0][0] == "b"
    other.close()


@pytest.mark.parametrize("model", ["m", "openai/text-embedding-3-small", "ein Modell für alles" * 20, "模型", ""])
def test_any_model_name_makes_a_collection(server: ChromaServer, model: str) -> None:
    index = ChromaIndex(server.url, model)
    index.add("bio", IDS, ROWS)

    assert index.count("bio") == 4
    assert collection_name(model) != collection_name(model + "!")
    index.close()

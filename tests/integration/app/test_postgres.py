"""PostgreSQL as it is operated: it restarts, it is away, and a pooler stands before it."""

import asyncio
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.graph import checkpoint_serializer
from app.persistence import postgres as connecting
from app.persistence.checkpoints import memories
from app.persistence.db import Database, connect
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore, Placement, place_in
from app.persistence.postgres import DatabaseUnavailable
from tests.support.chroma import free_port
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA, BOB
from tests.support.postgres import PostgresServer, pooler
from tests.support.shelf import SearchShelf, scope

KEY = {"configurable": {"thread_id": "ada:t", "checkpoint_ns": ""}}


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    engine = connect(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    yield Database(engine)
    engine.dispose()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["in order", "as in a crash"])
async def test_who_asks_while_the_server_restarts_waits(
    postgres: PostgresServer, database: Database, postgres_url: str, how: signal.Signals
) -> None:
    library = LibraryStore(database)
    LearnerStore(database).known(ADA)
    async with memories(postgres_url, checkpoint_serializer()) as saver:
        await saver.aget_tuple(KEY)
        await asyncio.to_thread(postgres.stop, how)
        asked = asyncio.to_thread(library.tree, ADA), saver.aget_tuple(KEY), asyncio.to_thread(postgres.start)
        assert await asyncio.gather(*asked) == [[], None, None]


def test_books_come_and_go_while_documents_move(database: Database) -> None:
    """A place goes with its last document, perhaps while another one is on its way there."""
    shelf, library = SearchShelf(database, HashingEmbeddings()), LibraryStore(database)
    for n in range(8):
        shelf.put(f"d{n}", [])

    def wander(n: int) -> None:
        for step in range(6):
            library.move(ADA, f"d{n}", Placement("Autumn", "Biology", f"book {(n + step) % 3}"))

    with ThreadPoolExecutor(8) as movers:
        list(movers.map(wander, range(8)))
    filed = [library.document(ADA, f"d{n}").book for n in range(8)]
    assert filed == [f"book {(n + 5) % 3}" for n in range(8)]
    shelf.search.close()


def test_who_asks_while_it_is_away_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PATIENCE_SECONDS", 0.1)
    engine = connect(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none")
    with pytest.raises(DatabaseUnavailable, match="in a moment") as told:
        LibraryStore(Database(engine)).tree(ADA)
    assert (told.value.status, told.value.retryable, bool(told.value.retry_after)) == (503, True, True)
    engine.dispose()


async def test_behind_a_pooler_nothing_is_lost_or_mixed_up(postgres: PostgresServer, postgres_url: str) -> None:
    """In transaction mode, with fewer connections to the server than there are askers."""
    with pooler(postgres) as port:
        url = postgres_url.replace(f":{postgres.port}/", f":{port}/")
        engine = connect(url.replace("postgresql:", "postgresql+psycopg:"))
        database = Database(engine)
        for learner in (ADA, BOB):
            LearnerStore(database).known(learner)

        def place(n: int) -> None:
            with database.session_of((ADA, BOB)[n % 2]) as session:
                place_in(session, (ADA, BOB)[n % 2], Placement("Autumn", "Biology", f"book {n}"))

        with ThreadPoolExecutor(8) as askers:
            list(askers.map(place, range(40)))
        for n, learner in enumerate((ADA, BOB)):
            [semester] = LibraryStore(database).tree(learner)
            assert {book.name for book in semester.children[0].children} == {f"book {m}" for m in range(n, 40, 2)}
        shelf = SearchShelf(database, HashingEmbeddings())
        shelf.put("bio", ["Osmosis moves water."] * 10)
        assert [shelf.search.search("osmosis", scope("bio")).hits[0].passage.page_index for _ in range(8)] == [1] * 8
        async with memories(url, checkpoint_serializer()) as saver:
            assert await asyncio.gather(*(saver.aget_tuple(KEY) for _ in range(20))) == [None] * 20
        shelf.search.close()
        engine.dispose()

"""A library goes from a data folder to PostgreSQL and a vector server, under another learner."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from httpx import Response
from langgraph.checkpoint.base import empty_checkpoint

from app import api
from app.cache import ByteCache
from app.conversations import Conversation, memories_of
from app.indexes import Indexes
from app.moving.move import Move, folder_services
from app.persistence.means import MeanTable
from app.settings import Settings
from app.wiring import LOCAL_LEARNER, Services
from tests.support.chroma import ChromaServer
from tests.support.embeddings import HashingEmbeddings
from tests.support.isolation import SECRET, Ids, World, furnish, world
from tools.errors import Conflict
from tools.types import Learner

ADA = Learner("0b1f3c1e-6f0c-4f7e-9a59-0d7f5f3a2b10")
PLACE = {"checkpoint_ns": ""}
SHOWN = (
    "/api/library",
    "/api/documents/{document}/pages/1",
    "/api/quizzes/{done_quiz}/report",
    "/api/query/{query}",
    "/api/threads/{thread}/citations/1",
    "/api/review/due",
)


class Stopped(Exception):
    """As if the process were killed there."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    """What the product without services has kept, furnished for its one learner."""
    services = folder_services(Settings.model_validate({}), tmp_path / "here")
    (tmp_path / "here").mkdir()
    with world(app_with(services), services) as made:
        services.learners.known(LOCAL_LEARNER)
        yield made


@pytest.fixture
def hers(here: World) -> Ids:
    ids = furnish(here, LOCAL_LEARNER.id)
    index = here.indexes.serving(LOCAL_LEARNER)
    means = MeanTable(here.services.database.of(LOCAL_LEARNER), index.model, ByteCache())
    for passage_ids, vectors in index.passages.means(ids.document):
        means.add(ids.document, passage_ids, vectors)
    return ids


@pytest.fixture
def there(tmp_path: Path, postgres_url: str, chroma: ChromaServer) -> Iterator[Services]:
    chosen = {"STUDYRAG_DATA_DIR": tmp_path / "there", "database_url": postgres_url, "chroma_url": chroma.url}
    services = Services(Settings.model_validate(chosen))
    services.__dict__["indexes"] = Indexes(
        services.settings, services.database, services.cache, lambda *_: HashingEmbeddings()
    )
    yield services
    services.indexes.close()
    services.database.engine.dispose()


def app_with(services: Services) -> FastAPI:
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.services = services
    api.register(app)
    return app


async def test_everything_arrives_though_it_is_stopped_on_the_way(here: World, hers: Ids, there: Services) -> None:
    await remember(here.services, LOCAL_LEARNER, hers.thread, {"document_id": hers.document})

    def stop_at(stage: str) -> None:
        if stage in ("passages", "vectors"):
            raise Stopped

    for _ in range(2):
        with pytest.raises(Stopped):
            await Move(here.services, there, ADA).run(stop_at)
    moved = await Move(here.services, there, ADA).run(lambda _: None)
    again = await Move(here.services, there, ADA).run(lambda _: None)
    assert [one for one in moved if one.before != one.after] == []
    assert again == moved
    assert {one.name for one in moved if one.before} >= {"documents", "passages", "citations", "attempts", "files",
                                                         "keywords", "vectors", "conversations"}  # fmt: skip
    new = Move(here.services, there, ADA).renaming(hers.document)
    assert new != hers.document
    assert await remembered(there, ADA, hers.thread) == {"document_id": new}
    vector = np.asarray(HashingEmbeddings().embed_query("Zanzibar cloves"), np.float32)
    [(passage_id, _)] = there.indexes.wanted(ADA).vectors.search(vector, [new], 1)
    assert passage_id.startswith(new)
    with world(app_with(there), there) as arrived:
        compare(here, arrived, hers, new)


def compare(here: World, arrived: World, hers: Ids, new: str) -> None:
    """What the API tells is the same, but for the ids of documents."""

    def both(url: str) -> tuple[Response, Response]:
        ids = asdict(hers)
        mine, theirs = (
            here.as_(LOCAL_LEARNER.id, "GET", url.format(**ids)),
            arrived.as_(ADA.id, "GET", url.format(**ids | {"document": new})),
        )
        assert (mine.status_code, theirs.status_code) == (200, 200), (mine.text, theirs.text)
        return mine, theirs

    renaming = Move(here.services, arrived.services, ADA).renaming
    for url in SHOWN:
        mine, theirs = both(url)
        assert renaming(mine.json()) == theirs.json(), url
    mine, theirs = both("/api/documents/{document}/file")
    assert mine.content == theirs.content
    again = arrived.as_(ADA.id, "POST", "/api/documents/upload", files={"file": (f"{SECRET}.txt", mine.content)})
    assert again.json()["documents"][0]["duplicate_of"] == new


async def test_a_library_that_is_there_already_is_not_mixed_up(here: World, hers: Ids, there: Services) -> None:
    with world(app_with(there), there) as arrived:
        there.learners.known(ADA)
        reply = arrived.as_(ADA.id, "POST", "/api/documents/upload", files={"file": ("own.txt", b"Of her own.")})
        assert reply.status_code == 202
    with pytest.raises(Conflict, match="has a library there already"):
        await asyncio.to_thread(Move, here.services, there, ADA)


async def remember(services: Services, learner: Learner, thread: str, scope: dict[str, str]) -> None:
    async with memories_of(services.settings, LOCAL_LEARNER) as saver:
        checkpoint = empty_checkpoint() | {"channel_values": {"scope": scope}, "channel_versions": {"scope": "1"}}
        config = {"configurable": {"thread_id": Conversation(learner, thread).memory} | PLACE}
        await saver.aput(config, checkpoint, {}, {"scope": "1"})


async def remembered(services: Services, learner: Learner, thread: str) -> object:
    async with memories_of(services.settings, LOCAL_LEARNER) as saver:
        found = await saver.aget_tuple({"configurable": {"thread_id": Conversation(learner, thread).memory} | PLACE})
    assert found is not None
    return found.checkpoint["channel_values"]["scope"]

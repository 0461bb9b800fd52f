"""What faults and deaths left apart in rows, vectors and objects is found, and mended where it can be."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from app.caches import MemoryCache
from app.indexes import Index, Indexes
from app.maintenance import Maintenance, Report
from app.persistence.tables import Document, now
from app.settings import Settings
from app.vectors import ChromaIndex, _drop, collection_name
from app.wiring import LOCAL_LEARNER, Services
from ingestion.embed import embed_passages
from ingestion.types import Chunk, Page
from tests.support.chroma import ChromaServer
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import EVE

WATER = "Osmosis is the movement of water through a membrane."


@pytest.fixture
def services(tmp_path: Path, chroma: ChromaServer) -> Iterator[Services]:
    chroma.start()
    values = {"STUDYRAG_DATA_DIR": tmp_path, "STUDYRAG_EMBEDDING_MODEL": f"model/{uuid4()}", "chroma_url": chroma.url}
    settings = Settings.model_validate(values)
    services = Services(settings)
    indexes = Indexes(settings, services.database, MemoryCache(), lambda *_: HashingEmbeddings())
    services.__dict__["indexes"] = indexes
    services.learners.known(LOCAL_LEARNER)
    yield services
    indexes._server(indexes.serving_model).close()
    indexes.close()
    services.database.engine.dispose()


def put(services: Services, text: str, state: str = "ready") -> str:
    """A document of one passage."""
    index = services.indexes.serving(LOCAL_LEARNER)
    document_id = services.documents.accept(LOCAL_LEARNER, f"{text[:5]}.txt", BytesIO(text.encode())).document_id
    index.passages.add_pages(document_id, [Page(1, "1", "page", text)], [Chunk(1, 0, len(text), text, ())])
    todo = index.passages.without_vectors(document_id, 10)
    index.passages.add_vectors([id_ for id_, _ in todo], embed_passages([t for _, t in todo], HashingEmbeddings()))
    for ids, means in index.passages.means(document_id):
        index.vectors.add(document_id, ids, means)
    with services.database.session_of(LOCAL_LEARNER) as session:
        row = session.get_one(Document, document_id)
        row.state, row.passage_count, row.ready_at = state, 1, now()
    return document_id


def ghost(index: Index) -> None:
    """Vectors of a document that is no more."""
    index.vectors.upsert("ghost", ["ghost-1"], np.ones((1, _dimensions(index)), np.float32))


def _dimensions(index: Index) -> int:
    return len(index.embeddings.embed_query("x"))


def test_nothing_is_found_where_nothing_is_wrong_and_what_is_under_way_is_left_alone(services: Services) -> None:
    put(services, WATER)
    queued = put(services, "Mitosis divides a cell.", "queued")
    assert Maintenance(services).run() == Report()
    assert services.indexes.serving(LOCAL_LEARNER).vectors.count(queued) == 1


def test_what_belongs_to_nothing_goes(services: Services) -> None:
    document_id = put(services, WATER)
    index = services.indexes.serving(LOCAL_LEARNER)
    ghost(index)
    stranger = ChromaIndex(index.vectors.server, EVE, index.vectors.means)
    stranger.upsert("theirs", ["theirs-1"], np.ones((1, _dimensions(index)), np.float32))
    for key in (f"pages/{document_id}/1.png", "pages/ghost/1.png", "chat_files/ghost/notes.txt"):
        services.storage.put(f"users/{LOCAL_LEARNER.id}/{key}", BytesIO(b"x"))
    services.storage.put(f"users/{LOCAL_LEARNER.id}/raw_data/A/B/C/new.txt", BytesIO(b"put there to be scanned"))
    report = Maintenance(services).run()
    assert report == Report(vectors_of_deleted_documents=1, collections_of_nobody=1, objects_without_a_document=2)
    assert (index.vectors.count("ghost"), index.vectors.count(document_id)) == (0, 1)
    left = services.storage.list(f"users/{LOCAL_LEARNER.id}")
    assert [key for key in left if "ghost" in key] == []
    assert len(left) == 3
    assert Maintenance(services).run() == Report()


def test_a_vector_server_that_lost_everything_is_filled_again_from_the_rows(services: Services) -> None:
    document_id = put(services, WATER)
    index = services.indexes.serving(LOCAL_LEARNER)
    index.vectors.server.patiently(30, partial(_drop, name=collection_name(index.model, LOCAL_LEARNER)))
    assert index.vectors.count(document_id) == 0
    assert Maintenance(services).run() == Report(documents_without_their_vectors=1)
    assert index.vectors.count(document_id) == 1


def test_an_original_that_is_missing_is_told(services: Services) -> None:
    document_id = put(services, WATER)
    document = services.library.document(LOCAL_LEARNER, document_id).document
    services.storage.delete(document.storage_key)
    assert Maintenance(services).run() == Report(missing_originals=1)

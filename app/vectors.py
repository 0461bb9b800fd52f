"""The vector index: a Chroma server over HTTP."""

import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from threading import Lock
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.config import Settings
from chromadb.errors import InternalError, NotFoundError, RateLimitError
from langchain_chroma import Chroma

from app.persistence.means import MeanTable
from tools.errors import IndexUnavailable
from tools.ports import Vectors

T = TypeVar("T")

WRITE_PATIENCE = 30.0
READ_PATIENCE = 0.8
_BATCH = 500
EXACT_PASSAGES = 20_000
"""Up to here an exact look is quicker than asking Chroma."""
_CONFIGURATION = {"hnsw": {"space": "cosine"}}
_MISSING = (httpx.HTTPError, NotFoundError, InternalError, RateLimitError, ConnectionError)


def collection_name(model: str) -> str:
    """A name that Chroma accepts and that no two models share."""
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", model).strip("-")[:40]
    return f"passages-{readable}-{blake2b(model.encode(), digest_size=4).hexdigest()}"


@dataclass(frozen=True)
class _Opened:
    client: ClientAPI
    collection: ChromaCollection
    store: Chroma


class ChromaIndex:
    """Implements tools.ports.VectorIndex with one collection for each embedding model.

    A metadata filter costs Chroma 15 to 80 ms with 30,000 passages, a search without one 5 ms, and an exact look at
    the vectors in the database 0.25 ms for a thousand. So a scope is looked at exactly, unless it is so large
    that asking Chroma without a filter is quicker and brings enough of it.
    """

    def __init__(self, url: str, model: str, means: MeanTable, exact_up_to: int = EXACT_PASSAGES) -> None:
        self._url = urlsplit(url)
        self._name = collection_name(model)
        self._means = means
        self._exact_up_to = exact_up_to
        self._lock = Lock()
        self._client: ClientAPI | None = None
        self._opened: _Opened | None = None

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        scope = frozenset(document_ids)
        if self._means.size(scope) > self._exact_up_to:
            found = self._patiently(READ_PATIENCE, lambda index: _nearest(index, vector, scope, 2 * k))
            if len(found) >= k:
                return found[:k]
        return self._means.nearest(np.asarray(vector, dtype=np.float32), scope, k)

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        for first in range(0, len(passage_ids), _BATCH):
            some = slice(first, first + _BATCH)
            upsert = partial(_upsert, document_id=document_id, ids=list(passage_ids[some]), vectors=vectors[some])
            self._patiently(WRITE_PATIENCE, upsert)
            self._means.add(document_id, passage_ids[some], vectors[some])

    def delete(self, document_id: str) -> None:
        """Nothing is removed while the server is away."""
        self._patiently(WRITE_PATIENCE, lambda index: index.collection.delete(where={"document_id": document_id}))
        self._means.delete(document_id)

    def count(self, document_id: str) -> int:
        found = self._patiently(
            WRITE_PATIENCE, lambda index: index.collection.get(where={"document_id": document_id}, include=[])
        )
        return len(found["ids"])

    def delete_other_models(self) -> None:
        """Remove the collections of the models that serve no longer."""
        self._patiently(WRITE_PATIENCE, self._delete_others)
        self._means.delete_other_models()

    def _delete_others(self, index: _Opened) -> None:
        for collection in index.client.list_collections():
            if collection.name != self._name:
                index.client.delete_collection(collection.name)

    def ping(self) -> None:
        """Raises IndexUnavailable at once when the server does not answer."""
        self._patiently(0, lambda index: index.client.heartbeat())

    def close(self) -> None:
        with self._lock:
            if self._client:
                self._client.close()
            self._client = self._opened = None

    def _patiently(self, patience: float, call: Callable[[_Opened], T]) -> T:
        """Try again while the server restarts, for `patience` seconds. Raises IndexUnavailable."""
        deadline = time.monotonic() + patience
        pause = 0.05
        while True:
            try:
                return call(self._open())
            except _MISSING as error:
                self._opened = None
                if time.monotonic() + pause > deadline:
                    raise IndexUnavailable from error
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def _open(self) -> _Opened:
        opened = self._opened
        if opened is None:
            with self._lock:
                self._client = self._client or _connect(self._url)
                opened = self._opened = self._opened or _open_collection(self._client, self._name)
        return opened


def _connect(url: SplitResult) -> ClientAPI:
    # The client cannot close the connections it would keep, and kept ones break when the server restarts.
    settings = Settings(anonymized_telemetry=False, chroma_http_max_keepalive_connections=0)
    host, port = url.hostname or "127.0.0.1", url.port or 8000
    try:
        return chromadb.HttpClient(host=host, port=port, ssl=url.scheme == "https", settings=settings)
    except ValueError as error:  # what the client makes of a refused connection
        raise ConnectionError from error


def _open_collection(client: ClientAPI, name: str) -> _Opened:
    store = Chroma(name, client=client, collection_configuration=_CONFIGURATION)
    return _Opened(client, client.get_collection(name, embedding_function=None), store)


def _nearest(index: _Opened, vector: Sequence[float], scope: frozenset[str], n: int) -> list[tuple[str, float]]:
    """Those of the `n` nearest passages of the whole collection that are in scope."""
    found = index.store.similarity_search_by_vector_with_relevance_scores(list(vector), k=n)
    return [
        (document.id, 1 - distance)
        for document, distance in found
        if document.id and document.metadata["document_id"] in scope
    ]


def _upsert(index: _Opened, document_id: str, ids: list[str], vectors: Vectors) -> None:
    index.collection.upsert(
        ids=ids,
        embeddings=vectors,
        metadatas=[{"document_id": document_id}] * len(ids),
        documents=[""] * len(ids),  # the text lives in the database, but LangChain drops what has no document
    )

"""The vector index: a Chroma server over HTTP."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
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
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_before_delay, wait_exponential

from app.persistence.means import MeanTable
from tools.errors import IndexUnavailable
from tools.ports import Vectors
from tools.types import Learner

T = TypeVar("T")

WRITE_PATIENCE = 30.0
READ_PATIENCE = 0.8
_WAIT = wait_exponential(multiplier=0.05, max=1.0)
_BATCH = 500
_LISTED = 10_000
EXACT_PASSAGES = 20_000
"""Up to here an exact look is quicker than asking Chroma."""
_MOST_OPENED = 1000
_CONFIGURATION = {"hnsw": {"space": "cosine"}}
_MISSING = (httpx.HTTPError, NotFoundError, InternalError, RateLimitError, ConnectionError)


def shared_name(model: str) -> str:
    """The collection in which earlier versions kept this model's vectors of all learners."""
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", model).strip("-")[:40]
    return f"passages-{readable}-{_digest(model, 4)}"


def collection_name(model: str, learner: Learner) -> str:
    """A name that Chroma accepts and that no two models and no two learners share."""
    return f"{shared_name(model)}-{_digest(learner.id, 8)}"


def _digest(name: str, size: int) -> str:
    return blake2b(name.encode(), digest_size=size).hexdigest()


@dataclass(frozen=True)
class _Opened:
    collection: ChromaCollection
    store: Chroma


class ChromaVectors:
    """The vectors of one embedding model: a collection for each learner, on one server."""

    def __init__(self, url: str, model: str) -> None:
        self._url = urlsplit(url)
        self._model = model
        self._lock = Lock()
        self._client: ClientAPI | None = None
        self._opened: dict[Learner, _Opened] = {}

    def settle(self, learners: Mapping[Learner, MeanTable]) -> None:
        """Give each learner a collection of their own where an earlier version kept one for all; idempotent."""
        if shared_name(self._model) not in self._names():
            return
        for learner, means in learners.items():
            index = ChromaIndex(self, learner, means)
            for document_id, ids, vectors in means.every():
                index.upsert(document_id, ids, vectors)
        self.patiently(WRITE_PATIENCE, partial(_drop, name=shared_name(self._model)))

    def delete_other_models(self) -> None:
        """Remove the collections of the models that serve no longer."""
        for name in self._names():
            if not name.startswith(shared_name(self._model)):
                self.patiently(WRITE_PATIENCE, partial(_drop, name=name))

    def drop_strangers(self, learners: Callable[[], Collection[Learner]]) -> int:
        """Remove the collections of learners who are no more; returns how many there were. Raises IndexUnavailable."""
        there = [name for name in self._names() if name.startswith(f"{shared_name(self._model)}-")]
        ours = {collection_name(self._model, learner) for learner in learners()}  # looked up after the collections
        strange = [name for name in there if name not in ours]
        for name in strange:
            self.patiently(WRITE_PATIENCE, partial(_drop, name=name))
        return len(strange)

    def forget(self, learner: Learner) -> None:
        """Remove a learner's collection. Raises IndexUnavailable."""
        self.patiently(WRITE_PATIENCE, partial(_drop, name=collection_name(self._model, learner)))
        self._opened.pop(learner, None)

    def _names(self) -> list[str]:
        return self.patiently(WRITE_PATIENCE, lambda client: [one.name for one in client.list_collections()])

    def ping(self) -> None:
        """Raises IndexUnavailable at once when the server does not answer."""
        self.patiently(0, lambda client: client.heartbeat())

    def close(self) -> None:
        """Let go of the server; the next call connects again."""
        with self._lock:
            if self._client:
                self._client.close()
            self._client = None
            self._opened.clear()

    def patiently(self, patience: float, call: Callable[[ClientAPI], T]) -> T:
        """Try again while the server restarts, for `patience` seconds. Raises IndexUnavailable."""
        again = Retrying(retry=retry_if_exception_type(_MISSING), wait=_WAIT, stop=stop_before_delay(patience))
        try:
            found: T = again(self._attempt, call)
        except RetryError as error:
            raise IndexUnavailable from error
        return found

    def _attempt(self, call: Callable[[ClientAPI], T]) -> T:
        try:
            return call(self._connected())
        except _MISSING:
            self._opened.clear()  # a server that comes back may have made its collections anew
            raise

    def _connected(self) -> ClientAPI:
        with self._lock:
            self._client = self._client or _connect(self._url)
            return self._client

    def opened(self, client: ClientAPI, learner: Learner) -> _Opened:
        """A learner's collection, made when it is new."""
        opened = self._opened.get(learner)
        if opened is None:
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            opened = self._opened[learner] = _open_collection(client, collection_name(self._model, learner))
        return opened


@dataclass(frozen=True)
class ChromaIndex:
    """Implements tools.ports.VectorIndex for one learner.

    A metadata filter costs Chroma 15 to 80 ms with 30,000 passages, a search without one 5 ms, and an exact look at
    the vectors in memory a fraction of that for a book. So a scope is looked at exactly, unless it is so large
    that asking Chroma without a filter is quicker and brings enough of it.
    """

    server: ChromaVectors
    learner: Learner
    means: MeanTable
    exact_up_to: int = EXACT_PASSAGES

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        """Exact, or Chroma's nearest in a scope of very many passages. Raises IndexUnavailable."""
        blocks = self.means.blocks(document_ids)
        if sum(block.size for block in blocks) > self.exact_up_to:
            found = self._patiently(READ_PATIENCE, partial(_nearest, vector=vector, scope=set(document_ids), n=2 * k))
            if len(found) >= k:
                return found[:k]
        return self.means.nearest(np.asarray(vector, dtype=np.float32), blocks, k)

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """Upsert, here and in the database. Raises IndexUnavailable."""
        for first in range(0, len(passage_ids), _BATCH):
            some = slice(first, first + _BATCH)
            self.upsert(document_id, list(passage_ids[some]), vectors[some])
            self.means.add(document_id, passage_ids[some], vectors[some])

    def upsert(self, document_id: str, ids: list[str], vectors: Vectors) -> None:
        """Bring at most 500 vectors to the server. Raises IndexUnavailable."""
        self._patiently(WRITE_PATIENCE, partial(_upsert, document_id=document_id, ids=ids, vectors=vectors))

    def delete(self, document_id: str) -> None:
        """Nothing is removed while the server is away. Raises IndexUnavailable."""
        where = {"document_id": document_id}
        self._patiently(WRITE_PATIENCE, lambda opened: opened.collection.delete(where=where))
        self.means.delete(document_id)

    def count(self, document_id: str) -> int:
        """How many vectors the server holds of a document. Raises IndexUnavailable."""
        where = {"document_id": document_id}
        found = self._patiently(WRITE_PATIENCE, lambda opened: opened.collection.get(where=where, include=[]))
        return len(found["ids"])

    def documents(self) -> Counter[str]:
        """How many vectors the server holds of each document. Raises IndexUnavailable."""
        held: Counter[str] = Counter()
        while some := self._patiently(WRITE_PATIENCE, partial(_documents_from, offset=held.total())):
            held.update(some)
        return held

    def _patiently(self, patience: float, call: Callable[[_Opened], T]) -> T:
        return self.server.patiently(patience, lambda client: call(self.server.opened(client, self.learner)))


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
    return _Opened(client.get_collection(name, embedding_function=None), store)


def _drop(client: ClientAPI, name: str) -> None:
    """Another process may have been earlier."""
    if name in {one.name for one in client.list_collections()}:
        client.delete_collection(name)


def _nearest(opened: _Opened, vector: Sequence[float], scope: Collection[str], n: int) -> list[tuple[str, float]]:
    """Those of the learner's `n` nearest passages that are in scope."""
    found = opened.store.similarity_search_by_vector_with_relevance_scores(list(vector), k=n)
    return [
        (document.id, 1 - distance)
        for document, distance in found
        if document.id and document.metadata["document_id"] in scope
    ]


def _documents_from(opened: _Opened, offset: int) -> list[str]:
    found = opened.collection.get(include=["metadatas"], limit=_LISTED, offset=offset)
    return [str(metadata["document_id"]) for metadata in found["metadatas"]]


def _upsert(opened: _Opened, document_id: str, ids: list[str], vectors: Vectors) -> None:
    opened.collection.upsert(
        ids=ids,
        embeddings=vectors,
        metadatas=[{"document_id": document_id}] * len(ids),
        documents=[""] * len(ids),  # the text lives in the database, but LangChain drops what has no document
    )

"""The search indexes, one for each embedding model, and which of them serves."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from app.persistence.db import Database, Service, insert_if_new
from app.persistence.keyword import KeywordTable
from app.persistence.means import MeanTable
from app.persistence.passages import PassageTable
from app.persistence.tables import Setting
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from app.vectors import ChromaIndex
from tools.search import HybridSearch

KEY = "index"
LOOK_AGAIN_SECONDS = 3
SEARCH_THREADS = 8


@dataclass(frozen=True)
class Index:
    """What one embedding model knows of one learner's books."""

    model: str
    embeddings: Embeddings
    keywords: KeywordTable
    vectors: ChromaIndex
    passages: PassageTable
    search: HybridSearch


class Indexes:
    """A new embedding model is filled in the background; until it holds everything, the old index goes on serving."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self._embeddings: dict[str, Embeddings] = {}
        self._made: dict[tuple[str, str], Index] = {}
        self._threads = ThreadPoolExecutor(max_workers=SEARCH_THREADS, thread_name_prefix="search")
        self._looked = float("-inf")
        self._serving = ""

    @property
    def wanted_model(self) -> str:
        """The model that is configured now."""
        return self.settings.embeddings_name

    @property
    def serving_model(self) -> str:
        """The model that answers; looked up again every few seconds, since the worker switches it."""
        if time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._serving, self._looked = self._read(), time.monotonic()
        return self._serving

    @property
    def embeddings(self) -> Embeddings:
        """Those of the model that answers."""
        return self._embeddings_of(self.serving_model)

    def serving(self, owner_id: str) -> Index:
        """The index of a learner that answers."""
        return self._of(self.serving_model, owner_id)

    def wanted(self, owner_id: str) -> Index:
        """The index of a learner in the model that is configured now."""
        return self._of(self.wanted_model, owner_id)

    def serve(self, model: str) -> None:
        """Switch all processes over to this model's indexes, and drop those of the others."""
        with self.database.service_session(Service.INSTALLATION) as session:
            session.merge(Setting(key=KEY, value={"model": model}))
        self._serving, self._looked = model, time.monotonic()
        everybody = self._of(model, Service.INSTALLATION)
        everybody.vectors.delete_other_models()
        everybody.passages.delete_other_models()

    def forget(self, owner_id: str, document_id: str) -> None:
        """Remove a document's words, and its vectors from every index in use."""
        self.serving(owner_id).keywords.delete(document_id)
        for model in {self.serving_model, self.wanted_model}:
            self._of(model, owner_id).vectors.delete(document_id)

    def ping(self) -> None:
        """Raises IndexUnavailable when the vector server does not answer."""
        self._of(self.serving_model, Service.INSTALLATION).vectors.ping()

    def close(self) -> None:
        """End the threads that search."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _of(self, model: str, owner: str | Service) -> Index:
        if (model, owner) not in self._made:
            sessions, embeddings = self.database.of(owner), self._embeddings_of(model)
            vectors = ChromaIndex(self.settings.chroma_url, model, MeanTable(sessions, model))
            passages, keywords = PassageTable(sessions, model), KeywordTable(sessions)
            search = HybridSearch(embeddings, keywords, vectors, passages, self._threads)
            self._made[model, owner] = Index(model, embeddings, keywords, vectors, passages, search)
        return self._made[model, owner]

    def _embeddings_of(self, model: str) -> Embeddings:
        if model not in self._embeddings:
            self._embeddings[model] = _embeddings(self.settings, model)
        return self._embeddings[model]

    def _read(self) -> str:
        """The model that the rows name; the configured one when there is none yet."""
        new = {"key": KEY, "value": {"model": self.settings.embeddings_name}}
        with self.database.service_session(Service.INSTALLATION) as session:
            if session.get(Setting, KEY) is None:  # another process may be as early as this one
                session.execute(insert_if_new(session, Setting).values(new))
            return str(session.get_one(Setting, KEY).value["model"])


def _embeddings(settings: Settings, model: str) -> Embeddings:
    if model == BUILT_IN_EMBEDDINGS:
        from app.models.minilm import MiniLM

        return MiniLM(settings.data_dir / "models")
    from app.models.litellm_embeddings import build_embeddings

    return build_embeddings(model, api_base=settings.embedding_api_base, timeout=settings.model_timeout_seconds)

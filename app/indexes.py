"""The search indexes, one for each embedding model, and which of them serves."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b

from langchain_core.embeddings import Embeddings
from sqlalchemy import select

from app.cache import ByteCache
from app.persistence.apparatus import ApparatusTable
from app.persistence.db import Database, Service, insert_if_new
from app.persistence.keyword import KeywordTable
from app.persistence.means import MeanCache, MeanTable
from app.persistence.passages import PassageTable, SentenceCache, sample
from app.persistence.tables import Learner, Setting
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from app.vectors import ChromaIndex, ChromaVectors
from tools.calibration import BUILT_IN, Calibration, measured
from tools.ports import Vectors
from tools.search import HybridSearch, Scale

KEY = "index"
LOOK_AGAIN_SECONDS = 3
SEARCH_THREADS = 8
SAMPLED = 2000
"""Passages that a calibration looks at."""


@dataclass(frozen=True)
class Index:
    """What one embedding model knows of one learner's books."""

    model: str
    embeddings: Embeddings
    keywords: KeywordTable
    vectors: ChromaIndex
    passages: PassageTable
    apparatus: ApparatusTable
    search: HybridSearch


class Indexes:
    """A new embedding model is filled in the background; until it holds everything, the old index goes on serving."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self._embeddings: dict[str, Embeddings] = {}
        self._calibrations: dict[str, Calibration] = {}
        self._servers: dict[str, ChromaVectors] = {}
        self._means: MeanCache = ByteCache()
        self._sentences: SentenceCache = ByteCache()
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
        self._server(model).delete_other_models()
        everybody = self.database.of(Service.INSTALLATION)
        MeanTable(everybody, model, self._means).delete_other_models()
        PassageTable(everybody, model, self._sentences).delete_other_models()

    def settle(self) -> None:
        """Give each learner a collection where an earlier version kept one for all. Raises IndexUnavailable."""
        model = self.serving_model
        with self.database.service_session(Service.INSTALLATION) as session:
            learners = list(session.scalars(select(Learner.id)))
        self._server(model).settle({owner_id: self._mean_table(model, owner_id) for owner_id in learners})

    def forget(self, owner_id: str, document_id: str) -> None:
        """Remove a document's words, and its vectors from every index in use."""
        self.serving(owner_id).keywords.delete(document_id)
        for model in {self.serving_model, self.wanted_model}:
            self._of(model, owner_id).vectors.delete(document_id)

    def ping(self) -> None:
        """Raises IndexUnavailable when the vector server does not answer."""
        self._server(self.serving_model).ping()

    def close(self) -> None:
        """End the threads that search."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _of(self, model: str, owner_id: str) -> Index:
        if (model, owner_id) not in self._made:
            sessions, embeddings = self.database.of(owner_id), self._embeddings_of(model)
            vectors = ChromaIndex(self._server(model), owner_id, self._mean_table(model, owner_id))
            passages, keywords = PassageTable(sessions, model, self._sentences), KeywordTable(sessions)
            search = HybridSearch(embeddings, keywords, vectors, passages, self._threads, self._scale_of(model))
            self._made[model, owner_id] = Index(
                model, embeddings, keywords, vectors, passages, ApparatusTable(sessions), search
            )
        return self._made[model, owner_id]

    def calibration(self, model: str) -> Calibration | None:
        """How a model's cosines compare with the built-in's; None until it was measured."""
        if model == BUILT_IN_EMBEDDINGS:
            return BUILT_IN
        if model not in self._calibrations:
            with self.database.service_session(Service.INSTALLATION) as session:
                row = session.get(Setting, _calibration_key(model))
            if row is None:
                return None
            self._calibrations[model] = Calibration(tuple(row.value["quantiles"]))
        return self._calibrations[model]

    def calibrate(self, model: str) -> None:
        """Measure a model on the sentences that it has embedded, once there are enough of them."""
        with self.database.service_session(Service.INSTALLATION) as session:
            found = measured(sample(session, model, SAMPLED))
            if found is not None:
                value = {"model": model, "quantiles": list(found.quantiles)}
                session.merge(Setting(key=_calibration_key(model), value=value))

    def _scale_of(self, model: str) -> Scale:
        def scale(cosines: Vectors) -> Vectors:
            calibration = self.calibration(model)
            return cosines if calibration in (None, BUILT_IN) else calibration.scaled(cosines)

        return scale

    def _mean_table(self, model: str, owner_id: str) -> MeanTable:
        return MeanTable(self.database.of(owner_id), model, self._means)

    def _server(self, model: str) -> ChromaVectors:
        if model not in self._servers:
            self._servers[model] = ChromaVectors(self.settings.chroma_url, model)
        return self._servers[model]

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


def _calibration_key(model: str) -> str:
    return f"calibration {blake2b(model.encode(), digest_size=16).hexdigest()}"


def _embeddings(settings: Settings, model: str) -> Embeddings:
    if model == BUILT_IN_EMBEDDINGS:
        from app.models.minilm import MiniLM

        return MiniLM(settings.data_dir / "models")
    from app.models.litellm_embeddings import build_embeddings

    return build_embeddings(model, api_base=settings.embedding_api_base, timeout=settings.model_timeout_seconds)

"""The search indexes, one for each embedding model, and which of them serves."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import accumulate

import numpy as np
from langchain_core.embeddings import Embeddings
from sqlalchemy import select

from app.cache import ByteCache
from app.caches import Cache
from app.kept_embeddings import KeptEmbeddings
from app.persistence.apparatus import ApparatusTable
from app.persistence.concepts import ConceptTable
from app.persistence.db import Database, Service, insert_if_new
from app.persistence.keyword import KeywordTable
from app.persistence.means import MeanCache, MeanTable
from app.persistence.passages import PassageTable, SentenceCache, sample
from app.persistence.tables import LearnerRow, Setting
from app.persistence.word_vectors import WordTable, wordless
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from app.vectors import ChromaIndex, ChromaVectors
from ingestion.embed import normalised
from tools.calibration import BUILT_IN, ENOUGH_PASSAGES, Calibration, measured
from tools.ports import Vectors, WordEmbeddings
from tools.questions.likeness import Likeness
from tools.search import HybridSearch
from tools.types import Learner

KEY = "index"
LOOK_AGAIN_SECONDS = 3
SEARCH_THREADS = 8
SAMPLED = 600
"""Passages that a calibration looks at."""

Embed = Callable[[Settings, str], Embeddings]


@dataclass(frozen=True)
class Index:
    """What one embedding model knows of one learner's books."""

    model: str
    embeddings: Embeddings
    keywords: KeywordTable
    vectors: ChromaIndex
    passages: PassageTable
    words: WordTable
    apparatus: ApparatusTable
    concepts: ConceptTable
    search: HybridSearch
    likeness: Likeness


def embeddings_of(settings: Settings, model: str) -> Embeddings:
    """The built-in model, or a provider's. Raises ModelFailed for a name without a known provider."""
    if model == BUILT_IN_EMBEDDINGS:
        from app.models.minilm import MiniLM

        return MiniLM(settings.data_dir / "models")
    from app.models.litellm_embeddings import build_embeddings

    return build_embeddings(model, api_base=settings.embedding_api_base, timeout=settings.model_timeout_seconds)


class Indexes:
    """A new embedding model is filled in the background; until it holds everything, the old index goes on serving."""

    def __init__(self, settings: Settings, database: Database, cache: Cache, embed: Embed = embeddings_of) -> None:
        self.settings = settings
        self._cache = cache
        self.database = database
        self._embed = embed
        self._embeddings: dict[str, Embeddings] = {}
        self._calibrations: dict[str, Calibration] = {}
        self._likenesses: dict[tuple[str, Calibration | None], Likeness] = {}
        self._looked_for: dict[str, float] = {}
        self._servers: dict[str, ChromaVectors] = {}
        self._means: MeanCache = ByteCache()
        self._sentences: SentenceCache = ByteCache()
        self._made: dict[tuple[str, Learner, Calibration | None], Index] = {}
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
    def likeness(self) -> Likeness:
        """How much alike texts are to the model that answers."""
        return self._likeness_of(self.serving_model, self.calibration(self.serving_model))

    def serving(self, learner: Learner) -> Index:
        """The index of a learner that answers."""
        return self._of(self.serving_model, learner)

    def wanted(self, learner: Learner) -> Index:
        """The index of a learner in the model that is configured now."""
        return self._of(self.wanted_model, learner)

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
        self._server(model).settle({learner: self._mean_table(model, learner) for learner in self.learners()})

    def wordless(self) -> list[tuple[Learner, str]]:
        """Owner and id of documents whose words the model that answers could embed, and has not yet."""
        if not isinstance(self._embeddings_of(self.serving_model), WordEmbeddings):
            return []
        with self.database.service_session(Service.INSTALLATION) as session:
            return wordless(session, self.serving_model)

    def forget(self, learner: Learner, document_id: str) -> None:
        """Remove a document's words, and its vectors from every index in use."""
        self.serving(learner).keywords.delete(document_id)
        for model in {self.serving_model, self.wanted_model}:
            self._of(model, learner).vectors.delete(document_id)

    def drop_strangers(self) -> int:
        """Remove the vectors of learners who are no more; returns how many there were. Raises IndexUnavailable."""
        return self._server(self.serving_model).drop_strangers(self.learners)

    def learners(self) -> list[Learner]:
        """Everybody there is."""
        with self.database.service_session(Service.INSTALLATION) as session:
            return [Learner(id_) for id_ in session.scalars(select(LearnerRow.id))]

    def forget_learner(self, learner: Learner) -> None:
        """Remove every vector of a learner. Raises IndexUnavailable."""
        for model in {self.serving_model, self.wanted_model}:
            self._server(model).forget(learner)
        self._made = {key: made for key, made in self._made.items() if key[1] != learner}

    def ping(self) -> None:
        """Raises IndexUnavailable when the vector server does not answer."""
        self._server(self.serving_model).ping()

    def close(self) -> None:
        """End the threads that search."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _of(self, model: str, learner: Learner) -> Index:
        calibration = self.calibration(model)
        if (made := self._made.get((model, learner, calibration))) is None:
            sessions, embeddings = self.database.of(learner), self._embeddings_of(model)
            vectors = ChromaIndex(self._server(model), learner, self._mean_table(model, learner))
            passages, keywords = PassageTable(sessions, model, self._sentences), KeywordTable(sessions)
            # The built-in model embeds a question sooner than a cache is asked.
            is_quick = model == BUILT_IN_EMBEDDINGS
            asked = embeddings if is_quick else KeptEmbeddings(embeddings, self._cache, learner, model)
            search = HybridSearch(asked, keywords, vectors, passages, self._threads, calibration)
            likeness = self._likeness_of(model, calibration)
            words, apparatus = WordTable(sessions, model), ApparatusTable(sessions)
            concepts = ConceptTable(sessions, passages, apparatus)
            made = Index(model, embeddings, keywords, vectors, passages, words, apparatus, concepts, search, likeness)
            self._made[model, learner, calibration] = made
        return made

    def calibration(self, model: str) -> Calibration | None:
        """How a model's cosines compare with the built-in's; None until it was measured."""
        if model == BUILT_IN_EMBEDDINGS:
            return BUILT_IN
        is_time = time.monotonic() - self._looked_for.get(model, float("-inf")) > LOOK_AGAIN_SECONDS
        if model not in self._calibrations and is_time:
            self._look_for_calibration(model)
        return self._calibrations.get(model)

    def calibrate(self, model: str) -> None:
        """Measure a model on sentences that it has embedded, once there are enough; the built-in one embeds them."""
        with self.database.service_session(Service.INSTALLATION) as session:
            passages = sample(session, model, SAMPLED)
        if len(passages) < ENOUGH_PASSAGES:
            return
        found = measured([vectors for _, vectors in passages], self._by_built_in([texts for texts, _ in passages]))
        if found is not None:
            self._calibrations[model] = found
            with self.database.service_session(Service.INSTALLATION) as session:
                session.merge(Setting(key=_calibration_key(model), value={"model": model, **asdict(found)}))

    def _by_built_in(self, passages: Sequence[Sequence[str]]) -> list[Vectors]:
        texts = [text for sentences in passages for text in sentences]
        vectors = np.asarray(self._embeddings_of(BUILT_IN_EMBEDDINGS).embed_documents(texts), np.float32)
        ends = list(accumulate(len(sentences) for sentences in passages))
        return np.split(normalised(vectors), ends[:-1])

    def _look_for_calibration(self, model: str) -> None:
        """The worker measures, so that it may be there any time."""
        self._looked_for[model] = time.monotonic()
        with self.database.service_session(Service.INSTALLATION) as session:
            row = session.get(Setting, _calibration_key(model))
        if row is not None:
            self._calibrations[model] = Calibration(tuple(row.value["own"]), tuple(row.value["built_in"]))

    def _likeness_of(self, model: str, calibration: Calibration | None) -> Likeness:
        key = model, calibration
        return self._likenesses.setdefault(key, Likeness(self._embeddings_of(model), calibration))

    def _mean_table(self, model: str, learner: Learner) -> MeanTable:
        return MeanTable(self.database.of(learner), model, self._means)

    def _server(self, model: str) -> ChromaVectors:
        if model not in self._servers:
            self._servers[model] = ChromaVectors(self.settings.chroma_url, model)
        return self._servers[model]

    def _embeddings_of(self, model: str) -> Embeddings:
        if model not in self._embeddings:
            self._embeddings[model] = self._embed(self.settings, model)
        return self._embeddings[model]

    def _read(self) -> str:
        """The model that the rows name; the configured one when there is none yet."""
        new = {"key": KEY, "value": {"model": self.settings.embeddings_name}}
        with self.database.service_session(Service.INSTALLATION) as session:
            if session.get(Setting, KEY) is None:  # another process may be as early as this one
                session.execute(insert_if_new(session, Setting).values(new))
            return str(session.get_one(Setting, KEY).value["model"])


def _calibration_key(model: str) -> str:
    return f"scale {blake2b(model.encode(), digest_size=16).hexdigest()}"

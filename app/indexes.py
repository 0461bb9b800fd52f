"""The search indexes, one for each embedding model, and which of them serves."""

import time
from contextlib import suppress
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings
from sqlalchemy.exc import IntegrityError

from app.persistence.db import Database
from app.persistence.keyword import KeywordTable
from app.persistence.means import MeanTable
from app.persistence.passages import PassageTable
from app.persistence.tables import Setting
from app.settings import BUILT_IN_EMBEDDINGS, Settings
from app.vectors import ChromaIndex
from tools.search import HybridSearch

KEY = "index"
LOOK_AGAIN_SECONDS = 3


@dataclass(frozen=True)
class Index:
    """What belongs to one embedding model."""

    model: str
    embeddings: Embeddings
    vectors: ChromaIndex
    passages: PassageTable
    search: HybridSearch


class Indexes:
    """A new embedding model is filled in the background; until it holds everything, the old index goes on serving."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.keywords = KeywordTable(database)
        self._made: dict[str, Index] = {}
        self._looked = float("-inf")
        self._serving = ""

    @property
    def wanted(self) -> Index:
        """The index of the model that is configured now."""
        return self.of(self.settings.embeddings_name)

    @property
    def serving(self) -> Index:
        """The index that answers; looked up again every few seconds, since the worker switches it."""
        if time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._serving, self._looked = self._read(), time.monotonic()
        return self.of(self._serving)

    def of(self, model: str) -> Index:
        if model not in self._made:
            embeddings = _embeddings(self.settings, model)
            vectors = ChromaIndex(self.settings.chroma_url, model, MeanTable(self.database, model))
            passages = PassageTable(self.database, model)
            search = HybridSearch(embeddings, self.keywords, vectors, passages)
            self._made[model] = Index(model, embeddings, vectors, passages, search)
        return self._made[model]

    def serve(self, model: str) -> None:
        """Switch all processes over to this model's index, and drop those of the others."""
        with self.database.session() as session:
            session.merge(Setting(key=KEY, value={"model": model}))
        self._serving, self._looked = model, time.monotonic()
        self.of(model).vectors.delete_other_models()
        self.of(model).passages.delete_other_models()

    def forget(self, document_id: str) -> None:
        """Remove a document's words, and its vectors from every index in use."""
        self.keywords.delete(document_id)
        for index in {self.serving.model: self.serving, self.wanted.model: self.wanted}.values():
            index.vectors.delete(document_id)

    def _read(self) -> str:
        with (
            suppress(IntegrityError),
            self.database.session() as session,
        ):  # another process may be as early as this one
            if session.get(Setting, KEY) is None:
                session.add(Setting(key=KEY, value={"model": self.settings.embeddings_name}))
        with self.database.session() as session:
            return str(session.get_one(Setting, KEY).value["model"])


def _embeddings(settings: Settings, model: str) -> Embeddings:
    if model == BUILT_IN_EMBEDDINGS:
        from app.models.minilm import MiniLM

        return MiniLM(settings.data_dir / "models")
    from app.models.litellm_embeddings import build_embeddings

    return build_embeddings(model, api_base=settings.embedding_api_base, timeout=settings.model_timeout_seconds)

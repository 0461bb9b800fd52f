"""The vectors of questions, kept for a day: they cost a call, and are there while the provider is not."""

import numpy as np
from langchain_core.embeddings import Embeddings

from app.caches import Cache, Kept, key_of
from tools.types import Learner


class KeptEmbeddings(Embeddings):
    """A provider's embeddings as one learner uses them."""

    def __init__(self, embeddings: Embeddings, cache: Cache, learner: Learner, model: str) -> None:
        self._embeddings = embeddings
        self._cache = cache
        self._learner = learner
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As the provider does, every time."""
        return self._embeddings.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        """As the provider did within the last day, else as it does now. Raises ModelBusy or ModelFailed."""
        key = key_of(Kept.EMBEDDING, self._learner, self._model, text)
        if kept := self._cache.get(key):
            return [float(number) for number in np.frombuffer(kept, np.float32)]
        vector = self._embeddings.embed_query(text)
        self._cache.put(key, np.asarray(vector, np.float32).tobytes(), Kept.EMBEDDING.seconds)
        return vector

"""An embedding model of any provider."""

import time
from collections.abc import Sequence
from typing import Any

from langchain_core.embeddings import Embeddings

from app.models.failover import LONGEST_WAIT, ModelTimedOut
from app.models.litellm_client import load_litellm, provider_of, study_errors
from tools.errors import ModelBusy, ModelFailed

BATCH = 96
"""Texts in a request: the smallest limit among the large providers."""


def build_embeddings(model: str, *, api_base: str = "", timeout: float) -> Embeddings:
    """Loads LiteLLM. `timeout` in seconds holds for each request of up to 96 texts.

    Raises ModelFailed for a name without a known provider.
    """
    provider_of(model)
    return LiteLLMEmbeddings(model, api_base, timeout)


class LiteLLMEmbeddings(Embeddings):
    """Raises ModelBusy after retries, ModelFailed for what no retry mends."""

    def __init__(self, model: str, api_base: str, timeout: float) -> None:
        self._model = model
        self._options: dict[str, Any] = {"timeout": timeout, "max_retries": 0, "encoding_format": "float"}
        if api_base:
            self._options["api_base"] = api_base

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return [vector for batch in batches for vector in self._patiently(batch, (0.5, 2))]

    def embed_query(self, text: str) -> list[float]:
        return self._patiently([text], (0.25,))[0]

    def _patiently(self, texts: Sequence[str], waits: Sequence[float]) -> list[list[float]]:
        for wait in waits:
            try:
                return self._embed(texts)
            except ModelBusy as error:
                if isinstance(error, ModelTimedOut) or (error.retry_after or 0) > LONGEST_WAIT:
                    raise
                time.sleep(max(wait, error.retry_after or 0))
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        sent = [text.strip() or "-" for text in texts]  # some providers refuse an empty text
        with study_errors(self._model):
            response = load_litellm().embedding(model=self._model, input=sent, **self._options)
        rows = sorted(response.data, key=lambda row: row["index"])
        vectors = [row["embedding"] for row in rows]
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) > 1:
            raise ModelFailed(f"{self._model} sent {len(vectors)} vectors for {len(texts)} texts: try another model.")
        return vectors

"""An embedding model of any provider."""

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any

from langchain_core.embeddings import Embeddings
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from app.models.failover import LONGEST_WAIT, Circuit, ModelTimedOut
from app.models.litellm_client import load_litellm, provider_of, study_errors
from tools.errors import ModelBusy, ModelFailed, StudyError

BATCH = 96
"""Texts in a request: the smallest limit among the large providers."""
PATIENCE = 5.0
"""Seconds that a learner's question waits: it can be searched for by words as well."""


def build_embeddings(model: str, *, api_base: str = "", timeout: float) -> Embeddings:
    """Loads LiteLLM. `timeout` in seconds holds for each request of up to 96 texts.

    Raises ModelFailed for a name without a known provider.
    """
    provider_of(model)
    return LiteLLMEmbeddings(model, api_base, timeout)


class LiteLLMEmbeddings(Embeddings):
    """Raises ModelBusy after retries, ModelFailed for what no retry mends; a provider that failed is left alone."""

    def __init__(self, model: str, api_base: str, timeout: float) -> None:
        self._model = model
        self._options: dict[str, Any] = {"timeout": timeout, "max_retries": 0, "encoding_format": "float"}
        if api_base:
            self._options["api_base"] = api_base
        self._patience = min(timeout, PATIENCE)
        self._circuit = Circuit(time.monotonic)
        self._guard = Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """In requests of up to 96 texts, each tried up to three times."""
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return [vector for batch in batches for vector in self._unless_dead(batch, (0.5, 2))]

    def embed_query(self, text: str) -> list[float]:
        """Tried twice only: a learner is waiting."""
        return self._unless_dead([text], (0.25,), timeout=self._patience)[0]

    def _unless_dead(self, texts: Sequence[str], waits: Sequence[float], **options: Any) -> list[list[float]]:
        with self._guard:
            refusal = self._circuit.refusal()
        if refusal:
            raise refusal
        try:
            vectors = self._patiently(texts, waits, **options)
        except StudyError as error:
            with self._guard:
                self._circuit.failed(error)
            raise
        with self._guard:
            self._circuit.succeeded()
        return vectors

    def _patiently(self, texts: Sequence[str], waits: Sequence[float], **options: Any) -> list[list[float]]:
        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            usual = waits[min(state.attempt_number, len(waits)) - 1]
            return max(usual, getattr(error, "retry_after", None) or 0)

        tries = stop_after_attempt(len(waits) + 1)
        retrying = Retrying(retry=retry_if_exception(_may_pass), stop=tries, wait=wait, reraise=True)
        return retrying(self._embed, texts, self._options | options)

    def _embed(self, texts: Sequence[str], options: dict[str, Any]) -> list[list[float]]:
        sent = [text.strip() or "-" for text in texts]  # some providers refuse an empty text
        with study_errors(self._model):
            response = load_litellm().embedding(model=self._model, input=sent, **options)
        rows = sorted(response.data, key=lambda row: row["index"])
        vectors = [row["embedding"] for row in rows]
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) > 1:
            raise ModelFailed(f"{self._model} sent {len(vectors)} vectors for {len(texts)} texts: try another model.")
        return vectors


def _may_pass(error: BaseException) -> bool:
    """Whether it is worth waiting for: not what took its whole time, nor what asks for more than we have."""
    if not isinstance(error, ModelBusy) or isinstance(error, ModelTimedOut):
        return False
    return (error.retry_after or 0) <= LONGEST_WAIT

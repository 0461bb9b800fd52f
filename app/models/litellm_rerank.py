"""A provider's reranker: a model that reads question and passage together, and orders what a search has found."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app.models.failover import Deployment, Failover
from app.models.litellm_client import load_litellm, provider_of, study_errors
from tools.errors import ModelBusy, ModelFailed
from tools.types import Degraded, Found

PATIENCE = 4.0
"""Seconds; a learner is waiting, and our own order is a good one."""


class LiteLLMReranker:
    """Implements agent.deps.Rerank; what goes wrong leaves our own order, and says so."""

    def __init__(self, model: str, *, api_base: str = "", timeout: float = PATIENCE) -> None:
        """Loads LiteLLM. Raises ModelFailed for a name without a known provider."""
        provider_of(model)
        self._timeout = min(timeout, PATIENCE)
        self._failover = Failover([Deployment(model, api_base)], budget=self._timeout)

    async def __call__(self, question: str, found: Found) -> Found:
        """The same hits in the model's order; one that it leaves out keeps its place behind them."""
        if len(found.hits) < 2:
            return found
        try:
            place, order = await self._failover.run(
                partial(self._order, question, [hit.passage.text for hit in found.hits])
            )
        except (ModelBusy, ModelFailed):
            return replace(found, degraded=found.degraded or Degraded.RERANKER)
        self._failover.succeeded(place)
        rest = [n for n in range(len(found.hits)) if n not in order]
        return replace(found, hits=tuple(found.hits[n] for n in [*order, *rest]))

    async def _order(self, question: str, texts: Sequence[str], place: Deployment) -> list[int]:
        with study_errors(place.model):
            async with asyncio.timeout(self._timeout):
                reply = await load_litellm().arerank(
                    query=question, documents=list(texts), top_n=len(texts), return_documents=False,
                    timeout=2 * self._timeout, max_retries=0, **place.options,
                )  # fmt: skip
        return _checked([row["index"] for row in reply.results or ()], len(texts), place.model)


def _checked(order: list[int], count: int, model: str) -> list[int]:
    if not order or len(set(order)) < len(order) or not set(order) <= set(range(count)):
        raise ModelFailed(f"{model} gave an order of passages that does not fit.")
    return order

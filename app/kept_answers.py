"""What models have answered, kept for half an hour."""

import asyncio

from app.caches import Cache, Kept, key_of
from tools.types import Learner


class KeptAnswers:
    """Implements agent.deps.Answers for one learner and one model with its options."""

    def __init__(self, cache: Cache, learner: Learner, model: str, options: object) -> None:
        self._cache = cache
        self._learner = learner
        self._made_by = model, options

    async def get(self, prompt: str) -> str | None:
        """The answer to this very prompt, which names question and passages; None when there is none."""
        kept = await asyncio.to_thread(self._cache.get, self._key(prompt))
        return kept.decode() if kept else None

    async def put(self, prompt: str, answer: str) -> None:
        """Keep an answer that has come to its end."""
        await asyncio.to_thread(self._cache.put, self._key(prompt), answer.encode(), Kept.ANSWER.seconds)

    def _key(self, prompt: str) -> str:
        return key_of(Kept.ANSWER, self._learner, self._made_by, prompt)

"""The two ways of deciding and answering: a chat model, or the built-in tutor."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from agent.state import Decision, Exchange
from tools.citations import Citer
from tools.types import Found


class Tutor(Protocol):
    """Made for one turn: `name` is whoever really answered, `tokens` what that took."""

    name: str
    tokens: dict[str, int]

    async def decide(self, utterance: str, history: Sequence[Exchange]) -> Decision:
        """Route and standalone question. Raises ModelBusy or ModelFailed."""
        ...

    def answer(self, question: str, found: Found, citer: Citer, history: Sequence[Exchange]) -> AsyncIterator[str]:
        """The reply in pieces with checked markers only. Raises ModelBusy or ModelFailed, also in mid-stream."""
        ...

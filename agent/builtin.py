"""The tutor that needs no model: rules, and sentences taken from the books as they stand."""

import re
from collections.abc import AsyncIterator, Sequence

from agent import followups, rules
from agent.state import BUILT_IN, Decision, Exchange, Route
from tools.citations import Citer
from tools.extract import MOST, excerpts
from tools.types import AnswerLength, Found

LEAD = "From your books:"
_SENTENCES = {AnswerLength.SHORT: 2, AnswerLength.NORMAL: MOST, AnswerLength.LONG: 8}
"""At most so many, and one more where it leans on another."""
_LIST_MARK = re.compile(r"^(?:\d{1,2}[.)]|[•▪◦–*-])\s+")
_LOOKS_LIKE_MARKER = re.compile(r"\[(?=\s*\d+(?:\s*,\s*\d+)*\s*\])")


class BuiltInTutor:
    """Implements agent.tutor.Tutor; it never fails."""

    def __init__(self, length: AnswerLength = AnswerLength.NORMAL) -> None:
        self.name = BUILT_IN
        self._most = _SENTENCES[length]
        self.tokens: dict[str, int] = {}

    async def decide(self, utterance: str, history: Sequence[Exchange]) -> Decision:
        """What the rules say; a question is made to stand alone."""
        decision = rules.decide(utterance)
        if decision.route is not Route.ANSWER:
            return decision
        return Decision(Route.ANSWER, followups.standalone(utterance, history))

    async def answer(
        self, question: str, found: Found, citer: Citer, history: Sequence[Exchange]
    ) -> AsyncIterator[str]:
        """Sentences of the passages as they stand, each with its marker."""
        between = f"{LEAD} "
        for excerpt in excerpts(question, found, self._most):
            citation = await citer.cite(excerpt.passage, excerpt.start, excerpt.end)
            if citation:
                yield f"{between}{_shown(citation.quote)} [{citation.n}]"
                between = " "
        if not citer.cited:
            yield "I found passages on this, but none that I can quote: their pages have changed. Please ask again."


def _shown(quote: str) -> str:
    """A quote as part of running text: no list mark in front, nothing that reads as a marker or a link."""
    text = _LOOKS_LIKE_MARKER.sub(r"\\[", _LIST_MARK.sub("", quote)).replace("](", "] (")
    return " ".join(text.split())

"""Answering a question without its key, to see whether the evidence alone decides it."""

from tools.questions import kinds
from tools.questions.types import Kind


class WordSolver:
    """Chooses by the words that the evidence shares with each option; without evidence, by those of the stem."""

    async def solve(self, kind: Kind, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """None also where no option is well ahead of the others."""
        return kinds.of(kind).solve_by_words(stem, options, evidence)

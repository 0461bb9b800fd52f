"""The solver that a chat model drives: it never sees the key."""

from pydantic import BaseModel, Field

from agent.deps import ChatModel
from agent.prompts import as_data
from agent.structured import ask
from tools.errors import ModelFailed
from tools.numerals import lettered
from tools.questions.types import Kind


class Solution(BaseModel):
    """`right` holds the letters of options, `answer` words."""

    right: list[str] = Field(default_factory=list)
    answer: str = Field(default_factory=str)


class ChatSolver:
    """Implements Solver."""

    def __init__(self, model: ChatModel) -> None:
        self._chat = model.chat

    async def solve(self, kind: Kind, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """The one option that the evidence makes right, or the words it gives. Raises ModelBusy.

        Without evidence the option that the wording alone gives away.
        """
        asked = {"question": as_data(stem), "options": _lettered(options)}
        try:
            if evidence is None:
                solution = await ask(self._chat, Solution, "guess", **asked)
            else:
                solution = await ask(self._chat, Solution, "solve", kind=kind, evidence=as_data(evidence), **asked)
        except ModelFailed:
            return None
        return _chosen(solution, options) if options else solution.answer.strip() or None


def _lettered(options: tuple[str, ...]) -> str:
    lines = (f"{letter}. {as_data(text)}" for letter, text in lettered(options))
    return "\n".join(lines) or "(none)"


def _chosen(solution: Solution, options: tuple[str, ...]) -> str | None:
    """None as well when it finds several right."""
    letters = {letter.strip(" .()").upper() for letter in solution.right}
    chosen = [text for letter, text in lettered(options) if letter in letters]
    return chosen[0] if len(chosen) == len(letters) == 1 else None

"""What a learner says while a practice question waits: a move, an answer, or a question of their own."""

import re
from enum import StrEnum


class Move(StrEnum):
    """What can be done in practice besides answering."""

    HINT = "hint"
    SKIP = "skip"
    SAME = "same"
    EASIER = "easier"
    HARDER = "harder"
    REVEAL = "reveal"
    STOP = "stop"


_A_QUESTION = r"(?:(?:give|ask|show) me |make it )?(?:an? |something )?"
_ONE = r"(?: (?:one|question))?"
_MOVES = {
    Move.HINT: (
        r"(?:(?:give|show) me )?(?:a |another )?(?:hint|clue|tip)|can (?:i|you).{0,12} (?:a )?(?:hint|clue)|help me"
    ),
    Move.SKIP: r"skip(?: (?:it|this(?: one)?|that))?|next(?: (?:one|question))?|pass|continue|go on",
    Move.SAME: (
        rf"(?:(?:give|ask|show) me )?(?:another|one more|a similar){_ONE}(?: like (?:this|that|it){_ONE})?"
        r"|(?:more|one) like (?:this|that|it)"
    ),
    Move.EASIER: rf"{_A_QUESTION}(?:easier|simpler){_ONE}|(?:that was |this is )?too (?:hard|difficult)",
    Move.HARDER: rf"{_A_QUESTION}(?:harder|tougher|more difficult){_ONE}|(?:that was |this is )?too easy",
    Move.REVEAL: (
        r"(?:(?:show|tell|give)(?: me)? |what(?:'s| is) )?(?:the )?(?:right |correct )?(?:answer|solution)"
        r"|(?:i )?give up|reveal(?: it)?|explain"
    ),
    Move.STOP: (
        r"(?:stop|end|quit|finish|exit|leave|cancel)(?: (?:the |this )?(?:practi[sc]e|practi[sc]ing|round|it|here))?"
        r"|(?:that'?s )?enough|i(?:'m| am) done"
    ),
}
_ASKS = re.compile(
    r"(?:so |and |but |ok |okay |wait |please |can you |could you )*"
    r"(?:what|why|how|who|whom|whose|when|where|which|explain|describe|define|tell me|summari[sz]e|compare|is there"
    r"|are there|does|do|did|can (?:i|you|we|it|a|the)|could|would|should|show me|list|give me"
    r"|i (?:do not|don't) understand)\b",
    re.IGNORECASE,
)


def move(said: str) -> Move | None:
    """The move that an utterance is; None for everything else, which may be an answer."""
    plain = " ".join(said.lower().replace("’", "'").split()).strip(" /.!?,").removesuffix(" please").strip(" ,")
    return next((one for one, pattern in _MOVES.items() if re.fullmatch(pattern, plain)), None)


def asks(said: str) -> bool:
    """Whether an utterance is a question of the learner's own rather than an answer."""
    return said.rstrip().endswith("?") or bool(_ASKS.match(said.strip()))

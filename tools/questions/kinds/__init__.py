"""The kinds of questions, one module each: the registry that everything else asks."""

from tools.questions.kinds.base import QuestionKind
from tools.questions.kinds.gap import Gap
from tools.questions.kinds.open import Open
from tools.questions.kinds.short_answer import ShortAnswer
from tools.questions.kinds.single_choice import SingleChoice
from tools.questions.kinds.true_false import TrueFalse
from tools.questions.types import Kind

KINDS: dict[Kind, QuestionKind] = {
    known.kind: known for known in (SingleChoice(), TrueFalse(), Gap(), ShortAnswer(), Open())
}


def of(kind: Kind) -> QuestionKind:
    """What is known of a kind."""
    return KINDS[kind]

"""The verdicts that say the same of every answer."""

from tools.questions.types import Marked, Verdict

RIGHT = Marked(Verdict.CORRECT, 1.0, "That is right.")


WRONG = Marked(Verdict.WRONG, 0.0, "That is not what the book says.")


EMPTY = Marked(Verdict.WRONG, 0.0, "There is no answer.")


SEVERAL = Marked(Verdict.WRONG, 0.0, "You gave more than one answer. Decide on one.")


OTHER_WORDS = Marked(
    Verdict.CANNOT_TELL,
    0.0,
    "Your answer uses other words than the book, so it cannot be marked by rule: compare them.",
)

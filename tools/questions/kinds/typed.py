"""What the kinds have in common whose answer is typed."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import ClassVar

from tools.answers.terms import best_of, marked_wording
from tools.export.gift_text import escape, line
from tools.export.moodle_xml import add_text, add_value, literal
from tools.export.types import Question
from tools.quantities import numbers, quantity
from tools.questions.evidence import ENOUGH, roots, share, telling
from tools.questions.faults import Fault
from tools.questions.kinds.base import Parts, QuestionKind, RawQuestion, Share
from tools.questions.types import Item, Marked, Solver
from tools.wording import IsTerm
from tools.words import stem

TO_WRITE = Share(0.4)
"""What may be asked without options in a mixed quiz."""
_LONGEST_ANSWER = 8
_FRAME = frozenset(stem(word) for word in ("what", "term", "for", "who", "whom", "by", "which", "called", "do", "we"))


class Typed(QuestionKind):
    """The key holds every accepted wording, best first."""

    form = "Type your answer in a few words."
    share: ClassVar[Share | None] = TO_WRITE
    moodle_type = "shortanswer"
    longest: ClassVar[int | None] = _LONGEST_ANSWER
    """Words of an accepted wording; None where it may be sentences."""

    def faults(self, item: Item) -> Iterator[Fault]:
        """There is nothing to choose."""
        if item.options:
            yield Fault.OPTION_COUNT

    def compose(self, written: RawQuestion) -> Parts | None:
        """None where there is no wording, one is too long, or the best does not stand in the quote."""
        answers = tuple(dict.fromkeys(answer.strip() for answer in written.answers if answer.strip()))
        if not answers or any(self.longest and len(answer.split()) > self.longest for answer in answers):
            return None
        return Parts(key=answers) if telling(answers[0]) <= telling(written.quote) else None

    async def is_solved(self, item: Item, solver: Solver) -> bool:
        """Words to fill in stand in the evidence; where a solver can say them itself, it must say the same."""
        said = await solver.solve(item.kind, item.stem, (), item.evidence.quote)
        if said is not None:
            return roots(said) in [roots(wording) for wording in item.key]
        seen = roots(item.evidence.quote)
        rest = roots(re.sub(r"_{3,}", " ", item.stem)) - _FRAME
        return share(roots(item.key[0]), seen) == 1.0 and share(rest, seen) >= ENOUGH

    def is_answer(self, item: Item, answer: str) -> bool:
        """It says something; where a number is asked for, it has one."""
        return not _asks_number(item) or bool(quantity(answer) or numbers(answer))

    def form_of(self, item: Item) -> str:
        """Some words, or a number."""
        return "The answer is a number." if _asks_number(item) else self.form

    def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """By the accepted wording that it comes nearest."""
        return best_of([marked_wording(item, key, answer, is_term) for key in item.key])

    def gift(self, question: Question) -> Iterator[str]:
        """With its weight before it, a wording that begins with a percentage is not taken for one."""
        yield from (f"=%100%{_wording(wording)}" for wording in question.item.key)

    def moodle(self, question: Question, node: ET.Element) -> None:
        """Every accepted wording."""
        add_value(node, "usecase", "0")
        for wording in question.item.key:
            add_text(node, "answer", literal(wording), "plain_text").set("fraction", "100")


def _asks_number(item: Item) -> bool:
    return all(quantity(wording) for wording in item.key)


def _wording(wording: str) -> str:
    """A wording as its own text; an arrow would make a matching question, and GIFT has no escape for it."""
    return escape(line(literal(wording).replace("->", "→")))

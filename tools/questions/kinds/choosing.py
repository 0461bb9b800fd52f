"""What the kinds have in common whose answer is chosen from options."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import ClassVar

from tools.export.gift_text import feedback, html
from tools.export.maths import to_html
from tools.export.moodle_xml import add_text, add_value
from tools.export.types import Question
from tools.questions.evidence import shuffled
from tools.questions.faults import Fault
from tools.questions.kinds.base import Parts, QuestionKind, RawQuestion, option_id
from tools.questions.types import Item, Option, Solver
from tools.questions.wordings import normalised

_ALL_OR_NONE = re.compile(
    r"\b(?:all|none|both|neither|any) of (?:the )?(?:above|these|them|following|options|answers)\b|\b[A-D] and [A-D]\b",
    re.IGNORECASE,
)


class Choosing(QuestionKind):
    """Exactly one of `count` options is right."""

    count: ClassVar[int]
    moodle_type = "multichoice"

    def faults(self, item: Item) -> Iterator[Fault]:
        """Of the options and their key."""
        if len(item.options) != self.count:
            yield Fault.OPTION_COUNT
        yield from (fault for fault, is_so in _RULES if is_so(item))

    def compose(self, written: RawQuestion) -> Parts | None:
        """None where not exactly one option is right."""
        right = [text.strip() for text, is_right, _ in written.options if is_right]
        if len(right) != 1:
            return None
        made = [
            Option(option_id(written.stem, text.strip()), text.strip(), why.strip()) for text, _, why in written.options
        ]
        return Parts(tuple(sorted(made, key=lambda option: option.id)), (option_id(written.stem, right[0]),))

    async def is_solved(self, item: Item, solver: Solver) -> bool:
        """The solver chooses the key from the evidence, in whatever order it sees the options."""
        return await solver.solve(item.kind, item.stem, shuffled(item), item.evidence.quote) == item.answer

    def gift(self, question: Question) -> Iterator[str]:
        """One line for each option, in the order shown."""
        for option in question.options:
            sign = "=" if option.id in question.item.key else "~"
            yield f"{sign}[html]{html(option.text)}{feedback(option.rationale)}"

    def moodle(self, question: Question, node: ET.Element) -> None:
        """The options in the order shown."""
        add_value(node, "single", "true")
        add_value(node, "shuffleanswers", "false")
        add_value(node, "answernumbering", "ABCD")
        for option in question.options:
            add_option(node, question, option, to_html(option.text), "html")


def add_option(node: ET.Element, question: Question, option: Option, text: str, style: str) -> None:
    """One answer of Moodle XML with its reason."""
    answer = add_text(node, "answer", text, style)
    answer.set("fraction", "100" if option.id in question.item.key else "0")
    add_text(answer, "feedback", to_html(option.rationale), "html")


def _are_alike(item: Item) -> bool:
    shown, ids = {normalised(option.text) for option in item.options}, {option.id for option in item.options}
    return "" in shown or min(len(shown), len(ids)) < len(item.options)


def _speak_of_each_other(item: Item) -> bool:
    return any(_ALL_OR_NONE.search(option.text) for option in item.options)


def _lack_a_reason(item: Item) -> bool:
    return any(not option.rationale.strip() for option in item.options)


def _have_no_one_key(item: Item) -> bool:
    return bool(item.key) and (len(item.key) != 1 or item.key[0] not in {option.id for option in item.options})


_RULES: tuple[tuple[Fault, Callable[[Item], bool]], ...] = (
    (Fault.SAME_OPTIONS, _are_alike),
    (Fault.OPTION_ON_OPTIONS, _speak_of_each_other),
    (Fault.OPTION_WITHOUT_REASON, _lack_a_reason),
    (Fault.KEY_COUNT, _have_no_one_key),
)

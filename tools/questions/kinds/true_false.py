"""A statement to be judged."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from tools.answers.options import by_place
from tools.answers.said import decided
from tools.answers.verdicts import RIGHT
from tools.export.gift_text import feedback
from tools.export.types import Question
from tools.questions.evidence import in_order, roots, share
from tools.questions.kinds.base import Parts, RawQuestion, Share
from tools.questions.kinds.choosing import Choosing, add_option
from tools.questions.types import Item, Kind, Marked, Verdict
from tools.wording import NEGATIONS, IsTerm, tokens

_WHOLE = 0.95
_ORDERLY = 0.92
_TRUE_LIST = "true t yes y correct right wahr richtig ja vrai oui verdadero si cierto vero"
_FALSE_LIST = "false f no n incorrect wrong untrue falsch nein faux non falso"
_TRUE, _FALSE = frozenset(_TRUE_LIST.split()), frozenset(_FALSE_LIST.split())
_LEAD = frozenset(
    {"it", "is", "its", "this", "that", "i", "think", "answer", "statement", "s", "believe", "definitely"}
)


class TrueFalse(Choosing):
    """True first, then False; there is one try, since the second would be no question."""

    kind = Kind.TRUE_FALSE
    title = "true or false"
    names = r"true[- /]*(?:(?:or|and)[- /]*)?false|t/f|yes[-/ ]no"
    brief = "one statement, options “True” and “False”. A false one changes the thing that matters."
    form = "Answer with true or false."
    lead = "True or false"
    tries = 1
    count = 2
    share = Share(0.15)
    tells = False
    moodle_type = "truefalse"

    def compose(self, written: RawQuestion) -> Parts | None:
        """None where the options are others than true and false."""
        spelt = [(text.strip().capitalize(), is_right, why) for text, is_right, why in written.options]
        if sorted(text for text, _, _ in spelt) != ["False", "True"]:
            return None
        made = super().compose(
            RawQuestion(written.stem, written.quote, spelt, written.answers, written.points, written.anchored)
        )
        return made and Parts(tuple(sorted(made.options, key=lambda option: option.text == "False")), made.key)

    def solve_by_words(self, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """True where the evidence has its words in their order."""
        if evidence is None:
            return None
        is_said = share(roots(stem), roots(evidence)) >= _WHOLE and in_order(stem, evidence) >= _ORDERLY
        return "True" if is_said else "False"

    def is_answer(self, item: Item, answer: str) -> bool:
        """It says one of the two."""
        return _judged(item, answer) is not None

    def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """By what it says of the statement."""
        said = _judged(item, answer)
        if said is None:
            return Marked(Verdict.WRONG, 0.0, self.form)
        return RIGHT if said == _truth(item.answer) else Marked(Verdict.WRONG, 0.0, "It is the other way round.")

    def statement(self, item: Item) -> str:
        """The statement itself, true or not."""
        return item.stem

    def gift(self, question: Question) -> Iterator[str]:
        """One line; the reason of the wrong answer stands before that of the right one."""
        why = {option.text: feedback(option.rationale) for option in question.options}
        right, wrong = ("True", "False") if question.answer == "True" else ("False", "True")
        yield f"{right.upper()}{why[wrong] or '#'}{why[right]}"

    def moodle(self, question: Question, node: ET.Element) -> None:
        """Two answers in Moodle's own words."""
        for option in question.options:
            add_option(node, question, option, option.text.lower(), "moodle_auto_format")


def _judged(item: Item, answer: str) -> bool | None:
    """What an answer says, by option, in words or by place; None when it says neither or both."""
    said = _truth(next((option.text for option in item.options if option.id == answer), decided(answer)))
    if said is None and len(placed := by_place(item.options, answer)) == 1:
        return _truth(placed[0].text)
    return said


def _truth(text: str) -> bool | None:
    """What a text says of a statement; None when it says neither or both."""
    said = [word for word in tokens(text) if word not in _LEAD]
    is_negated = said[:1] == ["not"]
    said = said[1:] if is_negated else said
    if not said or (len(said) > 1 and not _agree(said)):
        return None
    value = True if said[0] in _TRUE else False if said[0] in _FALSE else None
    return value if value is None else value != is_negated


def _agree(said: Sequence[str]) -> bool:
    """Whether the first word decides: nothing after it says the opposite."""
    rest = set(said[1:])
    return rest.isdisjoint(_FALSE | NEGATIONS) if said[0] in _TRUE else rest.isdisjoint(_TRUE)

"""Questions in GIFT, the plain-text format of Moodle and others."""

import re
from collections.abc import Iterator, Sequence

from tools.export import explain
from tools.export.maths import to_html
from tools.export.moodle import literal, short_name
from tools.export.types import Question
from tools.questions.types import Kind

_SPECIAL = re.compile(r"[\\~=#{}:]")
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")


def to_gift(title: str, questions: Sequence[Question]) -> bytes:
    """One blank line parts two questions, so no question holds one."""
    blocks = [f"$CATEGORY: {_line(title.replace('/', '//'))}", *(_block(question) for question in questions)]
    return ("\n\n".join(blocks) + "\n").encode()


def _block(question: Question) -> str:
    name, stem = _escape(short_name(question)), _html(question.item.stem)
    answers = "".join(f"\t{line}\n" for line in _answers(question))
    return f"::{name}::[html]{stem} {{\n{answers}\t####{_escape(_line(explain.explanation(question)))}\n}}"


def _answers(question: Question) -> Iterator[str]:
    truth = explain.truth(question)
    if truth is not None:
        why = {option.text.strip().casefold(): _feedback(option.rationale) for option in question.options}
        wrong, right = ("false", "true") if truth else ("true", "false")
        yield f"{right.upper()}{why[wrong] or '#'}{why[right]}"
    elif question.options:
        for option in question.options:
            sign = "=" if option.id in question.item.key else "~"
            yield f"{sign}[html]{_html(option.text)}{_feedback(option.rationale)}"
    elif question.item.kind is not Kind.OPEN:
        # With its weight before it, a wording that begins with a percentage is not taken for one.
        yield from (f"=%100%{_wording(wording)}" for wording in question.item.key)


def _wording(wording: str) -> str:
    """A wording as its own text; an arrow would make a matching question, and GIFT has no escape for it."""
    return _escape(_line(literal(wording).replace("->", "→")))


def _feedback(rationale: str) -> str:
    return f"#[html]{_html(rationale)}" if rationale else ""


def _html(text: str) -> str:
    return _escape(_line(to_html(text)))


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _line(text: str) -> str:
    return _LINE_BREAK.sub(" ", text).strip()

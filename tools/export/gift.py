"""Questions in GIFT, the plain-text format of Moodle and others."""

from collections.abc import Sequence

from tools.export import explain
from tools.export.gift_text import escape, html, line
from tools.export.moodle import short_name
from tools.export.types import Question
from tools.questions import kinds


def to_gift(title: str, questions: Sequence[Question]) -> bytes:
    """One blank line parts two questions, so no question holds one."""
    blocks = [f"$CATEGORY: {line(title.replace('/', '//'))}", *(_block(question) for question in questions)]
    return ("\n\n".join(blocks) + "\n").encode()


def _block(question: Question) -> str:
    item = question.item
    answers = "".join(f"\t{answer}\n" for answer in kinds.of(item.kind).gift(question))
    told = escape(line(explain.explanation(question)))
    return f"::{escape(short_name(question))}::[html]{html(item.stem)} {{\n{answers}\t####{told}\n}}"

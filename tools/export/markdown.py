"""Questions as Markdown: a sheet, and a key apart from it."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from tools.export.maths import Formula, Prose, parts
from tools.export.types import Question

_INLINE = re.compile(r"[\\`*_\[\]<>&~$|]")
_AT_LINE_START = re.compile(r"^(\s*)(#|\+|-|=|\d+(?=[.)]))", re.MULTILINE)
_LINE_BREAK = re.compile(r"\r\n?|\n")
_BLANK = "Answer: …………………………………………"


def to_markdown(title: str, questions: Sequence[Question]) -> bytes:
    """A sheet to fill in, and the answer key after it."""
    blocks = [f"# {to_line(title)}", "Name: …………………………   Date: ……………", *(sheet_entry(q) for q in questions)]
    blocks += ["---", "## Answer key", *(key_entry(q) for q in questions)]
    return ("\n\n".join(blocks) + "\n").encode()


def sheet_entry(question: Question) -> str:
    """The numbered question with its options, and nothing that tells the answer."""
    options = [f"- **{letter}.** {to_line(option.text)}" for letter, option in question.lettered]
    return _numbered(question, [to_line(question.item.stem), "\n".join(options) or _BLANK])


def key_entry(question: Question) -> str:
    """The answer, why, and where the book says so."""
    return _numbered(question, list(worked_answer(question)))


def worked_answer(question: Question) -> Iterator[str]:
    """The paragraphs of the answer, for a key or for right below its question."""
    item = question.item
    if question.letter:
        yield f"**{question.letter}.** {to_line(question.answer)}"
    elif item.key:
        also = ", ".join(to_line(term) for term in question.also)
        yield to_line(question.answer) + (f" *(also accepted: {also})*" if also else "")
    if item.rationale:
        yield to_line(item.rationale)
    if item.rubric:
        yield "\n".join(f"- {to_line(point.text)}" for point in item.rubric)
    yield f"*Source:* {to_line(question.source)}: “{to_line(item.evidence.quote)}”"


def to_line(text: str) -> str:
    """Text that Markdown shows as it stands, formulas between dollars and untouched."""
    return "".join(_part(part) for part in parts(text)).strip()


def _part(part: Prose | Formula) -> str:
    match part:
        case Prose(text):
            text = _INLINE.sub(r"\\\g<0>", text)
            return _LINE_BREAK.sub(r"\\\n", _AT_LINE_START.sub(_escaped_start, text))
        case Formula(tex, display):
            # A line of a formula could open a list or end the paragraph; to TeX a line break is a space.
            tex = _LINE_BREAK.sub(" ", tex)
            return f"$${tex}$$" if display else f"${_tight(tex)}$"


def _tight(tex: str) -> str:
    """Without the spaces next to which a dollar is money; the one of a TeX command `\\ ` at the end stays."""
    tight = tex.strip()
    return f"{tight}{{}}" if tight.endswith("\\") else tight


def _escaped_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _numbered(question: Question, paragraphs: Sequence[str]) -> str:
    marker = f"{question.number}. "
    return marker + textwrap.indent("\n\n".join(paragraphs), " " * len(marker)).strip()

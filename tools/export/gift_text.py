"""Text as GIFT takes it."""

import re

from tools.export.maths import to_html

_SPECIAL = re.compile(r"[\\~=#{}:]")
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")


def html(text: str) -> str:
    """On one line, formulas as MathJax finds them."""
    return escape(line(to_html(text)))


def feedback(rationale: str) -> str:
    """The reason behind an answer, if there is one."""
    return f"#[html]{html(rationale)}" if rationale else ""


def escape(text: str) -> str:
    """Without signs that would end or begin an answer."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def line(text: str) -> str:
    """On one line: a blank one would part two questions."""
    return _LINE_BREAK.sub(" ", text).strip()

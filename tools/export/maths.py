"""Where the formulas of a text are, whichever of the usual delimiters its book uses."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# A dollar opens a formula only before a character and closes it only after one and before no digit,
# so that "$5 and $10" stays money.
_FORMULA = re.compile(
    r"""
      (?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$
    | \\\[(?P<brackets>.+?)\\\]
    | \\\((?P<parentheses>.+?)\\\)
    | (?<![\\$])\$(?=\S)(?P<dollar>(?:\\.|[^\\$])+?)(?<=\S)\$(?![\d$])
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Prose:
    """Text between formulas."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX without its delimiters; `display` stands on a line of its own."""

    tex: str
    display: bool


def parts(text: str) -> Iterator[Prose | Formula]:
    """Prose and formulas in order; empty prose is left out."""
    at = 0
    for match in _FORMULA.finditer(text):
        if match.start() > at:
            yield Prose(text[at : match.start()])
        name = str(match.lastgroup)
        yield Formula(match[name], display=name in ("dollars", "brackets"))
        at = match.end()
    if at < len(text):
        yield Prose(text[at:])


def to_html(text: str) -> str:
    r"""Escaped HTML with formulas between \( \) or \[ \], where MathJax looks for them."""
    return "".join(_part_to_html(part) for part in parts(text))


def _part_to_html(part: Prose | Formula) -> str:
    match part:
        case Prose(text):
            return _LINE_BREAK.sub("<br>", html.escape(text, quote=False))
        case Formula(tex, display):
            tex = html.escape(tex, quote=False)
            return rf"\[{tex}\]" if display else rf"\({tex}\)"

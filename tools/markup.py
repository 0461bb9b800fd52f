"""Code, formulas and bracketed references in Markdown that is still being written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_REFERENCE = re.compile(r"\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*(?::\s*[\"“”«](.*)[\"“”»]\s*)?\]", re.DOTALL)
_MAY_BECOME = re.compile(r"\[\s*(?:\d{1,3}(?:\s*,\s*\d{1,3})*\s*,?\s*(?::\s*(?:[\"“”«].*)?)?)?", re.DOTALL)
_LONGEST_REFERENCE = 900
_LONGEST_SPAN = 1500
"""Code or a formula within a paragraph that is not closed within so many signs was none."""
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_PLAIN = re.compile(r"[^\\`$\[\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)", re.DOTALL)
_MAY_BE_FENCE = re.compile(r"\s*(?:`*|~*)")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_LEAD = re.compile(r"[\s>*+\d.)-]*")
"""What may stand before the definition of a link on its line."""
_FORMULA_ENDS = {
    "$$": re.compile(r"\$\$"),
    # As in Pandoc: `$5 and $6` are sums of money.
    "$": re.compile(r"(?<![\s\\])\$(?!\d)"),
    "\\(": re.compile(r"\\\)"),
    "\\[": re.compile(r"\\\]"),
}


class StretchKind(Enum):
    """What a stretch of Markdown is, so far as citations are concerned."""

    PLAIN = auto()
    VERBATIM = auto()
    """Code or a formula."""
    REFERENCE = auto()
    LINK = auto()
    """A reference in form, but the text of a link or the name of a link's definition."""
    CUT = auto()
    """A reference that the text ends in the middle of."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`ids` and `quote` are what a reference names: `[1, 2]`, `[3: "the words"]`."""

    text: str
    kind: StretchKind = StretchKind.PLAIN
    ids: tuple[int, ...] = ()
    quote: str | None = None


class MarkupReader:
    """Cuts Markdown into stretches, each as soon as it is certain; however the text comes in, they say the same."""

    def __init__(self) -> None:
        self._rest = ""
        self._line = ""
        self._fence = ""
        self._after_blank = True
        self._in_list = False

    def feed(self, text: str) -> Iterator[Stretch]:
        """What is certain now."""
        self._rest += text
        return self._read(is_all=False)

    def end(self) -> Iterator[Stretch]:
        """What was held back."""
        return self._read(is_all=True)

    def _read(self, *, is_all: bool) -> Iterator[Stretch]:
        while self._rest and (stretch := self._next(self._rest, is_all=is_all)):
            self._rest = self._rest[len(stretch.text) :]
            for line in stretch.text.splitlines(keepends=True):
                self._follow(line, is_code=stretch.kind is StretchKind.VERBATIM)
            yield stretch

    def _next(self, rest: str, *, is_all: bool) -> Stretch | None:
        """The stretch that the rest begins with; None when more of it must be seen."""
        if self._line:
            return _inline(rest, self._line, is_all=is_all)
        line, end, _ = rest.partition("\n")
        is_whole = bool(end) or is_all
        if not self._fence and not is_whole and _MAY_BE_FENCE.fullmatch(line):
            return None
        if self._is_code(line):
            return Stretch(line + end, StretchKind.VERBATIM) if is_whole else None
        return _inline(rest, "", is_all=is_all)

    def _is_code(self, line: str) -> bool:
        """Whether a line belongs to a block of code or opens one."""
        if self._fence or _opens_fence(line):
            return True
        return self._after_blank and not self._in_list and bool(_INDENTED.match(line))

    def _follow(self, text: str, *, is_code: bool) -> None:
        """Remember what a line, or a part of it, means for the lines to come."""
        self._line += text
        if text.endswith("\n"):
            line, self._line = self._line.rstrip(), ""
            self._follow_fence(line, is_code=is_code)
            self._after_blank = not line or (is_code and self._after_blank)
            self._follow_list(line)

    def _follow_fence(self, line: str, *, is_code: bool) -> None:
        fence = _FENCE.match(line)
        if not fence:
            return
        if not self._fence:
            self._fence = fence[1] if is_code and _opens_fence(line) else ""
        elif fence[1].startswith(self._fence) and not fence[2]:
            self._fence = ""

    def _follow_list(self, line: str) -> None:
        if line and not line.startswith(("    ", "\t")):
            self._in_list = bool(_LIST_ITEM.match(line)) or (self._in_list and line[0].isspace())


def _opens_fence(line: str) -> bool:
    fence = _FENCE.match(line)
    return fence is not None and not (fence[1][0] == "`" and "`" in fence[2])


def _inline(rest: str, line: str, *, is_all: bool) -> Stretch | None:
    """The same within a line, of which `line` has been read."""
    match rest[0]:
        case "`":
            return _code(rest, is_all=is_all)
        case "$" | "\\":
            return _formula(rest, is_all=is_all)
        case "[":
            return _reference(rest, line, is_all=is_all)
        case "\n":
            return Stretch("\n")
    plain = _PLAIN.match(rest)
    return Stretch(plain.group() if plain else rest[0])


def _code(rest: str, *, is_all: bool) -> Stretch | None:
    """Code within a paragraph ends at a run of as many back-ticks as open it."""
    ticks = len(rest) - len(rest.lstrip("`"))
    return _closed(rest, ticks, re.compile(rf"(?<!`)`{{{ticks}}}(?!`)"), is_all=is_all)


def _formula(rest: str, *, is_all: bool) -> Stretch | None:
    if len(rest) == 1:
        return Stretch(rest) if is_all else None
    if rest[0] == "$" != rest[1]:
        return Stretch("$") if rest[1].isspace() else _closed(rest, 1, _FORMULA_ENDS["$"], is_all=is_all)
    end = _FORMULA_ENDS.get(rest[:2])
    return _closed(rest, 2, end, is_all=is_all) if end else Stretch(rest[:2])


def _closed(rest: str, opening: int, end: re.Pattern[str], *, is_all: bool) -> Stretch | None:
    """A span of its paragraph that opens with so many signs; only they, as plain text, where it has no end."""
    paragraph = _PARAGRAPH_END.search(rest)
    window = rest[: min(paragraph.start() if paragraph else len(rest), _LONGEST_SPAN)]
    is_certain = is_all or bool(paragraph) or len(rest) >= _LONGEST_SPAN
    found = end.search(window, opening)
    if found and (is_certain or found.end() < len(rest)):
        return Stretch(rest[: found.end()], StretchKind.VERBATIM)
    return Stretch(rest[:opening]) if is_certain else None


def _reference(rest: str, line: str, *, is_all: bool) -> Stretch | None:
    if found := _whole_reference(rest):
        following = rest[found.end() : found.end() + 1]
        return _named(found, following, line) if following or is_all else None
    if len(rest) >= _LONGEST_REFERENCE or not _MAY_BECOME.fullmatch(rest):
        return Stretch("[")
    if not is_all:
        return None
    return Stretch(rest, StretchKind.CUT) if re.match(r"\[\s*\d", rest) else Stretch("[")


def _whole_reference(rest: str) -> re.Match[str] | None:
    """Up to the first bracket that closes it; a quote may hold others."""
    brackets = re.finditer(r"\]", rest[:_LONGEST_REFERENCE])
    return next((found for at in brackets if (found := _REFERENCE.fullmatch(rest, 0, at.end()))), None)


def _named(found: re.Match[str], following: str, line: str) -> Stretch:
    """A reference by what it names; before a parenthesis, or a colon that defines it, it belongs to a link."""
    is_link = following == "(" or (following == ":" and _LEAD.fullmatch(line) is not None)
    ids = tuple(int(n) for n in found[1].split(","))
    return Stretch(found[0], StretchKind.LINK if is_link else StretchKind.REFERENCE, ids, found[2])

"""The markers that a model writes into its text, checked and renumbered while they stream."""

import re
from collections.abc import Iterator

from tools.citations import Citer
from tools.markup import MarkupReader, Stretch, StretchKind

_PLAIN_WORD = re.compile(r"(?:^|\s)([a-z]{4,})$")
_REMEMBERED = 600
_LAST_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
_DEFINITION = re.compile(r"(?:^|\n)[\s>*+\d.)-]*\[(?!\^)[^\]\n]*\]$")
"""The name of a link or an image, about to be told where it leads."""


class MarkerStream:
    """Reads a model's text as it comes and gives it back with checked markers only, never half of one.

    A marker names a passage that was given. What looks like one in code or a formula, as a subscript such as arr[1],
    as the text of a link or as an interval passes as it is. Links and images are taken apart, so that nothing in a
    book can make a browser fetch something.
    """

    def __init__(self, citer: Citer) -> None:
        self._citer = citer
        self._reader = MarkupReader()
        self._space = ""
        self._tail = ""
        self._after_marker = False
        self._gap = False
        self._last: set[int] = set()

    async def feed(self, text: str) -> str:
        """The part of the reply that is now certain."""
        return await self._told(self._reader.feed(text))

    async def end(self) -> str:
        """What was held back; a marker that was never closed is dropped."""
        return await self._told(self._reader.end())

    async def _told(self, stretches: Iterator[Stretch]) -> str:
        return "".join([await self._stretch(stretch) for stretch in stretches])

    async def _stretch(self, stretch: Stretch) -> str:
        match stretch.kind:
            case StretchKind.PLAIN:
                return "".join(map(self._sign, stretch.text))
            case StretchKind.VERBATIM:
                return self._out(stretch.text)
            case StretchKind.LINK:
                return self._out(f"{stretch.text} ")
        glued_to = self._glued_to()
        if glued_to is None or not self._may_mean_passages(stretch, glued_to):
            return self._out(stretch.text)
        if stretch.kind is StretchKind.CUT:
            self._citer.dropped += 1
            self._space = ""
            return ""
        return await self._resolved(stretch, glued_to)

    def _sign(self, sign: str) -> str:
        if sign in "(:" and not self._space and self._opens_link(sign):
            return self._out(f" {sign}")
        if sign.isspace():
            self._space += sign
            return ""
        return self._out(sign)

    def _opens_link(self, sign: str) -> bool:
        return self._tail.endswith("]") if sign == "(" else bool(_DEFINITION.search(self._tail))

    def _glued_to(self) -> str | None:
        """The word that a bracket is glued to, empty for none; None where the bracket cannot open a marker."""
        before = "" if self._space else self._tail[-1:]
        if self._after_marker or not (before in ("$", "]", ")", "_") or before.isalnum()):
            return ""
        word = _PLAIN_WORD.search(self._tail)
        return word[1] if word and before.isalpha() else None

    def _may_mean_passages(self, stretch: Stretch, glued_to: str) -> bool:
        """Whether a bracket names passages: not an interval, and `membrane[2]` rather than `array[2]`."""
        ids, given = stretch.ids, len(self._citer.hits)
        if stretch.quote is not None or stretch.kind is StretchKind.CUT:
            return True
        if 0 in ids or (len(ids) > 1 and min(ids) > given) or (len(ids) == 2 and max(ids) > given):
            return False
        return not glued_to or all(self._citer.speaks_of(n, glued_to) for n in ids)

    async def _resolved(self, stretch: Stretch, glued_to: str) -> str:
        found = [await self._citer.resolve(n, stretch.quote, self._claim()) for n in stretch.ids]
        if glued_to and not any(found):
            return self._out(stretch.text)
        self._citer.dropped += found.count(None)
        shown = list(dict.fromkeys(c.n for c in found if c and c.n not in self._last))
        self._last.update(shown)
        if not shown:
            self._gap = True
            return ""
        space, self._space = self._space, ""
        self._after_marker = True
        return space + "".join(f"[{n}]" for n in shown)

    def _claim(self) -> str:
        """The sentence that a marker stands in, or the one that has just ended before it."""
        parts = [part for part in _LAST_SENTENCE.split(self._tail) if part.strip()]
        return parts[-1] if parts else ""

    def _spaced(self, text: str) -> str:
        """The text with the space before it; where a marker was dropped, its own space goes too."""
        space, self._space = self._space, ""
        if self._gap and "\n" not in space:
            space = "" if text[:1] in ".,;:!?)" else space[:1]
        self._gap = False
        return space + text

    def _out(self, text: str) -> str:
        text = self._spaced(text)
        self._tail = (self._tail + text)[-_REMEMBERED:]
        if text.strip():
            self._after_marker = False
        if re.search(r"\w", text):
            self._last = set()
        return text

"""The markers that a model writes into its text, checked and renumbered while they stream."""

import re

from tools.citations import Citer

_REFERENCE = re.compile(r"\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*(?::\s*[\"“”«](.*)[\"“”»]\s*)?\]", re.DOTALL)
_MAY_BECOME = re.compile(r"\[\s*(?:\d{1,3}(?:\s*,\s*\d{1,3})*\s*,?\s*(?::\s*(?:[\"“”«].*)?)?)?", re.DOTALL)
_LONGEST_REFERENCE = 900
_PLAIN_WORD = re.compile(r"(?:^|\s)([a-z]{4,})$")
_REMEMBERED = 600
_BLOCK = 3
"""Back-ticks that open a code block; fewer open code within a paragraph, which its end closes."""
_LAST_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


class MarkerStream:
    """Reads a model's text as it comes and gives it back with checked markers only, never half of one.

    Code, whether in back-ticks or a subscript such as arr[1], passes as it is. Links and images are taken apart, so
    that nothing in a book can make a browser fetch something.
    """

    def __init__(self, citer: Citer) -> None:
        self._citer = citer
        self._held = ""
        self._space = ""
        self._ticks = 0
        self._fence = 0
        self._tail = ""
        self._after_marker = False
        self._gap = False
        self._glued = ""
        self._last: set[int] = set()

    async def feed(self, text: str) -> str:
        """The part of the reply that is now certain."""
        return "".join([await self._sign(sign) for sign in text])

    async def end(self) -> str:
        """What was held back; a marker that was never closed is dropped."""
        held, self._held = self._held, ""
        if re.match(r"\[\s*\d", held):
            self._citer.dropped += 1
            held, self._space = "", ""
        return self._out("`" * self._ticks + held) if held or self._ticks else ""

    async def _sign(self, sign: str) -> str:
        if sign == "`":
            return self._tick()
        self._close_ticks()
        if sign == "\n" and self._tail.endswith("\n") and 0 < self._fence < _BLOCK:
            self._fence = 0
        if self._held:
            return await self._hold(sign)
        if sign == "[" and self._may_open():
            self._held = sign
            return ""
        if sign == "(" and not self._fence and not self._space and self._tail.endswith("]"):
            return self._out(" (")
        if sign.isspace() and not self._fence:
            self._space += sign
            return ""
        return self._out(sign)

    def _tick(self) -> str:
        held, self._held = self._held, ""
        self._ticks += 1
        return self._out(held + "`")

    def _close_ticks(self) -> None:
        """A run of back-ticks has ended: it opens code, or closes what a run of the same length opened."""
        if self._ticks:
            self._fence = 0 if self._fence == self._ticks else self._fence or self._ticks
            self._ticks = 0

    def _may_open(self) -> bool:
        if self._fence:
            return False
        before = "" if self._space else self._tail[-1:]
        self._glued = ""
        if self._after_marker or not (before in ("\\", "$", "]", ")", "_") or before.isalnum()):
            return True
        word = _PLAIN_WORD.search(self._tail)
        self._glued = word[1] if word and before.isalpha() else ""
        return bool(self._glued)

    async def _hold(self, sign: str) -> str:
        self._held += sign
        if sign == "]" and (reference := _REFERENCE.fullmatch(self._held)):
            return await self._resolved(reference)
        if _MAY_BECOME.fullmatch(self._held) and len(self._held) < _LONGEST_REFERENCE:
            return ""
        held, self._held = self._held, ""
        return self._out(held)

    async def _resolved(self, reference: re.Match[str]) -> str:
        self._held = ""
        ids = [int(n) for n in reference[1].split(",")]
        if (0 in ids and len(ids) > 1) or (self._glued and not self._means_passages(ids, reference[2])):
            return self._out(reference[0])
        found = [await self._citer.resolve(n, reference[2], self._claim()) for n in ids]
        if self._glued and not any(found):
            return self._out(reference[0])
        self._citer.dropped += found.count(None)
        shown = list(dict.fromkeys(c.n for c in found if c and c.n not in self._last))
        self._last.update(shown)
        if not shown:
            self._gap = True
            return ""
        space, self._space = self._space, ""
        self._after_marker = True
        return space + "".join(f"[{n}]" for n in shown)

    def _means_passages(self, ids: list[int], quote: str | None) -> bool:
        """Whether a marker that is glued to a word is one at all: `membrane[2]`, but not `array[2]`."""
        return quote is not None or all(self._citer.speaks_of(n, self._glued) for n in ids)

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

"""From the tutor's text to the chat's Markdown."""

import re
from collections.abc import Collection

_VERBATIM = re.compile(
    r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`"
    r"|\$\$.*?\$\$|(?<!\\)\$(?!\s)(?:[^$\n]|\n(?!\s*\n))*?(?<![\s\\])\$(?!\d)|\\\(.*?\\\)|\\\[.*?\\\])",
    re.DOTALL,
)
"""Code and formulas, as tools.markup knows them; it reads sign by sign, which is too slow for every token anew."""
_MARKER = re.compile(r"(?<![\w\\$)])\[(\d{1,4})\](?!\()")
_SPACED_MARKER = re.compile(r" ?" + _MARKER.pattern)
_DIRECTIVE = re.compile(r"(?<![\\:])(:{1,3})(?=[A-Za-z])")


def linked(text: str, numbers: Collection[int], thread_id: str) -> str:
    """Make each marker `[n]` of a known citation a link to its page; code and formulas are left alone."""
    parts = _VERBATIM.split(text)
    return "".join(part if i % 2 else _prose(part, numbers, thread_id) for i, part in enumerate(parts))


def _prose(text: str, numbers: Collection[int], thread_id: str) -> str:
    # Chainlit's Markdown reads `:word` as a directive and swallows it.
    text = _DIRECTIVE.sub(lambda colons: "".join(f"\\{colon}" for colon in colons[1]), text)

    def link(match: re.Match[str]) -> str:
        n = int(match[1])
        return f"[\\[{n}\\]](/cite/{thread_id}/{n})" if n in numbers else match[0]

    return _MARKER.sub(link, text)


def without_markers(text: str, numbers: Collection[int]) -> str:
    """Drop the markers of these citations, with the space before them; code and formulas are left alone."""
    parts = _VERBATIM.split(text)
    for i in range(0, len(parts), 2):
        parts[i] = _SPACED_MARKER.sub(lambda match: "" if int(match[1]) in numbers else match[0], parts[i])
    return "".join(parts)

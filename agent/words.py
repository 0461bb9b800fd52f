"""Names and questions, made fit to be shown."""

import re
import unicodedata

_LONGEST_NAME = 120
_ACTIVE = re.compile(r"[<>`*_\[\]|\\]")


def cleaned(question: str) -> str:
    """The question without control characters; line ends and tabs stay."""
    kept = (sign for sign in question if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    return "".join(kept).strip()


def shown(name: str) -> str:
    """A name from outside on one line, short, and without anything Markdown or HTML would act on."""
    flat = " ".join(_ACTIVE.sub(" ", cleaned(name)).split())
    return flat if len(flat) <= _LONGEST_NAME else flat[: _LONGEST_NAME - 1] + "…"

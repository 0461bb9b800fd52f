"""Word's formulas (OMML) as one line of text."""

from collections.abc import Callable
from typing import Any

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SKIPPED = {MATH + name for name in ("ctrlPr", "rPr", "fPr", "sSupPr", "sSubPr", "sSubSupPr", "radPr", "naryPr", "dPr")}


def linear(node: Any) -> str:
    """`a/b`, `x^2`, `x_i`, `√(x)`; whatever has no sign of its own is its parts in a row."""
    written = _WRITTEN.get(str(node.tag).removeprefix(MATH))
    return written(node) if written else "".join(linear(part) for part in node if part.tag not in SKIPPED)


def _nary(node: Any) -> str:
    sign = node.find(f"{MATH}naryPr/{MATH}chr")
    low, high = _part(node, "sub"), _part(node, "sup")
    limits = (f"_{_wrapped(low)}" if low else "") + (f"^{_wrapped(high)}" if high else "")
    return f"{sign.get(MATH + 'val') if sign is not None else '∫'}{limits} {_part(node, 'e')}"


def _part(node: Any, name: str) -> str:
    found = node.find(MATH + name)
    return linear(found).strip() if found is not None else ""


def _group(node: Any, name: str) -> str:
    return _wrapped(_part(node, name))


def _wrapped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "t": lambda node: node.text or "",
    "f": lambda node: f"{_group(node, 'num')}/{_group(node, 'den')}",
    "sSup": lambda node: f"{_part(node, 'e')}^{_group(node, 'sup')}",
    "sSub": lambda node: f"{_part(node, 'e')}_{_group(node, 'sub')}",
    "sSubSup": lambda node: f"{_part(node, 'e')}_{_group(node, 'sub')}^{_group(node, 'sup')}",
    "rad": lambda node: f"√({_part(node, 'e')})",
    "func": lambda node: f"{_part(node, 'fName')} {_part(node, 'e')}",
    "nary": _nary,
    "d": lambda node: f"({', '.join(linear(part) for part in node.findall(MATH + 'e'))})",
    "oMath": lambda node: f" {''.join(map(linear, node))} ",
}

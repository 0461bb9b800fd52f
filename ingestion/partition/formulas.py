"""Word's formulas (OMML) as one line of text."""

from typing import Any

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SKIPPED = {MATH + name for name in ("ctrlPr", "rPr", "fPr", "sSupPr", "sSubPr", "sSubSupPr", "radPr", "naryPr", "dPr")}


def linear(node: Any) -> str:
    """`a/b`, `x^2`, `x_i`, `√(x)`; whatever has no sign of its own is its parts in a row."""
    name = str(node.tag).removeprefix(MATH)
    match name:
        case "t":
            return node.text or ""
        case "f":
            return f"{_group(node, 'num')}/{_group(node, 'den')}"
        case "sSup":
            return f"{_part(node, 'e')}^{_group(node, 'sup')}"
        case "sSub":
            return f"{_part(node, 'e')}_{_group(node, 'sub')}"
        case "sSubSup":
            return f"{_part(node, 'e')}_{_group(node, 'sub')}^{_group(node, 'sup')}"
        case "rad":
            return f"√({_part(node, 'e')})"
        case "func":
            return f"{_part(node, 'fName')} {_part(node, 'e')}"
        case "nary":
            return _nary(node)
        case "d":
            return f"({', '.join(linear(part) for part in node.findall(MATH + 'e'))})"
        case "oMath":
            return " " + "".join(map(linear, node)) + " "
        case _:
            return "".join(linear(part) for part in node if part.tag not in SKIPPED)


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

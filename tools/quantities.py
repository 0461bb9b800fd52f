"""Numbers with units as learners write them: 5 km, 5000 m, 1/2, 50 %, six point two, 6.02 × 10^23."""

import re
from dataclasses import dataclass, replace
from math import isclose, isfinite, pi

from tools.numerals import ORDINALS, SPELT, value
from tools.wording import plain

Dimension = tuple[int, ...]
"""Exponents of metre, kilogram, second, ampere, kelvin, mole, byte."""
Unit = tuple[float, Dimension]
"""The factor to base units, and of which."""

TOLERANCE = 0.01
_LAST_DIGIT_TOLERANCE = 0.025
"""Half of the last digit counts as rounding, unless it is a larger share than this."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in base units; `number` as written, and `factor` from the one to the other."""

    value: float
    dimension: Dimension
    number: float
    factor: float
    unit: str = ""
    noun: str = ""
    exact: bool = False
    last_digit: float = 0.0


def _of(**exponents: int) -> Dimension:
    return tuple(exponents.get(base, 0) for base in ("m", "kg", "s", "a", "k", "mol", "byte"))


NONE = _of()


_PREFIXES = {
    "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "d": 1e-1, "h": 1e2, "k": 1e3, "M": 1e6, "G": 1e9,
    "T": 1e12, "P": 1e15,
}  # fmt: skip
_LONG_PREFIXES = {
    "pico": 1e-12, "nano": 1e-9, "micro": 1e-6, "milli": 1e-3, "centi": 1e-2, "deci": 1e-1, "hecto": 1e2, "kilo": 1e3,
    "mega": 1e6, "giga": 1e9, "tera": 1e12, "peta": 1e15,
}  # fmt: skip
_ENERGY, _VOLT = _of(m=2, kg=1, s=-2), _of(m=2, kg=1, s=-3, a=-1)
_SI: dict[str, Unit] = {
    "m": (1, _of(m=1)), "g": (1e-3, _of(kg=1)), "s": (1, _of(s=1)), "A": (1, _of(a=1)), "K": (1, _of(k=1)),
    "mol": (1, _of(mol=1)), "L": (1e-3, _of(m=3)), "l": (1e-3, _of(m=3)), "J": (1, _ENERGY), "cal": (4.184, _ENERGY),
    "eV": (1.602176634e-19, _ENERGY), "Wh": (3600, _ENERGY), "W": (1, _of(m=2, kg=1, s=-3)),
    "N": (1, _of(m=1, kg=1, s=-2)), "Pa": (1, _of(m=-1, kg=1, s=-2)), "bar": (1e5, _of(m=-1, kg=1, s=-2)),
    "Hz": (1, _of(s=-1)), "V": (1, _VOLT), "C": (1, _of(s=1, a=1)), "ohm": (1, _of(m=2, kg=1, s=-3, a=-2)),
    "B": (1, _of(byte=1)), "bit": (0.125, _of(byte=1)), "M": (1e3, _of(m=-3, mol=1)),
    "F": (1, _of(m=-2, kg=-1, s=4, a=2)), "T": (1, _of(kg=1, s=-2, a=-1)), "t": (1e3, _of(kg=1)),
}  # fmt: skip
_OTHER: dict[str, Unit] = {
    "min": (60, _of(s=1)), "h": (3600, _of(s=1)), "hr": (3600, _of(s=1)), "d": (86400, _of(s=1)),
    "day": (86400, _of(s=1)), "week": (604800, _of(s=1)), "month": (2629746, _of(s=1)), "year": (31556952, _of(s=1)),
    "yr": (31556952, _of(s=1)), "century": (3155695200, _of(s=1)), "decade": (315569520, _of(s=1)),
    "ha": (1e4, _of(m=2)), "in": (0.0254, _of(m=1)), "ft": (0.3048, _of(m=1)), "mi": (1609.344, _of(m=1)),
    "mile": (1609.344, _of(m=1)), "inch": (0.0254, _of(m=1)), "foot": (0.3048, _of(m=1)), "lb": (0.45359237, _of(kg=1)),
    "pound": (0.45359237, _of(kg=1)), "oz": (0.028349523, _of(kg=1)), "atm": (101325, _of(m=-1, kg=1, s=-2)),
    "mmHg": (133.322, _of(m=-1, kg=1, s=-2)), "°": (pi / 180, NONE), "deg": (pi / 180, NONE), "rad": (1, NONE),
    "Da": (1.66053907e-27, _of(kg=1)), "Å": (1e-10, _of(m=1)), "KB": (1e3, _of(byte=1)),
}  # fmt: skip
_SIGNED = _OTHER | _SI
_NAMES = {
    "metre": "m", "meter": "m", "gram": "g", "gramme": "g", "second": "s", "sec": "s", "ampere": "A", "amp": "A",
    "kelvin": "K", "mole": "mol", "litre": "L", "liter": "L", "joule": "J", "calorie": "cal", "watt": "W",
    "newton": "N", "pascal": "Pa", "hertz": "Hz", "volt": "V", "coulomb": "C", "byte": "B", "minute": "min",
    "hour": "h", "hrs": "h", "tonne": "t", "ton": "t", "feet": "ft", "inches": "in", "centuries": "century",
    "atmosphere": "atm", "degree": "°", "radian": "rad", "dalton": "Da", "mins": "min", "molar": "M", "tesla": "T",
    "farad": "F", "electronvolt": "eV", "hectare": "ha", "ounce": "oz", "angstrom": "Å",
}  # fmt: skip
_SCALES = {
    "°c": (1.0, 273.15), "celsius": (1.0, 273.15), "degrees celsius": (1.0, 273.15), "degree celsius": (1.0, 273.15),
    "°f": (5 / 9, 459.67 * 5 / 9), "fahrenheit": (5 / 9, 459.67 * 5 / 9), "degrees fahrenheit": (5 / 9, 459.67 * 5 / 9),
}  # fmt: skip

_NUMBER = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<digits>\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:[.,]\d+)?|\.\d+)"
    r"(?:\s*/\s*(?P<below>\d+(?:\.\d+)?))?"
    r"(?:\s*[*x]\s*10\s*\^?\s*\(?(?P<power>[-+]?\d+)\)?|[eE](?P<e>[-+]?\d+))?"
    r"(?:\s*(?P<scale>thousand|million|billion|trillion)\b)?(?P<percent>\s*(?:%|per\s?cent\b))?"
)
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_LEAD = re.compile(
    r"^(?:(?:it|that|this|there|they|x|answer|is|are|was|has|have|about|around|approximately|approx\.?|roughly|nearly|"
    r"circa|exactly|equals?|the|in|on|at|by|after|=|≈|~|ca\.)\s*)+",
    re.IGNORECASE,
)


def quantity(text: str) -> Quantity | None:
    """The number that a text consists of, with its unit or up to three words after it; None when there is more."""
    text = _LEAD.sub("", _digits(_typed(text)).strip().rstrip(".!")) or ""
    found = _NUMBER.match(text)
    if not found or _VARIABLE.match(text, found.end()):
        return None
    return _read(found, text[found.end() :].strip())


_VARIABLE = re.compile(r"(?:[xyzabkn]|\s*[xyz])\b")
"""What makes a number part of a formula: 2x."""


def numbers(text: str) -> list[Quantity]:
    """Every number in a sentence, each with the unit right after it."""
    text = _digits(_typed(text))
    return [quantity for found in _NUMBER.finditer(text) if (quantity := _in_passing(found, text)) is not None]


def _typed(text: str) -> str:
    return plain(re.sub(r"[µμ](?=[A-Za-z])", "u", text))


def _in_passing(found: re.Match[str], text: str) -> Quantity | None:
    at = found.start("digits")
    if at and text[at - 1].isalpha():
        return None
    after = re.match(r"\s*([^\s,;.]+)", text[found.end() :])
    unit = after.group(1) if after and _unit(after.group(1)) else ""
    return _read(found, unit)


def _read(found: re.Match[str], rest: str) -> Quantity | None:
    number, last_digit = _value(found)
    if number is None or not isfinite(number):
        return None
    factor = 0.01 if found["percent"] else 1.0
    is_whole = number == int(number) and not any(found[part] for part in _NOT_COUNTED) and "." not in found["digits"]
    bare = Quantity(number * factor, NONE, number, factor, exact=is_whole, last_digit=last_digit)
    return _measured(bare, rest) if rest else bare


_NOT_COUNTED = ("below", "power", "e", "scale", "percent")
_COUNTED = re.compile(r"(?!(?:or|and|to)\b)[A-Za-z-]+(?:\s+[A-Za-z-]+){0,2}")


def _measured(bare: Quantity, rest: str) -> Quantity | None:
    """A number with the unit or the thing counted after it; None where neither is known."""
    if scale := _SCALES.get(rest.lower()):
        factor, offset = scale
        value = bare.number * factor + offset
        return replace(bare, value=value, dimension=_of(k=1), factor=factor, unit=rest, exact=False)
    if unit := _unit(rest):
        factor, dimension = unit
        return replace(bare, value=bare.number * factor, dimension=dimension, factor=factor, unit=rest, exact=False)
    return replace(bare, noun=rest.lower()) if _COUNTED.fullmatch(rest) else None


def _value(found: re.Match[str]) -> tuple[float | None, float]:
    """The number, and half a unit of its last digit."""
    digits = _ungrouped(found["digits"])
    below = float(found["below"] or 1)
    power = int(found["power"] or found["e"] or 0)
    if not below or abs(power) > 300:
        return None, 0.0
    scale = 10.0**power * _LARGE.get(found["scale"] or "", 1.0)
    sign = -1 if found["sign"] == "-" else 1
    last_digit = 0.0 if found["below"] else 0.5 * 10.0 ** -len(digits.partition(".")[2]) * scale
    return sign * float(digits) / below * scale, last_digit


def _ungrouped(digits: str) -> str:
    """`1,000.5`, `1 000` and `1.000.000` without what groups their digits; a single comma is a decimal one."""
    digits = digits.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return digits.replace(",", ".")


def _unit(text: str) -> Unit | None:
    """A unit, perhaps made of several: m/s, kg m^2, mol per litre."""
    text = re.sub(r"\s+per\s+", "/", text.strip())
    above, *below = text.split("/")
    parts = [(part, 1) for part in re.split(r"[\s*]+", above)] + [
        (p, -1) for side in below for p in re.split(r"[\s*]+", side)
    ]
    factor, dimension = 1.0, NONE
    for part, side in parts:
        found = re.fullmatch(r"([A-Za-z°Å]+)\^?(-?\d)?", part.strip("()"))
        base = _base(found.group(1)) if found else None
        if found is None or base is None:
            return None
        power = side * int(found.group(2) or 1)
        factor *= base[0] ** power
        dimension = _plus(dimension, base[1], power)
    return factor, dimension


def _plus(one: Dimension, other: Dimension, power: int) -> Dimension:
    return tuple(x + power * y for x, y in zip(one, other, strict=True))


def _base(name: str) -> Unit | None:
    """One unit by its sign or its name, with or without a prefix; in capitals as in small letters."""
    found = _SIGNED.get(name) or _named(name.lower()) or _prefixed(name)
    return found or (_base(name.lower()) if name.isupper() and len(name) > 1 else None)


def _named(lower: str) -> Unit | None:
    for word in (lower, lower.removesuffix("s")):
        if word in _NAMES:
            return _SIGNED[_NAMES[word]]
        if word in _OTHER and len(word) > 1:
            return _OTHER[word]
    return None


def _prefixed(name: str) -> Unit | None:
    """`millimetres`, `mm`."""
    for prefix, factor in _LONG_PREFIXES.items():
        sign = _NAMES.get(name.lower().removeprefix(prefix).removesuffix("s"), "")
        if name.lower().startswith(prefix) and sign in _SI:
            return factor * _SI[sign][0], _SI[sign][1]
    if name[:1] in _PREFIXES and name[1:] in _SI:
        return _PREFIXES[name[0]] * _SI[name[1:]][0], _SI[name[1:]][1]
    return None


def close(key: Quantity, answer: Quantity) -> bool:
    """Whether the values agree: whole numbers exactly, everything else within 1 % or the rounding of the key."""
    if key.dimension != answer.dimension:
        return False
    if key.exact:
        return isclose(key.value, answer.value, rel_tol=1e-9)
    size = abs(key.number)
    rounding = key.last_digit if key.last_digit <= _LAST_DIGIT_TOLERANCE * size else 0.0
    return abs(key.value - answer.value) <= max(TOLERANCE * size, rounding) * key.factor + 1e-12 * abs(key.value)


_PARTS = {
    "half": 2,
    "quarter": 4,
    "quarters": 4,
    **{f"{word}{s}": n for word, n in ORDINALS.items() if word.isalpha() and n > 2 for s in ("", "s")},
}
_SPELT_PART = re.compile(rf"\b(?:(\d+|an?)[\s-]+)?({'|'.join(_PARTS)})\b(?:\s+of\b)?", re.IGNORECASE)


def _digits(text: str) -> str:
    """Numbers in words as digits: forty-six is 46, one half is 1/2."""
    text = SPELT.sub(lambda found: str(value(found.group())), text)
    return _SPELT_PART.sub(lambda found: _part(found.group(1), found.group(2)), text)


def _part(count: str | None, name: str) -> str:
    if count is None and name.lower() != "half":
        return name
    return f"{count if count and count.isdigit() else 1}/{_PARTS[name.lower()]}"

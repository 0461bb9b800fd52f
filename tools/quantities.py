"""Numbers with units as learners write them: 5 km, 5000 m, 1/2, 50 %, six point two, 6.02 × 10^23."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import isclose, isfinite
from typing import TYPE_CHECKING

from tools.numerals import ORDINALS, SPELT, value, year
from tools.wording import plain

if TYPE_CHECKING:
    from pint import UnitRegistry

Unit = tuple[float, str]
"""The factor to base units, and of which, as pint writes them."""

TOLERANCE = 0.01
_LAST_DIGIT_TOLERANCE = 0.025
"""Half of the last digit counts as rounding, unless it is a larger share than this."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in base units; `number` as written, and `factor` from the one to the other."""

    value: float
    dimension: str
    number: float
    factor: float
    unit: str = ""
    noun: str = ""
    exact: bool = False
    last_digit: float = 0.0


NONE, _KELVIN = "dimensionless", "kelvin"

# What counts as a unit in an answer; pint would take chains, links, turns and camps for units as well.
_SIGNS_LIST = "m g s A K mol L l J cal eV Wh W N Pa bar Hz V C ohm B bit M F T t"
_NAMES_LIST = """
metre meter gram gramme second sec ampere amp kelvin mole litre liter joule calorie watt newton pascal hertz volt
coulomb byte tonne ton molar tesla farad electronvolt
"""
_PREFIXES_LIST = "pico nano micro milli centi deci hecto kilo mega giga tera peta"
_ALONE_LIST = """
min minute hr hour day week month yr year decade century centuries ha hectare in inch inches ft foot feet mi mile lb
pound oz ounce atm atmosphere deg degree rad radian dalton angstrom
"""
_SIGNS = {"h", "d", "Da", "Å", "°", "mmHg", "KB"} | {
    prefix + sign for sign in _SIGNS_LIST.split() for prefix in ("", *"pnumcdhkMGTP")
} - {"dB", "hbar", "ct", "pt", "Tt"}  # the decibel, Planck's constant, carat, pint and tex of others
_NAMES = set(_ALONE_LIST.split()) | {
    prefix + name for name in _NAMES_LIST.split() for prefix in ("", *_PREFIXES_LIST.split())
}
_DEFINITIONS = (
    "ton = 1000 * kilogram", "kt = 1000 * ton", "decade = 10 * year", "KB = 1000 * byte", "radian = 1 = rad",
    "@alias gram = gramme", "@alias electron_volt = electronvolt", "@alias degree = °",
)  # fmt: skip
"""What pint lacks, or has for something else."""
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
        return replace(bare, value=value, dimension=_KELVIN, factor=factor, unit=rest, exact=False)
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
    above, *below = re.sub(r"\s+per\s+", "/", text.strip()).split("/")
    powers: Counter[str] = Counter()
    for side, parts in ((1, above), *((-1, parts) for parts in below)):
        for part in re.split(r"[\s*]+", parts):
            found = re.fullmatch(r"([A-Za-z°Å]+)\^?(-?\d)?", part.strip("()"))
            name = _name(found.group(1)) if found else None
            if found is None or name is None:
                return None
            powers[name] += side * int(found.group(2) or 1)
    return _based(powers)


def _based(powers: Mapping[str, int]) -> Unit | None:
    registry = _registry()
    try:
        one = registry.Quantity(1.0, registry.UnitsContainer(powers)).to_root_units()
    except OverflowError:
        return None
    return one.magnitude, str(one.units)


@cache
def _registry() -> "UnitRegistry[float]":
    """Made when the first unit is read: 0.3 s and 14 MB, which a process that meets none does not pay."""
    from pint import UnitRegistry

    registry: UnitRegistry[float] = UnitRegistry(None, on_redefinition="ignore", cache_folder=None)
    # before anything is looked up: what has been is not computed anew
    registry.load_definitions(str(files("pint") / "default_en.txt"))
    registry.load_definitions(_DEFINITIONS)
    return registry


def _name(said: str) -> str | None:
    """A unit by its sign or its name, with or without a prefix; in capitals as in small letters."""
    lower = said.lower()
    if said in _SIGNS:
        return said
    if name := next((name for name in (lower, lower.removesuffix("s")) if name in _NAMES), None):
        return name
    return lower if len(said) > 1 and said.isupper() and lower in _SIGNS else None


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
    text = SPELT.sub(lambda found: str(year(found.group()) or value(found.group())), text)
    return _SPELT_PART.sub(lambda found: _part(found.group(1), found.group(2)), text)


def _part(count: str | None, name: str) -> str:
    if count is None and name.lower() != "half":
        return name
    return f"{count if count and count.isdigit() else 1}/{_PARTS[name.lower()]}"

import subprocess
import sys

import pytest

from tools.quantities import NONE, close, numbers, quantity


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("5 km", "5000 metres"),
        ("5 KM", "5 km"),
        ("2.5 µm", "2500 nm"),
        ("1 kWh", "3.6 MJ"),
        ("1 L", "1000 cm^3"),
        ("0.5 mol per litre", "500 mM"),
        ("9.8 m/s^2", "9.8 m s^-2"),
        ("98.6 °F", "37 degrees Celsius"),
        ("180°", "3.14159 rad"),
        ("1 atm", "760 mmHg"),
        ("1 atm", "101.325 kPa"),
        ("100 eV", "1.602e-17 joules"),
        ("50 Hz", "50 s^-1"),
        ("8 bit", "1 byte"),
        ("2 KB", "2 kB"),
        ("15 kilotons", "15000 tonnes"),
        ("15 kt", "15 kilotonnes"),
        ("3 decades", "30 years"),
        ("2 centuries", "200 yr"),
        ("12 inches", "1 ft"),
        ("250 grammes", "0.25 kg"),
    ],
)
def test_the_same_in_another_unit(key: str, answer: str) -> None:
    wanted, given = quantity(key), quantity(answer)
    assert wanted is not None
    assert given is not None
    assert wanted.unit
    assert given.unit
    assert close(wanted, given)


@pytest.mark.parametrize(("key", "answer"), [("5 km", "5 kg"), ("5 km", "5 m"), ("10 J", "10 W"), ("8 bytes", "64")])
def test_another_unit_is_another_quantity(key: str, answer: str) -> None:
    wanted, given = quantity(key), quantity(answer)
    assert wanted is not None
    assert given is not None
    assert not close(wanted, given)


@pytest.mark.parametrize("thing", ["camps", "chains", "links", "turns", "molecules", "hands", "kilos", "a", "pt", "D"])
def test_what_only_a_table_of_units_takes_for_a_unit_is_a_thing(thing: str) -> None:
    counted = quantity(f"3 {thing}")
    assert counted is not None
    assert (counted.dimension, counted.value, counted.noun) == (NONE, 3, thing.lower())


def test_an_overflowing_unit_is_no_quantity() -> None:
    assert quantity("5 Pm^9 Pm^9 Pm^9") is None


def test_numbers_in_a_sentence_keep_the_unit_right_after_them() -> None:
    found = numbers("The 4 chambers push 5 L in 60 s.")
    assert [(one.number, one.unit) for one in found] == [(4, ""), (5, "L"), (60, "s")]


def test_who_meets_no_unit_does_not_load_their_table() -> None:
    program = "import sys, tools.quantities as q; q.numbers('12 cells and 5 links'); print('pint' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"

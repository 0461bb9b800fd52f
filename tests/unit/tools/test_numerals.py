import pytest

from tools.numerals import CARDINALS, MONTHS, ORDINALS, SPELT, lettered, value, year


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("zero", 0),
        ("nineteen", 19),
        ("twenty", 20),
        ("Forty-six", 46),
        ("hundred", 100),
        ("two hundred", 200),
        ("one hundred and five", 105),
        ("nine hundred ninety-nine", 999),
    ],
)
def test_a_number_in_words_has_its_value(spelt: str, meant: int) -> None:
    found = SPELT.search(f"about {spelt} of them")
    assert found is not None
    assert found.group() == spelt
    assert value(found.group()) == meant


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [("nineteen forty-five", 1945), ("Twenty ten", 2010), ("twenty-five", None), ("nineteen hundred", None)],
)
def test_years_are_read_in_pairs(spelt: str, meant: int | None) -> None:
    assert year(spelt) == meant


def test_a_word_that_only_begins_like_a_number_is_none() -> None:
    assert SPELT.search("someone often tended a sixpence") is None


def test_places_are_known_in_words_and_digits() -> None:
    assert [ORDINALS[word] for word in ("first", "2nd", "third", "3rd", "eleventh", "12th")] == [1, 2, 3, 3, 11, 12]


def test_a_word_stands_for_one_number_and_a_month_for_one_place() -> None:
    assert sorted(CARDINALS.values()) == [*range(21), *range(30, 101, 10)]
    assert (MONTHS[0], MONTHS[11], len(set(MONTHS))) == ("January", "December", 12)


def test_options_are_lettered_in_order_up_to_z() -> None:
    assert lettered(["cell", "atom"]) == [("A", "cell"), ("B", "atom")]
    assert lettered(range(30))[-1] == ("Z", 25)

import pytest

from tools.questions.wordings import normalised


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Osmosis.", " osmosis", True),
        ("A(n) enzyme", "Enzyme", True),
        ("x + 2", "x - 2", False),
        ("-5", "5", False),
        ("$x^2$", "$x^{-2}$", False),
        ("$x ^2$", "$x^2$", True),
        ("+", "-", False),
    ],
)
def test_what_makes_two_wordings_the_same(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same

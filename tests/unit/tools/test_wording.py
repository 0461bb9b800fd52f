import pytest

from tools.wording import terms


@pytest.mark.parametrize(
    ("wordings", "kept"),
    [
        (["atom", "atoms", "Atom", "an atom"], ["atom"]),
        (["mitochondria", "mitochondrion"], ["mitochondria"]),
        (["axis", "axes"], ["axis"]),
        (["colour", "color"], ["colour"]),
        (["adenosine triphosphate", "ATP"], ["adenosine triphosphate", "ATP"]),
        (["sodium", "Na", "sodiums"], ["sodium", "Na"]),
        ([], []),
    ],
)
def test_only_other_terms_are_told_beside_an_answer(wordings: list[str], kept: list[str]) -> None:
    assert terms(wordings) == kept

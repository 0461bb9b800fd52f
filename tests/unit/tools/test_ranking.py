import numpy as np
import pytest

from tools.matching import packed
from tools.ports import Vectors
from tools.ranking import AskedWords, Ranked, word_by_word

AXES: Vectors = np.eye(8, dtype=np.float32) - np.float32(0.1)


def asked(question: str, count: int, rarity: dict[str, float]) -> AskedWords:
    return AskedWords.of(question, AXES[:count], rarity)


def test_a_rare_word_weighs_more() -> None:
    weights = asked("Does osmosis need water?", 3, {"osmosis": 6.0, "need": 1.0, "water": 1.0}).weights

    assert weights.sum() == pytest.approx(1)
    assert weights[0] > weights[1] == weights[2] > 0


@pytest.mark.parametrize("rarity", [{}, {"osmosis": 0.0, "water": 0.0}])
def test_without_rarity_all_words_weigh_the_same(rarity: dict[str, float]) -> None:
    assert asked("osmosis water", 2, rarity).weights.tolist() == [0.5, 0.5]


def test_a_model_that_divides_words_in_another_way_still_matches() -> None:
    assert asked("osmosis", 4, {"osmosis": 6.0}).weights.tolist() == [0.25] * 4


def test_words_that_match_raise_a_passage() -> None:
    before = [Ranked(id_, 0.5, 0.5, 0.0, None) for id_ in ("other", "right")]
    held = {"other": packed([AXES[2:4]]), "right": packed([AXES[4:5], AXES[:2]])}

    other, right = word_by_word(before, asked("osmosis water", 2, {}), held)

    assert right.score > other.score
    assert right.match is not None
    assert right.matches is not None
    assert right.matches.argmax() == 1

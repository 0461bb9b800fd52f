import numpy as np
import pytest

from tools.matching import matched, packed
from tools.ports import PackedWords, Vectors

DIMENSIONS = 384


def directions(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


NONE = directions(0)


def test_a_word_is_matched_best_where_it_stands() -> None:
    words = directions(5)
    (best,) = matched(words[[1, 4]], [packed([words[:2], words[2:4], words[4:]])])

    assert best.shape == (2, 3)
    assert best.argmax(axis=1).tolist() == [0, 2]


def test_signs_tell_nearly_the_same_as_the_vectors() -> None:
    asked, words = directions(4, seed=2), directions(50)
    words[7] = asked[0] + 0.5 * words[7]
    words[7] /= np.linalg.norm(words[7])

    (best,) = matched(asked, [packed([words])])

    assert best[:, 0] == pytest.approx((asked @ words.T).max(axis=1), abs=0.15)


@pytest.mark.parametrize("passage", [[NONE], [NONE, directions(2), NONE], [directions(3)]])
def test_what_is_stored_comes_back(passage: list[Vectors]) -> None:
    stored = packed(passage)

    back = PackedWords.from_bytes(stored.to_bytes(), len(passage))

    assert np.array_equal(back.counts, stored.counts)
    (one,), (other,) = matched(directions(2), [stored]), matched(directions(2), [back])
    assert np.array_equal(one, other)


def test_a_sentence_without_words_matches_nothing() -> None:
    words = directions(2)
    first, second = matched(words, [packed([NONE]), packed([NONE, words, NONE])])

    assert not first.any()
    assert (second[:, 1] > 0.9).all()
    assert not second[:, [0, 2]].any()


def test_a_question_without_words_matches_nothing() -> None:
    assert matched(NONE, [packed([directions(2)])])[0].shape == (0, 1)


def test_more_words_than_a_count_can_hold_are_cut_off() -> None:
    words = directions(300)
    (best,) = matched(words[[0]], [packed([words])])
    assert best[0, 0] > 0.9

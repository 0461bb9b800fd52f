import numpy as np
import pytest

from tools.keywords import inverse_frequency, postings, ranked


def test_postings_count_each_stem_once_a_passage() -> None:
    found = postings([(3, "Cells divide. A cell divides."), (7, "cells")])

    assert [tuple(entry) for entry in found["cell"].tolist()] == [(3, 2, 5), (7, 1, 1)]


def test_scores_are_those_of_the_formula() -> None:
    found = postings([(1, "water water salt"), (2, "water")])

    ((number, score),) = ranked({"salt": found["salt"]}, 2, 2.0, 5)

    longer = 1.2 * (0.25 + 0.75 * 3 / 2)
    assert number == 1
    assert score == pytest.approx(inverse_frequency(1, 2) * 2.2 / (1 + longer))


def test_what_every_passage_holds_still_counts_a_little() -> None:
    assert 0 < inverse_frequency(8, 8) < inverse_frequency(1, 8) < inverse_frequency(0, 8)


def test_a_very_long_passage_fits() -> None:
    (entry,) = postings([(1, "cell " * 70_000)])["cell"]

    assert entry["count"] == entry["length"] == np.iinfo(np.uint16).max

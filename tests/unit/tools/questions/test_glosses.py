import pytest

from tests.support.study import passage
from tools.questions import glosses
from tools.questions.facts import FactKind


@pytest.mark.parametrize(
    ("text", "term", "predicate"),
    [
        (
            "Jurists use the term estoppel to describe the bar against going back on a promise.",
            "estoppel",
            "the bar against going back on a promise",
        ),
        (
            "The high ground that parts two river basins is a watershed.",
            "watershed",
            "the high ground that parts two river basins",
        ),
        (
            "They ended the Interregnum: the ten kingless years between two dynasties.",
            "Interregnum",
            "the ten kingless years between two dynasties",
        ),
    ],
)
def test_a_meaning_is_found_in_other_constructions(text: str, term: str, predicate: str) -> None:
    found = [(fact.term, fact.predicate) for fact in glosses.mine(passage(text))]
    assert found == [(term, predicate)]


def test_a_term_named_at_the_end_is_taken_out() -> None:
    [fact] = glosses.mine(passage("Buyers must limit their own losses after a breach, a duty known as mitigation."))
    assert (fact.kind, fact.term) == (FactKind.CALLED, "mitigation")

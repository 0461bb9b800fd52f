import pytest

from tools.questions import clauses, verbs
from tools.questions.clauses import Clause


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Copper conducts heat well.", Clause("", "Copper", "", "conducts", "heat well")),
        ("Valves prevent blood from flowing back.", Clause("", "Valves", "", "prevent", "blood from flowing back")),
        (
            "In 1702, the queen, a lover of music, founded a choir.",
            Clause("In 1702", "the queen", "a lover of music", "founded", "a choir"),
        ),
        ("The money supply rose quickly.", Clause("", "The money supply", "", "rose", "quickly")),
        ("Goods displayed in shops are not sold.", Clause("", "Goods displayed in shops", "", "are", "not sold")),
        ("Context switches are slow.", Clause("", "Context switches", "", "are", "slow")),
        ("Another Dane, Ole Rask, going north, saw ice.", Clause("", "Ole Rask", "going north", "saw", "ice")),
        ("Cold water also freezes.", Clause("", "Cold water", "", "freezes", "")),
    ],
)  # fmt: skip
def test_the_main_clause_is_found(sentence: str, expected: Clause) -> None:
    assert clauses.parse(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "predicate"),
    [
        ("The empire never recovered its lands.", "never recovered its lands"),
        ("Water only moves downhill.", "only moves downhill"),
        ("The old law rarely harmed us.", "rarely harmed us"),
        ("The queen then never married.", "never married"),
    ],
)
def test_what_is_said_keeps_the_words_that_limit_it(sentence: str, predicate: str) -> None:
    clause = clauses.parse(sentence)
    assert clause is not None
    assert clause.predicate == predicate


@pytest.mark.parametrize(
    "sentence",
    [
        "Although the king was ill, he travelled.",
        "Unlike damages, the order binds the seller.",
        "When a clot forms, the muscle dies.",
        "What a strange world!",
        "The newly formed seed grows.",
    ],
)
def test_what_is_built_in_another_way_is_left(sentence: str) -> None:
    assert clauses.parse(sentence) is None


@pytest.mark.parametrize(
    ("subject", "is_plural"),
    [
        ("arteries", True),
        ("the lens", False),
        ("physics", False),
        ("the walls of a cell", True),
        ("salt and pepper", True),
    ],
)
def test_the_number_of_a_subject_is_that_of_its_head(subject: str, is_plural: bool) -> None:
    assert clauses.is_plural(subject) == is_plural


def test_a_verb_agrees_with_its_subject() -> None:
    assert verbs.is_finite("carries", False)
    assert not verbs.is_finite("carry", False)
    assert verbs.is_finite("carry", True)
    assert verbs.is_past("wrote")
    assert not verbs.is_past("hundred")
    assert verbs.is_ambiguous("built")
    assert not verbs.is_ambiguous("wrote")

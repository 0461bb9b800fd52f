import pytest

from tools.asking import Asked, AskedFor, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is osmosis?", AskedFor.DEFINITION),
        ("osmosis?", AskedFor.DEFINITION),
        ("Why is water polar?", AskedFor.CAUSE),
        ("How do enzymes work?", AskedFor.PROCESS),
        ("What is the difference between mitosis and meiosis?", AskedFor.COMPARISON),
        ("What are the phases of mitosis?", AskedFor.LIST),
        ("What is the function of the kidney?", AskedFor.FUNCTION),
        ("What is DNA made of?", AskedFor.COMPOSITION),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, kind: AskedFor) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("What is osmosis?", "Osmosis is the diffusion of water.", "Water moves by osmosis."),
        ("What is osmosis?", "This is called osmosis.", "This is like osmosis."),
        ("Why is water polar?", "Water is polar because of its charges.", "Water is polar, and it has charges."),
        ("What are the phases of mitosis?", "There are four phases in all.", "Mitosis goes on for an hour."),
    ],
)
def test_a_sentence_of_the_kind_that_is_asked_for_deserves_more(question: str, better: str, worse: str) -> None:
    asked = Asked(question)
    assert asked.bonus(better) > asked.bonus(worse)

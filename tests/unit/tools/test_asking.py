import pytest

from tools.asking import Asked, AskedFor, kind_of, sides


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
        ("Who discovered penicillin?", AskedFor.PERSON),
        ("Who was Tallmadge?", AskedFor.DEFINITION),
        ("When did the war end?", AskedFor.TIME),
        ("In which year was the canal opened?", AskedFor.TIME),
        ("Where does coffee grow?", AskedFor.PLACE),
        ("How many hearts does an octopus have?", AskedFor.NUMBER),
        ("How long does a summer bee live?", AskedFor.NUMBER),
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
        ("Who led the march?", "The march was led by Mohandas Gandhi.", "The march was led from the front."),
        ("When did it open?", "It opened in November 1869.", "It opened with a parade of ships."),
        ("Where was it built?", "It was built near London.", "It was built of brick and wood."),
        ("How many came?", "Some seven thousand women came.", "The women of the market came."),
    ],
)
def test_a_sentence_of_the_kind_that_is_asked_for_deserves_more(question: str, better: str, worse: str) -> None:
    asked = Asked(question)
    assert asked.bonus(better) > asked.bonus(worse)


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("What is the difference between mitosis and meiosis?", [{"mitosi"}, {"meiosi"}]),
        ("How does the simple eye differ from the compound eye?", [{"simpl"}, {"compound"}]),
        ("Compare osmosis with diffusion.", [{"osmosi"}, {"diffus"}]),
        ("DNA vs. RNA", [{"dna"}, {"rna"}]),
        ("What is the difference between osmosis and osmosis?", []),
        ("What is osmosis?", []),
    ],
)
def test_what_is_compared_is_told_apart(question: str, apart: list[set[str]]) -> None:
    assert sides(question) == apart

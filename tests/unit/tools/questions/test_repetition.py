from dataclasses import replace

from tests.support.embeddings import HashingEmbeddings
from tests.unit.tools.questions.shelf import item, options
from tools.questions.likeness import Likeness
from tools.questions.repetition import Memory
from tools.questions.types import Evidence, Kind

ELSEWHERE = Evidence("cell", "Cell", "cell.pdf", 9, "9", "page", "Another sentence.", 0, 17)

FURTHER = replace(ELSEWHERE, page_index=12, page_label="12")


class Apart(HashingEmbeddings):
    """To which no two texts mean the same."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(here == n) for here in range(len(texts))] for n in range(len(texts))]


def memory() -> Memory:
    return Memory(Likeness(HashingEmbeddings()), [item()])


def test_the_same_words_are_the_same_question() -> None:
    stem = "which of these is the movement of water, through a Semipermeable membrane?"
    assert memory().repeats(item(id="other", stem=stem, evidence=ELSEWHERE, options=options("a", "b", "c", "d")))


def test_the_same_sentence_with_the_same_answer_is_the_same_question() -> None:
    assert memory().repeats(item(id="other", stem="What lets roots drink from the soil?"))


def test_the_same_sentence_asked_from_the_other_side_is_the_same_question() -> None:
    meanings = options("the movement of water through a semipermeable membrane", "a", "b", "c")
    assert memory().repeats(item(id="other", stem="What is osmosis?", options=meanings))


def test_the_same_meaning_is_the_same_question_wherever_it_stands() -> None:
    gap = item(
        id="other",
        kind=Kind.GAP,
        options=(),
        key=("osmosis",),
        stem="____ is the movement of water through a semipermeable membrane.",
        evidence=ELSEWHERE,
    )
    assert memory().repeats(gap)


def test_another_question_is_not_a_repetition() -> None:
    other = item(id="o", stem="Which organelle makes the energy of a cell?", evidence=ELSEWHERE)
    assert not memory().repeats(other)


def test_a_question_close_in_meaning_with_the_same_answer_is_the_same_question() -> None:
    stem = "Which of these is the slow movement of water through some semipermeable membrane?"
    same = item(id="other", stem=stem, evidence=ELSEWHERE)
    assert memory().repeats(same)
    answers = options("diffusion", "osmosis", "a", "b")
    assert not memory().repeats(replace(same, options=answers, key=(answers[0].id,)))


def test_a_false_statement_in_the_words_of_a_question_is_that_question_again() -> None:
    said = "the slow growth of a long bone in width by new tissue that is added at its outer surface"
    asked = item(id="one", stem=f"Which of these is {said}?", evidence=ELSEWHERE)
    false = item(
        id="two", kind=Kind.TRUE_FALSE, stem=f"Flexion is {said}.", options=options("False", "True"), evidence=FURTHER
    )
    assert Memory(Likeness(Apart()), [asked]).repeats(false)
    assert not Memory(Likeness(Apart()), [asked]).repeats(
        replace(false, stem="Flexion is the bending of a joint in the arm.")
    )

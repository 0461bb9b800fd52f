import pytest

from tools.concepts.meanings import explained
from tools.concepts.types import Form

NOUNS = frozenset({"prejudice", "discrimination", "strategies", "cells"})


@pytest.mark.parametrize(
    ("text", "term", "words"),
    [
        ("A Skinner box is a chamber that isolates the subject.", "Skinner box", "a chamber that isolates the subject"),
        ("Finally, the fovea is a small pit in the retina (Smith, 1990).", "fovea", "a small pit in the retina"),
        ("Neurons are cells that carry signals in the body.", "neurons", "cells that carry signals in the body"),
        ("Sexism is prejudice and discrimination toward a sex.", "sexism", "prejudice and discrimination toward a sex"),
        ("Rehearsal refers to the repetition of a text.", "rehearsal", "the repetition of a text"),
        ("The return of a lost habit is called recovery.", "recovery", "the return of a lost habit"),
        ("The pons, a bridge between parts of the brain, is busy.", "pons", "a bridge between parts of the brain"),
        ("Stage 1 sleep is a light state close to waking.", "stage 1 sleep", "a light state close to waking"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_a_term_is(text: str, term: str, words: str) -> None:
    [found] = explained(text, NOUNS)
    assert (found.form, found.term, found.words) == (Form.IS, term, words)
    assert text[found.start : found.end] == text


def test_a_term_within_a_sentence_leaves_a_gap() -> None:
    [found] = explained("Two hemispheres are joined by a thick band called the corpus callosum.", NOUNS)
    assert (found.form, found.term) == (Form.CALLED, "corpus callosum")
    assert found.words == "Two hemispheres are joined by a thick band called the ____."


def test_other_names_are_kept() -> None:
    [found] = explained("Deoxyribonucleic acid (DNA) is the molecule that carries what cells inherit.", NOUNS)
    assert found.aliases == ("DNA",)


@pytest.mark.parametrize(
    "text",
    [
        "Men are more likely than women to show aggression.",
        "This process is a change that lasts for a long time.",
        "The stimulus is the sweet taste and the response is the nausea of Harry.",
        "A phobia is a Greek word that means fear.",
        "Carter was arrested at the theatre in Dallas on the same day.",
        "Phagocytosis is the process by which large particles, such as cells, are taken in by a cell.",
        "Read through the full text of a treaty that is called the Pact of Steel.",
        "For example, a chair is a piece of furniture that people sit on.",
        "A cow is shown in the figure that stands above.",
        "President Lincoln never saw the final ratification of the amendment.",
    ],
)
def test_what_explains_no_term_is_left_alone(text: str) -> None:
    assert list(explained(text, NOUNS)) == []

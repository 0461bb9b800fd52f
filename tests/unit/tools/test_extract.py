from dataclasses import replace

import pytest

from tests.support.study import passage
from tools import sentences
from tools.extract import excerpts
from tools.types import Found, Hit, Sentence
from tools.words import content_words, stem, stems


def found(question: str, *texts: str) -> Found:
    """Sentences are as near to the question as they share words with it."""
    wanted = {stem(word) for word in content_words(question)}
    hits = []
    for page, text in enumerate(texts, start=1):
        parts = tuple(
            Sentence(start, end, 0.8 * len(wanted & stems(text[start:end])) / max(1, len(wanted)))
            for start, end in sentences.split(text)
        )
        hits.append(Hit(passage(text, page=page), 1.0 / page, 0.8, 1.0, parts))
    return Found(question, tuple(hits), dict.fromkeys(content_words(question), 5.0))


def texts(question: str, *pages: str) -> list[str]:
    return [excerpt.text for excerpt in excerpts(question, found(question, *pages))]


def test_a_definition_comes_first() -> None:
    page = "Osmosis matters in every living cell of the body. Osmosis is the diffusion of water through a membrane."
    assert texts("What is osmosis?", page)[0].startswith("Osmosis is the diffusion")


def test_excerpts_are_stretches_of_their_passage() -> None:
    page = "Osmosis is the diffusion of water\nthrough a membrane. It needs no energy from the cell at all."
    for excerpt in excerpts("What is osmosis?", found("What is osmosis?", page)):
        assert excerpt.text == " ".join(page[excerpt.start : excerpt.end].split())


def test_a_sentence_that_leans_on_the_one_before_never_stands_alone() -> None:
    page = "The vacuole stores sap for the plant cell. It also regulates osmosis in the plant cell by taking up water."
    said = texts("How is osmosis regulated in the plant cell?", page)
    assert said.index(next(s for s in said if s.startswith("It also"))) == 1 + said.index(
        "The vacuole stores sap for the plant cell."
    )


@pytest.mark.parametrize(
    "unfit",
    [
        "Osmosis and Diffusion in Cells",
        "Figure 4.2 Osmosis moves water through the membrane of the cell.",
        "Which of these is an example of osmosis in the cell?",
        "(a) Draw osmosis in a plant cell and in an animal cell.",
        "See more on osmosis at https://example.org today.",
    ],
)
def test_what_is_no_prose_is_left_out_while_there_is_prose(unfit: str) -> None:
    good = "Osmosis is the diffusion of water through a membrane."
    assert texts("What is osmosis?", f"{unfit}\n\n{good}")[0] == good
    assert unfit not in texts("What is osmosis?", f"{good} Osmosis needs no energy from the cell.\n\n{unfit}")


def test_nothing_is_said_twice() -> None:
    one = "Osmosis is the diffusion of water through a membrane."
    other = "Osmosis is the diffusion of water through a cell membrane."
    assert len(texts("What is osmosis?", one, other)) == 1


def test_an_answer_has_at_most_five_sentences() -> None:
    page = " ".join(
        f"Osmosis is the {adjective} thing of the {noun}."
        for adjective, noun in zip("abcdefgh", "ijklmnop", strict=True)
    )
    assert 1 <= len(texts("What is osmosis?", page, page.replace("thing", "matter"))) <= 5


def test_slides_without_sentences_still_give_their_nearest_lines() -> None:
    assert "Osmosis: water through a membrane" in texts(
        "What is osmosis?", "Osmosis: water through a membrane\nNo energy"
    )


def test_nothing_found_gives_nothing() -> None:
    assert excerpts("What is osmosis?", Found("What is osmosis?")) == []


@pytest.mark.parametrize(
    ("question", "page"),
    [
        (
            "When was the British Nationality Act passed?",
            "Rain fell on the old harbour town all day. It was the British Nationality Act passed in the summer.",
        ),
        (
            "the sin ) in",
            "(a) Draw the picture of the harbour town as it was then. Show a map of the old town to a friend.",
        ),
    ],
    ids=["leans on a sentence that says nothing", "scores below nothing"],
)
def test_something_is_said_where_no_sentence_is_worth_much(question: str, page: str) -> None:
    """Unless the passages were judged to support an answer, nobody asks for excerpts."""
    assert texts(question, page)


def test_an_overview_has_a_sentence_of_every_section_before_a_second_of_any() -> None:
    question = "Summarise the chapter on water"
    pages = [
        "Water is drawn up by the water pump of the mill. Water turns the wheel of the water mill on the river.",
        "Millers lived beside the river for many years. Water was dear to the farmers of the dry valley.",
        "Steam drove the engines of a later century. The old wheel by the river fell into ruin in the end.",
    ]
    hits = [
        replace(hit, passage=replace(hit.passage, section=("Water", f"Part {n}")))
        for n, hit in enumerate(found(question, *pages).hits)
    ]
    said = excerpts(question, replace(found(question, *pages), hits=tuple(hits)))
    assert {excerpt.passage.page_index for excerpt in said} == {1, 2, 3}


def test_what_points_at_a_picture_is_left() -> None:
    page = "After four rounds of division (b) there are 16 cells. Cells divide to repair the tissues of the body."
    assert texts("How do cells divide?", page) == ["Cells divide to repair the tissues of the body."]


def test_a_list_is_given_whole_with_what_announces_it() -> None:
    page = (
        "The cell stops at three checkpoints before it divides:\n• the checkpoint at the end of G1\n"
        "• the checkpoint between G2 and M\n• the checkpoint of the spindle\n\nAll cells come from other cells."
    )
    said = texts("What are the three checkpoints of the cell?", page)
    assert "three checkpoints before it divides: • the checkpoint at the end of G1" in said[0]
    assert said[0].endswith("• the checkpoint of the spindle")


def test_both_sides_of_a_comparison_are_told() -> None:
    mitosis = "Mitosis gives two cells that are the same, and mitosis keeps the number of chromosomes as it was."
    meiosis = "During meiosis the number is halved."
    said = " ".join(
        texts("What is the difference between mitosis and meiosis?", mitosis, f"{meiosis} Rain falls in May.")
    )
    assert mitosis in said
    assert meiosis in said


def test_a_chain_of_sentences_that_lean_on_one_another_is_kept_together() -> None:
    page = (
        "The first patient was a policeman of Oxford. He had an infected face and was given the drug. "
        "His recovery lasted for five days, until the drug ran out."
    )
    said = texts("How long did the recovery of the policeman last on the drug?", page)
    assert said == [text for text in said if text in page]
    assert said.index("The first patient was a policeman of Oxford.") == 0
    assert said[-1].startswith("His recovery lasted")

"""Texts are compared on one scale, whatever the embedding model; by words where its cosines mean nothing yet."""

from dataclasses import replace

import pytest

from tests.support.embeddings import SHARE, HashingEmbeddings, High
from tests.unit.tools.questions.shelf import CELL, TextShelf, item, options
from tools.calibration import BUILT_IN, Calibration
from tools.errors import ModelBusy
from tools.questions.faults import Fault
from tools.questions.likeness import Likeness
from tools.questions.pipeline.checks import is_on_topic
from tools.questions.pipeline.making import Candidate, Making
from tools.questions.pipeline.topic import Topic
from tools.questions.repetition import Memory
from tools.questions.rivals import Rivals
from tools.questions.solve import WordSolver
from tools.questions.types import Item, Wanted

CORNERS = (-0.5, 0.0, 0.5)
MEASURED = Calibration(tuple(1 - SHARE + SHARE * cosine for cosine in CORNERS), CORNERS)
"""How cosines of High compare with those of HashingEmbeddings."""

RIGHT = Likeness(HashingEmbeddings())
CALIBRATED = Likeness(High(), MEASURED)
RAW = Likeness(High(), BUILT_IN)
BY_WORDS = Likeness(High(), None)

ELSEWHERE = replace(item().evidence, page_index=9, start=500, end=520)
OTHER = item(
    id="other",
    stem="Which of these carries water to a plant's upper leaves?",
    options=options("xylem", "a", "b", "c"),
    evidence=ELSEWHERE,
)
SAME = item(
    id="same",
    stem="Which of these is the slow movement of water through some semipermeable membrane?",
    evidence=ELSEWHERE,
)


def test_a_measured_model_gives_the_cosines_of_the_other() -> None:
    others = [CELL[0], "Diffusion is the movement of particles.", "A king won the battle of Hastings."]

    assert CALIBRATED.cosines(CELL[0], others) == pytest.approx(RIGHT.cosines(CELL[0], others), abs=0.001)
    assert RAW.cosines(CELL[0], others).min() > 0.6


@pytest.mark.parametrize("likeness", [RIGHT, CALIBRATED, BY_WORDS])
def test_another_question_is_told_from_the_same_one(likeness: Likeness) -> None:
    assert not Memory(likeness, [item()]).repeats(OTHER)
    assert Memory(likeness, [item()]).repeats(SAME)


def test_high_cosines_alone_would_take_a_question_with_the_same_answer_for_a_repetition() -> None:
    near = item(id="near", stem="Which of these is the movement of water out of a salted cucumber?", evidence=ELSEWHERE)

    repeats = [Memory(one, [item()]).repeats(near) for one in (RAW, RIGHT, CALIBRATED, BY_WORDS)]

    assert repeats == [True, False, False, False]


async def fault(likeness: Likeness, asked: Item, topic: str) -> Fault | None:
    source = TextShelf({"cell": CELL}).library().source("cell-1")
    assert source
    treated = Topic(topic, frozenset({"elsewhere"}), frozenset({("elsewhere", ("Elsewhere",))}))
    making = Making(Wanted(4), Memory(likeness), treated, [])
    return await is_on_topic(Candidate(asked, source, source.page_text, WordSolver()), making)


@pytest.mark.parametrize("likeness", [RIGHT, CALIBRATED, BY_WORDS])
async def test_what_is_off_the_topic_is_told(likeness: Likeness) -> None:
    assert await fault(likeness, item(), "opera singers of Vienna") is Fault.OFF_TOPIC
    assert await fault(likeness, item(), "osmosis: water moves through a semipermeable membrane") is None
    assert await fault(RAW, item(), "opera singers of Vienna") is None


def wrong_options(likeness: Likeness) -> set[str]:
    library = TextShelf({"cell": CELL}).library()
    source = library.source("cell-2")
    assert source
    [concept] = library.concepts(source.passage)
    return {other.term for other in Rivals(likeness, library, source).of(concept, concept.meanings[0])}


def test_wrong_options_are_those_of_the_built_in_model() -> None:
    assert len(wrong_options(RIGHT)) > 2
    assert wrong_options(CALIBRATED) == wrong_options(BY_WORDS) == wrong_options(RIGHT)
    assert wrong_options(RAW) < wrong_options(RIGHT), "to such a model nearly every meaning is too near"


def test_while_the_model_does_not_answer_words_decide() -> None:
    class Away(HashingEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise ModelBusy

    texts = "water moves", ["water moves through", "salt stays"]
    assert Likeness(Away()).cosines(*texts).tolist() == BY_WORDS.cosines(*texts).tolist()

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.support.embeddings import HashingEmbeddings
from tests.unit.tools.questions.shelf import CELL, TextShelf, item, options
from tools.questions.faults import Fault
from tools.questions.likeness import Likeness
from tools.questions.pipeline.checks import ALONE, BESIDE, first_fault
from tools.questions.pipeline.making import Candidate, Making
from tools.questions.pipeline.topic import Topic
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Difficulty, Item, Kind, Wanted

ECHO = options("osmosis toward solutes", "diffusion", "filtration", "endocytosis")
ELSEWHERE = replace(item().evidence, page_index=5)
OTHER = item(
    id="other",
    stem="What keeps the stems of a plant stiff through the whole summer?",
    options=options("turgor", "wood", "sugar", "light"),
    evidence=ELSEWHERE,
)


YEAR = {"kind": Kind.GAP, "options": (), "key": ("1559",)}
GAPS = [replace(OTHER, id=str(n), kind=Kind.GAP) for n in range(3)]


def candidate(**changes: Any) -> Candidate:
    source = TextShelf({"cell": CELL}).library().source("cell-1")
    assert source
    return Candidate(item(**changes), source, source.page_text, WordSolver())


def making(*made: Item, wanted: Wanted | None = None, topic: Topic | None = None, tried: int = 0) -> Making:
    return Making(wanted or Wanted(4), Memory(Likeness(HashingEmbeddings()), made), topic, list(made), tried)


def topic(text: str) -> Topic:
    return Topic(text, frozenset(text.split()), frozenset({("elsewhere", ("Elsewhere",))}))


@pytest.mark.parametrize(
    ("fault", "changes", "state"),
    [
        (Fault.UNWANTED, {}, making(wanted=Wanted(4, kinds=(Kind.GAP,)))),
        (Fault.UNWANTED, {}, making(wanted=Wanted(4, difficulty=Difficulty.HARD))),
        (Fault.OFF_TOPIC, {}, making(topic=topic("opera"))),
        (Fault.NOT_ON_PAGE, {"evidence": replace(item().evidence, start=3)}, making()),
        (Fault.PRONOUN, {"stem": "Why is it needed by the cells of a plant?"}, making()),
        (Fault.UNSOLVED, {"key": ("o1",)}, making()),
        (Fault.GUESSABLE, {"options": ECHO, "stem": "Which of these is the osmosis-like movement of water?"}, making()),
    ],
)
async def test_what_is_wrong_with_a_question_by_itself(fault: Fault, changes: dict[str, Any], state: Making) -> None:
    assert await first_fault(ALONE, candidate(**changes), state) == fault


async def test_a_sound_question_passes_every_check() -> None:
    assert await first_fault((*ALONE, *BESIDE), candidate(), making()) is None


@pytest.mark.parametrize(
    ("fault", "changes", "state"),
    [
        (Fault.TELLS_ANOTHER, {"id": "again"}, making(item())),
        (Fault.MET, {"evidence": replace(item().evidence, page_index=9)}, making(replace(item(), evidence=ELSEWHERE))),
        (Fault.TOPIC_AS_ANSWER, {}, making(topic=topic("osmosi"))),
        (Fault.ANOTHER_YEAR, YEAR, making(replace(OTHER, key=("1900",), options=()))),
        (Fault.ANSWER_AGAIN, {}, making(replace(OTHER, options=options("osmosis", "a", "b", "c")))),
        (Fault.SECOND_CHOICE, {"second_choice": True}, making()),
        (None, {"second_choice": True}, making(tried=10_000)),
        (Fault.ENOUGH_OF_KIND, {"kind": Kind.GAP}, making(*GAPS)),
        (None, {"kind": Kind.GAP}, making(*GAPS, tried=10_000)),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_question_beside_others(
    fault: Fault | None, changes: dict[str, Any], state: Making
) -> None:
    assert await first_fault(BESIDE, candidate(**changes), state) == fault


@pytest.mark.parametrize("check", [*ALONE, *BESIDE], ids=lambda check: check.__name__)
async def test_a_check_changes_nothing(check: Any) -> None:
    one, state = candidate(second_choice=True), making(OTHER)
    before = deepcopy((one.item, one.source, state.made, state.dropped, state.tried, len(state.memory)))
    await check(one, state)
    assert (one.item, one.source, state.made, state.dropped, state.tried, len(state.memory)) == before

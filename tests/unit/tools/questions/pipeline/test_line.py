from dataclasses import replace

import pytest

from tests.support.embeddings import HashingEmbeddings
from tests.unit.tools.questions.shelf import (
    CELL,
    ScriptedWriter,
    TextShelf,
    builtin,
    ended,
    events_of,
    item,
    options,
)
from tools.errors import ModelFailed, NoDocuments
from tools.questions import lint
from tools.questions.faults import Fault
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ground, Maker, Notice, Ready, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Difficulty, Item, Kind, Wanted
from tools.questions.wordings import normalised
from tools.types import Found

CHOICES = Wanted(4, kinds=(Kind.SINGLE_CHOICE,))


def items_of(events: list[object]) -> list[Item]:
    return [event.item for event in events if isinstance(event, Ready)]


async def test_every_question_is_whole_and_rests_on_its_page(cell: TextShelf) -> None:
    items = items_of([*await events_of(cell.library(), Wanted(6))])
    assert len(items) == 6
    assert len({i.id for i in items}) == 6
    for one in items:
        page = cell.page_text(one.evidence.document_id, one.evidence.page_index) or ""
        assert page[one.evidence.start : one.evidence.end] == one.evidence.quote
        assert lint.faults(one) == []
        assert all(option.rationale for option in one.options)


async def test_the_same_request_gives_the_same_questions(cell: TextShelf) -> None:
    first, second = [items_of([*await events_of(cell.library(), Wanted(5))]) for _ in range(2)]
    assert first == second


async def test_wrong_options_are_terms_of_the_chapter_that_the_statement_does_not_fit(cell: TextShelf) -> None:
    items = items_of([*await events_of(cell.library(), CHOICES)])
    assert items
    for one in items:
        wrong = [option.text for option in one.options if option.id not in one.key]
        assert all(text.lower() not in one.evidence.quote.lower() for text in wrong)


@pytest.mark.parametrize("kind", [Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.GAP, Kind.SHORT_ANSWER])
async def test_only_the_kinds_asked_for(cell: TextShelf, kind: Kind) -> None:
    items = items_of([*await events_of(cell.library(), Wanted(3, kinds=(kind,)))])
    assert items
    assert {i.kind for i in items} == {kind}


async def test_only_the_difficulty_asked_for(cell: TextShelf) -> None:
    items = items_of([*await events_of(cell.library(), Wanted(3, difficulty=Difficulty.MEDIUM))])
    assert {i.difficulty for i in items} == {Difficulty.MEDIUM}


async def test_other_names_of_the_book_are_accepted(cell: TextShelf) -> None:
    items = items_of([*await events_of(cell.library(), Wanted(7, kinds=(Kind.GAP,)))])
    [dna] = [i for i in items if i.evidence.page_index == 7]
    assert "DNA" in dna.key


async def test_nothing_is_asked_twice_until_there_is_nothing_left(cell: TextShelf) -> None:
    met: list[Item] = []
    for seed in "abcdef":
        met += items_of([*await events_of(cell.library(), Wanted(3), earlier=met, seed=seed)])
    assert len({normalised(i.stem) for i in met}) == len(met)
    last = ended(await events_of(cell.library(), Wanted(3), earlier=met, seed="g"))
    assert last.done == 0
    assert "this chapter" in (last.reason or "").lower()


async def test_fewer_come_with_the_number_and_the_reason(cell: TextShelf) -> None:
    last = ended(await events_of(cell.library(), Wanted(50)))
    assert 0 < last.done < 50
    assert "not enough" in (last.reason or "")


BAD = [
    item(id="wrong key", key=("o1",)),
    item(id="two alike", options=options("osmosis", "osmosis", "filtration", "salt")),
    item(id="invented", evidence=replace(item().evidence, quote="Water never moves at all, says nobody in this book.")),
    item(id="moved", evidence=replace(item().evidence, start=3)),
    item(id="no page", evidence=replace(item().evidence, page_index=99)),
    item(id="no key", key=()),
]


async def test_nothing_wrong_reaches_the_learner_and_the_next_writer_finishes(cell: TextShelf) -> None:
    scripted = Maker(ScriptedWriter(*BAD, error=ModelFailed()), WordSolver())
    events = await events_of(cell.library(), Wanted(5), scripted, builtin())
    assert {i.writer for i in items_of([*events])} == {"built-in"}
    assert ended(events).done == 5
    assert any(isinstance(event, Notice) for event in events)


async def test_the_whole_scope_is_looked_through_before_it_is_called_exhausted() -> None:
    empty = [f"On day {n} they went on. It rained a little." for n in range(600)]
    events = await events_of(TextShelf({"cell": [*empty[:300], *CELL, *empty[300:]]}).library(), Wanted(5))
    assert ended(events).done == 5


async def test_what_was_verified_before_a_model_died_is_kept(cell: TextShelf) -> None:
    scripted = Maker(ScriptedWriter(item(), error=ModelFailed()), WordSolver())
    items = items_of([*await events_of(cell.library(), Wanted(5), scripted, builtin())])
    assert [i.writer for i in items].count("scripted") == 1
    assert len(items) == 5


async def test_a_guessable_question_is_the_last_resort(cell: TextShelf) -> None:
    echo = item(
        stem="Which of these is the osmosis-like movement of water through a membrane?",
        options=options("osmosis toward solutes", "diffusion", "filtration", "endocytosis"),
    )
    events = await events_of(cell.library(), Wanted(1), Maker(ScriptedWriter(echo), WordSolver()))
    [ready] = [event for event in events if isinstance(event, Ready)]
    assert (ready.item, ready.despite) == (echo, Fault.GUESSABLE), "nothing of it was changed"


async def test_a_topic_that_the_books_do_not_hold_is_said(cell: TextShelf) -> None:
    memory = Memory(Likeness(HashingEmbeddings()))
    ground = Ground(cell.library(), search=lambda topic, k: Found(topic))
    [last] = [event async for event in generate(Wanted(3, topic="opera"), ground, [builtin()], memory, "s")]
    assert "opera" in (ended([last]).reason or "")


async def test_an_empty_scope_is_an_error() -> None:
    with pytest.raises(NoDocuments):
        await events_of(TextShelf({}).library(), Wanted(3))

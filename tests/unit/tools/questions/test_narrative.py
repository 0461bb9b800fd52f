"""What the built-in writer asks of stories and of plain sentences."""

from collections.abc import Sequence

from tests.support.embeddings import HashingEmbeddings
from tests.unit.tools.questions.shelf import TextShelf
from tools.questions import kinds, lint
from tools.questions.builtin import BuiltinWriter
from tools.questions.likeness import Likeness
from tools.questions.solve import WordSolver
from tools.questions.types import Item, Kind, Wanted

VOYAGE = [
    "In 1611, the navigator Marta Quiroga charted the reefs of the eastern gulf. She believed that a calm passage led "
    "past the reefs to the spice harbours.",
    "The merchant Pavel Lindqvist financed a large fleet from the profits of his mills. In 1618, Denmark surpassed "
    "Portugal as the leading buyer of pepper.",
    "Anselm Rottmann, a printer from Basel, published the first atlas of the gulf in 1623. "
    "Inflows carry warm water into the gulf, whereas outflows carry cold water out of the gulf.",
    "The physician Ilse Varga discovered that fresh limes prevented the sickness of the crews. "
    "The trade company has two chambers: the council and the senate of merchants.",
]


async def items(texts: Sequence[str], *kinds: Kind, further: bool = False) -> list[Item]:
    shelf = TextShelf({"gulf": list(texts)}, section="The Gulf")
    library = shelf.library()
    writer = BuiltinWriter(Likeness(HashingEmbeddings()))
    sources = [source for place in library.places if (source := library.source(place.passage_id))]
    chosen = writer.further if further else writer
    return [item async for item in chosen.write(sources, Wanted(9, kinds=kinds), library)]


async def test_a_deed_is_asked_for_with_other_people_to_choose_from() -> None:
    found = {item.stem: item for item in await items(VOYAGE, Kind.SINGLE_CHOICE)}
    item = found["Who financed a large fleet from the profits of his mills?"]
    assert item.answer == "Pavel Lindqvist"
    assert {option.text for option in item.options} == {
        "Pavel Lindqvist", "Marta Quiroga", "Anselm Rottmann", "Ilse Varga",
    }  # fmt: skip


async def test_the_hint_on_a_person_tells_something_else_of_the_same_person() -> None:
    hints = {item.stem: item.hint for item in await items(VOYAGE, Kind.SHORT_ANSWER)}
    hint = hints["Who charted the reefs of the eastern gulf in 1611?"]
    assert "believed that a calm passage" in hint
    assert "Quiroga" not in hint


async def test_whatever_is_written_is_sound_and_follows_from_its_evidence() -> None:
    written = await items(VOYAGE) + await items(VOYAGE, further=True)
    solver = WordSolver()
    assert written
    assert [lint.faults(item) for item in written] == [[] for _ in written]
    assert [
        await kinds.of(item.kind).is_solved(item, solver) for item in written if item.kind != Kind.TRUE_FALSE
    ].count(False) == 0


async def test_plain_sentences_are_left_to_the_further_writer() -> None:
    first = {item.answer for item in await items(VOYAGE)}
    more = {item.answer for item in await items(VOYAGE, further=True)}
    assert {"Denmark", "senate of merchants"} <= more
    assert not first & more - {"True", "False"}


async def test_a_country_stands_among_countries() -> None:
    [item] = [i for i in await items(VOYAGE, Kind.SINGLE_CHOICE, further=True) if i.answer == "Denmark"]
    assert item.stem == "In 1618, ____ surpassed Portugal as the leading buyer of pepper."
    assert "Portugal" not in {option.text for option in item.options}


async def test_two_exchanged_make_a_false_statement() -> None:
    said = "Outflows carry warm water into the gulf, whereas inflows carry cold water out of the gulf."
    evidence = "Inflows carry warm water into the gulf, whereas outflows carry cold water out of the gulf."
    solver = WordSolver()
    assert await solver.solve(Kind.TRUE_FALSE, said, ("True", "False"), evidence) == "False"
    assert await solver.solve(Kind.TRUE_FALSE, evidence, ("True", "False"), evidence) == "True"

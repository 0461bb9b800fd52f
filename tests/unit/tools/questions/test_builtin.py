"""What the writer that needs no model asks about the concepts of a passage."""

from tests.support.embeddings import HashingEmbeddings
from tests.unit.tools.questions.shelf import TextShelf
from tools.questions.builtin import BuiltinWriter
from tools.questions.likeness import Likeness
from tools.questions.types import Item, Kind, Wanted

BY_WORDS = Likeness(HashingEmbeddings(), None)


async def written(shelf: TextShelf, *kinds: Kind, likeness: Likeness | None = None) -> list[Item]:
    library, wanted = shelf.library(), Wanted(9, kinds=kinds)
    sources = [library.source(place.passage_id) for place in library.places]
    writer = BuiltinWriter(likeness or Likeness(HashingEmbeddings()))
    return [one.item async for one in writer.write([source for source in sources if source], wanted, library)]


async def test_wrong_options_are_other_terms_of_the_chapter_in_the_same_number(cell: TextShelf) -> None:
    items = [item for item in await written(cell, Kind.SINGLE_CHOICE) if len(item.answer.split()) == 1]
    assert items
    for item in items:
        assert len({option.text for option in item.options}) == 4
        assert not any(option.text.endswith("ies") for option in item.options)


async def test_nothing_before_the_answer_tells_whether_a_statement_holds() -> None:
    texts = [
        f"{term} is the movement of {what} through a membrane by {means} in a living cell. {term} is common."
        for term, what, means in zip(
            ("Osmosis", "Diffusion", "Filtration", "Endocytosis", "Exocytosis", "Dialysis", "Perfusion", "Secretion"),
            ("water", "gas", "fluid", "food", "waste", "salt", "blood", "sweat"),
            ("pores", "chance", "pressure", "folds", "vesicles", "charge", "pumping", "glands"),
            strict=True,
        )
    ]
    items = await written(TextShelf({"cell": texts}), Kind.TRUE_FALSE, likeness=BY_WORDS)
    true, false = ({item.difficulty for item in items if item.answer == said} for said in ("True", "False"))
    assert true & false


async def test_a_hint_says_something_and_not_the_first_letter(cell: TextShelf) -> None:
    hints = [item.hint for item in await written(cell)]
    assert hints
    assert not any("begins with" in hint and "letter" in hint for hint in hints)


async def test_every_concept_can_be_explained_in_own_words(cell: TextShelf) -> None:
    items = await written(cell, Kind.OPEN)
    assert len(items) > 5
    assert all(item.rubric and item.second_choice for item in items)


async def test_people_and_years_of_a_story_are_not_asked_for(history: TextShelf) -> None:
    asked = " ".join(f"{item.stem} {item.answer}" for item in await written(history))
    assert not any(name in asked for name in ("Caxton", "Gutenberg", "1605", "1517"))

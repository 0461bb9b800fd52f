"""What every keyword index promises."""

import pytest

from app.persistence.db import Database
from tests.support.databases import BOTH
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import SearchShelf
from tools.ports import KeywordIndex

pytestmark = BOTH
BIOLOGY = ["Osmosis moves water across membranes.", "Water is wet.", "Naïve cells divide."]


@pytest.fixture
def shelf(database: Database) -> SearchShelf:
    """Passages are put into the store and their words into the index."""
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", BIOLOGY)
    shelf.put("algo", ["Osmosis is no algorithm, but water is."])
    return shelf


@pytest.fixture
def index(shelf: SearchShelf) -> KeywordIndex:
    return shelf.keywords


def pages(shelf: SearchShelf, *words: str, documents: tuple[str, ...] = ("bio",), k: int = 9) -> list[str]:
    found = shelf.keywords.search(words, documents, k).found
    passages = shelf.passages.passages([id_ for id_, _ in found])
    return [f"{passages[id_].document_id}{passages[id_].page_index}" for id_, _ in found]


def test_the_passage_with_more_and_rarer_words_comes_first(shelf: SearchShelf) -> None:
    assert pages(shelf, "water", "osmosis") == ["bio1", "bio2"]


def test_a_word_that_stands_more_often_counts_more_and_in_a_long_passage_less(shelf: SearchShelf) -> None:
    shelf.put("cells", ["Cells, cells and tissue.", "Cells and tissue here.", "Cells and " + "tissue here " * 20])

    assert pages(shelf, "cell", documents=("cells",)) == ["cells1", "cells2", "cells3"]


def test_words_match_in_every_form(shelf: SearchShelf) -> None:
    assert pages(shelf, "membrane") == ["bio1"]
    assert pages(shelf, "naive") == ["bio3"]


def test_headings_are_searched_as_well(shelf: SearchShelf, index: KeywordIndex) -> None:
    ((id_, _),) = shelf.passages.texts("algo")
    index.add("algo", [(id_, "Nothing here.\nSorting")])

    assert pages(shelf, "sorting", documents=("algo",)) == ["algo1"]


def test_only_the_documents_of_the_scope_are_searched(shelf: SearchShelf) -> None:
    assert pages(shelf, "osmosis", documents=("algo",)) == ["algo1"]
    assert pages(shelf, "osmosis", documents=()) == []
    assert pages(shelf, "osmosis", documents=("unknown", "o'hara", '"')) == []


def test_what_other_books_and_learners_hold_changes_no_score(shelf: SearchShelf, index: KeywordIndex) -> None:
    asked = ["water", "osmosis", "quark"]
    before = index.search(asked, ["bio"], 9)
    for n in range(20):
        shelf.put(f"other{n}", ["Osmosis, osmosis and a quark.", "A very long passage without any of it. " * 30])

    assert index.search(asked, ["bio"], 9) == before


def test_scores_are_positive_and_fall(index: KeywordIndex) -> None:
    scores = [score for _, score in index.search(["water", "osmosis"], ["bio", "algo"], 9).found]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert min(scores) > 0


def test_no_more_are_found_than_asked_for(shelf: SearchShelf) -> None:
    assert pages(shelf, "water", "osmosis", k=1) == ["bio1"]


@pytest.mark.parametrize("word", ['"', "AND", "NEAR(", "text:", "*", "^", "-", "\0", "😀", "a" * 5000, ""])
def test_no_word_is_taken_for_an_operator(shelf: SearchShelf, word: str) -> None:
    assert pages(shelf, word, "osmosis") == ["bio1"]


def test_thousands_of_words_are_searched_by_the_rarest(shelf: SearchShelf, index: KeywordIndex) -> None:
    many = [*(f"word{n}" for n in range(3000)), "water", "osmosis"]

    assert pages(shelf, *many)[0] == "bio1"
    assert set(index.search(many, ["bio"], 9).rarity) == set(many)


def test_a_word_that_nobody_uses_is_the_rarest(index: KeywordIndex) -> None:
    rarity = index.search(["water", "membranes", "quark"], ["bio"], 9).rarity

    assert rarity["quark"] > rarity["membranes"] > rarity["water"] > 0


def test_a_word_is_as_rare_as_in_the_scope(index: KeywordIndex) -> None:
    asked = ["osmosis", "water"]

    assert index.search(asked, ["bio"], 9).rarity["osmosis"] > index.search(asked, ["algo"], 9).rarity["osmosis"]


def test_adding_again_replaces_what_was_there(shelf: SearchShelf, index: KeywordIndex) -> None:
    texts = shelf.passages.texts("bio")
    index.add("bio", texts)
    assert pages(shelf, "water") == ["bio2", "bio1"]

    index.add("bio", texts[:1])
    assert pages(shelf, "water") == ["bio1"]


def test_a_deleted_document_is_not_found_and_weighs_nothing(shelf: SearchShelf, index: KeywordIndex) -> None:
    alone = index.search(["water"], ["bio"], 9)
    index.delete("algo")
    index.delete("unknown")

    assert pages(shelf, "water", documents=("algo",)) == []
    assert index.search(["water"], ["bio", "algo"], 9) == alone


def test_a_document_without_words_is_no_error(shelf: SearchShelf, index: KeywordIndex) -> None:
    shelf.put("empty", [])
    index.add("empty", [])

    assert index.search(["water"], ["empty"], 9).found == ()


def test_a_word_that_nobody_has_may_be_one_that_is_misspelt(shelf: SearchShelf) -> None:
    shelf.put("brain", ["Fear arises in the amygdala.", "Remembering is the hippocampus' work."])

    assert shelf.keywords.search(["amigdala", "fear"], ["brain"], 5).spelt == {"amigdala": "amygdala"}
    shelf.put("vapour", ["Vapour condenses on cold glass."])
    spelt = shelf.keywords.search(["condanses"], ["vapour"], 5).spelt
    assert spelt == {"condanses": "condenses"}, "also where the stem of a stem is another one"
    assert shelf.keywords.search(["amigdala", "pokemon", "ab", "überall", "x1"], ["bio"], 5).spelt == {}

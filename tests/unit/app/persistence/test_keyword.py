import pytest

from app.persistence.db import Database
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import SearchShelf


@pytest.fixture
def shelf(database: Database) -> SearchShelf:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", ["Osmosis moves water across membranes.", "Water is wet.", "Naïve cells divide."])
    shelf.put("algo", ["Osmosis is no algorithm, but water is."])
    return shelf


def pages(shelf: SearchShelf, *words: str, documents: tuple[str, ...] = ("bio",), k: int = 9) -> list[str]:
    passages = shelf.passages.passages(shelf.passages.ids(["bio", "algo"], 9))
    found = shelf.keywords.search(words, documents, k)
    return [f"{passages[id_].document_id}{passages[id_].page_index}" for id_, _ in found]


def test_the_passage_with_more_and_rarer_words_comes_first(shelf: SearchShelf) -> None:
    assert pages(shelf, "water", "osmosis") == ["bio1", "bio2"]


def test_words_match_in_every_form(shelf: SearchShelf) -> None:
    assert pages(shelf, "membrane") == ["bio1"]
    assert pages(shelf, "naive") == ["bio3"]


def test_only_the_documents_of_the_scope_are_searched(shelf: SearchShelf) -> None:
    assert pages(shelf, "osmosis", documents=("algo",)) == ["algo1"]
    assert pages(shelf, "osmosis", documents=()) == []
    assert pages(shelf, "osmosis", documents=("unknown", "o'hara", '"')) == []


def test_scores_are_positive_and_fall(shelf: SearchShelf) -> None:
    scores = [score for _, score in shelf.keywords.search(["water", "osmosis"], ["bio", "algo"], 9)]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


@pytest.mark.parametrize("word", ['"', "AND", "NEAR(", "text:", "*", "^", "-", "\0", "😀", "a" * 5000, ""])
def test_no_word_is_taken_for_an_operator(shelf: SearchShelf, word: str) -> None:
    assert "bio1" in pages(shelf, word, "osmosis")


def test_thousands_of_words_are_searched_by_the_rarest(shelf: SearchShelf) -> None:
    assert pages(shelf, *[f"word{n}" for n in range(3000)], "water", "osmosis")[0] == "bio1"


def test_a_word_that_nobody_uses_is_the_rarest(shelf: SearchShelf) -> None:
    rarity = shelf.keywords.rarity(["water", "membranes", "quark"])

    assert rarity["quark"] > rarity["membranes"] > rarity["water"] > 0

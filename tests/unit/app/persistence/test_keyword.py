"""Libraries of before the keyword index had tables of its own."""

from sqlalchemy import text

from app.persistence.db import Database, migrate
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA
from tests.support.migrations import downgrade, whole
from tests.support.shelf import SearchShelf


def test_a_library_of_before_is_found_by_its_words_and_can_go_back(database: Database) -> None:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", ["Osmosis moves water.", "Naïve cells divide."])
    shelf.put("algo", ["Sorting puts things in order."])
    before = shelf.keywords.search(["osmosis", "naive"], ["bio", "algo"], 9)

    downgrade(database, "0003")
    if database.engine.dialect.name == "sqlite":
        with whole(database) as connection:
            old = text("SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'naive'")
            assert len(connection.execute(old).all()) == 1
    migrate(database.engine)

    assert shelf.keywords.search(["osmosis", "naive"], ["bio", "algo"], 9) == before
    assert len(before.found) == 2


def test_a_document_that_goes_takes_its_words_along(database: Database) -> None:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", ["Osmosis moves water."])
    with database.session_of(ADA) as session:
        session.execute(text("DELETE FROM documents"))

    assert shelf.keywords.search(["osmosis"], ["bio"], 9).found == ()
    with database.session_of(ADA) as session:
        assert session.scalar(text("SELECT count(*) FROM word_postings")) == 0


def test_a_word_is_in_a_book_in_its_own_letters(database: Database) -> None:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", ["The universe is large."])
    asked = ("universe", "university", "large", "largest")
    assert [word for word in asked if shelf.keywords.has(word, ["bio"])] == ["universe", "large"]

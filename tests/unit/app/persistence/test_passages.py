import numpy as np
import pytest
from sqlalchemy import delete

from app.cache import ByteCache
from app.persistence.db import Database, Service
from app.persistence.passages import PassageTable, sample
from app.persistence.tables import SentenceVectors
from ingestion.embed import embed_passages
from ingestion.types import Chunk, Page
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA
from tests.support.shelf import SearchShelf

PAGES = ["Osmosis moves water.", "Mitosis divides the nucleus.", "Sorting puts things in order."]


@pytest.fixture
def shelf(database: Database) -> SearchShelf:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("bio", PAGES, book="Biology")
    return shelf


def page(index: int, text: str) -> Page:
    return Page(index, f"{index}a", "page", text)


def whole(index: int, text: str) -> Chunk:
    return Chunk(index, 0, len(text), text, ("Cells", "Water"))


def ids(shelf: SearchShelf) -> list[str]:
    return shelf.passages.ids(["bio"], 100)


def test_a_passage_knows_its_book_file_and_page(shelf: SearchShelf) -> None:
    shelf.passages.add_pages("bio", [page(1, PAGES[0])], [whole(1, PAGES[0])])
    passages = shelf.passages.passages(ids(shelf)).values()

    first = next(one for one in passages if one.page_index == 1)
    assert (first.book, first.filename, first.page_label, first.page_kind) == ("Biology", "bio.txt", "1a", "page")
    assert first.text == PAGES[0]
    assert {one.section for one in passages} == {()}


def test_storing_pages_again_changes_nothing(shelf: SearchShelf) -> None:
    before = shelf.passages.passages(ids(shelf))
    shelf.passages.add_pages(
        "bio",
        [Page(n, str(n), "page", text) for n, text in enumerate(PAGES, 1)],
        [Chunk(n, 0, len(text), text, ()) for n, text in enumerate(PAGES, 1)],
    )

    assert shelf.passages.passages(ids(shelf)) == before
    assert shelf.passages.count_without_vectors("bio") == 0


def test_a_page_that_reads_differently_replaces_its_passages(shelf: SearchShelf) -> None:
    shelf.passages.add_pages("bio", [page(2, "Meiosis makes gametes.")], [whole(2, "Meiosis makes gametes.")])

    shelf.keywords.add("bio", shelf.passages.texts("bio"))

    assert shelf.passages.count("bio") == 3
    assert shelf.keywords.search(["mitosis"], ["bio"], 5).found == ()
    assert len(shelf.keywords.search(["meiosis"], ["bio"], 5).found) == 1
    assert shelf.passages.without_vectors("bio", 5)[0][1] == "Meiosis makes gametes."


def test_sentence_vectors_come_back_as_they_were_stored(shelf: SearchShelf) -> None:
    (embedded,) = embed_passages([PAGES[0]], HashingEmbeddings())
    passage = next(one for one in shelf.passages.passages(ids(shelf)).values() if one.page_index == 1)

    spans, vectors = shelf.passages.sentences([passage.id])[passage.id]

    assert np.array_equal(spans, embedded.spans)
    assert np.array_equal(vectors, embedded.vectors)
    (batch,) = shelf.passages.means("bio")
    assert batch[1][batch[0].index(passage.id)] == pytest.approx(embedded.mean, abs=0.01)


def test_each_model_has_vectors_of_its_own(shelf: SearchShelf, database: Database) -> None:
    other = PassageTable(database.of(ADA), "another", ByteCache())

    assert other.count_without_vectors("bio") == 3
    assert other.sentences(ids(shelf)) == {}
    todo = other.without_vectors("bio", 2)
    other.add_vectors([id_ for id_, _ in todo], embed_passages([text for _, text in todo], HashingEmbeddings()))
    assert other.count_without_vectors("bio") == 1
    other.delete_other_models()
    assert shelf.passages.count_without_vectors("bio") == 3
    assert other.count_without_vectors("bio") == 1


def test_neighbours_are_in_reading_order(shelf: SearchShelf) -> None:
    by_page = {one.page_index: one.id for one in shelf.passages.passages(ids(shelf)).values()}

    assert [one.page_index for one in shelf.passages.neighbours(by_page[2])] == [1, 2, 3]
    assert [one.page_index for one in shelf.passages.neighbours(by_page[1])] == [1, 2]
    assert shelf.passages.neighbours("unknown") == []


def test_a_deleted_document_is_no_longer_found(shelf: SearchShelf) -> None:
    shelf.put("algo", ["Osmosis is not an algorithm."])
    gone = ids(shelf)

    shelf.passages.delete("bio")

    assert shelf.passages.count("bio") == 0
    assert shelf.passages.sentences(gone) == {}
    assert [id_.split("-")[0] for id_, _ in shelf.keywords.search(["osmosis"], ["bio", "algo"], 5).found] == ["algo"]
    assert shelf.passages.page_text("bio", 1) == PAGES[0]
    assert shelf.passages.page_text("bio", 9) is None


def test_places_are_in_reading_order_and_know_their_section(shelf: SearchShelf) -> None:
    shelf.passages.add_pages("bio", [page(4, "Roots drink.")], [whole(4, "Roots drink.")])
    places = shelf.passages.places(["bio"])
    assert [(one.document_id, one.page_index) for one in places] == [("bio", n) for n in range(1, 5)]
    assert places[-1].section == ("Cells", "Water")
    assert shelf.passages.places([]) == []


def test_sentence_vectors_that_were_read_once_are_not_read_again(shelf: SearchShelf, database: Database) -> None:
    first, *others = ids(shelf)
    before = shelf.passages.sentences([first])
    with database.session_of(ADA) as session:
        session.execute(delete(SentenceVectors).where(SentenceVectors.passage_id.in_([first, others[0]])))

    found = shelf.passages.sentences([others[0], first, others[1]])
    assert list(found) == [first, others[1]]
    assert (found[first][1] == before[first][1]).all()


def test_a_sample_is_taken_evenly_from_all_documents_with_its_sentences(database: Database, shelf: SearchShelf) -> None:
    shelf.put("algo", [f"Sorting puts list {n} in order. It takes step {n}." for n in range(21)])
    with database.service_session(Service.INSTALLATION) as session:
        some, everything = sample(session, "test", 8), sample(session, "test", 100)
        none = sample(session, "other model", 8)

    first = [sentences[0] for sentences, _ in some]
    assert len(some) == 8
    assert {text.startswith("Sorting puts list") for text in first} == {True, False}
    assert len(everything) == 24
    assert not none
    sentences, vectors = max(everything, key=lambda passage: len(passage[0]))
    assert len(sentences) == len(vectors) == 2
    assert vectors == pytest.approx(np.array(shelf.embeddings.embed_documents(sentences)), abs=0.01)

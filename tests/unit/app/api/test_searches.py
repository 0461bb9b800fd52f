"""What a search found is kept, and what the learner changes is seen at once."""

import pytest

from app.caches import MemoryCache
from app.persistence.tables import Document, now
from app.searches import wish
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tests.support.learners import BOB
from tools.types import ResolvedScope, Scope

WATER = "Osmosis is the movement of water through a membrane."
SALT = "Osmosis stops where salt is equal on both sides."


class Watched(MemoryCache):
    """Counts what is found in it."""

    found = 0

    def get(self, key: str) -> bytes | None:
        kept = super().get(key)
        self.found += kept is not None
        return kept


@pytest.fixture
def cache(study: Study) -> Watched:
    study.services.__dict__["cache"] = kept = Watched()
    return kept


def found(
    study: Study, question: str = "What is osmosis?", scope: ResolvedScope | None = None
) -> list[tuple[str, str]]:
    scope = scope or study.services.library.resolve(LOCAL_LEARNER, Scope())
    hits = study.services.searches.search(question, scope).hits
    return [(hit.passage.book, hit.passage.text) for hit in hits]


def test_the_same_wish_is_searched_for_once_in_whatever_words(study: Study, cache: Watched) -> None:
    study.book(WATER, "Cells")
    first = found(study)
    assert (first, cache.found) == ([("Cells", WATER)], 0)
    assert found(study) == found(study, "Please explain osmosis") == first
    assert cache.found == 2
    again = study.services.searches.search("Define osmosis", study.services.library.resolve(LOCAL_LEARNER, Scope()))
    assert again.question == "Define osmosis"


def test_a_document_that_comes_goes_or_is_read_again_is_seen_at_once(study: Study, cache: Watched) -> None:
    study.book(WATER, "Cells")
    found(study)
    salt = study.book(SALT, "Salts", "salt.txt")
    assert {book for book, _ in found(study)} == {"Cells", "Salts"}
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.get_one(Document, salt).ready_at = now()
    found(study)
    assert cache.found == 0
    study.services.documents.delete(LOCAL_LEARNER, salt)
    assert found(study) == [("Cells", WATER)]


def test_what_is_kept_carries_the_names_of_now_and_nothing_that_is_gone(study: Study, cache: Watched) -> None:
    document_id = study.book(WATER, "Cells")
    scope = study.services.library.resolve(LOCAL_LEARNER, Scope())
    found(study, scope=scope)
    tree = study.client.get("/api/library").json()
    book = tree["semesters"][0]["subjects"][0]["books"][0]["id"]
    assert study.client.patch(f"/api/library/{book}", json={"name": "Biology"}).is_success
    assert found(study, scope=scope) == [("Biology", WATER)]
    assert cache.found == 1
    study.services.documents.delete(LOCAL_LEARNER, document_id)
    assert found(study, scope=scope) == []


def test_nobody_gets_what_another_found(study: Study, cache: Watched) -> None:
    document_id = study.book(WATER, "Cells")
    found(study)
    found(study, scope=ResolvedScope(BOB, frozenset({document_id}), "all"))
    assert cache.found == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("When did osmosis begin?", "Where did osmosis begin?"),
        ("Which cells have a wall?", "Which cells have no wall?"),
        ("Does heat cause pressure?", "Does pressure cause heat?"),
        ("What happened in 1914?", "What happened in 1915?"),
        ("What is it?", ""),
    ],
)
def test_questions_that_want_something_else_differ(one: str, other: str) -> None:
    assert wish(one) != wish(other)

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from app.persistence.db import Database, connect, migrate
from app.persistence.tables import SentenceVectors
from tests.support.embeddings import HashingEmbeddings, WordHashing
from tests.support.shelf import ExactVectors, SearchShelf, scope
from tools.errors import ModelBusy, ModelFailed, StudyError
from tools.search import FEW_PASSAGES
from tools.types import Degraded

OSMOSIS = "Osmosis is the movement of water through a membrane. The cell swells when water enters."
MITOSIS = "Mitosis divides the nucleus of a cell. Each daughter nucleus has the same chromosomes."
SORTING = "Merge sort divides a list into halves. It sorts both halves and joins them."
FILLER = [f"Paragraph {n} deals with item{n} and nothing of interest." for n in range(FEW_PASSAGES)]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[SearchShelf]:
    engine = connect(f"sqlite:///{tmp_path / 'studyrag.sqlite3'}")
    migrate(engine)
    shelf = SearchShelf(Database(engine), HashingEmbeddings())
    yield shelf
    shelf.search.close()
    engine.dispose()


def texts(shelf: SearchShelf, question: str, *documents: str, k: int = 8) -> list[str]:
    return [hit.passage.text for hit in shelf.search.search(question, scope(*documents), k).hits]


def test_the_best_passage_comes_first(shelf: SearchShelf) -> None:
    shelf.put("bio", [MITOSIS, OSMOSIS])

    assert texts(shelf, "What moves through a membrane by osmosis?", "bio")[0] == OSMOSIS
    assert texts(shelf, "How is the nucleus divided in mitosis?", "bio")[0] == MITOSIS


@pytest.mark.parametrize("filler", [[], FILLER], ids=["small", "large"])
def test_nothing_outside_the_scope_is_found(shelf: SearchShelf, filler: list[str]) -> None:
    shelf.put("bio", [OSMOSIS])
    shelf.put("algo", [SORTING, *filler])

    found = shelf.search.search("What is osmosis?", scope("algo"))

    assert {hit.passage.document_id for hit in found.hits} == {"algo"}


def test_an_empty_scope_finds_nothing(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS])

    assert shelf.search.search("What is osmosis?", scope()).hits == ()


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "what is it?",
        '"osmosis" AND NEAR(',
        "a* OR -b ^c : {d}",
        "😀",
        "何ですか",
        "\0",
        "osmosis " * 2500,
        "'; --",
    ],
)
def test_no_question_breaks_the_search(shelf: SearchShelf, question: str) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS])

    assert shelf.search.search(question, scope("bio")).degraded is None


def test_a_question_without_content_words_is_answered_by_vectors(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS, *FILLER])

    assert shelf.search.search("What is it about?", scope("bio")).hits


def test_a_hit_carries_its_sentences_with_their_places(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS])

    hit = shelf.search.search("When does the cell swell?", scope("bio")).hits[0]

    best = max(hit.sentences, key=lambda sentence: sentence.cosine)
    assert OSMOSIS[best.start : best.end] == "The cell swells when water enters."
    assert hit.cosine == best.cosine


def test_passages_that_repeat_one_another_are_shown_once(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS])
    shelf.put("copy", [OSMOSIS, OSMOSIS.replace("enters", "comes in")])

    found = texts(shelf, "What is osmosis?", "bio", "copy")

    assert sum(text.startswith("Osmosis") for text in found) == 1
    assert MITOSIS in found


def test_as_many_hits_as_asked_for(shelf: SearchShelf) -> None:
    shelf.put("bio", FILLER)

    assert len(texts(shelf, "Which paragraph deals with item7?", "bio", k=5)) == 5


def test_rare_words_weigh_more_than_common_ones(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS, SORTING])

    rarity = shelf.search.search("Does osmosis divide a quark?", scope("bio")).rarity

    assert rarity["quark"] > rarity["osmosis"] > rarity["divide"]


def test_without_the_vector_index_keywords_carry_the_search_and_it_says_so(shelf: SearchShelf) -> None:
    shelf.put("bio", [*FILLER, OSMOSIS])
    assert isinstance(shelf.vectors, ExactVectors)
    shelf.vectors.down = True

    found = shelf.search.search("What is osmosis?", scope("bio"))

    assert found.degraded == "vectors"
    assert found.hits[0].passage.text == OSMOSIS
    assert found.hits[0].cosine > 0


def test_a_small_scope_does_not_need_the_vector_index(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS])
    assert isinstance(shelf.vectors, ExactVectors)
    shelf.vectors.down = True

    found = shelf.search.search("What is osmosis?", scope("bio"))

    assert found.degraded is None
    assert found.hits[0].passage.text == OSMOSIS


def test_only_what_is_asked_for_is_found_in_a_large_chapter(shelf: SearchShelf) -> None:
    shelf.put("bio", [OSMOSIS, MITOSIS, *FILLER])
    ids = shelf.passages.ids(["bio"], 2 * FEW_PASSAGES)
    chapter = {id_ for id_, passage in shelf.passages.passages(ids).items() if passage.text != OSMOSIS}

    found = shelf.search.search("What is osmosis?", scope("bio"), among=chapter)

    assert len(chapter) > FEW_PASSAGES
    assert OSMOSIS not in [hit.passage.text for hit in found.hits]


CAR = "The car needs a doctor for its engine."
ROAD = "The automobile drives on the road at night."


@pytest.fixture
def worded(tmp_path: Path) -> Iterator[SearchShelf]:
    """With a model that says what each word means."""
    engine = connect(f"sqlite:///{tmp_path / 'studyrag.sqlite3'}")
    migrate(engine)
    shelf = SearchShelf(Database(engine), WordHashing())
    yield shelf
    shelf.search.close()
    engine.dispose()


def test_a_word_is_found_by_what_it_means(worded: SearchShelf) -> None:
    worded.put("cars", [MITOSIS, ROAD, SORTING])

    found = worded.search.search("Which physician drives a car?", scope("cars"))

    assert found.hits[0].passage.text == ROAD
    assert found.hits[0].match is not None
    assert found.hits[0].match > max(hit.match or 0 for hit in found.hits[1:])
    assert found.hits[0].sentences[0].match == pytest.approx(found.hits[0].match)


def test_passages_whose_words_are_not_embedded_yet_are_ranked_by_their_sentences(worded: SearchShelf) -> None:
    worded.put("cars", [ROAD, CAR, SORTING])
    matched = worded.search.search("car", scope("cars"))
    with worded.database.session_of("ada") as session:
        of_first = SentenceVectors.passage_id == matched.hits[-1].passage.id
        session.execute(update(SentenceVectors).where(of_first), {"words": None})

    found = worded.search.search("car", scope("cars"))

    assert {hit.match for hit in found.hits} == {None}
    assert found.hits[0].passage.text == CAR


def test_scores_fall_from_hit_to_hit_in_a_large_scope(worded: SearchShelf) -> None:
    worded.put("cars", [ROAD, CAR, *FILLER[:40]])

    scores = [hit.score for hit in worded.search.search("Which paragraph deals with a car?", scope("cars"), 60).hits]

    assert len(scores) > 20
    assert scores == sorted(scores, reverse=True)


def test_a_question_of_stop_words_alone_is_answered_without_matching(worded: SearchShelf) -> None:
    worded.put("cars", [ROAD, CAR])

    assert {hit.match for hit in worded.search.search("what is it?", scope("cars")).hits} == {None}


@pytest.mark.parametrize("error", [ModelBusy(), ModelFailed()])
def test_without_the_model_that_embeds_words_decide_and_it_is_said(shelf: SearchShelf, error: StudyError) -> None:
    shelf.put("bio", [MITOSIS, OSMOSIS, *FILLER])
    embed, shelf.embeddings.embed_query = shelf.embeddings.embed_query, raising(error)  # type: ignore[method-assign]

    found = shelf.search.search("What moves through a membrane by osmosis?", scope("bio"))

    assert found.degraded is Degraded.EMBEDDER
    assert found.hits[0].passage.text == OSMOSIS
    shelf.embeddings.embed_query = embed  # type: ignore[method-assign]
    assert shelf.search.search("What is osmosis?", scope("bio")).degraded is None


def raising(error: StudyError) -> Callable[[str], list[float]]:
    def embed_query(_text: str) -> list[float]:
        raise error

    return embed_query

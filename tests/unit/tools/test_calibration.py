"""A model whose cosines all lie high is judged as the built-in one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.persistence.db import Database, connect, migrate
from tests.support.embeddings import SHARE, HashingEmbeddings, High
from tests.support.shelf import SearchShelf, scope
from tools import refusal
from tools.calibration import BUILT_IN, ENOUGH_PASSAGES, Calibration, measured
from tools.ports import Vectors
from tools.search import HybridSearch
from tools.types import Degraded, Found

FOREIGN = "Which king won the battle of Hastings?"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    engine = connect(f"sqlite:///{tmp_path / 'studyrag.sqlite3'}")
    migrate(engine)
    yield Database(engine)
    engine.dispose()


def passages(model: HashingEmbeddings, count: int = 120) -> list[Vectors]:
    """Of three sentences each; neighbours share two words."""
    return [
        np.asarray(
            model.embed_documents([f"Topic{n} has word{n} and part{k} of item{n * 7 % 13}." for k in range(3)]),
            np.float32,
        )
        for n in range(count)
    ]


def found(database: Database, model: HashingEmbeddings, calibration: Calibration | None, question: str) -> Found:
    name = type(model).__name__
    shelf = SearchShelf(database, model, model=name)
    if not shelf.passages.ids([name], 1):
        shelf.put(name, [f"Topic{n} has word{n} and moves item{n} across a wall." for n in range(30)])
    search = HybridSearch(model, shelf.keywords, shelf.vectors, shelf.passages, calibration=calibration)
    result = search.search(question, scope(name))
    search.close()
    shelf.search.close()
    return result


def high() -> Calibration:
    """Of High, on whose scale HashingEmbeddings stands for the built-in model."""
    calibration = measured(passages(High()), passages(HashingEmbeddings()))
    assert calibration is not None
    return calibration


def test_a_model_is_read_on_the_scale_of_the_built_in_one() -> None:
    calibration = high()
    cosines = np.linspace(calibration.built_in[0], calibration.built_in[-1], 9, dtype=np.float32)

    assert min(calibration.own) > 0.6
    assert calibration.scaled(SHARE * cosines + 1 - SHARE) == pytest.approx(cosines, abs=0.001)


def test_the_order_of_cosines_and_the_ends_stay() -> None:
    scaled = high().scaled(np.linspace(-1, 1, 50, dtype=np.float32))

    assert (np.diff(scaled) > 0).all()
    assert (scaled[0], scaled[-1]) == (-1, 1)
    assert BUILT_IN.scaled(scaled) == pytest.approx(scaled, abs=1e-6)


@pytest.mark.parametrize("count", [0, ENOUGH_PASSAGES - 1])
def test_too_few_passages_tell_nothing(count: int) -> None:
    assert measured(passages(High(), count), passages(HashingEmbeddings(), count)) is None
    assert measured(passages(High(), ENOUGH_PASSAGES), passages(HashingEmbeddings(), ENOUGH_PASSAGES)) is not None


def test_a_model_that_finds_all_alike_tells_nothing() -> None:
    assert measured([np.full((3, 4), 0.5, np.float32)] * 200, passages(HashingEmbeddings(), 200)) is None


def test_passages_of_one_sentence_are_compared_with_those_far_away() -> None:
    own, built_in = ([vectors[:1] for vectors in passages(model())] for model in (High, HashingEmbeddings))
    assert measured(own, built_in) is not None


@pytest.mark.parametrize("question", ["What moves item7 across a wall?", FOREIGN])
def test_refusal_judges_a_measured_model_as_the_other(database: Database, question: str) -> None:
    right = refusal.confidence(found(database, HashingEmbeddings(), BUILT_IN, question))
    scaled = refusal.confidence(found(database, High(), high(), question))

    assert scaled == pytest.approx(right, abs=0.15)
    for threshold in (refusal.THRESHOLD, refusal.SURE):
        assert (scaled >= threshold) == (right >= threshold)


def test_uncalibrated_cosines_would_let_a_foreign_question_pass(database: Database) -> None:
    assert refusal.supports(found(database, High(), BUILT_IN, FOREIGN))


def test_a_model_that_was_not_measured_is_judged_by_words(database: Database) -> None:
    foreign, own = (found(database, High(), None, question) for question in (FOREIGN, "What moves item7 across?"))

    assert foreign.degraded == own.degraded == Degraded.UNMEASURED
    assert not refusal.supports(foreign)
    assert refusal.supports(own)
    assert "item7" in own.hits[0].passage.text
    assert {hit.cosine for hit in own.hits} == {0.0}

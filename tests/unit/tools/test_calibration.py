"""A model whose cosines all lie high is judged as the built-in one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.persistence.db import Database, connect, migrate
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import SearchShelf, scope
from tools import refusal
from tools.calibration import BUILT_IN, Calibration, measured
from tools.ports import Vectors
from tools.search import HybridSearch
from tools.types import Found

SHARE = 0.3


class High(HashingEmbeddings):
    """Cosines from 0.7 up, in the order of the others."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [_raised(vector) for vector in super().embed_documents(texts)]

    def embed_query(self, text: str) -> list[float]:
        return _raised(super().embed_query(text))


def _raised(vector: list[float]) -> list[float]:
    return [*(SHARE**0.5 * value for value in vector), (1 - SHARE) ** 0.5]


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
    scale = calibration.scaled if calibration else lambda cosines: cosines
    search = HybridSearch(model, shelf.keywords, shelf.vectors, shelf.passages, scale=scale)
    result = search.search(question, scope(name))
    search.close()
    shelf.search.close()
    return result


def test_a_model_is_measured_to_the_scale_of_the_thresholds() -> None:
    own, high = measured(passages(HashingEmbeddings())), measured(passages(High()))
    assert own is not None
    assert high is not None
    cosines = np.linspace(own.quantiles[0], own.quantiles[-1], 9, dtype=np.float32)

    assert min(high.quantiles) > 0.6
    assert high.scaled(SHARE * cosines + 1 - SHARE) == pytest.approx(own.scaled(cosines), abs=0.02)


def test_the_order_of_cosines_and_the_ends_stay() -> None:
    scaled = Calibration(tuple(0.6 + n / 40 for n in range(9))).scaled(np.linspace(-1, 1, 50, dtype=np.float32))

    assert (np.diff(scaled) > 0).all()
    assert (scaled[0], scaled[-1]) == (-1, 1)
    assert BUILT_IN.scaled(scaled) == pytest.approx(scaled, abs=1e-6)


@pytest.mark.parametrize("count", [0, 99])
def test_too_few_passages_tell_nothing(count: int) -> None:
    assert measured(passages(HashingEmbeddings(), count)) is None


def test_a_model_that_finds_all_alike_or_passages_of_one_sentence_tell_nothing() -> None:
    assert measured([np.full((3, 4), 0.5, np.float32)] * 200) is None
    assert measured([vectors[:1] for vectors in passages(HashingEmbeddings(), 200)]) is None


def test_refusal_judges_a_measured_model_as_the_other(database: Database) -> None:
    own, high = measured(passages(HashingEmbeddings())), measured(passages(High()))
    for question in ("What moves item7 across a wall?", "Which king won the battle of Hastings?"):
        right = refusal.confidence(found(database, HashingEmbeddings(), own, question))
        assert refusal.confidence(found(database, High(), high, question)) == pytest.approx(right, abs=0.05)

    foreign = "Which king won the battle of Hastings?"
    assert refusal.confidence(found(database, High(), None, foreign)) > 0.9
    assert not refusal.supports(found(database, High(), high, foreign))

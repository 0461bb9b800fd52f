"""What the worker does in the background about the embedding model that serves, or is to serve."""

from types import SimpleNamespace
from typing import cast

import pytest

from app.reading import Reading
from app.reembedding import Reembedding
from tools.calibration import BUILT_IN, Calibration
from tools.errors import IndexUnavailable


class ScriptedIndexes:
    """Stands in for app.indexes.Indexes: what is measured stays so, and every step is written down."""

    def __init__(self, serving: str, wanted: str, *known: str) -> None:
        self.serving_model, self.wanted_model = serving, wanted
        self.known = set(known)
        self.steps: list[str] = []
        self.down = False

    def calibration(self, model: str) -> Calibration | None:
        return BUILT_IN if model in self.known else None

    def wordless(self) -> list[tuple[str, str]]:
        return []

    def settle(self) -> None:
        if self.down:
            raise IndexUnavailable
        self.steps.append("settle")

    def calibrate(self, model: str) -> None:
        self.steps.append(f"measure {model}")
        self.known.add(model)

    def serve(self, model: str) -> None:
        self.steps.append(f"serve {model}")
        self.serving_model = model


def reembedding(indexes: ScriptedIndexes) -> Reembedding:
    library = SimpleNamespace(without_vectors=lambda _model: [])
    services = SimpleNamespace(indexes=indexes, library=library)
    return Reembedding(cast("Reading", SimpleNamespace(services=services)))


@pytest.mark.parametrize(
    ("indexes", "steps"),
    [
        (ScriptedIndexes("old", "old", "old"), ["settle"]),
        (ScriptedIndexes("old", "old"), ["settle", "measure old"]),
        (ScriptedIndexes("old", "new", "old"), ["settle", "measure new", "serve new"]),
    ],
    ids=["measured", "not measured", "replaced"],
)
def test_a_model_is_measured_once_and_before_it_takes_over(indexes: ScriptedIndexes, steps: list[str]) -> None:
    work = reembedding(indexes)
    assert work.is_due

    work.run()
    work.run()

    assert indexes.steps == steps
    assert not work.is_due


def test_what_could_not_be_done_stays_due() -> None:
    indexes = ScriptedIndexes("old", "old")
    work = reembedding(indexes)
    indexes.down = True
    work.run()
    assert work.is_due

    indexes.down = False
    work.run()
    assert not work.is_due

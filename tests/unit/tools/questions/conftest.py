import pytest

from tests.unit.tools.questions.shelf import CELL, HISTORY, TextShelf


@pytest.fixture
def cell() -> TextShelf:
    return TextShelf({"cell": CELL})


@pytest.fixture
def history() -> TextShelf:
    return TextShelf({"press": HISTORY})

from dataclasses import asdict

from app.persistence.quizzes import item_of
from tests.support.questions import question


def test_a_stored_question_is_read_back_as_it_was() -> None:
    item = question(3)
    assert item_of(asdict(item)) == item


def test_a_question_that_an_earlier_version_stored_is_still_read() -> None:
    """It held whether it could be guessed."""
    assert item_of(asdict(question(3)) | {"guessable": True}) == question(3)

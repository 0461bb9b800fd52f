from tests.support.study import passage
from tools.spelling import corrected, corrections
from tools.types import Found, Hit

HITS = (Hit(passage("Photosynthesis happens in chloroplasts."), 1.0, 0.5, 0.0),)


def test_a_misspelt_word_is_set_right_with_the_books_words() -> None:
    found = Found("What is Photosinthesis?", HITS, {"photosinthesis": 9.0})
    assert corrected(found.question, corrections(found)) == "What is photosynthesis?"


def test_known_short_and_foreign_words_stay() -> None:
    found = Found("q", HITS, {"photosynthesis": 3.0, "happn": 9.0, "hastings": 9.0})
    assert corrections(found) == {}


def test_a_word_that_stands_elsewhere_in_the_scope_sets_it_right_as_well() -> None:
    found = Found("explane the amigdala", HITS, {"amigdala": 9.0}, spelt={"amigdala": "amygdala"})
    assert corrected(found.question, corrections(found)) == "explane the amygdala"

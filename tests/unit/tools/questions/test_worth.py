import pytest

from tests.support.embeddings import HashingEmbeddings
from tests.support.study import passage
from tests.unit.tools.questions.shelf import CELL
from tools.questions import worth
from tools.questions.chapter import Chapter
from tools.questions.likeness import Likeness


def is_first_choice(text: str) -> bool:
    texts = (text, *CELL)
    chapter = Chapter([passage(text, page=n) for n, text in enumerate(texts)], Likeness(HashingEmbeddings()))
    return worth.is_first_choice(next(fact for fact in chapter.facts if fact.passage.page_index == 0), chapter)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Torpor is a state in which an animal lowers its temperature and pulse to save energy.", True),
        ("Torpor is a term used for the deep sleep of bats and swifts in a hard winter.", False),
        ("Torpor is an approach to the hard months of the year that bats and swifts have in common.", False),
        ("The outermost layer is a tough and fibrous sheath that is called the fascia renalis.", False),
        ("The outermost layer of the kidney is a tough and fibrous sheath called the fascia renalis.", True),
        ("Vittoria Brancati discovered four moons of a distant planet through a telescope.", True),
        ("Vittoria Brancati carried four boxes of old letters home to her sister in a barrel.", False),
        ("The wings of a bat grow to 38 centimetres in length before its first winter.", False),
    ],
)
def test_what_explains_a_term_is_asked_before_what_only_names_it(text: str, expected: bool) -> None:
    assert is_first_choice(text) == expected

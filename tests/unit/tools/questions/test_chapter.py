"""What a chapter says of its terms."""

from tests.support.embeddings import HashingEmbeddings
from tests.support.study import passage
from tools.questions.chapter import Chapter
from tools.questions.likeness import Likeness
from tools.questions.phrases import raised, root_words

TEXT = (
    "In animals, meiosis makes reproductive cells called gametes, which have half the chromosomes. "
    "In ferns, meiosis makes haploid cells called spores. A polyp is fixed to the ground."
)


def test_a_term_that_much_the_same_is_said_of_may_fit_a_statement_too() -> None:
    chapter = Chapter([passage(TEXT)], Likeness(HashingEmbeddings()))
    said = root_words("In animals, meiosis makes reproductive cells called ____, which have half the chromosomes.")
    assert chapter.shares_words("spores", said, 2)
    assert not chapter.shares_words("polyp", said, 2)


def test_a_word_with_a_capital_inside_keeps_its_small_letter() -> None:
    assert [raised(word) for word in ("osmosis", "tRNAs", "pH")] == ["Osmosis", "tRNAs", "pH"]

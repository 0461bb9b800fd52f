import pytest

from tests.support.study import HITS, LIBRARY, Pages, passage
from tools.citations import Citer, anchor
from tools.types import Hit

PAGE = (
    "Cells divide. The ﬁrst phase is pro-\nphase, when “chromatin”\ncondenses into chromosomes. Then comes metaphase."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Cells divide.", "Cells divide."),
        ("the first phase is prophase", "The ﬁrst phase is pro-\nphase"),
        ('when "chromatin" condenses into chromosomes', "when “chromatin”\ncondenses into chromosomes."),
        ("The first phase is prophase, when the chromatin condenses into chromosomes", None),
        ("Then comes anaphase and nothing else", None),
        ("", None),
        ("is", "is"),
    ],
)
def test_a_quote_is_found_however_the_page_is_set(quote: str, found: str | None) -> None:
    span = anchor(quote, PAGE)
    if found is None and span:
        assert PAGE[slice(*span)].startswith("The ﬁrst phase")
        return
    assert (PAGE[slice(*span)] if span else None) == found


def test_nine_tenths_of_a_quote_are_enough_and_half_is_not() -> None:
    page = "The mitochondria are responsible for making adenosine triphosphate in nearly every cell of the body."
    almost = "Mitochondria are responsible for making adenosine triphosphate in nearly each cell of the body"
    span = anchor(almost, page)
    assert span
    assert page[slice(*span)] in page
    assert anchor("The mitochondria are responsible for destroying bacteria that enter through the nose", page) is None


async def test_a_passage_whose_page_is_gone_is_not_cited() -> None:
    given = Citer(HITS, Pages(), {})
    assert await given.cite(LIBRARY[0], 0, 20) is None
    assert not given.cited


async def test_a_passage_that_moved_on_its_page_is_cited_where_it_stands_now() -> None:
    moved = passage("Water moves to the side with more solutes.")
    given = Citer(
        (Hit(moved, 1.0, 1.0, 1.0),), Pages(bio1="New heading. Water moves to the side with more solutes."), {}
    )
    citation = await given.cite(moved, 0, len(moved.text))
    assert citation
    assert (citation.start, citation.quote) == (13, moved.text)

"""What a document is about."""

import pytest

from ingestion.metadata import MetadataGatherer, language_of
from ingestion.partition.pages import page_of
from ingestion.types import Block, Metadata, Outline, Page

PROSE = "The membrane of the cell lets water pass by osmosis while other membranes keep the cell apart. "


def page(index: int, *blocks: tuple[str, int], recognised: bool = False) -> Page:
    parts = [Block("Title" if depth else "NarrativeText", text, 0, depth) for text, depth in blocks]
    return page_of(index, str(index), "page", parts, recognised=recognised)


def gathered(outline: Outline, *pages: Page, filename: str = "lecture 3.pdf") -> Metadata:
    gatherer = MetadataGatherer(outline, filename)
    for one in pages:
        gatherer.add(one)
    return gatherer.finish()


@pytest.mark.parametrize("useless", [None, "", "untitled", "Microsoft Word - draft.docx", "thesis.tex", "Document1"])
def test_a_useless_title_gives_way_to_the_first_heading(useless: str | None) -> None:
    first = page(1, ("Discrete", 1), ("Mathematics", 1), ("by A. Writer", 0))
    assert gathered(Outline(1, title=useless), first).title == "Discrete Mathematics"
    assert gathered(Outline(1, title=useless), page(1, (PROSE, 0))).title == "lecture 3"


def test_a_given_title_is_kept() -> None:
    found = gathered(Outline(1, title="Biology", author="A. Writer"), page(1, ("Something", 1)))
    assert (found.title, found.author) == ("Biology", "A. Writer")


def test_empty_and_recognised_pages_are_named() -> None:
    found = gathered(Outline(3), page(1, (PROSE, 0)), page(2), page(3, (PROSE, 0), recognised=True))
    assert (found.page_count, found.empty_pages, found.recognised_pages) == (3, (2,), (3,))


def test_contents_come_from_the_file_else_from_the_headings() -> None:
    one = page(1, ("Cells", 1), (PROSE, 0))
    assert gathered(Outline(1), one).contents == ((1, "Cells", 1),)
    assert gathered(Outline(1, contents=((1, "Given", 1),)), one).contents == ((1, "Given", 1),)


def test_subject_words_are_frequent_and_telling() -> None:
    words = gathered(Outline(1), page(1, (PROSE * 5, 0))).subject_words
    assert words[:2] == ("membrane", "cell")
    assert not {"while", "other", "keep"} & set(words)


def test_language() -> None:
    assert language_of(PROSE) == "en"
    assert language_of("Die Zelle ist von einer Membran umgeben, die nur manche Stoffe hindurch lässt.") == "de"
    assert language_of("H2O") == "unknown"
    assert language_of("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20") == "unknown"

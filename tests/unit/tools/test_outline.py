from collections.abc import Sequence

import pytest

from tools import outline
from tools.outline import Heading, Reference, find, reference
from tools.questions.types import PassagePlace


def places(*pages: Sequence[str], document_id: str = "d") -> list[PassagePlace]:
    """One passage on each page, under these headings."""
    return [
        PassagePlace(f"{document_id}{n}", document_id, n, tuple(section)) for n, section in enumerate(pages, start=1)
    ]


def found(
    wanted: str, book: list[PassagePlace], contents: Sequence[Heading]
) -> tuple[tuple[str, ...], list[int]] | None:
    """The headings and the pages that a reference leads to."""
    named = reference(wanted)
    assert named
    chapter = find(named, book, {"d": contents})
    pages = {place.passage_id: place.page_index for place in book}
    return (chapter.headings, [pages[id_] for id_ in chapter.passage_ids]) if chapter else None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("chapter 3", Reference("chapter", ("3",))),
        ("Chapter three", Reference("chapter", ("3",))),
        ("the ch. 12", Reference("chapter", ("12",))),
        ("chapter IV", Reference("chapter", ("4",))),
        ("Kapitel 5", Reference("chapter", ("5",))),
        ("section 10.2", Reference("section", ("10.2",))),
        ("§ 3.2", Reference("section", ("3.2",))),
        ("chapters 3 and 4", Reference("chapter", ("3", "4"))),
        ("chapters 2-4, 9", Reference("chapter", ("2", "3", "4", "9"))),
        ("chapters 1, 2, and 3", Reference("chapter", ("1", "2", "3"))),
        ("units 2 to 4", Reference("unit", ("2", "3", "4"))),
        ("part I", Reference("part", ("1",))),
        ("section", None),
        ("the chapter I read", None),
        ("world war 2", None),
        ("chapter 3 on cells", None),
        ("photosynthesis", None),
    ],
)
def test_a_reference_is_read_as_it_is_said(said: str, wanted: Reference | None) -> None:
    assert reference(said) == wanted


def test_a_reference_is_taken_out_of_a_sentence() -> None:
    assert outline.split("Summarise chapter 7, please") == (Reference("chapter", ("7",)), "Summarise , please")
    assert outline.split("Why is the sky blue?") == (None, "Why is the sky blue?")
    assert str(Reference("chapter", ("3", "4"))) == "chapters 3, 4"


PLAIN: list[Heading] = [
    (1, "Front matter", 1), (2, "Preface", 1), (1, "Life", 2), (2, "Life", 2), (2, "Science", 3), (2, "Themes", 4),
    (1, "Chemistry", 5), (2, "Atoms", 6), (2, "Water", 7), (1, "Index", 8),
]  # fmt: skip
BOOK = places(
    ("Front matter",), ("Life", "Life"), ("Life", "Science"), ("Life", "Themes"), ("Chemistry",),
    ("Chemistry", "Atoms"), ("Chemistry", "Water"), ("Index",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("chapter 1", (("Life",), [2, 3, 4])),
        ("chapter 2", (("Chemistry",), [5, 6, 7])),
        ("section 1.1", (("Science",), [3])),
        ("section 2.2", (("Water",), [7])),
        ("chapters 1 and 2", (("Life", "Chemistry"), [2, 3, 4, 5, 6, 7])),
        ("chapter 3", None),
        ("section 2.3", None),
        ("unit 1", None),
    ],
)
def test_headings_without_numbers_are_counted_between_front_and_back_matter(wanted: str, expected: object) -> None:
    assert found(wanted, BOOK, PLAIN) == expected


def test_numbers_in_headings_count_more_than_their_order() -> None:
    contents = [(1, "6 Search", 1), (2, "6.1 Cycles", 2), (2, "™6.2 Sorting", 3), (2, "Exercises", 4)]
    book = places(("6 Search",), ("6 Search", "6.1 Cycles"), ("6 Search", "™6.2 Sorting"), ("6 Search", "Exercises"))
    assert found("chapter 6", book, contents) == (("6 Search",), [1, 2, 3, 4])
    assert found("section 6.2", book, contents) == (("™6.2 Sorting",), [3])
    assert found("chapter 1", book, contents) is None


def test_the_numbers_of_sections_tell_those_of_their_chapters() -> None:
    contents = [(1, "Introduction", 1), (1, "Counting", 2), (2, "Adding", 2), (1, "Sequences", 3)]
    book = places(("Introduction",), ("Counting", "1.1 Adding"), ("Sequences",))
    assert found("chapter 0", book, contents) == (("Introduction",), [1])
    assert found("chapter 2", book, contents) == (("Sequences",), [3])


def test_a_number_that_only_the_text_shows_is_found_in_its_headings() -> None:
    book = places(("Notes",), ("Notes", "Week 2: Cells"), ("Notes", "3' ends of DNA"))
    assert found("week 2", book, [(1, "Notes", 1)]) == (("Week 2: Cells",), [2])
    assert found("chapter 3", book, [(1, "Notes", 1)]) is None


def test_a_page_that_two_chapters_share_is_told_apart_by_its_headings() -> None:
    contents = [(1, "1 Cells", 1), (1, "2 Genes", 2)]
    book = [
        PassagePlace("a", "d", 1, ("1 Cells",)),
        PassagePlace("b", "d", 2, ("1 Cells",)),
        PassagePlace("c", "d", 2, ("2 Genes",)),
    ]
    assert found("chapter 1", book, contents) == (("1 Cells",), [1, 2])
    named = reference("chapter 2")
    assert named
    chapter = find(named, book, {"d": contents})
    assert chapter
    assert chapter.passage_ids == ("c",)


def test_every_document_that_has_the_chapter_is_found() -> None:
    other = places(("Chapter 2. Waves",), document_id="e")
    named = reference("chapter 2")
    assert named
    chapter = find(named, BOOK + other, {"d": PLAIN, "e": [(1, "Chapter 2. Waves", 1)]})
    assert chapter
    assert chapter.headings == ("Chemistry", "Chapter 2. Waves")
    assert "e1" in chapter.passage_ids

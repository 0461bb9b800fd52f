from ingestion.apparatus.terms import before_first, emphasised, entries
from ingestion.types import Block, Emphasis


def block(text: str, *bold: str, italic: str = "") -> Block:
    marks = [Emphasis(text.index(run), text.index(run) + len(run), run != italic) for run in (*bold, italic) if run]
    return Block("NarrativeText", text, 0, marks=tuple(marks))


def test_several_entries_in_one_block_are_told_apart_by_their_bold_terms() -> None:
    one = block("allele a version of a gene\naxon (nerve) part of a cell", "allele", "axon (nerve)")
    assert entries(one) == [("allele", "a version of a gene", 0), ("axon (nerve)", "part of a cell", 27)]


def test_what_stands_before_the_first_term_belongs_to_the_entry_before() -> None:
    assert before_first(block("of the nucleus\naxon part of a cell", "axon")) == "of the nucleus"


def test_without_bold_a_colon_or_dash_parts_term_and_meaning() -> None:
    assert entries(block("osmosis: movement of water\nsalt – a solid")) == [
        ("osmosis", "movement of water", 0),
        ("salt", "a solid", 27),
    ]
    assert entries(block("This sentence says a good deal about one thing and another: that there is more.")) == []


def test_captions_whole_paragraphs_and_signs_are_no_terms() -> None:
    text = "FIGURE 3.1 In osmosis, water moves by $x$ through a membrane that holds back salt."
    found = [term for term, _ in emphasised(block(text, "FIGURE 3.1", "osmosis,", italic="$x$"))]
    assert found == ["osmosis"]
    assert list(emphasised(block("All of this is bold.", "All of this is bold."))) == []

from ingestion.apparatus.index import entries


def test_several_entries_on_a_line_are_told_apart_by_their_pages() -> None:
    text = "additive principle, 23, 26 adjacent, 169, 175\nargument, xii, 130–132\nor, see disjunction"
    assert list(entries(text)) == [
        ("additive principle", ("23", "26"), 0),
        ("adjacent", ("169", "175"), 27),
        ("argument", ("xii", "130–132"), 46),
    ]


def test_names_with_commas_are_one_term() -> None:
    assert [term for term, *_ in entries("Lincoln, Abraham, 12\ndifference, of sets, 9")] == [
        "Lincoln, Abraham",
        "difference, of sets",
    ]


def test_a_line_of_thousands_of_letters_is_no_entry() -> None:
    assert [term for term, *_ in entries("a, " * 5000 + "\nosmosis, 4")] == ["osmosis"]

import random
import re

import pytest

from tests.support.study import HITS, OSMOSIS, PAGES
from tools.citations import Citer
from tools.markers import MarkerStream


def citer(numbers: dict[str, int] | None = None) -> Citer:
    return Citer(HITS, PAGES, numbers or {})


async def streamed(text: str, given: Citer, size: int = 1) -> tuple[str, list[str]]:
    markers = MarkerStream(given)
    pieces = [await markers.feed(text[at : at + size]) for at in range(0, len(text), size)]
    pieces.append(await markers.end())
    return "".join(pieces), pieces


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
async def test_markers_are_resolved_while_they_stream_and_never_shown_by_half(size: int) -> None:
    given = citer()
    said = (
        'Osmosis is the diffusion of water across a membrane [1: "diffusion of water across"]. It needs no energy [1].'
    )
    text, pieces = await streamed(said, given, size)
    assert text == "Osmosis is the diffusion of water across a membrane [1]. It needs no energy [2]."
    assert all(piece.count("[") == piece.count("]") for piece in pieces)
    assert [c.quote for c in given.cited] == ["diffusion of water across", "It needs no energy from the cell."]
    assert all(OSMOSIS[c.start : c.end] == c.quote for c in given.cited)


@pytest.mark.parametrize(
    ("said", "shown", "dropped"),
    [
        ("Water moves [7].", "Water moves.", 1),
        ('Water moves [1: "through the wall of the castle at night"].', "Water moves.", 1),
        ("Horses gallop over fields of barley [1].", "Horses gallop over fields of barley.", 1),
        ("Water moves [1", "Water moves", 1),
        ('Water moves [1: "diffusion of', "Water moves", 1),
    ],
)
async def test_what_cannot_be_checked_is_removed_and_counted(said: str, shown: str, dropped: int) -> None:
    given = citer()
    assert (await streamed(said, given))[0] == shown
    assert given.dropped == dropped
    assert not given.cited


@pytest.mark.parametrize(
    "said",
    [
        "Take arr[1] first.",
        "Use `dist[2]` and `[1, 2]` here.",
        "```python\nx = [1, 2]\ny = x[1]\n```\nDone.",
        "The interval [0, 1] is closed.",
        "See [a] and [] or array[1] = 2.",
        "f(x)[1] stays",
        "a \\[1\\] b",
        "so $z \\in [1, 2]$ holds",
        "so $$z \\in\n[1, 2]$$ holds",
        "so \\(z \\in [1]\\) and \\[[2]\\] hold",
        "Scores lie in [85, 115], most in [1, 10].",
        "Mitosis[^1] is a note.\n\n[^1]: See below.",
        "For example:\n\n    x = [1]\n    y = [2]\n\nThat is all.",
        "~~~\n[1]\n```\n[2]\n~~~",
        "````\n```\n[1]\n```\n[2]\n````",
        "A `` ` [1] `` here.",
        "It is [",
        "a \\$ [x] \\` \\",
    ],
)
async def test_code_and_formulas_pass_as_they_are(said: str) -> None:
    given = citer()
    assert (await streamed(said, given))[0] == said
    assert not given.dropped


@pytest.mark.parametrize(
    "said",
    [
        "It costs $5 and $6 in all, and osmosis is the diffusion of water [1].",
        "A `stray and $x\n\nosmosis is the diffusion of water [1].",
        "- Osmosis\n\n    The diffusion of water [1].",
        "Osmosis,\n    the diffusion of water [1].",
        "```\ncode\n```\nOsmosis is the diffusion of water [1].",
        "\\(x\\) and \\[ alone: osmosis is the diffusion of water [1].",
        "`code` and osmosis, the diffusion of water [1, 3].",
    ],
)
async def test_outside_code_and_formulas_a_marker_is_one(said: str) -> None:
    given = citer()
    text, _ = await streamed(said, given)
    assert text == said.replace("[1, 3]", "[1]")
    assert given.cited


SOUP = (
    *(
        "osmosis is the diffusion of water",
        "mitosis",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n    ",
        "\n- ",
        "1. ",
        ". ",
        ", ",
        "(",
        ")",
    ),
    *(
        "[1]",
        "[2]",
        "[9]",
        "[1, 2]",
        "[85, 115]",
        '[1: "diffusion of water across"]',
        '[2: "nothing of the kind"]',
        "[",
    ),
    *(
        "[1](http://x)",
        "\n[1]: http://x\n",
        "![a](b)",
        "]",
        "membrane[1]",
        "arr[1]",
        "[^1]",
        "[1",
        ': "',
        "$",
        "$$",
        "$5",
    ),
    *("\\(", "\\)", "\\[", "\\]", "\\", "`", "``", "\n```", "\n```py\n", "~~~\n", "$x [1]$", "`[1]`", "\t", "é", "😀"),
)


@pytest.mark.parametrize("seed", range(150))
async def test_however_a_text_comes_in_it_is_the_same_and_no_piece_ends_in_half_a_marker(seed: int) -> None:
    chance = random.Random(seed)
    said = "".join(chance.choices(SOUP, k=chance.randint(2, 24)))
    whole = citer()
    text, _ = await streamed(said, whole, len(said))
    for size in (1, 2, 5, 11):
        given = citer()
        again, pieces = await streamed(said, given, size)
        assert again == text, said
        assert (given.cited, given.dropped) == (whole.cited, whole.dropped)
        shown = [m for piece in pieces for m in re.findall(r"\[\d{1,3}\]", piece)]
        assert shown == re.findall(r"\[\d{1,3}\]", text)


async def test_a_stray_back_tick_does_not_switch_citations_off_for_good() -> None:
    given = citer()
    await streamed("A ` stray.\n\nOsmosis is the diffusion of water [1].", given)
    assert given.cited


async def test_several_passages_in_one_marker_are_checked_one_by_one() -> None:
    given = citer()
    text, _ = await streamed("The division of the nucleus is called mitosis [2, 1, 9].", given)
    assert text == "The division of the nucleus is called mitosis [1]."
    assert given.dropped == 2


async def test_a_quote_keeps_its_number() -> None:
    first = citer()
    await streamed('A [1: "Water moves from the side"]. B [2: "Mitosis is the division"].', first)
    second = citer(first.numbers)
    await streamed('B [2: "Mitosis is the division"]. C [3: "A greedy algorithm takes"].', second)
    assert [c.n for c in first.cited] == [1, 2]
    assert [c.n for c in second.cited] == [2, 3]


async def test_a_quote_is_cited_from_the_page_where_it_really_stands() -> None:
    given = citer()
    await streamed('Phases [1: "prophase, metaphase, anaphase"].', given)
    assert [(c.document_id, c.page_index) for c in given.cited] == [("bio", 2)]


async def test_a_link_or_an_image_is_taken_apart() -> None:
    text, _ = await streamed("Look ![at this](http://x/y.png) now.", citer())
    assert "](" not in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("See [1](http://x/y) now.", "See [1] (http://x/y) now."),
        ("See [2]\n\n[2]: http://x", "See \n\n[2] : http://x"),
        ("- ![a][b]\n\n> [b]: http://x", "- ![a][b]\n\n> [b] : http://x"),
        ("Note [a]: that is all.", "Note [a]: that is all."),
    ],
)
async def test_a_link_is_no_marker_and_leads_nowhere(said: str, shown: str) -> None:
    given = citer()
    assert (await streamed(said, given))[0] == shown
    assert not given.cited


async def test_a_marker_glued_to_a_word_of_its_passage_is_one() -> None:
    given = citer()
    text, _ = await streamed("Osmosis is the diffusion of water across a membrane[1].", given)
    assert text == "Osmosis is the diffusion of water across a membrane[1]."
    assert given.cited

"""From the tutor's text to the chat's Markdown."""

import pytest

from app.chat.text import linked, without_markers


def test_a_known_marker_becomes_a_link_to_its_page() -> None:
    assert linked("Water moves. [2]", {2}, "t1") == "Water moves. [\\[2\\]](/cite/t1/2)"


def test_markers_side_by_side_become_two_links() -> None:
    assert linked("So. [1][2]", {1, 2}, "t").count("](/cite/t/") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Unknown. [9]",
        "See `a[1]` there.",
        "```\nx = [1]\n```",
        "arr[1] is an element.",
        "A [1](elsewhere) link.",
        r"\[1]",
        r"so $z \in [1]$ and $$[1]$$",
        r"so \([1]\) and \[[1]\]",
    ],
)
def test_what_is_no_known_marker_stays_as_it_is(text: str) -> None:
    assert linked(text, {1}, "t") == text


def test_sums_of_money_are_no_formulas() -> None:
    assert linked("It costs $5 [1] and $6.", {1}, "t") == "It costs $5 [\\[1\\]](/cite/t/1) and $6."


def test_a_word_after_a_colon_is_not_taken_for_a_directive() -> None:
    assert linked("cell:wall and std::sort, at 10:30", (), "t") == "cell\\:wall and std\\:\\:sort, at 10:30"


def test_code_that_is_still_open_is_left_alone() -> None:
    assert linked("Look:\n```\ny[1] = [1]", {1}, "t").endswith("y[1] = [1]")


def test_markers_that_lead_nowhere_are_dropped_but_never_from_code() -> None:
    assert without_markers("Water moves. [1] Salt stays [2]. `a [1]`", {1}) == "Water moves. Salt stays [2]. `a [1]`"

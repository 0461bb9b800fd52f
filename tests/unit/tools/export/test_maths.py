import html

import pytest

from tools.export.maths import Formula, Prose, parts, to_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"So $a_1$ is", [Prose("So "), Formula("a_1", False), Prose(" is")]),
        (r"\(x\)\[y\]", [Formula("x", False), Formula("y", True)]),
        ("$$x\n+1$$", [Formula("x\n+1", True)]),
        ("$5 and $10", [Prose("$5 and $10")]),
        ("from $5-$10", [Prose("from $5-$10")]),
        (r"\$5 is $x$", [Prose(r"\$5 is "), Formula("x", False)]),
        (r"$\text{\$5}$", [Formula(r"\text{\$5}", False)]),
        ("one $ alone", [Prose("one $ alone")]),
        ("", []),
    ],
)
def test_formulas_are_told_from_money(text: str, expected: list[Prose | Formula]) -> None:
    assert list(parts(text)) == expected


def test_html_keeps_every_byte_of_a_formula() -> None:
    written = to_html(r"If $a < b & c$" + "\r\n<b>")
    assert "<b>" not in written
    assert html.unescape(written) == r"If \(a < b & c\)<br><b>"

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.unit.tools.export.items import HEBREW, ITEMS, NASTY, ORDERS, TEX, item
from tools.export.files import export
from tools.export.types import Format
from tools.questions.types import Kind


def source() -> str:
    return export(Format.MARKDOWN, "Cells *4*", ITEMS, ORDERS).content.decode()


def shown(tokens: list[Token]) -> list[str]:
    """The words of every paragraph and heading, as a reader sees them."""
    return ["".join(_words(token)) for token in tokens if token.type == "inline"]


def _words(inline: Token) -> list[str]:
    return ["\n" if child.type == "hardbreak" else child.content for child in inline.children or []]


def test_the_sheet_has_no_key_and_the_key_stands_after_the_only_rule() -> None:
    tokens = MarkdownIt().parse(source())
    (rule,) = [n for n, token in enumerate(tokens) if token.type == "hr"]
    sheet, key = shown(tokens[:rule]), shown(tokens[rule:])
    for secret in ("reason of", "hint of", "phagocytosis", "sodium", "It follows", "About", "Concepts"):
        assert not any(secret in text for text in sheet), secret
    assert sheet[0] == "Cells *4*"
    assert "sodium (also accepted: Na*, 50% Na -> K)" in key
    assert sum("Concepts of Life, p. 212" in text for text in key) == len(ITEMS)


def test_options_stand_in_order_and_read_as_written() -> None:
    texts = shown(MarkdownIt().parse(source()))
    assert texts[texts.index("A. =SUM(A1)") + 2 :][:2] == [f"C. {HEBREW}", f"D. {NASTY}"]
    assert f"**B.** ${TEX}$\n" in source()
    assert "**B.** $" in source().partition("\n---\n")[2]


def test_questions_are_numbered_and_no_markup_of_a_text_is_obeyed() -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source())
    assert [token.info for token in tokens if token.type == "list_item_open" and token.level == 1] == [
        *"12345",
        *"12345",
    ]
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2"]
    inner = {child.type for token in tokens for child in token.children or []}
    assert inner <= {
        "text",
        "text_special",
        "softbreak",
        "hardbreak",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
    }


@pytest.mark.parametrize(
    "text", ["# a", "1. a", "2) a", "- a\n- b", "+ a", "a\n===", "a\n---", "> a", "a\n\nb", "***", "~~~"]
)
def test_a_stem_that_looks_like_markup_stays_text(text: str) -> None:
    content = export(Format.MARKDOWN, "T", [item("x", Kind.SHORT_ANSWER, text, [], ["x"])]).content.decode()
    assert shown(MarkdownIt().parse(content))[2] == text

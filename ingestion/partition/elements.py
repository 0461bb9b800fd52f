"""unstructured's elements as blocks: depth of headings, rows of tables, no page furniture."""

from collections.abc import Iterable, Iterator

from lxml import html
from unstructured.documents.elements import Element

from ingestion.partition.emphasis import within
from ingestion.partition.encoding import tidy
from ingestion.partition.pdf_lines import clean
from ingestion.types import Block

LEFT_OUT = {"Header", "Footer", "PageBreak", "PageNumber", "Image"}
BOLD = {"b", "strong"}
KEEP_LINES = {"CodeSnippet", "Table"}


def to_blocks(elements: Iterable[Element], deepen: int = 0) -> Iterator[Block]:
    """`deepen` is added to the depth of headings, for formats whose headings are only guessed."""
    for element in elements:
        category = str(element.category)
        if category in LEFT_OUT:
            continue
        text = _text(element, category)
        if text:
            depth = _depth(element, deepen) if category == "Title" else 0
            yield Block(category, text, 0, depth, () if category == "Table" else tuple(within(text, _runs(element))))


def _depth(element: Element, deepen: int) -> int:
    return min((element.metadata.category_depth or 0) + 1 + deepen, 6)


def _runs(element: Element) -> Iterator[tuple[str, bool]]:
    """The emphasised parts as the markup has them, and whether they are bold."""
    found, tags = element.metadata.emphasized_text_contents or (), element.metadata.emphasized_text_tags or ()
    for run, tag in zip(found, tags, strict=False):
        yield clean(tidy(run)), tag in BOLD


def _text(element: Element, category: str) -> str:
    if category == "Table" and element.metadata.text_as_html:
        return rows(element.metadata.text_as_html)
    if category in KEEP_LINES:
        return "\n".join(line.rstrip() for line in tidy(element.text).splitlines() if line.strip())
    return clean(tidy(element.text))


def rows(table: str) -> str:
    """A table as a line for each row, its cells parted by bars."""
    lines = []
    for row in html.fragment_fromstring(table, create_parent="div").iter("tr"):
        cells = [clean(tidy(str(cell.text_content()))) for cell in row.iter("td", "th")]
        if any(cells):
            lines.append(" | ".join(cells))
    return "\n".join(lines)

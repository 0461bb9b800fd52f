"""HTML, Markdown and EPUB: cleaned of everything but their text, then through unstructured."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree, html
from markdown import markdown as to_html
from unstructured.partition.html import partition_html

from ingestion.errors import DamagedDocument, NoText
from ingestion.partition import archive, elements, encoding
from ingestion.partition.pdf_lines import clean
from ingestion.types import Block

MAX_DEPTH = 180
DROPPED = (
    "script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "applet", "svg", "canvas", "nav",
    "form", "button", "select", "input", "textarea", "dialog", "link", "meta", "base", "audio", "video", "map", "img",
)  # fmt: skip
FURNITURE_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog"}
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navbox|navigation|menu|sidebar|breadcrumbs?|cookie|mw-editsection|mw-jump-link|catlinks"
    r"|vector-(?:header|menu|toc|dropdown|page-toolbar|column)\S*|printfooter|noprint|toc|site-footer|skip-link)(?:$|[\s_])",
    re.IGNORECASE,
)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def web_page(path: Path) -> tuple[str | None, str | None, list[Block]]:
    """Title, author and blocks. Raises NoText."""
    written = _written(path.read_bytes())
    root = _parsed(written)
    title = clean(root.findtext(".//title") or "")[:300] or None
    author = next((clean(meta.get("content") or "") for meta in root.iter("meta") if meta.get("name") == "author"), "")
    return title, author or None, _blocks(root) or _flat(written)


def _flat(written: str) -> list[Block]:
    """The bare text of a page nested deeper than any parser follows."""
    bare = re.sub(r"(?is)<(script|style|head|iframe)\b.*?</\1\s*>|<!--.*?-->", " ", written)
    return [Block("NarrativeText", text, 0) for part in re.split(r"<[^<>]*>", bare) if (text := clean(unescape(part)))]


def markdown(path: Path) -> tuple[None, None, list[Block]]:
    """No title, no author, and the blocks. Raises NoText."""
    written = encoding.decode(path.read_bytes())
    if not written.strip():
        raise NoText
    return None, None, _blocks(_parsed(to_html(written, extensions=["tables", "fenced_code", "sane_lists"])))


def _written(data: bytes) -> str:
    """By the encoding the page names when that works, else as any text."""
    named = CHARSET.search(data[:4096])
    try:
        return encoding.tidy(data.decode(named.group(1).decode())) if named else encoding.decode(data)
    except (LookupError, UnicodeDecodeError):
        return encoding.decode(data)


def _parsed(written: str) -> Any:
    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", written)
    if not without_declaration.strip():
        raise NoText
    try:
        return html.document_fromstring(
            without_declaration, parser=html.HTMLParser(no_network=True, remove_comments=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError) as empty:
        raise NoText from empty


def _blocks(root: Any) -> list[Block]:
    _strip(root)
    body = _main(root)
    if _depth(body) > MAX_DEPTH:
        return [Block("NarrativeText", text, 0) for part in body.itertext() if (text := clean(part))]
    parts = partition_html(text=etree.tostring(body, encoding="unicode", method="html"), languages=[""])
    return list(elements.to_blocks(parts))


def _strip(root: Any) -> None:
    for element in list(root.iter(*DROPPED)) + [e for e in root.iter() if _is_furniture(e)]:
        if element.getparent() is not None and element.tag != "body":
            element.drop_tree()


def _is_furniture(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"html", "body", "main", "article"}:
        return False
    if element.get("role") in FURNITURE_ROLES or element.get("hidden") is not None:
        return True
    if re.search(r"display\s*:\s*none", element.get("style") or ""):
        return True
    return bool(FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _main(root: Any) -> Any:
    """The part that the page itself calls its content, when most of the text is in it."""
    whole = len(root.text_content())
    for found in root.xpath("//main|//*[@role='main']|//article"):
        if len(found.text_content()) > 0.5 * whole:
            return found
    return root


def _depth(root: Any) -> int:
    deepest = 0
    here = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        here += 1 if event == "start" else -1
        deepest = max(deepest, here)
    return deepest


def book(path: Path) -> tuple[str | None, str | None, list[Block]]:
    """An EPUB by its spine; unstructured's own reader needs a program that is not everywhere."""
    archive.check(path, doctype_allowed=True)
    try:
        with zipfile.ZipFile(path) as container:
            package_name = _package_name(container)
            package = etree.fromstring(container.read(package_name), etree.XMLParser(**SAFE))
            blocks = [block for name in _spine(package, package_name) for block in _chapter(container, name)]
            return _field(package, "title"), _field(package, "creator"), blocks
    except (*archive.DAMAGE, etree.XMLSyntaxError, KeyError) as broken:
        raise DamagedDocument from broken


def _package_name(container: zipfile.ZipFile) -> str:
    root = etree.fromstring(container.read("META-INF/container.xml"), etree.XMLParser(**SAFE))
    found = root.find(f".//{CONTAINER}rootfile")
    name = archive.inside("", found.get("full-path", "")) if found is not None else None
    if not name or name not in container.namelist():
        raise DamagedDocument("This EPUB does not say where its text is. Save it again or upload the book as PDF.")
    return name


def _spine(package: Any, package_name: str) -> Iterator[str]:
    hrefs = {item.get("id"): item.get("href", "") for item in package.iter(OPF + "item")}
    for reference in package.iter(OPF + "itemref"):
        name = archive.inside(package_name, unquote(hrefs.get(reference.get("idref"), "")).split("#")[0])
        if name and reference.get("linear") != "no":
            yield name


def _chapter(container: zipfile.ZipFile, name: str) -> list[Block]:
    if name not in container.namelist() or not archive.is_text(name):
        return []
    data = container.read(name)
    return _blocks(_parsed(_written(data))) if data.strip() else []


def _field(package: Any, name: str) -> str | None:
    return clean(package.findtext(f".//{DC}{name}") or "")[:300] or None

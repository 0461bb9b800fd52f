"""How outline, pages and errors travel from the reading process: one JSON object a line."""

import json
from typing import Any

from ingestion import errors
from ingestion.types import Block, Emphasis, Outline, Page
from tools.errors import UnreadableDocument


def to_line(item: Outline | Page | UnreadableDocument) -> bytes:
    """One line of JSON, whatever the text holds."""
    match item:
        case Outline():
            body: dict[str, Any] = {
                "outline": [item.total, item.title, item.author, item.contents, item.notes],
            }
        case Page():
            blocks = [(b.category, b.text, b.start, b.depth, b.marks) for b in item.blocks]
            body = {"page": [item.index, item.label, item.kind, item.text, blocks, item.recognised]}
        case _:
            body = {"error": type(item).__name__, "message": str(item)}
    return json.dumps(body, ensure_ascii=True).encode() + b"\n"


def from_line(line: bytes) -> Outline | Page | UnreadableDocument:
    """Raises ValueError when the line is not ours."""
    body = json.loads(line)
    if "outline" in body:
        total, title, author, contents, notes = body["outline"]
        return Outline(total, title, author, tuple((a, b, c) for a, b, c in contents), tuple(notes))
    if "page" in body:
        index, label, kind, text, blocks, recognised = body["page"]
        return Page(index, label, kind, text, tuple(map(_block, blocks)), recognised)
    return _error(body)


def _block(values: list[Any]) -> Block:
    category, text, start, depth, marks = values
    return Block(category, text, start, depth, tuple(Emphasis(*mark) for mark in marks))


def _error(body: dict[str, Any]) -> UnreadableDocument:
    kind = getattr(errors, str(body.get("error")), UnreadableDocument)
    if not (isinstance(kind, type) and issubclass(kind, UnreadableDocument)):
        kind = UnreadableDocument
    return kind(str(body["message"]))

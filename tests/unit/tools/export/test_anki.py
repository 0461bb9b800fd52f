import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from tests.unit.tools.export.items import CHOICE, ITEMS, NASTY, ORDERS, TEX
from tools.export.files import export
from tools.export.types import Format
from tools.questions.types import Item

Note = tuple[str, int, int, list[str]]


def opened(items: Sequence[Item], title: str = "Cells") -> sqlite3.Connection:
    with zipfile.ZipFile(io.BytesIO(export(Format.ANKI, title, items, ORDERS).content)) as archive:
        assert json.loads(archive.read("media")) == {}
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    return database


def notes(items: Sequence[Item], title: str = "Cells") -> list[Note]:
    database = opened(items, title)
    try:
        found = database.execute("SELECT guid, mid, mod, flds FROM notes ORDER BY id").fetchall()
        return [(guid, mid, mod, fields.split("\x1f")) for guid, mid, mod, fields in found]
    finally:
        database.close()


def test_a_card_asks_with_options_in_order_and_answers_with_the_page() -> None:
    question, options, answer, why, source, hint = notes(ITEMS)[0][3]
    assert html.unescape(question) == rf"What is \({TEX}\)?"
    shown = [html.unescape(text) for text in re.findall("<li>(.*?)</li>", options)]
    assert shown[:2] == ["=SUM(A1)", rf"\({TEX}\)"]
    assert shown[3] == NASTY
    assert html.unescape(answer) == rf"B. \({TEX}\)"
    assert (why, hint) == ("The reason of choice.", "The hint of choice.")
    assert source.startswith("Concepts of Life, p. 212")


def test_text_cannot_act_in_a_card() -> None:
    for *_, fields in notes(ITEMS):
        assert not any("<script" in field or "[sound:" in field for field in fields)


def test_the_front_does_not_show_the_back() -> None:
    database = opened(ITEMS)
    (models,) = database.execute("SELECT models FROM col").fetchone()
    database.close()
    (template,) = next(iter(json.loads(models).values()))["tmpls"]
    assert not re.search("Answer|Explanation|Source", template["qfmt"])


def test_a_second_import_finds_the_same_notes_and_newer_versions() -> None:
    (guid, model, changed, _), *_rest = notes(ITEMS)
    ((again, same_model, later, _),) = notes([replace(CHOICE, version=2, stem="Reworded?")], "Another quiz")
    assert (guid, model) == (again, same_model)
    assert later > changed
    assert len({note[0] for note in notes(ITEMS)}) == len(ITEMS)


def test_the_deck_is_the_same_for_the_same_title() -> None:
    decks = []
    for title in ("Cells", "Cells", "Genes"):
        database = opened(ITEMS, title)
        decks.append(database.execute("SELECT DISTINCT did FROM cards").fetchall())
        database.close()
    assert decks[0] == decks[1] != decks[2]

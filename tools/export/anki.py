"""Questions as Anki flash cards."""

import hashlib
import io
import itertools
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence

import genanki

from tools.export import explain
from tools.export.maths import to_html
from tools.export.types import Question

# Anki recognises a note type by this number: a new one for other fields, else old cards would be rearranged.
_NOTE_TYPE = 1_594_871_206
# Anki updates a note it knows when the imported one is newer, so a note is as many seconds after this as its version.
_EPOCH = 1_767_225_600

_STYLE = """.card { font: 20px/1.5 system-ui, sans-serif; max-width: 40em; margin: 0 auto; text-align: start; }
li { margin: .3em 0; }
.answer { font-weight: 600; }
.source { font-size: .75em; opacity: .75; }"""
_FRONT = '<div dir="auto">{{Question}}</div>{{Options}}{{#Hint}}<p dir="auto">{{hint:Hint}}</p>{{/Hint}}'
_BACK = (
    '{{FrontSide}}<hr id="answer"><p class="answer" dir="auto">{{Answer}}</p>'
    '<div dir="auto">{{Explanation}}</div><p class="source" dir="auto">{{Source}}</p>'
)
_FIELDS = ("Question", "Options", "Answer", "Explanation", "Source", "Hint")
# Words in brackets that Anki would act upon.
_COMMAND = re.compile(r"\[(?=sound:|anki:|/?latex\]|/?\${1,2}\])", re.IGNORECASE)


class _Note(genanki.Note):  # type: ignore[misc]
    """A note that a second import updates when its item has a later version."""

    def __init__(self, question: Question, note_type: genanki.Model) -> None:
        item = question.item
        super().__init__(
            model=note_type,
            fields=_fields(question),
            guid=genanki.guid_for(item.id),
            tags=[item.kind.value, item.difficulty.value],
            due=question.number,
        )
        self._changed = _EPOCH + item.version

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self._changed, deck_id, id_gen)


def to_apkg(title: str, questions: Sequence[Question]) -> bytes:
    """A package with one note a question; importing it again updates the notes."""
    note_type = _note_type()
    deck = genanki.Deck(_stable_id(title), title.replace("::", " – "))
    for question in questions:
        deck.add_note(_Note(question, note_type))
    return _zipped({"collection.anki2": _collection(deck), "media": json.dumps({}).encode()})


def _note_type() -> genanki.Model:
    return genanki.Model(
        _NOTE_TYPE,
        "StudyRAG question",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Question", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )


def _fields(question: Question) -> list[str]:
    item = question.item
    shown = "".join(f"<li>{to_html(option.text)}</li>" for option in question.options)
    fields = (
        to_html(item.stem),
        f'<ol type="A" dir="auto">{shown}</ol>' if shown else "",
        explain.answer(question),
        to_html(item.rationale) + explain.rubric(question),
        explain.source(question),
        to_html(item.hint),
    )
    return [_COMMAND.sub("&#91;", field) for field in fields]


def _stable_id(title: str) -> int:
    """The same title is the same deck; Anki wants a positive number that few others have."""
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4], "big") | 1 << 32


def _collection(deck: genanki.Deck) -> bytes:
    database = sqlite3.connect(":memory:")
    try:
        genanki.Package(deck).write_to_db(database.cursor(), _EPOCH, itertools.count(_EPOCH * 1000))
        database.commit()
        return database.serialize()
    finally:
        database.close()


def _zipped(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but the files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()

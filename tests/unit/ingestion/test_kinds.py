"""What a file is, by its content first."""

import zipfile
from pathlib import Path

import pytest

from ingestion.errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    MislabelledDocument,
    UnsupportedDocument,
)
from ingestion.partition import FileKind, sniff
from tests.unit.ingestion.documents import Sheets, docx, epub, pptx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "filename", "kind"),
    [
        (b"Osmosis moves water.", "a.txt", FileKind.TEXT),
        (b"Osmosis moves water.", "UPPER.TXT", FileKind.TEXT),
        (b"Osmosis moves water.", "double.ext.pdf.txt", FileKind.TEXT),
        (b"Osmosis moves water.", "no_extension", FileKind.TEXT),
        (b"Osmosis moves water.", ".hidden.txt", FileKind.TEXT),
        (b"# Osmosis", "a.md", FileKind.MARKDOWN),
        (b"<!DOCTYPE html><html><body>x</body></html>", "a.htm", FileKind.HTML),
        (b"<html><body><h1>x</h1></body></html>", "named.pdf", FileKind.HTML),
        ("<p>Größe</p>".encode("utf-16"), "a.html", FileKind.HTML),
    ],
)
def test_text_formats(tmp_path: Path, content: bytes, filename: str, kind: FileKind) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sniff(path, filename) is kind


def test_containers_are_known_by_their_members(tmp_path: Path) -> None:
    word = docx(tmp_path / "a.docx", ("", "x"))
    assert sniff(word, "renamed.pptx") is FileKind.DOCX
    assert sniff(pptx(tmp_path / "a.pptx", ("x", "y")), "a.pptx") is FileKind.PPTX
    assert sniff(epub(tmp_path / "a.epub", ["<p>x</p>"]), "a.epub") is FileKind.EPUB


def test_a_pdf_needs_no_extension(tmp_path: Path) -> None:
    path = Sheets().sheet().prose(["x"]).save(tmp_path / "a")
    assert sniff(path, "lecture") is FileKind.PDF
    with pytest.raises(MislabelledDocument):
        sniff(path, "lecture.txt")


@pytest.mark.parametrize(
    ("content", "filename", "error"),
    [
        (b"", "a.txt", EmptyDocument),
        (OLE, "a.docx", EncryptedDocument),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.bin", EncryptedDocument),
        (OLE, "a.doc", UnsupportedDocument),
        (bytes(range(256)) * 99, "a.pdf", DamagedDocument),
        (bytes(range(256)) * 99, "a.txt", MislabelledDocument),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png", UnsupportedDocument),
        (b"print(1)", "a.py", UnsupportedDocument),
        (b"plain words", "a.docx", MislabelledDocument),
        (b"PK\x03\x04 then noise", "a.docx", DamagedDocument),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, filename: str, error: type[Exception]) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(error):
        sniff(path, filename)


def test_an_archive_is_no_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("notes.txt", "x")
    with pytest.raises(UnsupportedDocument, match="archive"):
        sniff(tmp_path / "a.zip", "a.zip")
    with pytest.raises(DamagedDocument):
        sniff(tmp_path / "a.zip", "a.docx")

"""What a file really is: content first, its name only to tell text formats apart."""

import re
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ingestion.errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    MislabelledDocument,
    UnsupportedDocument,
)
from ingestion.partition import archive, encoding

HEAD = 65_536
PDF_MARK_WITHIN = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_DIRECTORY_WITHIN = 8_000_000
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HTML_MARK = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
MEMBER_OF = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "META-INF/container.xml": "epub"}


class FileKind(StrEnum):
    """The formats that can be read, by what the bytes are."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    HTML = "html"
    MARKDOWN = "markdown"
    EPUB = "epub"
    TEXT = "text"


BY_SUFFIX = {
    ".pdf": FileKind.PDF,
    ".docx": FileKind.DOCX,
    ".pptx": FileKind.PPTX,
    ".htm": FileKind.HTML,
    ".html": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".epub": FileKind.EPUB,
    ".txt": FileKind.TEXT,
    ".text": FileKind.TEXT,
    "": FileKind.TEXT,
}
MEDIA_TYPES: dict[str, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.EPUB: "application/epub+zip",
    FileKind.MARKDOWN: "text/markdown",
    FileKind.TEXT: "text/plain",
}
"""What a browser is told; HTML is missing, since a stranger's page must not be shown as one of ours."""
ZIPPED = {FileKind.DOCX, FileKind.PPTX, FileKind.EPUB}


def sniff(path: Path, filename: str) -> FileKind:
    """The kind of this file by its content; raises an UnreadableDocument that names the cause."""
    with path.open("rb") as file:
        return kind_of(file, filename)


def kind_of(file: BinaryIO, filename: str) -> FileKind:
    """As `sniff`, of an open file at its beginning."""
    head = file.read(HEAD)
    if not head:
        raise EmptyDocument
    named = named_kind(filename)
    if b"%PDF-" in head[:PDF_MARK_WITHIN]:
        return _pdf(named, filename)
    if head.startswith(OLE):
        raise _ole(file, named)
    if head.startswith(b"PK"):
        return _zipped(file, named)
    return _written(head, named, filename)


def named_kind(filename: str) -> FileKind | None:
    """What the ending of the name promises; None for an ending no reader knows."""
    name = PurePosixPath(filename).name.lstrip(".").lower()
    return BY_SUFFIX.get(PurePosixPath(name).suffix if "." in name else "")


def _pdf(named: FileKind | None, filename: str) -> FileKind:
    if named is not FileKind.PDF and "." in filename.strip("."):
        raise MislabelledDocument(
            "This file is named as something else but holds a PDF. Rename it to end in .pdf and upload it again."
        )
    return FileKind.PDF


def _ole(file: BinaryIO, named: FileKind | None) -> Exception:
    if named in ZIPPED or OLE_ENCRYPTED in _start(file):
        return EncryptedDocument()
    return UnsupportedDocument(
        "This is an old Office file (.doc, .ppt or .xls). Save it as DOCX, PPTX or PDF and upload that."
    )


def _start(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(OLE_DIRECTORY_WITHIN)


def _zipped(file: BinaryIO, named: FileKind | None) -> FileKind:
    try:
        names = archive.names(file)
    except archive.DAMAGE as broken:
        if named in ZIPPED:
            raise DamagedDocument from broken
        raise UnsupportedDocument from broken
    for member, kind in MEMBER_OF.items():
        if member in names:
            return FileKind(kind)
    if named in ZIPPED:
        raise DamagedDocument(f"A part is missing from this {named.upper()} file. Save it again and upload it.")
    raise UnsupportedDocument("This is an archive, not a document. Unpack it and upload the documents that are in it.")


def _written(head: bytes, named: FileKind | None, filename: str) -> FileKind:
    if not encoding.looks_written(head):
        raise _binary(named, filename)
    if named in ZIPPED:
        raise MislabelledDocument
    if HTML_MARK.search(head[:PDF_MARK_WITHIN]) and named in {FileKind.PDF, FileKind.HTML, None}:
        return FileKind.HTML
    if named is FileKind.PDF:
        raise DamagedDocument("This file is named PDF but holds no PDF. Download it again and upload it.")
    if named is None:
        raise UnsupportedDocument
    return named


def _binary(named: FileKind | None, filename: str) -> Exception:
    if named is None:
        return UnsupportedDocument()
    if named is FileKind.TEXT and "." not in filename.strip("."):
        return UnsupportedDocument()
    if named in {FileKind.TEXT, FileKind.MARKDOWN, FileKind.HTML}:
        return MislabelledDocument(
            "This file is named as text but holds no readable text. Check the file and its ending."
        )
    return DamagedDocument()

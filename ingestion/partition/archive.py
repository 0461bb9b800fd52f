"""Zip containers (DOCX, PPTX, EPUB) read with limits, in memory only, never unpacked to disk."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ingestion.errors import DamagedDocument, EncryptedDocument, UnsafeDocument, ZipBomb

DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)
"""What the zip module raises for a broken container."""
MAX_MEMBERS = 20_000
MAX_XML_BYTES = 150_000_000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10_000_000
SCAN = 65_536
XML_ENDINGS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


def names(file: BinaryIO) -> frozenset[str]:
    """The members of an open container; raises what DAMAGE lists."""
    with zipfile.ZipFile(file) as container:
        return frozenset(container.namelist())


def check(path: Path, *, doctype_allowed: bool = False) -> None:
    """Raises ZipBomb, UnsafeDocument, EncryptedDocument or DamagedDocument before any parser sees the container.

    Media is never inflated by the readers, so only the text parts count towards the limits.
    """
    try:
        with zipfile.ZipFile(path) as container:
            _check_members(container.infolist())
            for member in _text_parts(container):
                _check_part(container, member, doctype_allowed)
    except DAMAGE as broken:
        raise DamagedDocument from broken


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or len({m.filename for m in members}) < len(members):
        raise ZipBomb
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedDocument
    if sum(m.file_size for m in members if is_text(m.filename)) > MAX_XML_BYTES:
        raise ZipBomb


def _text_parts(container: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (member for member in container.infolist() if is_text(member.filename))


def is_text(name: str) -> bool:
    """Whether a part of an archive is markup, which a reader would expand."""
    return name.lower().endswith(XML_ENDINGS)


def _check_part(container: zipfile.ZipFile, member: zipfile.ZipInfo, doctype_allowed: bool) -> None:
    """Reads the part in slices: the declared size may lie, and an entity may stand anywhere in it."""
    size, tail = 0, b""
    with container.open(member) as part:
        while slice_ := part.read(SCAN):
            size += len(slice_)
            if size > MAX_XML_BYTES or _swollen(size, member):
                raise ZipBomb
            seen = tail + slice_.replace(b"\x00", b"")
            if ENTITY.search(seen) or (not doctype_allowed and DOCTYPE.search(seen)):
                raise UnsafeDocument
            tail = seen[-16:]


def _swollen(size: int, member: zipfile.ZipInfo) -> bool:
    return size > RATIO_COUNTS_FROM and size > MAX_RATIO * max(member.compress_size, 1)


def inside(base: str, href: str) -> str | None:
    """The member that `href` names relative to the member `base`; None when it points out of the container."""
    if re.match(r"[a-z][a-z0-9+.-]*:|/", href, re.IGNORECASE):
        return None
    steps: list[str] = []
    for step in (PurePosixPath(base).parent / href).parts:
        if step == "..":
            if not steps:
                return None
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)

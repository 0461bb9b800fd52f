"""Where a learner's objects lie in the store, and how names of any kind become parts of a key."""

import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from tools.errors import NotFound
from tools.names import tidy
from tools.ports import Storage

RESERVED = ".incoming"
MOST_BYTES, MOST_BYTES_A_PART = 1024, 200
"""S3 takes no longer keys, and file systems no much longer names."""
PLACES = 3
"""Semester, subject and book."""


def is_key(key: str) -> bool:
    """Whether a key can name an object, as tools.ports.Storage says."""
    parts = key.split("/")
    is_path = parts[0] != RESERVED and "\0" not in key and {"", ".", ".."}.isdisjoint(parts)
    return is_path and len(key.encode(errors="replace")) <= MOST_BYTES


def filed_keys(owner_id: str, place: Iterable[str], filename: str, document_id: str) -> tuple[str, ...]:
    """Where an original in a book may lie, the first wish first; nothing but this document can take the last one."""
    folder = "/".join((scanned_folder(owner_id), *(part(tidy(name)) for name in place)))
    path = PurePosixPath(filename)
    names = (filename, f"{path.stem}~{document_id[:8]}{path.suffix}", f"{path.stem}~{document_id}{path.suffix}")
    return tuple(f"{folder}/{part(name)}" for name in names)


def unfiled_key(owner_id: str, filename: str, document_id: str) -> str:
    """Where an original lies that was dropped into a conversation."""
    return f"users/{owner_id}/chat_files/{document_id}/{part(filename)}"


def pages_folder(owner_id: str, document_id: str) -> str:
    """Where the images of a document's pages lie."""
    return f"users/{owner_id}/pages/{document_id}"


def scanned_folder(owner_id: str) -> str:
    """Where originals lie as `{semester}/{subject}/{book}/{file}`; files may be put there directly."""
    return f"users/{owner_id}/raw_data"


def names_in(owner_id: str, key: str) -> list[str] | None:
    """Semester, subject, book and file name of an original that was filed; None for other keys."""
    parts = PurePosixPath(key).relative_to(scanned_folder(owner_id)).parts
    return [unquote(one) for one in parts] if len(parts) == PLACES + 1 else None


def part(name: str) -> str:
    """A name as one part of a key: `%XX` for what a path cannot hold; one that is too long is cut and marked."""
    pieces = [_escaped(character) for character in unicodedata.normalize("NFC", name)]
    if pieces[0] == ".":
        pieces[0] = "%2E"
    if _size(pieces) <= MOST_BYTES_A_PART:
        return "".join(pieces)
    mark = blake2b(name.encode(errors="replace"), digest_size=6).hexdigest()
    ending = [*f"~{mark}", *map(_escaped, PurePosixPath(name).suffix[:12])]
    while _size(pieces) + _size(ending) > MOST_BYTES_A_PART:
        pieces.pop()
    return "".join(pieces + ending)


def _escaped(character: str) -> str:
    is_plain = character not in "/\\%" and unicodedata.category(character)[0] != "C"
    return character if is_plain else quote(character, safe="", errors="replace")


def _size(pieces: Iterable[str]) -> int:
    return sum(len(piece.encode()) for piece in pieces)


def exists(storage: Storage, key: str) -> bool:
    """Whether there is an object of this key."""
    try:
        storage.stream(key, 0, 0)
    except NotFound:
        return False
    return True


def delete_below(storage: Storage, folder: str) -> None:
    """Remove every object of a folder."""
    for key in storage.list(folder):
        storage.delete(key)

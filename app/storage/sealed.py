"""Objects encrypted at rest, in whatever store they lie: AES-256-GCM in chunks, so that a range is read alone."""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.storage import files
from tools.errors import DamagedFile, LockedFile
from tools.ports import Storage

CHUNK = 64 << 10
MAGIC = b"StudyRAG sealed\1"
_ID, _SALT, _TAG = 8, 32, 16
HEADER = len(MAGIC) + _ID + _SALT
"""Sixteen bytes that say what this is, the id of the key, and the salt that makes each object's own key of it."""
_SEALED = CHUNK + _TAG


class Key:
    """A secret of 32 bytes. Each object has a key of its own, made of it and the object's salt."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = self._derived(b"", b"id", _ID)

    def cipher(self, header: bytes) -> AESGCM:
        """The cipher of the object that begins with this header."""
        return AESGCM(self._derived(header[-_SALT:], b"object", 32))

    def _derived(self, salt: bytes, purpose: bytes, size: int) -> bytes:
        return HKDF(SHA256(), size, salt, b"StudyRAG " + purpose).derive(self._secret)


class SealedStorage:
    """Implements tools.ports.Storage above another one.

    The first key seals, all of them open, none seals nothing; what was stored before there was a key is read as it is.
    """

    def __init__(self, inner: Storage, keys: Sequence[Key], scratch: Path) -> None:
        """`scratch` is a folder for opened copies, each gone with its use."""
        self.inner = inner
        self._sealing = keys[0] if keys else None
        self._keys = {key.id: key for key in keys}
        self._scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, content: BinaryIO) -> None:
        """Store what is left to read, all of it or nothing."""
        if self._sealing:
            content = io.BufferedReader(_Reader(seal(content, self._sealing)), files.BLOCK)
        self.inner.put(key, content)

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks. Raises NotFound, LockedFile and, on the way, DamagedFile."""
        header = b"".join(self.inner.stream(key, 0, HEADER))
        if not header.startswith(MAGIC):
            return self.inner.stream(key, start, end)
        if end is not None and end <= start:
            return iter(())
        cipher = self._cipher(header)  # before anything is fetched that nobody will read
        first = start // CHUNK
        last = None if end is None else -(-end // CHUNK)
        # A byte behind the last chunk that is wanted tells that it is not the last one of the object.
        sealed = self.inner.stream(key, HEADER + first * _SEALED, last and HEADER + last * _SEALED + 1)
        opened = unseal(cipher, header, first, islice(_chunks(sealed), last and last - first))
        return _cut(opened, start - first * CHUNK, None if end is None else end - first * CHUNK)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """A file of its own for a sealed object, gone afterwards."""
        with self.inner.local_copy(key) as stored:
            with stored.open("rb") as file:
                header = file.read(HEADER)
            if not header.startswith(MAGIC):
                yield stored
                return
            with files.temporary(self._scratch, stored.suffix) as path:
                with files.full_disk_is_an_error(), path.open("wb") as opened:
                    opened.writelines(
                        unseal(self._cipher(header), header, 0, _chunks(files.blocks(stored, HEADER, None)))
                    )
                yield path

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        self.inner.delete(key)

    def list(self, folder: str) -> Sequence[str]:
        """The keys below a folder, in order."""
        return self.inner.list(folder)

    def link(self, key: str, media_type: str, disposition: str) -> str | None:
        """None with a key: whoever fetched the object from the store could not read it."""
        return None if self._sealing else self.inner.link(key, media_type, disposition)

    def check(self) -> str:
        """What lies below says."""
        return f"{self.inner.check()}{', encrypted' if self._sealing else ''}"

    def sweep(self) -> None:
        """Remove what was left behind."""
        files.sweep(self._scratch)
        self.inner.sweep()

    def _cipher(self, header: bytes) -> AESGCM:
        """Raises LockedFile for an object whose key is not among ours."""
        key = self._keys.get(header[len(MAGIC) : -_SALT])
        if key is None:
            raise LockedFile
        return key.cipher(header)


def seal(content: BinaryIO, key: Key) -> Iterator[bytes]:
    """What is to be stored of what is left to read."""
    header = MAGIC + key.id + os.urandom(_SALT)
    cipher = key.cipher(header)
    yield header
    n, chunk = 0, _filled(content)
    while True:
        following = _filled(content)
        yield cipher.encrypt(_nonce(n, not following), chunk, header)
        if not following:
            return
        n, chunk = n + 1, following


def unseal(cipher: AESGCM, header: bytes, first: int, chunks: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    """Sealed chunks opened, from number `first` on. Raises DamagedFile for what was changed, moved or cut off."""
    n = first
    for n, (chunk, is_last) in enumerate(chunks, start=first + 1):
        try:
            yield cipher.decrypt(_nonce(n - 1, is_last), chunk, header)
        except InvalidTag as error:
            raise DamagedFile from error
    if n == 0:
        raise DamagedFile


class _Reader(io.RawIOBase):
    """Blocks as a file to read from."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        """Nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Part of a block at a time."""
        self._rest = self._rest or next(self._blocks, b"")
        view = memoryview(buffer)
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _filled(content: BinaryIO) -> bytes:
    """A whole chunk; less only at the end."""
    chunk = b""
    while len(chunk) < CHUNK and (more := content.read(CHUNK - len(chunk))):
        chunk += more
    return chunk


def _nonce(n: int, is_last: bool) -> bytes:
    return n.to_bytes(11, "big") + bytes([is_last])


def _chunks(sealed: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Sealed chunks, and whether it is the last one."""
    kept = bytearray()
    for block in sealed:
        kept += block
        while len(kept) > _SEALED:
            yield bytes(kept[:_SEALED]), False
            del kept[:_SEALED]
    if kept:
        yield bytes(kept), True


def _cut(chunks: Iterator[bytes], start: int, end: int | None) -> Iterator[bytes]:
    at = 0
    for chunk in chunks:
        piece = chunk[max(start - at, 0) : None if end is None else max(end - at, 0)]
        at += len(chunk)
        if piece:
            yield piece

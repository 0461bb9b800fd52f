"""Where backups lie: what several of them share lies there once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path

from pydantic import ValidationError

from app.backup.manifest import Manifest
from app.storage import files
from tools.errors import NotFound, StudyError
from tools.ports import Storage

STAMP = "%Y%m%dT%H%M%S%fZ"
_WHOLE, _BEGUN = ".json", ".begun"
ABANDONED = timedelta(days=1)
"""A backup that has not ended by then never will."""


class UnusableBackup(StudyError):
    """This backup is damaged: take another one."""

    code = "unusable_backup"


class Repository:
    """Backups in a store, below a folder.

    A backup's parts are `blobs/{digest}`, its list is `backups/{name}.json`. While one is made, `backups/{name}.begun`
    keeps others from removing what it shares with them.
    """

    def __init__(self, storage: Storage, folder: str, scratch: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)
        self._there = {key.rsplit("/", 1)[-1] for key in storage.list(f"{folder}/blobs")}

    def names(self) -> list[str]:
        """The whole backups, oldest first."""
        return self._named(_WHOLE)

    def manifest(self, name: str) -> Manifest:
        """The list of a backup. Raises NotFound, LockedFile and UnusableBackup."""
        written = b"".join(self._storage.stream(self._list_key(name, _WHOLE)))
        try:
            return Manifest.model_validate_json(written)
        except ValidationError as error:
            raise UnusableBackup from error

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A file to be filled and kept."""
        with files.temporary(self._scratch) as path:
            yield path

    def begin(self, moment: datetime) -> str:
        """The name of a new backup."""
        name = moment.strftime(STAMP)
        self._storage.put(self._list_key(name, _BEGUN), BytesIO())
        return name

    def keep(self, path: Path) -> str:
        """Put a file there, unless it is, and read it back; its digest. Raises UnusableBackup for other bytes."""
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            if digest not in self._there:
                file.seek(0)
                self._storage.put(self._blob_key(digest), file)
                self._compare(digest)
                self._there.add(digest)
        return digest

    def has(self, digest: str) -> bool:
        """Whether these bytes are there from an earlier backup."""
        return digest in self._there

    def finish(self, name: str, manifest: Manifest) -> None:
        """From now on it is a whole backup. Raises UnusableBackup when something of it is not there."""
        there = {key.rsplit("/", 1)[-1] for key in self._storage.list(f"{self._folder}/blobs")}
        if not manifest.digests <= there:
            raise UnusableBackup("Parts of this backup vanished while it was made: make it again.")
        self._storage.put(self._list_key(name, _WHOLE), BytesIO(manifest.model_dump_json().encode()))
        if self.manifest(name) != manifest:
            raise UnusableBackup
        self._storage.delete(self._list_key(name, _BEGUN))

    @contextmanager
    def fetched(self, digest: str) -> Iterator[Path]:
        """A file with these bytes. Raises UnusableBackup for other bytes, and for none."""
        with self.temporary() as path:
            found = sha256()
            with files.full_disk_is_an_error(), path.open("wb") as file:
                for block in self._blocks(digest):
                    found.update(block)
                    file.write(block)
            if found.hexdigest() != digest:
                raise UnusableBackup
            yield path

    def prune(self, keep: int, moment: datetime) -> None:
        """Remove all but the newest backups, and what no other one needs unless one is being made."""
        for name in self.names()[:-keep]:
            self._storage.delete(self._list_key(name, _WHOLE))
        is_busy = False
        for name in self._named(_BEGUN):
            if moment - datetime.strptime(name, STAMP).replace(tzinfo=UTC) > ABANDONED:
                self._storage.delete(self._list_key(name, _BEGUN))
            else:
                is_busy = True
        if not is_busy:
            self._remove_unused()

    def _remove_unused(self) -> None:
        needed = {digest for name in self.names() for digest in self.manifest(name).digests}
        for digest in self._there - needed:
            self._storage.delete(self._blob_key(digest))
        self._there &= needed

    def _compare(self, digest: str) -> None:
        found = sha256()
        for block in self._blocks(digest):
            found.update(block)
        if found.hexdigest() != digest:
            self._storage.delete(self._blob_key(digest))
            raise UnusableBackup(
                "What was written could not be read back: is the disk or the store of the backup sound?"
            )

    def _blocks(self, digest: str) -> Iterator[bytes]:
        with suppress(NotFound):
            return self._storage.stream(self._blob_key(digest))
        raise UnusableBackup

    def _named(self, ending: str) -> list[str]:
        names = (key.rsplit("/", 1)[-1] for key in self._storage.list(f"{self._folder}/backups"))
        return sorted(name.removesuffix(ending) for name in names if name.endswith(ending))

    def _list_key(self, name: str, ending: str) -> str:
        return f"{self._folder}/backups/{name}{ending}"

    def _blob_key(self, digest: str) -> str:
        return f"{self._folder}/blobs/{digest[:2]}/{digest}"

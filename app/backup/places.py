"""Where backups go."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from app.backup.repository import Repository
from app.settings import Settings
from app.storage.local import LocalStorage
from app.storage.sealed import Key, SealedStorage
from tools.ports import Storage

FOLDER = "studyrag"


def repository_at(settings: Settings, target: str) -> Repository:
    """The backups in a folder, or below `s3://bucket/folder`, encrypted if there is a key for them."""
    scratch = settings.data_dir / "tmp" / "backup"
    place = urlsplit(target)
    is_s3 = place.scheme == "s3"
    store = _bucket(settings, place.netloc, scratch) if is_s3 else LocalStorage(Path(target).expanduser())
    sealed = SealedStorage(store, [Key(secret) for secret in settings.backup_keys], scratch / "opened")
    return Repository(sealed, (is_s3 and place.path.strip("/")) or FOLDER, scratch / "parts")


def _bucket(settings: Settings, name: str, scratch: Path) -> Storage:
    """Another bucket of the same server, of which nothing is kept here."""
    from app.storage.copies import Copies
    from app.storage.s3 import S3Storage, bucket_of

    return S3Storage(replace(bucket_of(settings), name=name), Copies(scratch / "copies", 0))

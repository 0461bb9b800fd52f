"""What a backup is made of: a list that is written last, so that one which is there is whole."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rows(_Frozen):
    """A table: the digest of its lines, packed, and how many rows there are."""

    digest: str
    rows: int


class File(_Frozen):
    """An object of the store and the digest of its bytes."""

    key: str
    digest: str


class Manifest(_Frozen):
    """A whole backup; whatever it names lies in the repository under its SHA-256."""

    created_at: datetime
    revision: str
    """Of the schema."""
    tables: dict[str, Rows]
    memories: Rows
    """What the tutor remembers of conversations."""
    files: list[File]
    missing: list[str]
    """Keys that rows name though nothing lay there."""

    @property
    def digests(self) -> set[str]:
        """Of everything that this backup needs."""
        return {part.digest for part in (*self.tables.values(), self.memories)} | {file.digest for file in self.files}

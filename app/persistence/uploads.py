"""Keys of the store that no row names though something lies there: of uploads under way, of what is being removed."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.persistence.db import Database, Service, insert_if_new
from app.persistence.tables import Document, KeyClaim, now
from tools.errors import StudyError
from tools.types import Learner

ABANDONED = timedelta(hours=6)
"""No upload takes longer."""


class UploadStore:
    """A key is claimed before anything is put there, and the claim goes in the transaction that names it in a row."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, learner: Learner, document_id: str, keys: Sequence[str], is_there: Callable[[str], bool]) -> str:
        """The first key that is free; the last one always is, since no other document can take it."""
        for key in keys[:-1]:
            is_new, holder = self._claimed(learner, document_id, key)
            if is_new and self._is_used(learner, key, is_there):
                self.release(learner, key)
            elif holder == document_id:
                return key
        self._claimed(learner, document_id, keys[-1])
        return keys[-1]

    def release(self, learner: Learner, key: str) -> None:
        """Nothing is put there any more."""
        with self.database.session_of(learner) as session:
            release_in(session, key)

    def keys(self, learner: Learner, with_current: bool) -> set[str]:
        """The keys that uploads under way have claimed, that old versions name and, if asked for, current documents."""
        named = select(Document.storage_key).where(Document.owner_id == learner.id)
        if not with_current:
            named = named.where(Document.superseded_by.is_not(None))
        with self.database.session_of(learner) as session:
            claimed = session.scalars(select(KeyClaim.key).where(KeyClaim.owner_id == learner.id))
            return {*claimed, *session.scalars(named)}

    def overwritten(self, learner: Learner, key: str, document_id: str) -> None:
        """The bytes of this document lie there now: another one that lay there has none any more."""
        others = (Document.owner_id == learner.id, Document.storage_key == key, Document.id != document_id)
        with self.database.session_of(learner) as session:
            session.execute(update(Document).where(*others).values(storage_key=""))

    def abandoned(self) -> list[tuple[Learner, str]]:
        """Owner and key of every claim of an upload that died, and of documents whose bytes could not be removed."""
        with self.database.service_session(Service.WATCHDOG) as session:
            dead = select(KeyClaim.owner_id, KeyClaim.key).where(KeyClaim.created_at < now() - ABANDONED)
            return [(Learner(learner), key) for learner, key in session.execute(dead)]

    def _claimed(self, learner: Learner, document_id: str, key: str) -> tuple[bool, str]:
        """Whether the claim is new, and whose it is."""
        values = {"key": key, "owner_id": learner.id, "document_id": document_id, "created_at": now()}
        with self.database.session_of(learner) as session:
            new = session.scalar(insert_if_new(session, KeyClaim).values(values).returning(KeyClaim.key))
            claim = session.get_one(KeyClaim, key)
            if claim.document_id == document_id:
                claim.created_at = now()  # of an upload that died, or of a document that was deleted
            return new is not None, claim.document_id

    def _is_used(self, learner: Learner, key: str, is_there: Callable[[str], bool]) -> bool:
        """By another document, or by somebody who put something there directly; who cannot tell has claimed nothing."""
        try:
            return self._is_named(learner, key) or is_there(key)
        except StudyError:
            self.release(learner, key)
            raise

    def _is_named(self, learner: Learner, key: str) -> bool:
        with self.database.session_of(learner) as session:
            named = select(Document.id).where(Document.owner_id == learner.id, Document.storage_key == key)
            return session.scalar(named.limit(1)) is not None


def abandon_in(session: Session, document: Document) -> None:
    """The row goes, and then its bytes: now, or when the store is back."""
    if document.storage_key:
        release_in(session, document.storage_key)
        claimed = {"key": document.storage_key, "owner_id": document.owner_id, "document_id": document.id}
        session.add(KeyClaim(**claimed, created_at=now() - ABANDONED))


def release_in(session: Session, key: str) -> None:
    """A row names the key now, or nothing will be put there."""
    session.execute(delete(KeyClaim).where(KeyClaim.key == key))

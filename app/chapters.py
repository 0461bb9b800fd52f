"""Chapters of the stored books, by the number that a learner gives."""

from collections.abc import Collection

from app.persistence.passages import PassageTable
from tools import outline
from tools.outline import OutlinedChapter, Reference


def find_chapter(passages: PassageTable, wanted: Reference, document_ids: Collection[str]) -> OutlinedChapter | None:
    """None when these documents' tables of contents know no such chapter."""
    return outline.find(wanted, passages.places(document_ids), passages.contents(document_ids))

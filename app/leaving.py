"""What is a learner's, to take away in one archive, or to delete with nothing left."""

import asyncio
import json
import os
import tempfile
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, inspect, select

from app.conversations import Conversation
from app.persistence.db import Service
from app.persistence.tables import Base, Document, LearnerRow, QuestionItem, Quiz, QuizItem, Thread
from app.storage.keys import delete_below
from app.wiring import Services
from tools.errors import NotFound
from tools.types import Learner, QuizState

DERIVED = {
    "apparatus", "key_claims", "mean_vectors", "pages", "passages", "sentence_vectors", "word_postings", "word_totals",
}  # fmt: skip
"""What was made from the files alone, and can be made again."""
SECRET = {"sealed_key"}

Forget = Callable[[str], Awaitable[None]]


def archive(services: Services, learner: Learner) -> Path:
    """A ZIP of the originals, and of every row as JSON; what an open quiz holds back is held back here, too.

    Who asks removes it afterwards.
    """
    handle, made = tempfile.mkstemp(".zip")
    os.close(handle)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in _rows(services, learner):
            packed.writestr(f"data/{name}.json", json.dumps(rows, default=str, ensure_ascii=False, indent=1))
        _add_files(services, learner, packed)
    return Path(made)


def _rows(services: Services, learner: Learner) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    held_back = _held_back(services, learner)
    for table in _owned_tables():
        if table.name in DERIVED:
            continue
        columns = [column for column in table.columns if column.name not in SECRET]
        with services.database.session_of(learner) as session:
            found = session.execute(select(*columns).where(_owner(table) == learner.id)).mappings()
            rows = [dict(row) for row in found]
        if table.name == QuestionItem.__tablename__:
            rows = [row for row in rows if row["id"] not in held_back]
        yield table.name, rows


def _held_back(services: Services, learner: Learner) -> set[str]:
    """The questions of quizzes that are not over: their rows hold the answers."""
    is_open = select(QuizItem.item_id).join(Quiz, Quiz.id == QuizItem.quiz_id)
    with services.database.session_of(learner) as session:
        return set(session.scalars(is_open.where(Quiz.owner_id == learner.id, Quiz.state != QuizState.FINISHED)))


def _add_files(services: Services, learner: Learner, packed: zipfile.ZipFile) -> None:
    with services.database.session_of(learner) as session:
        keys = session.scalars(select(Document.storage_key).where(Document.owner_id == learner.id)).all()
    for key in sorted({key for key in keys if key}):
        try:
            with services.storage.local_copy(key) as path:
                packed.write(path, f"files/{key.removeprefix(_folder(learner))}")
        except NotFound:
            continue  # deleted meanwhile


async def erase(services: Services, forget: Forget, learner: Learner) -> None:
    """Leave nothing of a learner: vectors, files, memories of conversations, rows, what is cached; safe to repeat.

    `forget` is given the key under which a conversation is remembered. Raises IndexUnavailable and StorageUnavailable
    with the account still there, so that it can be tried again.
    """
    with services.database.service_session(Service.INSTALLATION) as session:
        threads = session.scalars(select(Thread.id).where(Thread.owner_id == learner.id)).all()
    await asyncio.to_thread(services.indexes.forget_learner, learner)
    await asyncio.to_thread(delete_below, services.storage, _folder(learner).rstrip("/"))
    for thread in threads:
        await forget(Conversation(learner, thread).memory)
    await asyncio.to_thread(_delete_rows, services, learner)
    await asyncio.to_thread(services.cache.forget, learner)


def _delete_rows(services: Services, learner: Learner) -> None:
    with services.database.service_session(Service.INSTALLATION) as session:
        for table in reversed(_owned_tables()):
            session.execute(delete(table).where(_owner(table) == learner.id))


def _owned_tables() -> list[Table]:
    """Those with rows of learners, each behind those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table is _learners() or "owner_id" in table.columns]


def _owner(table: Table) -> Any:
    return table.columns["id" if table is _learners() else "owner_id"]


def _learners() -> Table:
    table = inspect(LearnerRow).local_table
    assert isinstance(table, Table)
    return table


def _folder(learner: Learner) -> str:
    return f"users/{learner.id}/"

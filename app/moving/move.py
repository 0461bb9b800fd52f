"""Everything of the one learner of a data folder goes to the services that are configured; begun again, it goes on."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple

from app.cache import ByteCache
from app.conversations import Conversation, memories_of
from app.documents import document_id_of
from app.moving import rows
from app.moving.renaming import Renaming
from app.persistence.db import Sessions
from app.persistence.keyword import KeywordTable
from app.persistence.means import MeanTable
from app.persistence.passages import PassageTable
from app.settings import Settings
from app.storage.keys import exists
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import Conflict
from tools.types import Learner

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of something there is in the folder, and how much has arrived."""

    name: str
    before: int
    after: int


def folder_services(settings: Settings, folder: Path) -> Services:
    """The data folder as the product without services has it; what is encrypted there is opened with today's keys."""
    elsewhere = {"database_url": "", "s3_bucket": "", "redis_url": ""}
    return Services(settings.model_copy(update={"data_dir": folder, **elsewhere}))


class Move:
    """One library on its way."""

    def __init__(self, source: Services, target: Services, learner: Learner) -> None:
        """Raises Conflict when the learner has documents there already that do not come from here."""
        self.source, self.target = source, target
        ids = rows.new_ids(source.database, LOCAL_LEARNER, lambda sha256: document_id_of(learner, sha256))
        self.renaming = Renaming(LOCAL_LEARNER, learner, ids)
        if rows.strangers(target.database, self.renaming):
            raise Conflict(f"The learner {learner.id} has a library there already: move to one who has none.")

    async def run(self, say: Say) -> list[Moved]:
        """What was moved, counted on both sides; `say` is told what is at hand."""
        self.target.learners.known(self.renaming.after)
        say("files")
        files = self._files()
        for table in rows.tables():
            say(table.name)
            rows.move(self.source.database, self.target.database, table, self.renaming)
        say("keywords")
        words = self._words()
        say("vectors")
        vectors = self._vectors()
        say("conversations")
        return [*self._counted(), files, words, vectors, await self._memories()]

    def _counted(self) -> Iterator[Moved]:
        source, target, renaming = self.source.database, self.target.database, self.renaming
        for table in rows.tables():
            yield Moved(
                table.name, rows.count(source, table, renaming.before), rows.count(target, table, renaming.after)
            )

    def _files(self) -> Moved:
        """Before the rows that name them: a document that is there can be opened."""
        storage, folder = self.source.storage, f"users/{self.renaming.before.id}"
        keys = {key: self.renaming(key) for key in storage.list(folder)}
        for key, new in keys.items():
            if not exists(self.target.storage, new):
                with storage.local_copy(key) as path, path.open("rb") as content:
                    self.target.storage.put(new, content)
        return Moved("files", len(keys), sum(exists(self.target.storage, new) for new in keys.values()))

    def _words(self) -> Moved:
        """Of each document in turn; the words and numbers of one are there together or not at all."""
        words = KeywordTable(self._sessions)
        passages = PassageTable(self._sessions, self.target.indexes.wanted_model, ByteCache())
        searched = {self.renaming(id_) for id_ in rows.searched(self.source.database, self.renaming.before)}
        for document_id in searched - rows.searched(self.target.database, self.renaming.after):
            words.add(document_id, passages.texts(document_id))
        return Moved("keywords", len(searched), len(rows.searched(self.target.database, self.renaming.after)))

    def _vectors(self) -> Moved:
        """To the vector server, as they lie in the database; a model that is new there is filled in by the worker."""
        index = self.target.indexes.wanted(self.renaming.after)
        sizes: Counter[str] = Counter()
        for document_id, ids, vectors in MeanTable(self._sessions, index.model, ByteCache()).every():
            index.vectors.upsert(document_id, ids, vectors)
            sizes[document_id] += len(ids)
        return Moved("vectors", sizes.total(), sum(map(index.vectors.count, sizes)))

    async def _memories(self) -> Moved:
        before, after = self.renaming.before, self.renaming.after
        async with memories_of(self.source.settings, before) as old, memories_of(self.target.settings, before) as new:
            found = await _last(old, before)
            for thread_id, one in found.items():
                there: RunnableConfig = {
                    "configurable": {"thread_id": Conversation(after, thread_id).memory, "checkpoint_ns": ""}
                }
                if await new.aget_tuple(there) is None:  # else it may have gone on there
                    checkpoint = self.renaming(one.checkpoint)
                    await new.aput(there, checkpoint, one.metadata, checkpoint["channel_versions"])
        return Moved("conversations", len(found), len(found))

    @property
    def _sessions(self) -> Sessions:
        return self.target.database.of(self.renaming.after)


async def _last(saver: BaseCheckpointSaver[str], learner: Learner) -> dict[str, CheckpointTuple]:
    """The last state of each of a learner's conversations; how it came about is not needed to go on."""
    found: dict[str, CheckpointTuple] = {}
    async for one in saver.alist(None):
        place = one.config["configurable"]
        owner_id, _, thread_id = place["thread_id"].partition(":")
        if owner_id == learner.id and not place["checkpoint_ns"]:
            found.setdefault(thread_id, one)
    return found

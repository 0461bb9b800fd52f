"""The question pipeline over the index that serves, and the words its books use."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from dataclasses import replace

from agent.deps import ChatModel
from agent.questions.solver import ChatSolver
from agent.questions.writer import AT_ONCE, ChatWriter
from app.chapters import find_chapter
from app.indexes import Index
from app.markers import Terms
from app.persistence.db import Database
from app.persistence.keyword import KeywordTable
from tools import outline
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ended, Event, Ground, Maker, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Wanted
from tools.types import Found, Learner, ResolvedScope
from tools.wording import IsTerm


class QuestionPipeline:
    """Implements app.author.Write with the writers there are."""

    def __init__(self, serving: Callable[[Learner], Index], chat_model: Callable[[Learner], ChatModel | None]) -> None:
        self._serving = serving
        self._chat_model = chat_model
        # It keeps what texts are like, so there is one for each embedding model.
        self._builtin: dict[Likeness, BuiltinWriter] = {}

    async def __call__(
        self, scope: ResolvedScope, wanted: Wanted, memory: Memory, seed: str
    ) -> AsyncGenerator[Event, None]:
        """Questions of the scope, or of the chapter that the topic names; without such a chapter just the reason."""
        index = self._serving(scope.learner)
        library = await asyncio.to_thread(ScopeLibrary, index.passages, scope.document_ids, index.concepts)
        label = scope.label
        among: frozenset[str] | None = None
        named, topic = outline.split(wanted.topic or "")
        if named:
            chapter = await asyncio.to_thread(find_chapter, index.passages, named, scope.document_ids)
            among = frozenset(chapter.passage_ids if chapter else ())
            library = library.within(among)
            if not library.places:
                yield Ended(0, wanted.count, f"I find no {named} to ask about in {scope.label}.")
                return
            wanted, label = replace(wanted, topic=topic.strip(" ,.;:") or None), f"{named} of {scope.label}"
        writer = self._builtin.setdefault(index.likeness, BuiltinWriter(index.likeness))

        def search(topic: str, k: int) -> Found:
            return index.search.search(topic, scope, k, among)

        model = await asyncio.to_thread(self._chat_model, scope.learner)
        by_model = [Maker(ChatWriter(model, wanted.count), ChatSolver(model), AT_ONCE)] if model else []
        makers = [*by_model, Maker(writer, WordSolver())]
        made = generate(wanted, Ground(library, label, search), makers, memory, seed)
        async with aclosing(made) as events:
            async for event in events:
                yield event


def words_of(database: Database) -> Terms:
    """Looks words up in the keyword index; implements app.markers.Terms."""

    def terms(learner: Learner, document_ids: Collection[str]) -> IsTerm:
        index = KeywordTable(database.of(learner))
        return lambda word: index.has(word, document_ids)

    return terms

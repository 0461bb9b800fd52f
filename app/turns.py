"""One chat turn for any door: gives the agent what it needs, keeps query and citations, passes the events on."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict

from agent.deps import ChatModel, Deps
from agent.events import Done, Event
from agent.graph import Graph
from agent.turn import forget_last_exchange, get_scope, run_turn, set_scope
from agent.words import cleaned
from app.choices import Chosen
from app.conversations import Conversation
from app.kept_answers import KeptAnswers
from app.limits import TooMany, Use
from app.models.chosen import Serving
from app.models.meter import LearnerMeter
from app.quiz_desk import QuizDesk
from app.shelf import LearnerLibrary
from app.telemetry.telemetry import TurnWatch
from app.wiring import Services
from tools.errors import InvalidRequest
from tools.outline import Reference
from tools.types import Found, Hit, Learner, QueryState, ResolvedScope, Scope

FEWER = 4
"""Passages of an answer when half of the turns that this process takes at once are under way."""
FULL = "Very many are asking at the moment. Please ask again in a few seconds."
FULL_SECONDS = 5


class Turns:
    """The turns of one process; doors differ in how they show the events."""

    def __init__(self, services: Services, graph: Graph) -> None:
        self.services = services
        self.graph = graph
        self._running = 0

    def deps(self, conversation: Conversation, chosen: Chosen, model: ChatModel | None) -> Deps:
        """What a turn of this conversation may use."""
        passages = self.services.indexes.serving(conversation.learner).passages
        options = chosen.pipeline.generation.options
        retrieval, is_crowded = chosen.pipeline.retrieval, self._running > self.services.settings.turns_at_once // 2
        reranker = None if is_crowded or retrieval.rerank is False else self.services.reranker
        return Deps(
            thread_id=conversation.memory,
            library=LearnerLibrary(self.services, conversation),
            search=self._search,
            in_chapter=self._in_chapter,
            page_text=lambda document_id, index: asyncio.to_thread(passages.page_text, document_id, index),
            quizzes=QuizDesk(self.services, conversation),
            model=model,
            clock=time.monotonic,
            length=chosen.preferences.answer_length,
            passages=min(retrieval.passages, FEWER) if is_crowded else retrieval.passages,
            rerank=reranker,
            is_crowded=is_crowded,
            answers=KeptAnswers(self.services.cache, conversation.learner, model.name, options) if model else None,
        )

    async def scope(self, conversation: Conversation) -> Scope:
        """What a conversation is limited to."""
        return await get_scope(self.graph, conversation.memory)

    async def set_scope(self, conversation: Conversation, scope: Scope) -> None:
        """Limit a conversation from now on."""
        await set_scope(self.graph, conversation.memory, scope)

    async def forget_last_exchange(self, conversation: Conversation) -> None:
        """Take back the last question and its reply."""
        await forget_last_exchange(self.graph, conversation.memory)

    async def run(
        self, conversation: Conversation, question: str, scope: Scope | None = None
    ) -> AsyncGenerator[tuple[str, Event], None]:
        """Events of one turn, each with the query's id.

        Raises InvalidRequest for an empty or overlong question, TooMany, NotFound for a conversation of somebody else.
        """
        question = self._checked(question)
        learner, queries = conversation.learner, self.services.queries
        await self.services.limits.take(Use.QUESTIONS, learner.id)
        with self._one_more():
            await asyncio.to_thread(self.services.threads.own, learner, conversation.id)
            query_id = await asyncio.to_thread(queries.begin, learner, conversation.id, question)
            with self.services.telemetry.turn(learner.id, conversation.id, query_id, question) as watch:
                async with aclosing(self._events(conversation, query_id, question, scope, watch)) as events:
                    async for event in events:
                        watch.see(event)
                        yield query_id, event

    async def _events(
        self, conversation: Conversation, query_id: str, question: str, scope: Scope | None, watch: TurnWatch
    ) -> AsyncGenerator[Event, None]:
        """Those of a turn; the query is kept before its end is told."""
        learner, queries, state = conversation.learner, self.services.queries, QueryState.STOPPED
        try:
            chosen, serving = await asyncio.to_thread(self._serving, learner)
            deps = self.deps(conversation, chosen, serving.model)
            async with aclosing(run_turn(self.graph, question, deps, scope)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        await asyncio.to_thread(self._keep, conversation, query_id, event, serving.meter)
                        watch.paid(serving.meter.tokens, serving.meter.dollars)
                        state = QueryState.DONE
                    yield event
        except Exception:
            state = QueryState.FAILED
            raise
        finally:
            if state is not QueryState.DONE:
                await asyncio.shield(asyncio.to_thread(queries.finish, learner, query_id, state))

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        """Raises TooMany where one turn more would only make all of them slower."""
        if self._running >= self.services.settings.turns_at_once:
            raise TooMany(FULL, retry_after=FULL_SECONDS)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def _serving(self, learner: Learner) -> tuple[Chosen, Serving]:
        chosen = self.services.choices.of(learner)
        options = chosen.pipeline.generation.options
        return chosen, self.services.chat_models.serving(learner, chosen.preferences, options)

    async def _search(self, question: str, scope: ResolvedScope, k: int) -> Found:
        return await asyncio.to_thread(self.services.searches.search, question, scope, k)

    async def _in_chapter(self, wanted: Reference, question: str, scope: ResolvedScope, k: int) -> Found | None:
        return await asyncio.to_thread(self._searched_chapter, wanted, question, scope, k)

    def _searched_chapter(self, wanted: Reference, question: str, scope: ResolvedScope, k: int) -> Found | None:
        chapter = self.services.searches.chapter(wanted, scope)
        if chapter is None:
            return None
        about = question or ", ".join(chapter.headings)
        return self.services.searches.search(about, scope, k, frozenset(chapter.passage_ids))

    def _checked(self, question: str) -> str:
        """The question as it can be kept and asked. Raises InvalidRequest when it is empty or too long."""
        limit = self.services.settings.max_question_chars
        question = cleaned(question)
        if not question:
            raise InvalidRequest("Your question is empty. Type what you would like to know.")
        if len(question) > limit:
            raise InvalidRequest(
                f"Your question has {len(question):,} characters; the limit is {limit:,}. Ask a shorter one, "
                "or upload the text as a file and ask about it."
            )
        return question

    def _keep(self, conversation: Conversation, query_id: str, done: Done, meter: LearnerMeter) -> None:
        self.services.queries.keep_citations(conversation.learner, conversation.id, done.citations)
        trace = done.trace
        self.services.queries.finish(
            conversation.learner,
            query_id,
            QueryState.DONE,
            answer=done.answer,
            refused=done.refused,
            confidence=done.confidence,
            model=done.model,
            tokens=meter.tokens or done.tokens,
            dollars=meter.dollars,
            citations=[asdict(citation) for citation in done.citations],
            standalone=trace.standalone if trace else None,
            route=trace.route if trace else None,
            scope_label=trace.scope_label if trace else None,
            passages=[_kept(hit) for hit in trace.hits] if trace else [],
            milliseconds=trace.milliseconds if trace else {},
        )


def _kept(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "book": passage.book,
        "filename": passage.filename,
        "page_index": passage.page_index,
        "page_label": passage.page_label,
        "text": passage.text,
        "score": round(hit.score, 4),
        "cosine": round(hit.cosine, 4),
        "keyword": round(hit.keyword, 4),
    }


class _Installed:
    turns: Turns | None = None


def install(turns: Turns) -> Turns:
    """Make this the process's one `Turns`, for doors that no request leads to (Chainlit's callbacks)."""
    _Installed.turns = turns
    return turns


def current() -> Turns:
    """The process's `Turns`. Raises RuntimeError before `install`."""
    if _Installed.turns is None:
        raise RuntimeError("the web process has not started yet")
    return _Installed.turns

"""One reply as the chat shows it: streams the text, then adds sources and how they were found."""

from collections.abc import Collection
from typing import Any
from uuid import uuid4

import chainlit as cl
from chainlit.utils import utc_now

from agent.events import (
    Cited,
    Done,
    Event,
    QuizChanged,
    QuizStarted,
    Restart,
    ReviewDue,
    ScopeChanged,
    Status,
    Token,
    Trace,
    Waiting,
)
from app.chat import quizzes, shown
from app.chat.text import linked, without_markers
from tools import refusal
from tools.types import Citation, Hit, page_name, section_name

SHOWN_PASSAGES = 8
EXCERPT_CHARS = 320
SURE, FAIRLY_SURE = 0.7, refusal.SURE


class Reply:
    """Follows the events of one turn. `scope_changed` tells afterwards whether the tutor set another scope."""

    def __init__(self, thread_id: str) -> None:
        self.thread_id = thread_id
        self.scope_changed = False
        self.message = cl.Message(content="", created_at=utc_now())
        self._status_id = str(uuid4())
        self._status_shown = False
        self._text = ""
        self._cited: dict[int, Citation] = {}
        self._starts_again = False
        self._changed_quiz = ""

    async def follow(self, query_id: str, event: Event) -> None:
        """Show one event of the turn; Done ends the reply."""
        match event:
            case Status(text) | Waiting(_, text):
                await self._status(text)
            case Token(text):
                await self._token(text)
            case Restart(reason):
                self._text, self._starts_again = "", True
                await self._status(reason)
            case Cited(citation):
                self._cited[citation.n] = citation
            case ScopeChanged():
                self.scope_changed = True
            case QuizStarted() | QuizChanged() | ReviewDue():
                self._quiz(event)
            case Done():
                await self._done(query_id, event)

    async def stopped(self, kept: Collection[Citation]) -> None:
        """Keep what was said so far, with those of its citations that are kept, and say that it is not all."""
        self._drop_citations(kept)
        await self._end(f"{self._shown()}\n\n*Stopped.*" if self._text else "*Stopped before the answer began.*")

    async def failed(self, sentence: str, kept: Collection[Citation]) -> None:
        """Say what went wrong, after what was said so far."""
        self._drop_citations(kept)
        self.message.metadata = {"failed": True}
        await self._end(f"{self._shown()}\n\n{sentence}" if self._text else sentence)

    async def _status(self, text: str) -> None:
        """A line that goes when the answer begins; it is never stored."""
        step = shown.step(self._status_id, self.thread_id, f"*{text}*")
        step["parentId"] = self.message.parent_id
        await cl.context.emitter.send_step(step)
        self._status_shown = True

    async def _clear_status(self) -> None:
        if self._status_shown:
            await cl.context.emitter.delete_step({"id": self._status_id})
            self._status_shown = False

    async def _token(self, text: str) -> None:
        await self._clear_status()
        self._text += text
        now, so_far = self._shown(), self.message.content
        if self._starts_again or not now.startswith(so_far):
            await self.message.stream_token(now, is_sequence=True)
            self._starts_again = False
        else:
            await self.message.stream_token(now[len(so_far) :])

    def _quiz(self, event: QuizStarted | QuizChanged | ReviewDue) -> None:
        match event:
            case QuizStarted(quiz_id, mode):
                self.message.elements = [quizzes.round_card(quiz_id, mode)]
            case QuizChanged(quiz_id):
                self._changed_quiz = quiz_id
            case ReviewDue(scope=scope):
                self.message.elements = [quizzes.review_card(self.thread_id, scope)]

    async def _done(self, query_id: str, done: Done) -> None:
        self._text, self._cited = done.answer, {citation.n: citation for citation in done.citations}
        self.message.metadata = {"query_id": query_id}
        if done.citations or done.notices or (done.trace and done.trace.hits):
            self.message.elements.append(cl.CustomElement(name="Sources", props=footer(self.thread_id, done)))
        await self._end(self._shown())

    def _drop_citations(self, kept: Collection[Citation]) -> None:
        """Only a whole turn's new citations are stored; a marker without one would lead nowhere, later elsewhere."""
        lost = {n for n, citation in self._cited.items() if citation not in kept}
        self._text = without_markers(self._text, lost)

    async def _end(self, content: str) -> None:
        await self._clear_status()
        self.message.content = content
        await self.message.send()
        if self._changed_quiz:
            await quizzes.read_again(self._changed_quiz)

    def _shown(self) -> str:
        return linked(self._text, self._cited, self.thread_id)


def footer(thread_id: str, done: Done) -> dict[str, Any]:
    """What stands below an answer; all of it is kept with the conversation."""
    trace = done.trace
    return {
        "thread_id": thread_id,
        "sources": [_source(citation) for citation in done.citations],
        "notices": list(done.notices),
        "scope": trace.scope_label if trace else "",
        "model": done.model,
        "refused": done.refused,
        "confidence": _confidence(done),
        "found": _found(trace) if trace and trace.hits else None,
    }


def _confidence(done: Done) -> str:
    """In words: a number would pretend to be a probability."""
    if done.refused or not done.citations:
        return ""
    if done.confidence >= SURE:
        return "well supported by your books"
    return "supported by your books" if done.confidence >= FAIRLY_SURE else "only loosely supported by your books"


def _source(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "book": citation.book,
        "page": page_name(citation.page_kind, citation.page_label),
        "quote": citation.quote,
        "removed": False,
    }


def _found(trace: Trace) -> dict[str, Any]:
    return {
        "question": trace.standalone,
        "scope": trace.scope_label,
        "milliseconds": sum(trace.milliseconds.values()),
        "passages": [_passage(hit) for hit in trace.hits[:SHOWN_PASSAGES]],
    }


def _passage(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    text = " ".join(passage.text.split())
    return {
        "document_id": passage.document_id,
        "page_index": passage.page_index,
        "start": passage.start,
        "end": passage.end,
        "book": passage.book,
        "page": page_name(passage.page_kind, passage.page_label),
        "section": section_name(passage.section[-2:]),
        "score": round(hit.score, 2),
        "text": text if len(text) <= EXCERPT_CHARS else f"{text[:EXCERPT_CHARS]}…",
    }

"""Questions and answers, as one JSON object or as a stream of events."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.types import Receive, Send

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
    Waiting,
)
from app.api.chat_schemas import ChatReply, ChatRequest, SourceOut
from app.api.deps import Owner, TurnsDep
from app.api.errors import error_body, unexpected
from app.conversations import Conversation
from tools.errors import StudyError

log = logging.getLogger("studyrag.api")

router = APIRouter(prefix="/api", tags=["chat"])

KEEPALIVE_SECONDS = 15.0
Told = AsyncGenerator[tuple[str, Event], None]
Item = tuple[str, Event] | None
OfTheAnswer = Token | Cited | Restart | Status | Waiting
BesideIt = ScopeChanged | QuizStarted | QuizChanged | ReviewDue

STREAM_EXAMPLE = """event: token
data: {"text": "Water crosses the membrane by osmosis. [1]"}

event: source
data: {"n": 1, "quote": "Water moves across a semipermeable membrane by osmosis.", "page_index": 230}

event: done
data: {"answer": "Water crosses the membrane by osmosis. [1]", "sources": [], "confidence": 0.81}

"""


@router.post(
    "/chat",
    response_model=ChatReply,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": STREAM_EXAMPLE}}}},
)
async def chat(body: ChatRequest, request: Request, owner: Owner, turns: TurnsDep) -> Any:
    """Ask; with `Accept: text/event-stream` the answer comes as the events token, source, done and error.

    In between there may be `status` (what is being done), `restart` (forget the text so far), `scope`, and for
    a message such as “quiz me on osmosis” `quiz`, `quiz_changed` or `review`.
    Without any scope field a conversation keeps the scope it has.
    """
    thread_id = body.thread_id or uuid4().hex
    events = turns.run(Conversation(owner, thread_id), body.query, body.scope if body.names_a_scope else None)
    if "text/event-stream" in request.headers.get("accept", ""):
        return await _stream(events, thread_id)
    return await _unless_gone(request.receive, _reply(events, thread_id))


async def _reply(events: Told, thread_id: str) -> ChatReply:
    async with aclosing(events):
        async for query_id, event in events:
            if isinstance(event, Done):
                return reply(event, thread_id, query_id)
    raise StudyError


def reply(done: Done, thread_id: str, query_id: str) -> ChatReply:
    """The end of a turn as the body of an answer; `confidence` is rounded to four digits."""
    return ChatReply(
        answer=done.answer,
        sources=[SourceOut.of(citation) for citation in done.citations],
        confidence=round(done.confidence, 4),
        refused=done.refused,
        model=done.model,
        thread_id=thread_id,
        query_id=query_id,
        notices=list(done.notices),
        quiz_id=done.quiz_id or None,
    )


async def _unless_gone(receive: Receive, work: Any) -> Any:
    """The result of the work; when the client hangs up first, the work is cancelled."""
    answer = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(receive))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await answer if answer.done() else Response(status_code=499)
    finally:
        for task in (answer, gone):
            task.cancel()
        await asyncio.gather(answer, gone, return_exceptions=True)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class EventStream(StreamingResponse):
    """Closes its events when the client hangs up, so that the turn behind them stops."""

    media_type = "text/event-stream"

    async def stream_response(self, send: Send) -> None:
        """Cancelled when the client hangs up, which closes the events."""
        async with aclosing(cast("AsyncGenerator[bytes, None]", self.body_iterator)):
            await super().stream_response(send)


async def _stream(events: Told, thread_id: str) -> EventStream:
    """Waits for the first event, so that a question that is refused at the door gets its own status."""
    told = _steadily(events)
    first = await anext(told)
    return EventStream(_body(first, told, thread_id), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _body(first: Item, told: AsyncGenerator[Item, None], thread_id: str) -> AsyncGenerator[bytes, None]:
    async with aclosing(told):
        try:
            yield _sse(first, thread_id)
            async for item in told:
                yield _sse(item, thread_id)
        except (StudyError, OSError) as error:
            yield _failed(unexpected(error))
        except Exception:
            log.exception("a streamed turn failed")
            yield _failed(StudyError())


def _failed(error: StudyError) -> bytes:
    return _event("error", error_body(error.code, str(error), error.retry_after))


async def _steadily(events: Told) -> AsyncGenerator[Item, None]:
    """The events, and None whenever nothing has happened for a while. The turn runs in a task of its own."""
    queue: asyncio.Queue[Item] = asyncio.Queue()

    async def pump() -> None:
        async with aclosing(events):
            async for item in events:
                queue.put_nowait(item)

    task = asyncio.create_task(pump())
    task.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), KEEPALIVE_SECONDS)
            except TimeoutError:
                yield None
                continue
            if item is None:
                break
            yield item
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _sse(item: Item, thread_id: str) -> bytes:
    if item is None:
        return KEEPALIVE_COMMENT
    query_id, event = item
    match event:
        case Done():
            return _event("done", reply(event, thread_id, query_id).model_dump())
        case Token() | Cited() | Restart() | Status() | Waiting():
            return _of_the_answer(event)
        case _:
            return _beside_it(event)


def _of_the_answer(event: OfTheAnswer) -> bytes:
    match event:
        case Token(text):
            return _event("token", {"text": text})
        case Cited(citation):
            return _event("source", SourceOut.of(citation).model_dump())
        case Restart(reason):
            return _event("restart", {"reason": reason})
        case Status(text) | Waiting(text=text):
            return _event("status", {"text": text})


def _beside_it(event: BesideIt) -> bytes:
    match event:
        case ScopeChanged(label):
            return _event("scope", {"label": label})
        case QuizStarted(quiz_id, mode, text):
            return _event("quiz", {"quiz_id": quiz_id, "mode": mode, "text": text})
        case QuizChanged(quiz_id):
            return _event("quiz_changed", {"quiz_id": quiz_id})
        case ReviewDue(count, text):
            return _event("review", {"count": count, "text": text})


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))

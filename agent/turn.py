"""The doors' way in: run a turn, look at a conversation's scope and change it, take back the last exchange."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from langchain_core.runnables import RunnableConfig

from agent.deps import Deps
from agent.events import Done, Event, Token
from agent.graph import Graph
from agent.nodes.finish import EXCHANGE_CHARS, remembered
from agent.state import Exchange, Turn, saved, scope_of
from agent.words import cleaned
from tools.errors import InvalidRequest
from tools.types import Scope


async def run_turn(graph: Graph, question: str, deps: Deps, scope: Scope | None = None) -> AsyncGenerator[Event, None]:
    """Answer one message; `scope` sets the conversation's scope first. Done comes last, after the state is safe.

    May be cancelled or closed at any moment. Raises StudyError.
    """
    turn: Turn = {"question": cleaned(question), "started": deps.clock()}
    if not turn["question"]:
        raise InvalidRequest("That message is empty. Please type a question.")
    if scope is not None:
        turn["scope"] = saved(scope)
    said: list[str] = []
    done: Done | None = None
    try:
        async with aclosing(_events(graph, turn, deps)) as events:
            async for event in events:
                if isinstance(event, Done):
                    done = event
                    continue
                if isinstance(event, Token):
                    said.append(event.text)
                yield event
    finally:
        if done is None:
            await _remember(graph, deps.thread_id, turn["question"], "".join(said))
    if done:
        yield done


async def get_scope(graph: Graph, thread_id: str) -> Scope:
    """What a conversation is limited to; a new one to nothing."""
    return scope_of(await _values(graph, thread_id))


async def set_scope(graph: Graph, thread_id: str, scope: Scope) -> None:
    """Limit a conversation from now on."""
    await _update(graph, thread_id, {"scope": saved(scope)})


async def forget_last_exchange(graph: Graph, thread_id: str) -> None:
    """Take back the last question and its reply, as before an edited question is asked again."""
    history = (await _values(graph, thread_id)).get("history", [])
    await _update(graph, thread_id, {"history": history[:-1]})


async def _events(graph: Graph, turn: Turn, deps: Deps) -> AsyncGenerator[Event, None]:
    config = _config(deps.thread_id)
    stream = graph.astream(turn, config, context=deps, stream_mode="custom", durability="exit")
    async with aclosing(cast("AsyncGenerator[Event, None]", stream)) as events:
        async for event in events:
            yield event


async def _remember(graph: Graph, thread_id: str, question: str, answer: str) -> None:
    """Keep what was said before a turn was stopped or broke, so that the next question can refer to it."""
    exchange = Exchange(question=question[:EXCHANGE_CHARS], answer=answer[:EXCHANGE_CHARS])
    history = (await _values(graph, thread_id)).get("history", [])
    await _update(graph, thread_id, {"history": remembered(history, exchange)})


async def _values(graph: Graph, thread_id: str) -> Turn:
    return cast("Turn", (await graph.aget_state(_config(thread_id))).values)


async def _update(graph: Graph, thread_id: str, values: Turn) -> None:
    await graph.aupdate_state(_config(thread_id), values, as_node="finish")


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}

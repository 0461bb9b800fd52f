"""The chat door: unpack, call, show. What a chat does is decided in app/chat."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from chainlit.types import ThreadDict
from starlette.datastructures import Headers

from app.api.guard import is_loopback
from app.chat.data_layer import DataLayer
from app.chat.session import Chat
from app.chat.shown import open_library
from app.turns import current
from app.wiring import LOCAL_LEARNER
from tools.correlation import correlated
from tools.errors import StudyError
from tools.types import Learner

log = logging.getLogger(__name__)


def at_the_door(callback: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Chainlit would show an exception with its text: the learner gets a sentence, the log the rest."""

    @functools.wraps(callback)
    async def safe(*values: Any, **named: Any) -> Any:
        try:
            with correlated():
                return await callback(*values, **named)
        except StudyError as error:
            await cl.context.emitter.send_toast(str(error), "error")
            return {"error": str(error)}
        except Exception:
            log.exception("the chat failed in %s", callback.__name__)
            await cl.context.emitter.send_toast(str(StudyError()), "error")
            return {"error": str(StudyError())}

    return safe


async def this_chat() -> Chat:
    """The chat of this page. Raises NotFound when its address names somebody else's conversation."""
    if cl.user_session.get("chat") is None:
        session, turns = cl.context.session, current()
        conversation = await asyncio.to_thread(
            turns.services.threads.known, Learner(session.user.id), session.thread_id
        )
        if cl.user_session.get("chat") is None:  # or another event of the page was faster
            cl.user_session.set("chat", Chat(turns, conversation))
    chat: Chat = cl.user_session.get("chat")
    return chat


@cl.data_layer
def data_layer() -> DataLayer:
    """Chainlit asks for it once, after the web process has started."""
    turns = current()
    services, forget = turns.services, turns.graph.checkpointer.adelete_thread
    return DataLayer(services.learners, services.threads, forget, services.telemetry.opinion)


@cl.header_auth_callback
async def sign_in(headers: Headers) -> cl.User | None:
    """The one learner of this machine; a request that came through a proxy is not from this machine."""
    if not is_loopback(headers.get("host", "")) or headers.get("x-forwarded-for") or headers.get("forwarded"):
        return None
    return cl.User(identifier=LOCAL_LEARNER.id, display_name="You")


@cl.on_chat_start
@at_the_door
async def on_chat_start() -> None:
    """A new conversation."""
    await (await this_chat()).begin()


@cl.on_chat_resume
@at_the_door
async def on_chat_resume(thread: ThreadDict) -> None:
    """A stored conversation is opened; Chainlit shows `thread` as this leaves it."""
    cl.user_session.set("chat", None)
    await (await this_chat()).resume(thread)


@cl.on_message
@at_the_door
async def on_message(message: cl.Message) -> None:
    """A message of the learner, also one that was edited."""
    session = cl.context.session
    session.current_task = asyncio.current_task()  # so that an edited question can be stopped as well
    session.thread_id_to_resume = session.thread_id  # so that a lost connection comes back to the whole conversation
    await (await this_chat()).hear(message)


@cl.on_stop
async def on_stop() -> None:
    """Chainlit says so in a message of its own; the reply says it already."""
    for message in cl.chat_context.get():
        if message.content == "Task manually stopped.":
            await message.remove()


@cl.on_settings_update
@at_the_door
async def on_settings_update(values: dict[str, Any]) -> None:
    """The settings panel was confirmed."""
    await (await this_chat()).controls.change_scope(values)


@cl.on_window_message
@at_the_door
async def on_window_message(message: str) -> None:
    """A word from the page around the chat."""
    if message == "studyrag:library":
        await open_library()


@cl.action_callback("upload")
@at_the_door
async def change_upload(action: cl.Action) -> None:
    """A button of a file's card."""
    await (await this_chat()).cards.change(action.payload["document_id"], action.payload)


@cl.action_callback("ask_again")
@at_the_door
async def ask_again(_action: cl.Action) -> None:
    """The button below a question whose answer was interrupted."""
    await (await this_chat()).ask_again()


@cl.on_chat_end
async def on_chat_end() -> None:
    """Chainlit never lets go of these; a conversation that is resumed reads them again."""
    cl.chat_context.clear()

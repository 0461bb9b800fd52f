"""What is shown in a chat and never stored."""

from typing import Any
from uuid import uuid4

import chainlit as cl
from chainlit.config import config
from chainlit.utils import utc_now


async def open_library() -> None:
    """Show the library beside the chat, read anew each time."""
    panel = element("LibraryPanel", "library-panel", "", "", {"opened": str(uuid4())}, display="side")
    await cl.context.emitter.emit("set_sidebar_title", "Your library")
    await cl.context.emitter.emit("set_sidebar_elements", {"elements": [panel], "key": str(uuid4())})


async def name_address(thread_id: str) -> None:
    """Let the browser's address name the conversation, where Chainlit does not see to it."""
    await cl.send_window_message(f"studyrag:thread:{thread_id}")


def step(id_: str, thread_id: str, text: str = "", metadata: dict[str, Any] | None = None) -> Any:
    """A message that is shown but never stored."""
    return {
        "id": id_,
        "threadId": thread_id,
        "name": config.ui.name,
        "type": "assistant_message",
        "output": text,
        "createdAt": utc_now(),
        "metadata": metadata or {},
    }


def element(
    name: str, id_: str, for_id: str, thread_id: str, props: dict[str, Any], display: str = "inline"
) -> dict[str, Any]:
    """A card that is shown but never stored."""
    return {
        "id": id_,
        "type": "custom",
        "name": name,
        "display": display,
        "forId": for_id,
        "threadId": thread_id,
        "props": props,
        "mime": "application/json",
    }

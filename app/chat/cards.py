"""The cards of the files in one open chat: put up, kept true, brought back."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import chainlit as cl
from chainlit.types import ThreadDict

from app.chat import uploads
from app.chat.controls import Controls
from app.chat.uploads import Card, Dropped
from app.conversations import Conversation
from app.documents import Accepted
from app.wiring import Services
from tools.errors import Conflict
from tools.types import JobState


class Cards:
    """The cards of one open chat; `controls` are shown anew when a file can be asked about or is filed."""

    def __init__(self, services: Services, conversation: Conversation, controls: Controls) -> None:
        self._services = services
        self._learner = conversation.learner
        self._thread_id = conversation.id
        self._controls = controls
        self._elements: dict[str, dict[str, Any]] = {}
        self._messages: list[dict[str, Any]] = []
        self._watch = uploads.Watch(self._current, self._show, partial(services.progress.of, self._learner))

    async def bring_back(self, thread: ThreadDict) -> None:
        """Let the cards of a stored conversation show what is true now; changes `thread`."""
        cards = await asyncio.to_thread(self._current)
        for element in thread["elements"] or []:
            if element["name"] == "UploadCard":
                props = element.get("props") or {}
                element["props"] = await asyncio.to_thread(uploads.rebuilt, self._services, self._learner, cards, props)
                self._elements[element["id"]] = dict(element)
        self._messages = [dict(step) for step in thread["steps"] if (step.get("metadata") or {}).get("cards")]

    def follow(self) -> None:
        """Show from now on how far the files are."""
        self._watch.start()

    async def accept(self, elements: Sequence[Any]) -> list[Card]:
        """Take in the files of a message, which disappear from it; a card for each, not shown yet."""
        files = [Dropped(element.name, Path(element.path)) for element in elements if element.path]
        for element in elements:
            await cl.context.emitter.emit("remove_element", {"id": element.id})
        cards = await asyncio.to_thread(uploads.accept, self._services, self._learner, self._thread_id, files)
        for file in files:
            file.path.unlink(missing_ok=True)
        return cards

    async def of_accepted(self, accepted: Accepted) -> Card:
        """The card of a file that did not come with a message."""
        return await asyncio.to_thread(uploads.of_accepted, self._services, self._learner, self._thread_id, accepted)

    async def put_up(self, cards: Sequence[Card]) -> None:
        """Show new cards in a message of their own."""
        elements = [cl.CustomElement(name="UploadCard", props=card.props()) for card in cards]
        message = cl.Message(content="", metadata={"cards": True})
        await message.send()
        for element in elements:  # one by one, so that they stand in their order
            await element.send(for_id=message.id)
        cl.chat_context.remove(message)  # an edited question does not take its files back
        self._messages.append({**message.to_dict(), "parentId": None})
        self._elements |= {element.id: dict(element.to_dict()) for element in elements}
        self.follow()
        await self._controls.show()

    async def keep(self) -> None:
        """Show again what Chainlit has taken away with the messages below an edited question."""
        for step in self._messages:
            await cl.context.emitter.send_step({**step, "parentId": None})

    async def change(self, document_id: str, wish: dict[str, str]) -> None:
        """Cancel, retry or file an upload of this conversation. Raises StudyError."""
        await asyncio.to_thread(self._change, document_id, wish)
        self.follow()
        if wish["do"] == "file":
            cards = await asyncio.to_thread(self._current)
            await self._show(document_id, cards.get(document_id))
            await self._controls.show()

    async def _show(self, document_id: str, card: Card | None) -> None:
        for element in self._elements.values():
            before = element["props"]
            if before["document_id"] == document_id:
                element["props"] = uploads.refreshed(before, card) if card else uploads.gone(before)
                await cl.context.emitter.send_element(element)
                if before["state"] in uploads.OPEN and element["props"]["state"] == JobState.READY:
                    await self._controls.show()

    def _current(self) -> dict[str, Card]:
        return uploads.current(self._services, self._learner, self._thread_id)

    def _change(self, document_id: str, wish: dict[str, str]) -> None:
        if document_id not in self._current():
            raise Conflict("That file is not part of this conversation any more.")
        uploads.change(self._services, self._learner, document_id, wish)

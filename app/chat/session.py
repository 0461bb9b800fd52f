"""One open chat: what the learner says and drops into it, and what is shown for it."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import chainlit as cl
from chainlit.config import config
from chainlit.data import get_data_layer
from chainlit.step import StepDict
from chainlit.types import ThreadDict

from app.chat import scope as scopes
from app.chat import shown, uploads, welcome
from app.chat.reply import Reply
from app.chat.uploads import Card, Dropped
from app.conversations import Conversation
from app.persistence.tables import Query
from app.sample import SAMPLE_QUESTIONS, add_sample_course
from app.turns import Turns
from tools.errors import Conflict, InvalidRequest, StudyError
from tools.types import Citation, JobState, QueryState, Scope

log = logging.getLogger(__name__)

WELCOME, INTERRUPTED = "welcome", "interrupted"
LIBRARY, SCOPE, HELP, SAMPLE = "Library", "Scope", "Help", "Sample course"
QUIZ, PRACTICE, REVIEW = "Quiz", "Practice", "Review"
COMMANDS = [
    {"id": QUIZ, "icon": "list-checks", "description": "Questions, marked at the end: Quiz mitosis, 10 hard ones"},
    {"id": PRACTICE, "icon": "dumbbell", "description": "One question at a time, with hints and explanations"},
    {"id": REVIEW, "icon": "calendar-clock", "description": "What is due today, before you forget it"},
    {"id": SCOPE, "icon": "list-filter", "description": "Limit me to a book, subject or semester: Scope Biology"},
    {"id": LIBRARY, "icon": "library", "description": "Open your library"},
    {"id": HELP, "icon": "circle-help", "description": "What you can do here"},
]
BARE = {QUIZ: "Quiz me", PRACTICE: "Practice with me", REVIEW: "Repeat what is due"}
"""How a command that stands alone is shown."""
Elements = dict[str, dict[str, Any]]


class Chat:
    """Lives as long as the browser's session; what must outlast it is in the database."""

    def __init__(self, turns: Turns, conversation: Conversation) -> None:
        self.turns = turns
        self.services = turns.services
        self.conversation = conversation
        self.owner_id = conversation.owner_id
        self.thread_id = conversation.id
        self.asked: list[str] = []
        self.cards: Elements = {}
        self.card_messages: list[dict[str, Any]] = []
        self.watch = uploads.Watch(self._current_cards, self._show_card)

    async def begin(self) -> None:
        """An empty chat: the way in, or what is on the shelf."""
        documents = await asyncio.to_thread(self.services.library.documents, self.owner_id)
        label = await self.show_controls()
        step = shown.step(WELCOME, self.thread_id, metadata={"welcome": True})
        await cl.context.emitter.send_step(step)
        await cl.context.emitter.send_element(
            shown.element("Welcome", f"{WELCOME}-card", WELCOME, self.thread_id, welcome.props(documents, label))
        )

    async def resume(self, thread: ThreadDict) -> None:
        """Bring a stored conversation up to date before it is shown; changes `thread`."""
        elements = thread["elements"] or []
        cards = await asyncio.to_thread(self._current_cards)
        removed = await asyncio.to_thread(self._removed_sources)
        for element in elements:
            props = element.get("props") or {}
            if element["name"] == "UploadCard":
                element["props"] = await asyncio.to_thread(uploads.rebuilt, self.services, self.owner_id, cards, props)
                self.cards[element["id"]] = dict(element)
            elif element["name"] == "Sources":
                for source in props.get("sources", []):
                    source["removed"] = source["n"] in removed
        steps = thread["steps"]
        self.card_messages = [dict(step) for step in steps if (step.get("metadata") or {}).get("cards")]
        self.asked = [step["id"] for step in steps if step["type"] == "user_message" and _is_question(step)]
        await self.show_controls()
        self.watch.start()
        noted = await asyncio.to_thread(self.services.queries.history, self.owner_id, thread_id=self.thread_id, limit=1)
        if lost := unanswered(steps, noted):
            text = f"I was interrupted before I could answer “{_short(lost)}”."
            steps.append(shown.step(INTERRUPTED, self.thread_id, text))
            await cl.Action(name="ask_again", payload={}, label="Ask again", icon="rotate-ccw").send(INTERRUPTED)

    async def hear(self, message: cl.Message) -> None:
        """One message of the learner: files, a command, a question, or several of these at once."""
        for passing in (WELCOME, INTERRUPTED):
            await cl.context.emitter.delete_step({"id": passing})
        await shown.name_address(self.thread_id)
        await self._pick((message.modes or {}).get(scopes.MODE))
        said = message.content.strip()
        if message.id in self.asked:
            await self._take_back(message.id)
        elif message.elements:
            await self._drop(message)
        match message.command, said:
            case (str(command), _) if command == LIBRARY:
                await shown.open_library()
            case (_, "/library"):
                await shown.open_library()
            case (str(command), _) if command == SAMPLE:
                await self._add_sample_course()
            case (str(command), text):
                if not text and command in BARE:
                    message.command = None
                    await self._describe(message, BARE[command])
                await self._answer(message, f"/{command.lower()} {text}".strip())
            case (_, text) if text:
                await self._answer(message, text)

    async def ask_again(self) -> None:
        """Answer the last question of the learner that had no reply."""
        await cl.context.emitter.delete_step({"id": INTERRUPTED})
        questions = [message for message in cl.chat_context.get() if message.type == "user_message"]
        if not questions:
            raise InvalidRequest("I do not find that question any more. Please ask it again.")
        await cl.context.emitter.task_start()
        try:
            await config.code.on_message(questions[-1])
        finally:
            await cl.context.emitter.task_end()

    async def change_scope(self, values: dict[str, Any]) -> None:
        """Take over the settings panel. Raises InvalidRequest when its parts do not fit together."""
        await self._set_scope(scopes.from_settings(values, await self._chat_documents()))

    async def change_upload(self, document_id: str, wish: dict[str, str]) -> None:
        """Cancel, retry or file an upload of this conversation. Raises StudyError."""
        await asyncio.to_thread(self._change_upload, document_id, wish)
        self.watch.start()
        if wish["do"] == "file":
            await self._refresh_card(document_id)
            await self.show_controls()

    async def show_controls(self) -> str:
        """Bring scope picker, settings and commands up to date; returns the scope's name."""
        scope = await self.turns.scope(self.conversation)
        label = await self._label(scope)
        tree = await asyncio.to_thread(self.services.library.tree, self.owner_id)
        await scopes.show(scope, label, tree, await self._chat_documents())
        await cl.context.emitter.set_commands(COMMANDS)
        return label

    async def _answer(self, message: cl.Message, question: str) -> None:
        if message.id not in self.asked:
            self.asked.append(message.id)
        reply = Reply(self.thread_id)
        try:
            async with contextlib.aclosing(self.turns.run(self.conversation, question)) as events:
                async for query_id, event in events:
                    await reply.follow(query_id, event)
        except asyncio.CancelledError:
            await reply.stopped(await asyncio.to_thread(self._kept_citations))
            raise
        except StudyError as error:
            await reply.failed(str(error), await asyncio.to_thread(self._kept_citations))
        except Exception:  # the learner sees a sentence, the log the rest
            log.exception("a turn failed")
            await reply.failed(str(StudyError()), await asyncio.to_thread(self._kept_citations))
        if reply.scope_changed:
            await self.show_controls()

    async def _drop(self, message: cl.Message) -> None:
        files = [Dropped(element.name, Path(element.path)) for element in message.elements if element.path]
        elements, message.elements = message.elements, []
        for element in elements:
            await cl.context.emitter.emit("remove_element", {"id": element.id})
        cards = await asyncio.to_thread(uploads.accept, self.services, self.owner_id, self.thread_id, files)
        for file in files:
            file.path.unlink(missing_ok=True)
        if not message.content.strip():
            await self._describe(message, _added([card.filename for card in cards]))
        await self._show_cards(cards)
        await self.show_controls()

    async def _show_cards(self, cards: list[Card]) -> None:
        elements = [cl.CustomElement(name="UploadCard", props=card.props()) for card in cards]
        message = cl.Message(content="", metadata={"cards": True})
        await message.send()
        for element in elements:  # one by one, so that they stand in their order
            await element.send(for_id=message.id)
        cl.chat_context.remove(message)  # an edited question does not take its files back
        self.card_messages.append({**message.to_dict(), "parentId": None})
        self.cards |= {element.id: dict(element.to_dict()) for element in elements}
        self.watch.start()

    async def _add_sample_course(self) -> None:
        added = await asyncio.to_thread(add_sample_course, self.services, self.owner_id)
        for accepted in added:
            await asyncio.to_thread(
                self.services.library.attach, self.owner_id, self.thread_id, accepted.document_id, accepted.filename
            )
        await self._show_cards(
            [
                await asyncio.to_thread(uploads.of_accepted, self.services, self.owner_id, self.thread_id, accepted)
                for accepted in added
            ]
        )
        await self.show_controls()
        props = {"questions": list(SAMPLE_QUESTIONS)}
        text = "Three short handouts are on their way into your library. You can ask at once, for example:"
        await cl.Message(content=text, elements=[cl.CustomElement(name="Suggestions", props=props)]).send()

    async def _take_back(self, message_id: str) -> None:
        """An edited question is asked anew: forget it with all that followed, but keep the files' cards."""
        at = self.asked.index(message_id)
        for _ in self.asked[at:]:
            await self.turns.forget_last_exchange(self.conversation)
        self.asked = self.asked[:at]
        for step in self.card_messages:
            await cl.context.emitter.send_step({**step, "parentId": None})

    async def _pick(self, key: str | None) -> None:
        """What the picker at the composer shows is what holds."""
        scope = await self.turns.scope(self.conversation)
        if key is None or key == scopes.OTHER:
            return
        tree = await asyncio.to_thread(self.services.library.tree, self.owner_id)
        offered = scopes.choices(tree, await self._chat_documents())
        wanted = scopes.picked(key, offered)
        if key != scopes.key_of(scope, offered) and wanted is not None:
            await self._set_scope(wanted)

    async def _set_scope(self, scope: Scope) -> None:
        await asyncio.to_thread(self.services.library.resolve, self.owner_id, scope, self.thread_id)
        await self.turns.set_scope(self.conversation, scope)
        await self.show_controls()

    async def _label(self, scope: Scope) -> str:
        try:
            resolved = await asyncio.to_thread(self.services.library.resolve, self.owner_id, scope, self.thread_id)
        except InvalidRequest:
            return "something you removed"
        return resolved.label

    async def _chat_documents(self) -> tuple[str, ...]:
        documents = await asyncio.to_thread(self.services.library.thread_documents, self.owner_id, self.thread_id)
        return tuple(document.id for document in documents)

    async def _describe(self, message: cl.Message, words: str) -> None:
        """A message without a word gets some, which also name a conversation that begins with it."""
        message.content = words
        await message.update()
        # The list of conversations is read again when it hears of a first interaction. Writes are made in their order:
        # after this one Chainlit has announced its own, which had no words yet and must not come last.
        await get_data_layer().update_step(message.to_dict())
        first = {"interaction": message.content, "thread_id": self.thread_id}
        await cl.context.emitter.emit("first_interaction", first)

    async def _show_card(self, document_id: str, card: Card | None) -> None:
        for element in self.cards.values():
            before = element["props"]
            if before["document_id"] == document_id:
                element["props"] = uploads.refreshed(before, card) if card else uploads.gone(before)
                await cl.context.emitter.send_element(element)
                if before["state"] in uploads.OPEN and element["props"]["state"] == JobState.READY:
                    await self.show_controls()

    async def _refresh_card(self, document_id: str) -> None:
        cards = await asyncio.to_thread(self._current_cards)
        await self._show_card(document_id, cards.get(document_id))

    def _current_cards(self) -> dict[str, Card]:
        return uploads.current(self.services, self.owner_id, self.thread_id)

    def _change_upload(self, document_id: str, wish: dict[str, str]) -> None:
        if document_id not in self._current_cards():
            raise Conflict("That file is not part of this conversation any more.")
        uploads.change(self.services, self.owner_id, document_id, wish)

    def _removed_sources(self) -> set[int]:
        rows = self.services.queries.citations(self.owner_id, self.thread_id)
        return {row.n for row, exists in rows if not exists}

    def _kept_citations(self) -> list[Citation]:
        rows = self.services.queries.citations(self.owner_id, self.thread_id)
        names = [field.name for field in fields(Citation) if field.name != "verified"]
        return [Citation(**{name: getattr(row, name) for name in names}) for row, _ in rows]


def unanswered(steps: Sequence[StepDict], noted: Sequence[Query]) -> str | None:
    """The last question, if the process died before it was answered, or even before it was noted down."""
    if noted and noted[0].state in (QueryState.INTERRUPTED, QueryState.RUNNING):
        return noted[0].question if noted[0].state == QueryState.INTERRUPTED else None
    said = next((step for step in reversed(steps) if step["type"] in ("user_message", "assistant_message")), None)
    return str(said["output"]) if said and said["type"] == "user_message" and _is_question(said) else None


def _added(filenames: list[str]) -> str:
    more = f" and {len(filenames) - 3} more" if len(filenames) > 3 else ""
    return f"Added {', '.join(filenames[:3])}{more}"


def _is_question(step: Any) -> bool:
    said = (step.get("output") or "").strip() or step.get("command")
    return bool(said) and said != "/library" and step.get("command") not in (LIBRARY, SAMPLE)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120].rstrip()}…"

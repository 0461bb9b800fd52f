"""One open chat: what the learner says and drops into it, and what is shown for it."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import chainlit as cl
from chainlit.config import config
from chainlit.data import get_data_layer
from chainlit.element import ElementDict
from chainlit.step import StepDict
from chainlit.types import ThreadDict

from app.chat import scope as scopes
from app.chat import shown, welcome
from app.chat.cards import Cards
from app.chat.controls import BARE, LIBRARY, SAMPLE, Controls
from app.chat.reply import Reply
from app.conversations import Conversation
from app.persistence.tables import Query
from app.sample import SAMPLE_QUESTIONS, add_sample_course
from app.turns import Turns
from tools.errors import InvalidRequest, StudyError
from tools.types import Citation, QueryState

log = logging.getLogger(__name__)

WELCOME, INTERRUPTED = "welcome", "interrupted"


class Chat:
    """Lives as long as the browser's session; what must outlast it is in the database."""

    def __init__(self, turns: Turns, conversation: Conversation) -> None:
        self.turns = turns
        self.services = turns.services
        self.conversation = conversation
        self.learner = conversation.learner
        self.thread_id = conversation.id
        self.asked: list[str] = []
        self.controls = Controls(turns, conversation)
        self.cards = Cards(turns.services, conversation, self.controls)

    async def begin(self) -> None:
        """An empty chat: the way in, or what is on the shelf."""
        documents = await asyncio.to_thread(self.services.library.documents, self.learner)
        label = await self.controls.show()
        step = shown.step(WELCOME, self.thread_id, metadata={"welcome": True})
        await cl.context.emitter.send_step(step)
        await cl.context.emitter.send_element(
            shown.element("Welcome", f"{WELCOME}-card", WELCOME, self.thread_id, welcome.props(documents, label))
        )

    async def resume(self, thread: ThreadDict) -> None:
        """Bring a stored conversation up to date before it is shown; changes `thread`."""
        await self.cards.bring_back(thread)
        _tell_removed(thread["elements"] or [], await asyncio.to_thread(self._removed_sources))
        steps = thread["steps"]
        self.asked = [step["id"] for step in steps if step["type"] == "user_message" and _is_question(step)]
        await self.controls.show()
        self.cards.follow()
        noted = await asyncio.to_thread(self.services.queries.history, self.learner, thread_id=self.thread_id, limit=1)
        if lost := unanswered(steps, noted):
            text = f"I was interrupted before I could answer “{_short(lost)}”."
            steps.append(shown.step(INTERRUPTED, self.thread_id, text))
            await _ask_again_button().send(INTERRUPTED)

    async def hear(self, message: cl.Message) -> None:
        """One message of the learner: files, a command, a question, or several of these at once."""
        try:
            await self._heard(message)
        except StudyError as error:
            if not error.retryable or message.type != "user_message":
                raise
            await self._offer_again(str(error))

    async def _heard(self, message: cl.Message) -> None:
        for passing in (WELCOME, INTERRUPTED):
            await cl.context.emitter.delete_step({"id": passing})
        await shown.name_address(self.thread_id)
        await self.controls.pick((message.modes or {}).get(scopes.MODE))
        said = message.content.strip()  # dropped files give a message words that the learner did not say
        if message.id in self.asked:
            await self._take_back(message.id)
        elif message.elements:
            await self._drop(message)
        await self._obey(message, said)

    async def ask_again(self) -> None:
        """Answer the last question of the learner that had no reply."""
        questions = [message for message in cl.chat_context.get() if message.type == "user_message"]
        if not questions:
            raise InvalidRequest("I do not find that question any more. Please ask it again.")
        await get_data_layer().update_step(questions[-1].to_dict())  # it may not have been kept the first time
        await cl.context.emitter.delete_step({"id": INTERRUPTED})
        await cl.context.emitter.task_start()
        try:
            await config.code.on_message(questions[-1])
        finally:
            await cl.context.emitter.task_end()

    async def _offer_again(self, sentence: str) -> None:
        """What was said stays on the page; nothing of this is kept, since that is what may have failed."""
        await cl.context.emitter.send_step(shown.step(INTERRUPTED, self.thread_id, sentence))
        await _ask_again_button().send(INTERRUPTED)

    async def _obey(self, message: cl.Message, said: str) -> None:
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
            await self.controls.show()

    async def _drop(self, message: cl.Message) -> None:
        elements, message.elements = message.elements, []
        cards = await self.cards.accept(elements)
        if not message.content.strip():
            await self._describe(message, _added([card.filename for card in cards]))
        await self.cards.put_up(cards)

    async def _add_sample_course(self) -> None:
        added = await asyncio.to_thread(add_sample_course, self.services, self.learner)
        for accepted in added:
            await asyncio.to_thread(
                self.services.library.attach, self.learner, self.thread_id, accepted.document_id, accepted.filename
            )
        await self.cards.put_up([await self.cards.of_accepted(accepted) for accepted in added])
        props = {"questions": list(SAMPLE_QUESTIONS)}
        text = "Three short handouts are on their way into your library. You can ask at once, for example:"
        await cl.Message(content=text, elements=[cl.CustomElement(name="Suggestions", props=props)]).send()

    async def _take_back(self, message_id: str) -> None:
        """An edited question is asked anew: forget it with all that followed, but keep the files' cards."""
        at = self.asked.index(message_id)
        for _ in self.asked[at:]:
            await self.turns.forget_last_exchange(self.conversation)
        self.asked = self.asked[:at]
        await self.cards.keep()

    async def _describe(self, message: cl.Message, words: str) -> None:
        """A message without a word gets some, which also name a conversation that begins with it."""
        message.content = words
        await message.update()
        # The list of conversations is read again when it hears of a first interaction. Writes are made in their order:
        # after this one Chainlit has announced its own, which had no words yet and must not come last.
        await get_data_layer().update_step(message.to_dict())
        first = {"interaction": message.content, "thread_id": self.thread_id}
        await cl.context.emitter.emit("first_interaction", first)

    def _removed_sources(self) -> set[int]:
        rows = self.services.queries.citations(self.learner, self.thread_id)
        return {row.n for row, exists in rows if not exists}

    def _kept_citations(self) -> list[Citation]:
        rows = self.services.queries.citations(self.learner, self.thread_id)
        names = [field.name for field in fields(Citation) if field.name != "verified"]
        return [Citation(**{name: getattr(row, name) for name in names}) for row, _ in rows]


def unanswered(steps: Sequence[StepDict], noted: Sequence[Query]) -> str | None:
    """The last question, if the process died before it was answered, or even before it was noted down."""
    if noted and noted[0].state in (QueryState.INTERRUPTED, QueryState.RUNNING):
        return noted[0].question if noted[0].state == QueryState.INTERRUPTED else None
    said = next((step for step in reversed(steps) if step["type"] in ("user_message", "assistant_message")), None)
    return str(said["output"]) if said and said["type"] == "user_message" and _is_question(said) else None


def _tell_removed(elements: Sequence[ElementDict], removed: set[int]) -> None:
    """Let the sources below the answers say which of them lead nowhere any more."""
    for element in elements:
        if element["name"] == "Sources":
            for source in (element.get("props") or {}).get("sources", []):
                source["removed"] = source["n"] in removed


def _ask_again_button() -> cl.Action:
    return cl.Action(name="ask_again", payload={}, label="Ask again", icon="rotate-ccw")


def _added(filenames: list[str]) -> str:
    more = f" and {len(filenames) - 3} more" if len(filenames) > 3 else ""
    return f"Added {', '.join(filenames[:3])}{more}"


def _is_question(step: Any) -> bool:
    said = (step.get("output") or "").strip() or step.get("command")
    return bool(said) and said != "/library" and step.get("command") not in (LIBRARY, SAMPLE)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120].rstrip()}…"

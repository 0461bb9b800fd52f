"""What stands around the composer: scope picker, settings panel, commands."""

import asyncio
from typing import Any

import chainlit as cl

from app.chat import scope as scopes
from app.conversations import Conversation
from app.turns import Turns
from tools.errors import InvalidRequest
from tools.types import Scope

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


class Controls:
    """The controls of one open chat; the scope they show is the conversation's and outlasts them."""

    def __init__(self, turns: Turns, conversation: Conversation) -> None:
        self._turns = turns
        self._library = turns.services.library
        self._conversation = conversation
        self._learner = conversation.learner
        self._thread_id = conversation.id

    async def show(self) -> str:
        """Bring scope picker, settings and commands up to date; returns the scope's name."""
        scope = await self._turns.scope(self._conversation)
        label = await self._label(scope)
        tree = await asyncio.to_thread(self._library.tree, self._learner)
        await scopes.show(scope, label, tree, await self._chat_documents())
        await cl.context.emitter.set_commands(COMMANDS)
        return label

    async def change_scope(self, values: dict[str, Any]) -> None:
        """Take over the settings panel. Raises InvalidRequest when its parts do not fit together."""
        await self._set_scope(scopes.from_settings(values, await self._chat_documents()))

    async def pick(self, key: str | None) -> None:
        """Take over what the picker at the composer shows; None where there is no picker yet."""
        scope = await self._turns.scope(self._conversation)
        if key is None or key == scopes.OTHER:
            return
        tree = await asyncio.to_thread(self._library.tree, self._learner)
        offered = scopes.choices(tree, await self._chat_documents())
        wanted = scopes.picked(key, offered)
        if key != scopes.key_of(scope, offered) and wanted is not None:
            await self._set_scope(wanted)

    async def _set_scope(self, scope: Scope) -> None:
        await asyncio.to_thread(self._library.resolve, self._learner, scope, self._thread_id)
        await self._turns.set_scope(self._conversation, scope)
        await self.show()

    async def _label(self, scope: Scope) -> str:
        try:
            resolved = await asyncio.to_thread(self._library.resolve, self._learner, scope, self._thread_id)
        except InvalidRequest:
            return "something you removed"
        return resolved.label

    async def _chat_documents(self) -> tuple[str, ...]:
        documents = await asyncio.to_thread(self._library.thread_documents, self._learner, self._thread_id)
        return tuple(document.id for document in documents)

"""The tutor that a chat model drives; what it cites is checked as it streams."""

from collections.abc import AsyncIterator, Sequence
from typing import Literal

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel

from agent.deps import Answers, ChatModel
from agent.prompts import as_data, fill
from agent.state import Action, Command, Decision, Exchange, Route
from agent.structured import ask
from tools.citations import Citer
from tools.errors import ModelFailed
from tools.markers import MarkerStream
from tools.types import AnswerLength, Found, Hit, page_name, section_name

_REMEMBERED = 3
_EXCHANGE_CHARS = 800
_QUESTION_CHARS = 1000
_SENTENCES = {
    AnswerLength.SHORT: "one or two",
    AnswerLength.NORMAL: "two to six",
    AnswerLength.LONG: "six to twelve",
}


class RouteChoice(BaseModel):
    """Where the learner's message goes, and the message as a question that stands alone."""

    route: Literal["answer", "quiz", "practice", "review", "library", "talk"]
    question: str


class ChatTutor:
    """Made anew for each turn: `name` becomes the model that really answered."""

    def __init__(
        self, model: ChatModel, length: AnswerLength = AnswerLength.NORMAL, answers: Answers | None = None
    ) -> None:
        self.name = model.name
        self._answers = answers
        self._length = length
        self.tokens: dict[str, int] = {}
        self._chat = model.chat

    async def decide(self, utterance: str, history: Sequence[Exchange]) -> Decision:
        """Raises ModelBusy or ModelFailed."""
        conversation = _conversation(history)
        choice = await ask(self._chat, RouteChoice, "route", conversation=conversation, message=as_data(utterance))
        route = Route(choice.route)
        return Decision(
            route,
            choice.question.strip()[:_QUESTION_CHARS] or utterance,
            Command(Action.LIST) if route is Route.LIBRARY else None,
        )

    async def answer(
        self, question: str, found: Found, citer: Citer, history: Sequence[Exchange]
    ) -> AsyncIterator[str]:
        """What the model writes, its markers checked. Raises ModelBusy or ModelFailed, also for an empty answer."""
        markers = MarkerStream(citer)
        silent = True
        asked = messages(question, found, history, self._length)
        # Within a conversation whoever asks again wants another answer.
        said = self._written(asked) if history else self._said(asked)
        async for chunk in said:
            if text := await markers.feed(chunk):
                silent = silent and not text.strip()
                yield text
        rest = await markers.end()
        if silent and not rest.strip():
            raise ModelFailed
        yield rest

    async def _said(self, asked: list[BaseMessage]) -> AsyncIterator[str]:
        """As it was written a while ago, if it was."""
        prompt = "\n".join(str(message.text) for message in asked)
        if self._answers and (kept := await self._answers.get(prompt)):
            yield kept
            return
        pieces: list[str] = []
        async for piece in self._written(asked):
            pieces.append(piece)
            yield piece
        if self._answers and (whole := "".join(pieces)).strip():
            await self._answers.put(prompt, whole)

    async def _written(self, asked: list[BaseMessage]) -> AsyncIterator[str]:
        async for chunk in self._chat.astream(asked):
            self._note(chunk)
            yield str(chunk.text)

    def _note(self, chunk: BaseMessage) -> None:
        self.name = chunk.response_metadata.get("model_name") or self.name
        if isinstance(chunk, AIMessageChunk) and (usage := chunk.usage_metadata):
            self.tokens = {
                "input": self.tokens.get("input", 0) + usage["input_tokens"],
                "output": self.tokens.get("output", 0) + usage["output_tokens"],
            }


def messages(
    question: str, found: Found, history: Sequence[Exchange], length: AnswerLength = AnswerLength.NORMAL
) -> list[BaseMessage]:
    """What a model is asked; nothing from a book or a learner stands in the system message."""
    user = fill(
        "answer_user",
        conversation=_conversation(history),
        passages="\n".join(_passage(n, hit) for n, hit in enumerate(found.hits, start=1)),
        question=as_data(question),
    )
    return [SystemMessage(fill("answer_system", sentences=_SENTENCES[length])), HumanMessage(user)]


def _passage(n: int, hit: Hit) -> str:
    passage = hit.passage
    place = f"{passage.book}, {page_name(passage.page_kind, passage.page_label)}"
    place += f", {section_name(passage.section)}" if passage.section else ""
    return f"<passage>\nnumber: {n}\nfrom: {as_data(place)}\n{as_data(passage.text)}\n</passage>"


def _conversation(history: Sequence[Exchange]) -> str:
    recent = [exchange for exchange in history if exchange["question"]][-_REMEMBERED:]
    lines = [f"Learner: {e['question']}\nTutor: {e['answer'][:_EXCHANGE_CHARS]}" for e in recent]
    return as_data("\n".join(lines)) or "(nothing yet)"

"""A chat model that says what the test wrote, and remembers what it was asked."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, Field


class ScriptedChat(BaseChatModel):
    """One line of `lines` for each call: a text, its pieces, an object for structured output, or an error to raise.

    An error among the pieces breaks the stream there. `answered_by` is reported as the model's name.
    """

    lines: list[Any] = Field(default_factory=list)
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    answered_by: str = ""
    before_first_token: Callable[[], Any] | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: list[BaseMessage]) -> Any:
        self.asked.append(list(messages))
        line = self.lines.pop(0)
        if isinstance(line, Exception):
            raise line
        return line

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        line = self._next(messages)
        if self.before_first_token:
            await self.before_first_token()
        for piece in line if isinstance(line, list) else [line]:
            if isinstance(piece, Exception):
                raise piece
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        metadata = {"model_name": self.answered_by} if self.answered_by else {}
        usage = UsageMetadata(input_tokens=10, output_tokens=5, total_tokens=15)
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", response_metadata=metadata, usage_metadata=usage, chunk_position="last")
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=str(self._next(messages))))])

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, Any]:
        assert isinstance(schema, type)
        assert issubclass(schema, BaseModel)

        async def ask(question: LanguageModelInput) -> BaseModel:
            return schema.model_validate(self._next(self._convert_input(question).to_messages()))

        return RunnableLambda(ask)

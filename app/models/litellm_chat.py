"""A chat model of any provider, with retries and fallbacks behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, Self

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    convert_to_openai_messages,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, Field, PrivateAttr, ValidationError

from app.models.failover import Deployment, Failover
from app.models.litellm_client import load_litellm, price_of, study_errors
from app.persistence.usage import Spent
from tools.correlation import request_id
from tools.errors import ModelBusy, ModelFailed, StudyError

LONGEST_REPLY = 50_000
"""Characters; a model that has lost its way goes on for ever."""
CHARS_A_TOKEN = 4
"""About what English takes."""


class Meter(Protocol):
    """Who pays for what a model is asked."""

    async def check(self) -> None:
        """Raises ModelBudgetSpent."""
        ...

    async def note(self, spent: Spent) -> None:
        """Keep what an answer took, also one that broke off."""
        ...


@dataclass
class _Reply:
    """A stream of one deployment; `waiting` are the chunks read to see that it has begun to answer.

    `asked` counts the characters of the question.
    """

    place: Deployment
    asked: int
    stream: Any
    waiting: list[Any] = field(default_factory=list)
    finish_reason: str | None = None
    usage: UsageMetadata | None = None
    length: int = 0
    empty: bool = True

    @property
    def model(self) -> str:
        return self.place.model

    def take(self, chunk: Any) -> str:
        """The text of a chunk; the rest of it is remembered."""
        if usage := getattr(chunk, "usage", None):
            self.usage = _usage(usage)
        if not chunk.choices:
            return ""
        self.finish_reason = chunk.choices[0].finish_reason or self.finish_reason
        text = chunk.choices[0].delta.content or ""
        self.empty = self.empty and not text.strip()
        self.length += len(text)
        if self.length > LONGEST_REPLY:
            raise ModelFailed(f"{self.model} did not come to an end. Please ask again.")
        return text

    def check_end(self) -> None:
        """LiteLLM ends a stream that was cut off with a finish reason of its own; its wrapper knows better."""
        if not (self.stream.received_finish_reason or self.stream.intermittent_finish_reason):
            raise ModelBusy(f"{self.model} broke off in the middle of its answer. Please ask again in a moment.")
        if self.finish_reason == "content_filter":
            raise ModelFailed(f"The provider of {self.model} blocked this answer: word the question differently.")
        if self.empty:
            raise ModelFailed(f"{self.model} gave an empty answer. Please ask again.")

    def spent(self) -> Spent:
        """As the provider counts it; estimated where it does not tell, as for a stream that was stopped."""
        usage = self.usage
        read, written = (
            (usage["input_tokens"], usage["output_tokens"])
            if usage
            else ((self.asked if self.waiting else 0) // CHARS_A_TOKEN, self.length // CHARS_A_TOKEN)
        )
        price = price_of(self.model)
        return Spent(self.model, self.place.is_learners, read, written, price.of(read, written) if price else None)

    def last(self) -> AIMessageChunk:
        metadata = {"model_name": self.model, "finish_reason": self.finish_reason}
        return AIMessageChunk(content="", response_metadata=metadata, usage_metadata=self.usage, chunk_position="last")


class LiteLLMChat(BaseChatModel):
    """The last chunk names the model that answered in `response_metadata["model_name"]`; `timeout` is a silence.

    Whatever fails is ModelBusy or ModelFailed, also from within a stream that has begun.
    """

    timeout: float
    options: dict[str, Any] = Field(default_factory=dict)
    """What every request carries besides, such as a temperature."""
    _failover: Failover = PrivateAttr()
    _meter: Meter | None = PrivateAttr(default=None)

    @classmethod
    def over(cls, deployments: Sequence[Deployment], *, timeout: float) -> Self:
        """A model at these places, asked in this order; no turn waits longer for a word than 1.5 time-outs."""
        return cls.of(Failover(deployments, budget=1.5 * timeout), timeout=timeout)

    @classmethod
    def of(
        cls, failover: Failover, *, timeout: float, meter: Meter | None = None, options: dict[str, Any] | None = None
    ) -> Self:
        """The same over places whose state others share; what is spent goes to the meter."""
        made = cls(timeout=timeout, options=options or {})
        made._failover, made._meter = failover, meter
        return made

    @property
    def _llm_type(self) -> str:
        return "litellm"

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        place, reply = await self._failover.run(partial(self._open, messages, {"stop": stop, **kwargs}))
        try:
            async for message in self._read(reply):
                chunk = ChatGenerationChunk(message=message)
                if run_manager and message.content:
                    await run_manager.on_llm_new_token(str(message.content), chunk=chunk)
                yield chunk
        except StudyError as error:
            self._failover.failed(place, error)
            raise
        finally:
            await self._close(reply)
        self._failover.succeeded(place)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """Reads a stream, too, so that a long answer is no time-out; a stream that is cut is simply asked again."""
        place, message = await self._failover.run(partial(self._whole, messages, {"stop": stop, **kwargs}))
        self._failover.succeeded(place)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, stop, **kwargs))

    async def _open(self, messages: list[BaseMessage], options: dict[str, Any], place: Deployment) -> _Reply:
        """Start a reply and wait until the model says something: before that, another one can still be asked."""
        if self._meter and not place.is_learners:
            await self._meter.check()
        told = convert_to_openai_messages(messages)
        request = {"messages": told, **self._request(place), **self.options, **options}
        if schema := request.pop("schema", None):
            request["response_format"] = _response_format(place.model, schema)
        with study_errors(place.model):
            async with asyncio.timeout(self.timeout):
                reply = _Reply(place, len(str(told)), await load_litellm().acompletion(**request))
                try:
                    await _begin(reply)
                except BaseException:
                    await self._close(reply)
                    raise
        return reply

    async def _close(self, reply: _Reply) -> None:
        await reply.stream.aclose()
        if self._meter:
            await self._meter.note(reply.spent())

    def _request(self, place: Deployment) -> dict[str, Any]:
        # Ours ends first: the client's own is told as a broken connection, which would be worth another try.
        limits = {"timeout": 2 * self.timeout, "max_retries": 0}
        asked_for = {"extra_headers": {"X-Request-Id": request_id()}} if request_id() else {}
        return {**place.options, **limits, **asked_for, "stream": True, "stream_options": {"include_usage": True}}

    async def _read(self, reply: _Reply) -> AsyncIterator[AIMessageChunk]:
        for chunk in reply.waiting:
            if text := reply.take(chunk):
                yield AIMessageChunk(content=text)
        while chunk := await self._next(reply):
            if text := reply.take(chunk):
                yield AIMessageChunk(content=text)
        reply.check_end()
        yield reply.last()

    async def _next(self, reply: _Reply) -> Any:
        await asyncio.sleep(0)  # a provider that sends faster than we read must not keep the others waiting
        with study_errors(reply.model):
            async with asyncio.timeout(self.timeout):
                return await anext(reply.stream, None)

    async def _whole(self, messages: list[BaseMessage], options: dict[str, Any], place: Deployment) -> AIMessage:
        reply = await self._open(messages, options, place)
        try:
            text = "".join([str(message.content) async for message in self._read(reply)])
        finally:
            await self._close(reply)
        last = reply.last()
        return AIMessage(content=text, response_metadata=last.response_metadata, usage_metadata=last.usage_metadata)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, Any]:
        """For a Pydantic model; asynchronous only. A reply that does not fit is sent back once, then ModelFailed."""
        if not (isinstance(schema, type) and issubclass(schema, BaseModel)) or include_raw or kwargs:
            raise TypeError("only with_structured_output(PydanticModel) is supported")

        async def ask(question: LanguageModelInput) -> BaseModel:
            return await self._structured(self._convert_input(question).to_messages(), schema)

        return RunnableLambda(ask)

    async def _structured(self, messages: list[BaseMessage], schema: type[BaseModel]) -> BaseModel:
        asked = [*messages, HumanMessage(_JSON_PLEASE.format(schema=json.dumps(schema.model_json_schema())))]
        reply = await self.ainvoke(asked, schema=schema)
        try:
            return schema.model_validate_json(_json_of(reply.text))
        except ValidationError as error:
            again = [*asked, reply, HumanMessage(_JSON_AGAIN.format(error=error))]
        reply = await self.ainvoke(again, schema=schema)
        try:
            return schema.model_validate_json(_json_of(reply.text))
        except ValidationError as error:
            name = reply.response_metadata["model_name"]
            raise ModelFailed(f"{name} twice gave an answer in the wrong form. Please ask again.") from error


_JSON_PLEASE = "Reply with one JSON object that fits this JSON schema, and with nothing else:\n{schema}"
_JSON_AGAIN = "That does not fit the schema:\n{error}\nReply with the corrected JSON object only."


async def _begin(reply: _Reply) -> None:
    """Read up to the first text or thought; a reply that ends without either is an error already."""
    async for chunk in reply.stream:
        reply.waiting.append(chunk)
        delta = chunk.choices[0].delta if chunk.choices else None
        if delta and (delta.content or getattr(delta, "reasoning_content", None)):
            return
    for chunk in reply.waiting:
        reply.take(chunk)
    reply.check_end()


def _response_format(model: str, schema: type[BaseModel]) -> Any:
    """The strictest form that the model is known to keep; LiteLLM drops what a provider does not have."""
    return schema if load_litellm().supports_response_schema(model) else {"type": "json_object"}


def _json_of(text: str) -> str:
    """The object without the fence or the words that some models put around it."""
    return text[text.find("{") : text.rfind("}") + 1]


def _usage(usage: Any) -> UsageMetadata | None:
    asked, said = usage.prompt_tokens or 0, usage.completion_tokens or 0
    return UsageMetadata(input_tokens=asked, output_tokens=said, total_tokens=asked + said) if asked + said else None

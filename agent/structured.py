"""One question to a chat model whose answer comes in a form."""

from typing import TypeVar

from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from agent.prompts import fill
from tools.errors import ModelFailed

Form = TypeVar("Form", bound=BaseModel)


async def ask(chat: BaseChatModel, form: type[Form], prompt: str, **values: str) -> Form:
    """Ask with the prompts `{prompt}_system` and `{prompt}_user`; the values fill the latter's gaps.

    Raises ModelBusy or ModelFailed.
    """
    messages: list[BaseMessage] = [
        SystemMessage(fill(f"{prompt}_system")),
        HumanMessage(fill(f"{prompt}_user", **values)),
    ]
    try:
        reply = await chat.with_structured_output(form).ainvoke(messages)
    except (OutputParserException, ValidationError) as error:
        raise ModelFailed from error
    if not isinstance(reply, form):
        raise ModelFailed
    return reply

"""LiteLLM, loaded only when a model is configured, kept off the network, and its errors in the learner's words."""

import functools
import importlib
import inspect
import logging
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import ModuleType

from app.models.failover import ModelTimedOut, ModelUnusable
from tools.errors import ModelBusy, ModelFailed, StudyError


@functools.cache
def load_litellm() -> ModuleType:
    """Three seconds and 170 MB the first time."""
    from dotenv import load_dotenv

    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # else it reads whichever .env lies above its own folder
    os.environ.pop("CUSTOM_TIKTOKEN_CACHE_DIR", None)  # else it downloads the encodings that it ships
    load_dotenv(".env")  # where the settings come from; the providers' keys stand there, too
    import litellm

    importlib.import_module("openai.resources")  # half a second, else within the first question
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.disable_token_counter = True
    litellm.disable_hf_tokenizer_download = True
    litellm.DEFAULT_MAX_RETRIES = 0  # an embedding takes max_retries=0 for unset
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    module: ModuleType = litellm
    return module


async def close_litellm() -> None:
    """Close the connections to the providers, on the event loop that opened them; nothing where none was asked."""
    if "litellm" not in sys.modules:
        return
    from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients

    await close_litellm_async_clients()
    cache = load_litellm().in_memory_llm_clients_cache
    for client in list(cache.cache_dict.values()):
        if hasattr(client, "close") and not inspect.iscoroutinefunction(client.close):
            client.close()  # of embeddings, which LiteLLM itself leaves open
    cache.flush_cache()


def provider_of(model: str) -> str:
    """LiteLLM's name of the provider. Raises ModelFailed for a name that it cannot place."""
    litellm = load_litellm()
    try:
        return str(litellm.get_llm_provider(model)[1])
    except litellm.BadRequestError as error:
        raise ModelFailed(
            f"I do not know whose model {model} is: write provider/model, as in openai/{model}."
        ) from error


@contextmanager
def study_errors(model: str) -> Iterator[None]:
    """Turn what LiteLLM raises, and a time-out around it, into ModelBusy or ModelFailed."""
    from openai import OpenAIError

    try:
        yield
    except TimeoutError as error:
        raise ModelTimedOut(f"{model} did not answer in time. Please ask again in a moment.") from error
    except OpenAIError as error:
        raise _study_error(error, model) from error


def _study_error(error: Exception, model: str) -> StudyError:
    litellm = load_litellm()
    if isinstance(error, litellm.exceptions.MidStreamFallbackError):
        error = getattr(error, "original_exception", None) or error
    match error:
        case litellm.Timeout():
            return ModelTimedOut(f"{model} did not answer in time. Please ask again in a moment.")
        case litellm.ContextWindowExceededError():
            return ModelFailed(f"That is too long for {model}: ask a shorter question or start a new conversation.")
        case litellm.ContentPolicyViolationError():
            return ModelFailed(f"The provider of {model} blocked this request: word the question differently.")
        case litellm.RateLimitError():
            sentence = f"{model} takes no more requests for now, or its credit is used up. Please try again later."
            return ModelBusy(sentence, retry_after=_wait(error))
        case _:
            return _by_status(getattr(error, "status_code", None) or 500, model, _wait(error))


def _by_status(status: int, model: str, wait: int | None) -> StudyError:
    if status in (401, 402, 403):
        return ModelUnusable(f"The provider of {model} refused the API key: check the key.")
    if status == 404:
        return ModelUnusable(f"The provider does not know {model}: check the model's name.")
    if 400 <= status < 500:
        return ModelFailed(f"{model} did not accept the request: check the model's name and settings.")
    return ModelBusy(f"{model} cannot be reached or is in trouble. Please try again in a moment.", retry_after=wait)


def _wait(error: Exception) -> int | None:
    """Seconds that the provider asks to wait, at least one; it names them, or a moment."""
    told: Mapping[str, str] = getattr(error, "litellm_response_headers", None) or {}
    headers = told or getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after", "")
    if asked.replace(".", "", 1).isdecimal():
        return max(1, math.ceil(float(asked)))
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(1, math.ceil(moment.timestamp() - time.time()))


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars of a token that a model reads, and of one that it writes."""

    read: float
    written: float

    def of(self, read: int, written: int) -> float:
        """Dollars."""
        return read * self.read + written * self.written


def price_of(model: str) -> Price | None:
    """By LiteLLM's own list; None for a model that is not on it, such as one of your own."""
    listed = load_litellm().model_cost
    known = listed.get(model) or listed.get(model.partition("/")[2])
    if not known or known.get("input_cost_per_token") is None:
        return None
    return Price(known["input_cost_per_token"], known.get("output_cost_per_token") or 0.0)

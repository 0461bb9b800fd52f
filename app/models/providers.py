"""Whose models a learner may bring a key for, and the model servers of this machine."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE = 0.5
"""Seconds; a server on loopback answers at once, or is none."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`id` is LiteLLM's prefix; one that is `at_an_address` has no fixed place and needs no key."""

    id: str
    title: str
    example: str
    at_an_address: bool = False


PROVIDERS = {
    provider.id: provider
    for provider in (
        Provider("openai", "OpenAI", "gpt-4o-mini"),
        Provider("anthropic", "Anthropic", "claude-3-5-haiku-latest"),
        Provider("gemini", "Google Gemini", "gemini-2.0-flash"),
        Provider("mistral", "Mistral", "mistral-small-latest"),
        Provider("together_ai", "Together AI", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
        Provider("groq", "Groq", "llama-3.3-70b-versatile"),
        Provider("deepseek", "DeepSeek", "deepseek-chat"),
        Provider("openrouter", "OpenRouter", "meta-llama/llama-3.3-70b-instruct"),
        Provider("ollama_chat", "Ollama", "llama3.1", at_an_address=True),
        Provider("openai_like", "A server of your own", "the-name-it-uses", at_an_address=True),
    )
}


def litellm_name(provider: Provider, model: str) -> str:
    """How LiteLLM is told of it; a server of one's own speaks OpenAI's protocol."""
    return f"openai/{model}" if provider.id == "openai_like" else f"{provider.id}/{model}"


@dataclass(frozen=True, slots=True)
class Program:
    """A model server and where it listens unless told otherwise."""

    name: str
    port: int
    provider: str = "openai_like"


PROGRAMS = (
    Program("Ollama", 11434, "ollama_chat"),
    Program("LM Studio", 1234),
    Program("llama.cpp", 8080),
    Program("vLLM", 8000),
)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server that answered on this machine, with the models it has."""

    name: str
    provider: str
    api_base: str
    models: tuple[str, ...]


async def local_servers(programs: Sequence[Program], own_port: int) -> list[LocalServer]:
    """Those that answer now and have a model; `own_port` is ours and not asked."""
    asked = [program for program in programs if program.port != own_port]
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
        found = await asyncio.gather(*(_look(client, program) for program in asked))
    return [server for server in found if server and server.models]


async def _look(client: httpx.AsyncClient, program: Program) -> LocalServer | None:
    address = f"http://127.0.0.1:{program.port}"
    is_ollama = program.provider == "ollama_chat"
    try:
        reply = await client.get(f"{address}/api/tags" if is_ollama else f"{address}/v1/models")
        listed: Any = reply.raise_for_status().json()
        rows, key = (listed["models"], "name") if is_ollama else (listed["data"], "id")
        models = tuple(str(row[key]) for row in rows)
    except (httpx.HTTPError, ValueError, LookupError, TypeError):
        return None
    return LocalServer(program.name, program.provider, address if is_ollama else f"{address}/v1", models)

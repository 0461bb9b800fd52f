import subprocess
import sys
import textwrap

import pytest

from app.models.litellm_client import load_litellm, provider_of
from tools.errors import ModelFailed


def _in_a_new_process(program: str) -> None:
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_model_modules_do_not_load_litellm_until_a_model_is_built() -> None:
    _in_a_new_process("""
        import sys
        import app.models.litellm_chat, app.models.litellm_embeddings
        assert "litellm" not in sys.modules and "openai" not in sys.modules
    """)


def test_loading_litellm_looks_up_no_address_and_prints_nothing() -> None:
    _in_a_new_process("""
        import socket, sys
        calls = []
        sys.addaudithook(lambda event, args: event in {"socket.getaddrinfo", "socket.connect"} and calls.append(args))
        from app.models.deployments import operators_deployments
        from app.settings import Settings
        named = {"STUDYRAG_CHAT_MODEL": "openai/first", "STUDYRAG_FALLBACK_MODELS": "anthropic/second"}
        assert len(operators_deployments(Settings.model_validate(named))) == 2
        import litellm
        assert litellm.encode(model="gpt-4o", text="three small words")
        assert not calls, calls
        assert not litellm.callbacks and not litellm.success_callback and not litellm.failure_callback
    """)


@pytest.mark.parametrize(
    ("model", "provider"),
    [("openai/gpt-x", "openai"), ("anthropic/claude-x", "anthropic"), ("ollama/llama-x", "ollama")],
)
def test_a_provider_is_known_by_its_prefix(model: str, provider: str) -> None:
    assert provider_of(model) == provider


def test_a_name_without_a_provider_is_answered_with_what_to_write() -> None:
    with pytest.raises(ModelFailed, match="openai/nobody-knows-this"):
        provider_of("nobody-knows-this")


def test_litellm_is_loaded_once() -> None:
    assert load_litellm() is load_litellm()

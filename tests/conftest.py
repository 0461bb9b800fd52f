"""What holds for every test: no network but loopback, no tracing, no real key or data folder, no skipping."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from app.settings import Settings

pytest_plugins = [
    f"tests.support.{name}" for name in ("chroma", "databases", "langsmith_server", "postgres", "redis_server", "s3")
]

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
NOT_OURS = ("LANGSMITH_", "LANGCHAIN_", "STUDYRAG_", "SUPABASE_", "AWS_", "S3_")
ENDINGS = ("_API_KEY", "_API_BASE", "_BASE_URL", "_TOKEN", "_SECRET")
SERVICES = {"HOST", "PORT", "DATABASE_URL", "REDIS_URL", "CHROMA_URL", "SENTRY_DSN"}


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Child processes inherit it; a proxy that is not there keeps them off the network, too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(NOT_OURS) or name.endswith(ENDINGS) or name in SERVICES:
                patch.delenv(name)
        patch.setitem(Settings.model_config, "env_file", None)
        patch.setenv("LANGSMITH_TRACING", "false")
        patch.setenv("STUDYRAG_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, "http://127.0.0.1:9")
            patch.setenv(name.lower(), "http://127.0.0.1:9")
        patch.setenv("NO_PROXY", ",".join(LOOPBACK))
        patch.setenv("no_proxy", ",".join(LOOPBACK))
        yield


def pytest_runtest_setup() -> None:
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test whose server or program is missing has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {report.longrepr[-1]}"
    return report

"""All servers at once, and each process of the product and of theirs killed under work."""

from pathlib import Path

import pytest

from tests.support import services
from tests.support.chaos import documents
from tests.support.services import run, town


def test_killed_servers_and_processes_lose_nothing_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "EVERY_SECONDS", 2.0)
    with town(tmp_path) as made:
        done, wrongs = run(made, documents()[:2], kills=4)
        assert wrongs == {}
        assert sum(made.killed.values()) == 4
        assert done["files"] == 8

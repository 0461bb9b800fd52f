"""One process by itself, as a container runs it: what it logs, what it tells, and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from app.persistence.library import Placement
from app.settings import Settings
from app.wiring import LOCAL_LEARNER, Services
from tests.support.chroma import ChromaServer, free_port
from tests.support.product import ROOT, until
from tools.correlation import correlated
from tools.types import JobState

TOKEN = "a-token-for-prometheus"
SECRET_WORDS = "The wombat digs long burrows under the northern fence."


@contextmanager
def a_worker(log: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    telling = {"STUDYRAG_LOG_FORMAT": "json", "STUDYRAG_METRICS_PORT": str(port), "STUDYRAG_METRICS_TOKEN": TOKEN}
    with log.open("ab") as output:
        command = [sys.executable, "-m", "app", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **telling}, stdout=output, stderr=output)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def test_a_worker_alone_tells_how_it_is_and_for_which_request_it_works(
    tmp_path: Path, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chroma.start()
    monkeypatch.setenv("STUDYRAG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHROMA_URL", chroma.url)
    services, log, port = Services(Settings()), tmp_path / "worker.log", free_port()
    services.learners.known(LOCAL_LEARNER)
    with correlated("request-of-mine"):
        place = Placement("Autumn", "Zoology", "Wombats")
        accepted = services.documents.accept(LOCAL_LEARNER, "note.txt", BytesIO(SECRET_WORDS.encode()), place)
    with a_worker(log, port) as worker:
        until(lambda: services.jobs.get(LOCAL_LEARNER, str(accepted.job_id)).state == JobState.READY)
        address = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{address}/health/live").status_code == 200
        assert httpx.get(f"{address}/metrics").status_code == 401
        told = httpx.get(f"{address}/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
        worker.terminate()
        assert worker.wait(300) == 0
    assert 'studyrag_documents_total{outcome="ready"} 1.0' in told
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    (ready,) = (line for line in lines if str(accepted.job_id) in line["message"])
    assert (ready["request_id"], ready["process"]) == ("request-of-mine", "worker")
    assert SECRET_WORDS not in log.read_text()
    services.indexes.close()
    services.database.engine.dispose()

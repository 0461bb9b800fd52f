"""A real worker process with the file queue and a Chroma server: an id becomes searchable, whatever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from celery import Celery

from app.documents import Accepted
from app.persistence.library import Placement
from app.settings import Settings
from app.supervisor import quiet_environment
from app.wiring import LOCAL_LEARNER, Services
from tests.support.chroma import ChromaServer
from tests.support.openai_server import OpenAIServer, Reply
from tests.support.redis_server import RedisServer
from tools.types import JobState, Scope

BOOK = Placement("Autumn", "Biology", "Cells")
OVER = {JobState.READY, JobState.FAILED, JobState.CANCELLED}
PATIENCE = 900


@dataclass
class Workplace:
    services: Services
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        settings = self.services.settings
        environment = {**os.environ, **quiet_environment(), "CHROMA_URL": settings.chroma_url}
        environment["STUDYRAG_DATA_DIR"] = str(settings.data_dir)
        with (settings.data_dir / "worker.log").open("ab") as log:
            worker = subprocess.Popen([sys.executable, "-m", "app.worker"], env=environment, stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.services.indexes.close()
        self.services.database.engine.dispose()

    def upload(self, text: str, name: str) -> Accepted:
        return self.services.documents.accept(LOCAL_LEARNER, name, BytesIO(text.encode()), BOOK)

    def state(self, accepted: Accepted) -> str:
        return self.services.jobs.get(LOCAL_LEARNER, str(accepted.job_id)).state

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, (self.services.settings.data_dir / "worker.log").read_text()[-3000:]
            time.sleep(0.05)

    def found(self, question: str) -> set[str]:
        scope = self.services.library.resolve(LOCAL_LEARNER, Scope())
        return {
            hit.passage.document_id
            for hit in self.services.indexes.serving(LOCAL_LEARNER).search.search(question, scope).hits
        }


def services_for(settings: Settings) -> Services:
    services = Services(settings)
    services.learners.known(LOCAL_LEARNER)
    return services


@pytest.fixture
def workplace(tmp_path: Path, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    chroma.start()
    monkeypatch.setenv("STUDYRAG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHROMA_URL", chroma.url)
    place = Workplace(services_for(Settings()))
    yield place
    place.close()


@pytest.fixture
def on_redis(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    return redis_server


def queues_seen_at(url: str) -> set[str]:
    """What an operator's Flower sees of the workers."""
    with Celery(broker=url, set_as_current=False) as app:
        workers = app.control.inspect(timeout=2).active_queues() or {}
    return {queue["name"] for queues in workers.values() for queue in queues}


def handout(pages: int) -> str:
    """Long enough that a worker is busy with it for a few seconds."""
    facts = (f"Fact {n}: the organelle number {n} moves vesicle {n * 7} along filament {n * 3}." for n in range(40))
    body = "\n\n".join(facts)
    return "\n\n".join(f"# Part {part}\n\nPart {part} begins here.\n\n{body}" for part in range(pages))


def test_a_queued_id_becomes_searchable_and_a_poison_file_is_refused_once(workplace: Workplace) -> None:
    workplace.start_worker()
    poison = workplace.upload("%PDF-1.4\n" + "broken " * 200, "broken.pdf")
    good = workplace.upload("Osmosis is the movement of water through a membrane.", "osmosis.txt")
    workplace.until(lambda: workplace.state(poison) in OVER and workplace.state(good) in OVER)
    assert (workplace.state(poison), workplace.state(good)) == (JobState.FAILED, JobState.READY)
    assert workplace.found("What is osmosis?") == {good.document_id}
    assert workplace.services.jobs.get(LOCAL_LEARNER, str(poison.job_id)).attempts == 1


def test_a_killed_worker_loses_nothing_and_does_nothing_twice(workplace: Workplace) -> None:
    accepted = workplace.upload(handout(120), "long.md")
    document_id = accepted.document_id
    passages = workplace.services.indexes.serving(LOCAL_LEARNER).passages

    def half_way() -> bool:
        return passages.count(document_id) > passages.count_without_vectors(document_id) > 0

    first = workplace.start_worker()
    workplace.until(half_way)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert workplace.state(accepted) == JobState.RUNNING
    workplace.start_worker()
    workplace.until(lambda: workplace.state(accepted) in OVER)
    assert workplace.state(accepted) == JobState.READY
    job = workplace.services.jobs.get(LOCAL_LEARNER, str(accepted.job_id))
    assert job.attempts == 2
    assert passages.count(document_id) == workplace.services.indexes.serving(LOCAL_LEARNER).vectors.count(document_id)
    assert passages.count_without_vectors(document_id) == 0


def test_a_job_goes_on_when_the_index_was_away(workplace: Workplace, chroma: ChromaServer) -> None:
    workplace.start_worker()
    chroma.kill()
    accepted = workplace.upload("Diffusion evens out a difference in concentration.", "diffusion.txt")
    workplace.until(lambda: workplace.services.jobs.get(LOCAL_LEARNER, str(accepted.job_id)).stage == "index")
    assert workplace.state(accepted) == JobState.RUNNING
    chroma.start()
    workplace.until(lambda: workplace.state(accepted) in OVER)
    assert workplace.state(accepted) == JobState.READY


def test_cancelling_a_running_upload_leaves_nothing(workplace: Workplace) -> None:
    workplace.start_worker()
    accepted = workplace.upload(handout(120), "long.md")
    workplace.until(lambda: workplace.services.indexes.serving(LOCAL_LEARNER).passages.count(accepted.document_id) > 0)
    workplace.services.documents.cancel(LOCAL_LEARNER, str(accepted.job_id))
    workplace.until(lambda: workplace.state(accepted) == JobState.CANCELLED)
    assert workplace.services.indexes.serving(LOCAL_LEARNER).passages.count(accepted.document_id) == 0
    assert workplace.services.indexes.serving(LOCAL_LEARNER).vectors.count(accepted.document_id) == 0
    assert workplace.services.library.tree(LOCAL_LEARNER) == []
    assert workplace.services.storage.list("users") == []


def test_a_worker_that_is_told_to_stop_puts_its_job_back(workplace: Workplace) -> None:
    accepted = workplace.upload(handout(120), "long.md")
    worker = workplace.start_worker()
    workplace.until(lambda: workplace.services.indexes.serving(LOCAL_LEARNER).passages.count(accepted.document_id) > 0)
    worker.terminate()
    worker.wait(PATIENCE)
    assert workplace.state(accepted) == JobState.QUEUED
    workplace.start_worker()
    workplace.until(lambda: workplace.state(accepted) in OVER)
    assert workplace.state(accepted) == JobState.READY


def test_a_redis_that_hangs_and_forgets_loses_no_upload(on_redis: RedisServer, workplace: Workplace) -> None:
    workplace.start_worker()
    accepted = [workplace.upload("Osmosis is the movement of water.", "before.txt")]
    workplace.until(lambda: workplace.state(accepted[0]) == JobState.READY)
    on_redis.pause()
    accepted.append(workplace.upload("Diffusion evens out a difference.", "while it hung.txt"))
    on_redis.go_on()
    on_redis.kill()
    accepted.append(workplace.upload("Mitosis divides a cell.", "while it was away.txt"))
    on_redis.start()
    workplace.until(lambda: all(workplace.state(one) == JobState.READY for one in accepted))
    workplace.until(lambda: queues_seen_at(on_redis.url) == {"ingestion", "embedding", "maintenance"})


def test_a_new_embedding_model_takes_over_while_the_old_index_serves(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.start_worker()
    accepted = workplace.upload("Osmosis is the movement of water through a membrane.", "osmosis.txt")
    workplace.until(lambda: workplace.state(accepted) in OVER)
    workplace.close()
    with OpenAIServer(Reply()) as provider:
        monkeypatch.setenv("STUDYRAG_EMBEDDING_MODEL", "openai/other-embeddings")
        monkeypatch.setenv("STUDYRAG_EMBEDDING_API_BASE", provider.url)
        monkeypatch.setenv("OPENAI_API_KEY", "for-the-loopback-server")
        renewed = Workplace(services_for(Settings()))
        indexes = renewed.services.indexes
        assert indexes.serving_model != indexes.wanted_model
        assert renewed.found("What is osmosis?") == {accepted.document_id}, "the old index must go on serving"
        renewed.start_worker()
        renewed.until(lambda: indexes.serving_model == indexes.wanted_model)
        assert indexes.serving(LOCAL_LEARNER).vectors.count(accepted.document_id) == 1
        assert renewed.found("What is osmosis?") == {accepted.document_id}
        renewed.close()

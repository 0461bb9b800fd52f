"""Two learners on one API: what Ada has, what Bob tries, and a dump that shows whether anything of hers has changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from langgraph.checkpoint.memory import InMemorySaver
from sqlalchemy import text

from agent.graph import build_graph, checkpoint_serializer
from app.api.deps import get_owner
from app.pages import Pages
from app.persistence.db import Service
from app.persistence.preferences import OwnModel, TutorChoice
from app.persistence.tables import Base, Quiz, now
from app.persistence.usage import Spent
from app.pipeline_config import PipelineConfig
from app.turns import Turns
from app.wiring import Services
from ingestion.embed import embed_passages
from ingestion.types import Chunk, Page
from tests.support.api import MemoryIndexes
from tests.support.questions import question
from tools.questions.types import Mode
from tools.types import AnswerLength, Learner

SECRET = "zanzibar"
"""In everything that Ada has, in nothing that Bob sends."""
TEXT = "Zanzibar cloves are dried flower buds. Zanzibar cloves grow on evergreen trees. They are picked by hand."
NOBODYS = ("processes", "settings")
"""Tables without anything of a learner."""

Dump = Mapping[str, object]


@dataclass(frozen=True)
class World:
    """The API with its parts; `as_` speaks for a learner."""

    app: FastAPI
    services: Services
    indexes: MemoryIndexes
    memory: InMemorySaver
    client: TestClient

    def as_(self, learner: str, method: str, url: str, **parts: Any) -> httpx.Response:
        """Send a request that the door takes for this learner's."""
        reply: httpx.Response = self.client.request(method, url, headers={"X-Learner": learner}, **parts)
        return reply

    def dump(self, owner_id: str) -> Dump:
        """Every row of the database, and what else this learner has: objects, vectors, what the tutor remembers."""
        folder = f"users/{owner_id}"
        files = {key: b"".join(self.services.storage.stream(key)) for key in self.services.storage.list(folder)}
        vectors = {id_: row.tobytes() for id_, (_, row) in self.indexes.vectors.stored.items()}
        memories = {key: repr(kept) for key, kept in self.memory.storage.items() if key.startswith(f"{owner_id}:")}
        return {"rows": self._rows(), "files": files, "vectors": vectors, "memories": memories}

    def _rows(self) -> dict[str, list[str]]:
        with self.services.database.service_session(Service.INSTALLATION) as session:
            return {
                table.name: sorted(repr(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{table.name}"')))
                for table in Base.metadata.sorted_tables
                if table.name not in NOBODYS
            }


def touched(before: Dump, after: Dump) -> list[str]:
    """What is not any more as it was; that others have new rows and vectors is no matter."""
    found = [name for name in ("files", "memories") if before[name] != after[name]]
    for name, kept in _parts(before):
        now_there = dict(_parts(after))[name]
        found += [f"{name}: {row}" for row in kept if row not in now_there]
    return found


def _parts(dump: Dump) -> Iterator[tuple[str, Iterable[Any]]]:
    rows, vectors = dump["rows"], dump["vectors"]
    assert isinstance(rows, dict)
    assert isinstance(vectors, dict)
    yield from rows.items()
    yield "vectors", vectors.items()


@dataclass(frozen=True)
class Ids:
    """What is Ada's, by name: ready for any path or body that takes an id."""

    document: str
    semester: str
    subject: str
    book: str
    job: str
    waiting_job: str
    failed_job: str
    thread: str
    query: str
    quiz: str
    done_quiz: str
    item: str
    step: str
    card: str
    opinion: str


@contextmanager
def world(app: FastAPI, services: Services) -> Iterator[World]:
    """Whom a request is taken for is in its header; the routes know only the dependency that says so."""
    services.__dict__["indexes"] = indexes = MemoryIndexes(services)
    for name in ("ada", "bob"):
        services.learners.known(Learner(name))
    memory = InMemorySaver(serde=checkpoint_serializer())
    app.state.services, app.state.pages = services, Pages(services)
    app.state.turns = Turns(services, build_graph(memory))
    app.dependency_overrides[get_owner] = _named_in_header
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    try:
        with client:
            yield World(app, services, indexes, memory, client)
    finally:
        app.dependency_overrides.clear()
        app.state.pages.painter.close()
        indexes.close()
        services.database.engine.dispose()


def _named_in_header(request: Request) -> Learner:
    return Learner(request.headers["X-Learner"])


def furnish(world: World, owner_id: str = "ada") -> Ids:
    """A book that was read, one that waits, one that failed, a conversation with a citation, two rounds."""
    place = {"semester": f"{SECRET} term", "subject": f"{SECRET} subject", "book": f"{SECRET} book"}
    document = add_a_book(world, owner_id, f"{SECRET}.txt", TEXT, **place)
    waiting = _uploaded(world, owner_id, f"{SECRET} 2.txt", f"{TEXT} Again.", **place)
    failed = _uploaded(world, owner_id, f"{SECRET} 3.txt", f"{TEXT} And again.", **place)
    with world.services.database.session_of(Learner(owner_id)) as session:
        session.execute(text("UPDATE pipeline_runs SET state = 'failed' WHERE id = :id"), {"id": failed["job_id"]})
    asked = world.as_(
        owner_id, "POST", "/api/chat", json={"query": "What are zanzibar cloves?", "thread_id": f"{owner_id}-thread"}
    ).json()
    assert asked["sources"], asked
    step = str(uuid4())
    _dropped(world, owner_id, step)
    [semester] = world.as_(owner_id, "GET", "/api/library").json()["semesters"]
    item = _rounds(world, owner_id, document["id"])
    _choices(world, owner_id)
    subject = semester["subjects"][0]
    return Ids(
        document=document["id"], semester=semester["id"], subject=subject["id"], book=subject["books"][0]["id"],
        job=document["job_id"], waiting_job=waiting["job_id"], failed_job=failed["job_id"],
        thread=f"{owner_id}-thread", query=asked["query_id"], quiz=f"{owner_id}-open", done_quiz=f"{owner_id}-done",
        item=item, step=step, card=f"{owner_id}-card", opinion=f"{owner_id}-opinion",
    )  # fmt: skip


def _uploaded(world: World, owner_id: str, name: str, content: str, **form: str) -> dict[str, Any]:
    reply = world.as_(owner_id, "POST", "/api/documents/upload", files={"file": (name, content.encode())}, data=form)
    assert reply.status_code == 202, reply.text
    uploaded: dict[str, Any] = reply.json()["documents"][0]
    return uploaded


def _dropped(world: World, owner_id: str, step: str) -> None:
    """What the chat keeps: a file of the conversation, a message, a card, an opinion."""
    thread = f"{owner_id}-thread"
    add_a_book(world, owner_id, f"{SECRET} 4.txt", f"{TEXT} In the chat.", thread_id=thread)
    threads, owner = world.services.threads, Learner(owner_id)
    said = {"id": step, "type": "user_message", "output": SECRET, "createdAt": "2026-01-01T00:00:00Z"}
    threads.keep_step(owner, thread, said)
    threads.keep_element(owner, thread, {"id": f"{owner_id}-card", "forId": step, "name": SECRET})
    threads.keep_feedback(owner, f"{owner_id}-opinion", step, 1, SECRET)


def add_a_book(world: World, owner_id: str, name: str, content: str, **place: str) -> dict[str, Any]:
    """A document of one page that is ready."""
    uploaded = _uploaded(world, owner_id, name, content, **place)
    _read(world, owner_id, uploaded["id"], content)
    return uploaded


def _read(world: World, owner_id: str, document_id: str, content: str) -> None:
    """What the worker would do with it."""
    index = world.indexes.serving(Learner(owner_id))
    index.passages.add_pages(document_id, [Page(1, "1", "section", content)], [Chunk(1, 0, len(content), content, ())])
    ids, texts = zip(*index.passages.without_vectors(document_id, 10), strict=True)
    index.passages.add_vectors(ids, embed_passages(texts, index.embeddings))
    index.keywords.add(document_id, index.passages.texts(document_id))
    for passage_ids, means in index.passages.means(document_id):
        index.vectors.add(document_id, passage_ids, means)
    with world.services.database.session_of(Learner(owner_id)) as session:
        session.execute(
            text("UPDATE documents SET state = 'ready', page_count = 1 WHERE id = :id"), {"id": document_id}
        )
        session.execute(text("UPDATE pipeline_runs SET state = 'ready' WHERE document_id = :id"), {"id": document_id})


def _choices(world: World, owner_id: str) -> None:
    """A model of her own with its key, settings of the pipeline, and what the model has cost."""
    sealed, owner = world.services.sealer.seal(SECRET, owner_id), Learner(owner_id)
    own = OwnModel("openai", SECRET, "", sealed, now())
    world.services.choices.preferences.keep_model(owner, own)
    world.services.choices.preferences.choose(owner, AnswerLength.LONG, TutorChoice.DEFAULT)
    world.services.choices.change_config(owner, 0, PipelineConfig())
    world.services.usage.add(owner, Spent(SECRET, False, 10, 5, 0.1))


def _rounds(world: World, owner_id: str, document_id: str) -> str:
    """A practice round that is open, a quiz that is over, and a card for review; returns the item they share."""
    store = world.services.writing.store
    item = store.claim(Learner(owner_id), question(1, document_id, topic=SECRET))
    assert item is not None
    for id_, mode in ((f"{owner_id}-open", Mode.PRACTICE), (f"{owner_id}-done", Mode.QUIZ)):
        store.create(Quiz(id=id_, owner_id=owner_id, mode=mode, scope_label=SECRET, requested=1), [item])
        store.settle(Learner(owner_id), id_, None, now())
    world.as_(owner_id, "POST", f"/api/quizzes/{owner_id}-done/answers", json={"item_id": item.id, "answer": "ox1"})
    assert world.as_(owner_id, "POST", f"/api/quizzes/{owner_id}-done/finish").is_success
    return item.id


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every route, also of those in routers within routers."""
    return sorted(set(_walk(app.routes)))


def _walk(found: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for route in found:
        below = getattr(getattr(route, "original_router", route), "routes", None)
        if getattr(route, "methods", None):
            yield from ((method, route.path) for method in route.methods if method != "HEAD")
        elif below:
            yield from _walk(below)


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with ids in place of their names."""
    if isinstance(value, dict):
        return {key: filled(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, ids) for part in value]
    return value.format(**ids) if isinstance(value, str) else value

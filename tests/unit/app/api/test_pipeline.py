"""Pipeline settings over the API: checked, versioned, felt, and a document that is read again by them."""

from typing import Any

import httpx
import pytest

from app.persistence.tables import Document
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study

CONFIG = "/api/pipeline/config"


def change(study: Study, version: int, **config: Any) -> httpx.Response:
    reply: httpx.Response = study.client.put(CONFIG, json={"version": version, "config": config})
    return reply


def test_the_file_holds_until_something_else_is_chosen(study: Study) -> None:
    now = study.client.get(CONFIG).json()
    assert (now["version"], now["behind"]) == (0, 0)
    assert now["config"] == now["default"]


def test_each_change_is_a_version_and_one_made_from_an_old_one_is_refused(study: Study) -> None:
    assert change(study, 0, retrieval={"passages": 3}).json()["version"] == 1
    assert change(study, 1, retrieval={"passages": 4}).json()["version"] == 2
    late = change(study, 1, retrieval={"passages": 5})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert study.services.choices.of(LOCAL_LEARNER).pipeline.retrieval.passages == 4


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"chunking": {"overlap": 400, "max_characters": 500}}, "overlap"),
        ({"chunking": {"size": 5}}, "chunking.size is not a setting"),
        ({"embedding": {"unit": "word"}}, "embedding.unit"),
        ({"retrieval": {"passages": 0}}, "retrieval.passages"),
        ({"retrieval": {"rerank": True}}, "no reranker"),
        ({"generation": {"temperature": 3}}, "generation.temperature"),
        ({"generation": {"temperature": 0.5}}, "chat model"),
        ({"colour": "red"}, "colour is not a setting"),
    ],
)
def test_what_cannot_work_is_refused_by_name(study: Study, config: dict[str, Any], named: str) -> None:
    reply = change(study, 0, **config)
    assert reply.status_code == 422
    assert named in reply.json()["message"]
    assert study.client.get(CONFIG).json()["version"] == 0


def test_documents_read_by_other_settings_are_counted_and_read_again(study: Study) -> None:
    old, same = study.book("Water moves.", "Cells"), study.book("Light falls.", "Plants", "light.txt")
    assert change(study, 0, retrieval={"passages": 3}).json()["behind"] == 0, "nothing was read by what changed"
    assert change(study, 1, chunking={"max_characters": 300}).json()["behind"] == 2
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.get_one(Document, same).config_version = 2
    [job] = study.client.post("/api/pipeline/read-again").json()["jobs"]
    assert (job["document_id"], job["state"]) == (old, "queued")
    again = study.client.post(f"/api/documents/{old}/read-again")
    assert (again.status_code, again.json()["id"]) == (202, job["id"]), "it waits already"


def test_what_a_newer_version_replaced_is_not_read_again(study: Study) -> None:
    old = study.book("Water moves.", "Cells")
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.get_one(Document, old).superseded_by = "new"
    assert study.client.post(f"/api/documents/{old}/read-again").status_code == 409
    assert study.client.post("/api/documents/nothing/read-again").status_code == 404

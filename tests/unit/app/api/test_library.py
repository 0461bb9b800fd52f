from tests.support.api import Study


def test_the_tree_counts_documents_by_state_at_every_level(study: Study) -> None:
    study.book("Osmosis moves water.", "Cells", semester="Spring", subject="Biology")
    study.upload("Light.", "light.txt", semester="Spring", subject="Biology", book="Plants")
    study.upload("Loose.", "loose.txt", thread_id="thread-1")
    tree = study.client.get("/api/library").json()
    [semester] = tree["semesters"]
    [subject] = semester["subjects"]
    assert [(book["name"], book["counts"]["ready"], book["counts"]["queued"]) for book in subject["books"]] == [
        ("Cells", 1, 0),
        ("Plants", 0, 1),
    ]
    assert semester["counts"]["documents"] == subject["counts"]["documents"] == 2
    assert tree["counts"]["documents"] == 3
    assert subject["books"][0]["documents"][0]["filename"] == "notes.txt"


def test_a_place_can_be_renamed_and_the_scope_follows(study: Study) -> None:
    study.book("Osmosis moves water.", "Cells")
    [semester] = study.client.get("/api/library").json()["semesters"]
    reply = study.client.patch(f"/api/library/{semester['id']}", json={"name": "Autumn"})
    assert reply.json() == {"id": semester["id"], "name": "Autumn"}
    found = study.client.post("/api/search", json={"query": "osmosis", "active_semester": "Autumn"})
    assert len(found.json()["passages"]) == 1


def test_a_name_that_is_taken_beside_it_is_a_conflict(study: Study) -> None:
    study.upload("A.", "a.txt", book="Cells")
    study.upload("B.", "b.txt", book="Plants")
    books = study.client.get("/api/library").json()["semesters"][0]["subjects"][0]["books"]
    reply = study.client.patch(f"/api/library/{books[0]['id']}", json={"name": "Plants"})
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


def test_an_empty_name_is_refused(study: Study) -> None:
    reply = study.client.patch("/api/library/some", json={"name": "  "})
    assert (reply.status_code, reply.json()["message"]) == (422, "The field “name” is empty.")

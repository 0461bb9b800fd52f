"""Quizzes, practice and review over HTTP, with a writer that gives known questions."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.persistence.tables import Quiz, now
from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study
from tests.support.learners import EVE
from tests.support.questions import HINT, REASON, ScriptedWrite, answer, question
from tools.errors import ModelFailed
from tools.questions.types import Kind
from tools.types import Scope

ITEM = {"id", "kind", "stem", "options", "difficulty", "topic"}
Json = dict[str, Any]


@pytest.fixture
def script(study: Study) -> ScriptedWrite:
    """A book with a writer that can make sixty questions about it."""
    document_id = study.book("The anchor is made of iron.", "Tools")
    script = ScriptedWrite([question(n, document_id) for n in range(60)])
    study.services.author._write = script
    return script


def create(study: Study, **body: object) -> Json:
    reply = study.client.post("/api/quizzes", json={"count": 3, **body})
    assert reply.status_code == 201, reply.text
    made: Json = reply.json()
    return made


def wait(study: Study, **time: int) -> None:
    services, later = study.services, lambda: now() + timedelta(**time)
    services.quizzes._clock = services.writing._clock = services.reviews._clock = later


def number(item: Json) -> int:
    return int(item["id"].rsplit("-", 1)[1])


def right(item: Json) -> str:
    return next(option["id"] for option in item["options"] if option["text"] == answer(number(item)))


def wrong(item: Json, which: int = 0) -> str:
    return [str(option["id"]) for option in item["options"] if option["text"] != answer(number(item))][which]


def send(study: Study, quiz: Json, item: Json, text: str, status: int = 200, **more: object) -> Json:
    body = {"item_id": item["id"], "answer": text, **more}
    reply = study.client.post(f"/api/quizzes/{quiz['id']}/answers", json=body)
    assert reply.status_code == status, reply.text
    found: Json = reply.json()
    return found


def get(study: Study, quiz: Json, rest: str = "", status: int = 200) -> Json:
    reply = study.client.get(f"/api/quizzes/{quiz['id']}{rest}")
    assert reply.status_code == status, reply.text
    found: Json = reply.json()
    return found


def post(study: Study, quiz: Json, rest: str, body: Json | None = None, status: int = 200) -> Json:
    reply = study.client.post(f"/api/quizzes/{quiz['id']}{rest}", json=body)
    assert reply.status_code == status, reply.text
    found: Json = reply.json()
    return found


# Creating


def test_a_quiz_holds_the_questions_asked_for_and_none_of_their_answers(study: Study, script: ScriptedWrite) -> None:
    made = create(study, count=10, mode="quiz")
    assert (made["requested"], made["delivered"], made["reason"], made["mode"]) == (10, 10, None, "quiz")
    assert len(made["items"]) == 10
    assert all(set(item) >= ITEM and len(item["options"]) == 4 for item in made["items"])


def test_ten_questions_are_asked_for_when_no_number_is_given(study: Study, script: ScriptedWrite) -> None:
    made = study.client.post("/api/quizzes", json={}).json()
    assert (made["requested"], made["delivered"]) == (10, 10)


def test_fewer_come_with_the_reason(study: Study, script: ScriptedWrite) -> None:
    script.items = script.items[:4]
    made = create(study, count=10)
    assert (made["requested"], made["delivered"]) == (10, 4)
    assert made["reason"]


def test_no_question_comes_twice_and_then_the_scope_is_exhausted(study: Study, script: ScriptedWrite) -> None:
    stems = [item["stem"] for _ in range(6) for item in create(study, count=10)["items"]]
    assert len(stems) == len(set(stems)) == 60
    last = study.client.post("/api/quizzes", json={"count": 10})
    assert (last.status_code, last.json()["delivered"], last.json()["items"]) == (201, 0, [])
    sheet = study.client.post("/api/chat/generate-questions", json={"count": 10})
    assert (sheet.status_code, "X-Quiz-Id" in sheet.headers) == (200, False)
    assert last.json()["reason"] in sheet.json()["response"]
    assert len(study.client.get("/api/quizzes").json()["quizzes"]) == 6, "no empty quiz is offered"


@pytest.mark.parametrize(
    "body",
    [
        {"count": 0},
        {"count": -1},
        {"count": 10_000},
        {"count": "ten"},
        {"count": 2.5},
        {"count": True},
        {"mode": "exam"},
        {"kinds": ["riddle"]},
        {"difficulty": "extreme"},
        {"seconds": 0},
        {"topics": "x"},
        {"questions": "old"},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence_that_names_it(study: Study, body: Json) -> None:
    for path in ("/api/quizzes", "/api/chat/generate-questions"):
        if path.endswith("questions") and not set(body) & {"count", "mode", "topics"}:
            continue
        reply = study.client.post(path, json=body)
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")
        assert f"“{next(iter(body))}" in reply.json()["message"]


@pytest.mark.parametrize("path", ["/api/quizzes", "/api/chat/generate-questions"])
def test_scopes_without_anything_to_ask_about_are_told_apart(study: Study, path: str) -> None:
    empty = study.client.post(path, json={})
    assert (empty.status_code, empty.json()["code"]) == (409, "empty_scope")
    study.upload("The anchor is made of iron.", "anchors.txt", book="Tools")
    reading = study.client.post(path, json={})
    assert (reading.status_code, reading.json()["code"]) == (409, "empty_scope")
    assert "anchors.txt" in reading.json()["message"]
    unknown = study.client.post(path, json={"active_books": ["Nope"]})
    assert (unknown.status_code, "Nope" in unknown.json()["message"]) == (422, True)


@pytest.mark.parametrize("path", ["/api/quizzes", "/api/chat/generate-questions"])
def test_a_topic_the_books_do_not_hold_is_answered_with_the_nearest_they_do(
    study: Study, script: ScriptedWrite, path: str
) -> None:
    script.nearest = ("Iron", "Steel")
    reply = study.client.post(path, json={"topic": "jazz"})
    assert (reply.status_code, reply.json()["code"]) == (404, "topic_not_found")
    assert "Iron" in reply.json()["message"]
    assert study.client.get("/api/quizzes").json()["quizzes"] == []


def test_kinds_difficulty_and_topic_reach_the_writer(study: Study, script: ScriptedWrite) -> None:
    create(study, topic=" Tools ", kinds=["single_choice"], difficulty="hard")
    wanted = script.asked[-1]
    assert (wanted.topic, wanted.kinds, wanted.difficulty) == ("Tools", (Kind.SINGLE_CHOICE,), "hard")


def test_a_writer_that_breaks_off_leaves_what_was_ready(study: Study, script: ScriptedWrite) -> None:
    script.error, script.error_after = ModelFailed(), 2
    made = create(study, count=5)
    assert (made["delivered"], made["state"]) == (2, "open")
    assert made["reason"] == str(ModelFailed())
    assert study.client.post("/api/quizzes", json={}).status_code == 502, "nothing was ready this time"


def test_a_change_of_writer_is_told(study: Study, script: ScriptedWrite) -> None:
    script.notice = "The built-in writer finishes this quiz."
    assert script.notice in create(study)["reason"]
    sheet = study.client.post("/api/chat/generate-questions", json={"count": 2})
    assert script.notice in sheet.json()["response"]


def test_questions_arrive_while_the_quiz_is_being_written_until_it_is_stopped(
    study: Study, script: ScriptedWrite
) -> None:
    script.stall_after = 2
    made = create(study, count=5, wait=False)
    while len(get(study, made)["items"]) < 2:
        pass
    assert get(study, made)["state"] == "writing"
    assert send(study, made, get(study, made)["items"][0], "a") == {"accepted": True}
    stopped = post(study, made, "/stop")
    assert (stopped["state"], stopped["delivered"], bool(stopped["reason"])) == ("open", 2, True)


def test_a_quiz_that_nobody_is_there_to_write_goes_on_with_what_is_there(study: Study, script: ScriptedWrite) -> None:
    script.stall_after = 2
    made = create(study, count=5, wait=False)
    while len(get(study, made)["items"]) < 2:
        pass
    study.services.writing._is_abandoned = lambda: True
    left = get(study, made)
    assert (left["state"], left["delivered"], "interrupted" in left["reason"]) == ("open", 2, True)


# Quiz mode


def test_nothing_tells_an_answer_before_the_end(study: Study, script: ScriptedWrite) -> None:
    kinds = (Kind.SHORT_ANSWER, Kind.GAP, Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    document_id = script.items[0].evidence.document_id
    script.items = [question(n, document_id, kind, topic=f"About {answer(n)}") for n, kind in enumerate(kinds)]
    made = create(study, count=4)
    typed, _, choice, _ = made["items"]
    traffic = [str(made), str(send(study, made, typed, answer(0))), str(send(study, made, choice, right(choice)))]
    traffic += [str(post(study, made, f"/items/{typed['id']}/report", {"reason": "odd"}))]
    for path in ("", "/report", "/export?format=csv"):
        traffic.append(study.client.get(f"/api/quizzes/{made['id']}{path}").text)
    for path in ("hint", "reveal", "challenge", "another"):
        reply = study.client.post(f"/api/quizzes/{made['id']}/items/{choice['id']}/{path}", json={})
        assert reply.status_code == 409
        traffic.append(reply.text)
    traffic.append(study.client.get("/api/review/due").text)
    for body in ({"rating": "good"}, {"answer": "x"}):
        reply = study.client.post(f"/api/review/{choice['id']}", json=body)
        assert reply.status_code == 409
        traffic.append(reply.text)
    traffic = [text.replace(f"'answer': '{answer(0)}'", "").replace(f'"answer":"{answer(0)}"', "") for text in traffic]
    for text in traffic:
        assert HINT not in text
        assert REASON not in text
        assert answer(0) not in text
        assert answer(1) not in text
        assert "verdict" not in text
    fields = {name for item in made["items"] for name in item}
    assert fields.isdisjoint({"key", "hint", "rationale", "evidence", "section", "accepted"})


def test_the_place_and_the_id_of_an_option_tell_nothing(study: Study, script: ScriptedWrite) -> None:
    items = [item for _ in range(3) for item in create(study, count=20)["items"]]
    places = [[option["id"] for option in item["options"]].index(right(item)) for item in items]
    assert all(places.count(place) >= 10 for place in range(4)), "balanced"
    by_id = [sorted(option["id"] for option in item["options"]).index(right(item)) for item in items]
    assert len(set(by_id)) == 4


def test_the_last_answer_before_the_end_counts(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    first, second, _ = made["items"]
    assert send(study, made, first, wrong(first)) == {"accepted": True}
    assert send(study, made, first, right(first)) == {"accepted": True}
    send(study, made, second, right(second))
    send(study, made, second, "\x00" + next(o["text"] for o in second["options"] if o["id"] == wrong(second)))
    report = post(study, made, "/finish")
    assert [item["verdict"] for item in report["items"]] == ["correct", "wrong", None]
    assert report["items"][0]["answer_text"] == answer(number(first))
    assert (report["correct"], report["total"], report["score"]) == (1, 3, pytest.approx(1 / 3, abs=0.001))
    assert get(study, made, "/report") == report
    assert post(study, made, "/finish") == report


def test_the_report_holds_what_was_held_back(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    send(study, made, made["items"][0], right(made["items"][0]))
    report = post(study, made, "/finish")
    item = report["items"][0]
    assert item["key"] == right(made["items"][0])
    assert item["rationale"] == REASON
    assert {option["rationale"] for option in item["options"]} == {REASON}
    assert [option["id"] for option in item["options"]] == [option["id"] for option in made["items"][0]["options"]]
    evidence = item["evidence"][0]
    assert {"document_id", "book", "filename", "page_index", "page_label", "quote"} <= set(evidence)
    assert [(topic["topic"], topic["total"]) for topic in report["by_topic"]] == [("Tools", 3)]
    assert len(report["by_topic"][0]["read_again"]) == 2


def test_after_the_end_no_answer_is_taken(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    post(study, made, "/finish")
    assert send(study, made, made["items"][0], "a", 409)["code"] == "quiz_over"


def test_the_report_waits_for_the_end(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    assert get(study, made, "/report", 409)["code"] == "quiz_open"
    assert get(study, made, "/export?format=csv", 409)["code"] == "quiz_open"


def test_the_same_answer_sent_twice_is_one_attempt(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    item = made["items"][0]
    for _ in range(2):
        send(study, made, item, "a", attempt=1)
        send(study, made, item, "a")
    assert get(study, made)["items"][0]["attempts"] == 1


def test_another_window_learns_that_an_attempt_is_taken(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    item = made["items"][0]
    send(study, made, item, "a", attempt=1)
    assert send(study, made, item, "b", 409, attempt=1)["code"] == "conflict"
    assert send(study, made, item, "b", 409, attempt=3)["code"] == "conflict"
    send(study, made, item, "b", attempt=2)
    assert get(study, made)["items"][0]["answer"] == "b"


def test_a_quiz_is_where_it_was_left(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    send(study, made, made["items"][0], "a")
    path = f"/api/quizzes/{made['id']}/items/{made['items'][1]['id']}"
    assert study.client.patch(path, json={"flagged": True, "skipped": True}).json()["flagged"] is True
    state = get(study, made)
    assert state["current"] == 1
    assert (state["items"][1]["flagged"], state["items"][1]["skipped"]) == (True, True)
    assert [item["options"] for item in state["items"]] == [item["options"] for item in made["items"]]
    listed = study.client.get("/api/quizzes", params={"state": "open"}).json()["quizzes"]
    assert [one["id"] for one in listed] == [made["id"]]


def test_time_is_kept_on_the_server(study: Study, script: ScriptedWrite) -> None:
    made = create(study, seconds=60)
    item = made["items"][0]
    send(study, made, item, right(item))
    assert 0 < get(study, made)["seconds_left"] <= 60
    wait(study, seconds=61)
    assert send(study, made, made["items"][1], "a", 409)["code"] == "quiz_over"
    assert get(study, made, "/report")["correct"] == 1


@pytest.mark.parametrize("path", ["", "/report", "/export?format=csv"])
def test_somebody_elses_quiz_does_not_exist(study: Study, script: ScriptedWrite, path: str) -> None:
    made = create(study)
    study.services.learners.known(EVE)
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.get_one(Quiz, made["id"]).owner_id = "eve"
    assert get(study, made, path, 404)["code"] == "not_found"
    assert send(study, made, made["items"][0], "a", 404)["code"] == "not_found"
    post(study, made, "/finish", status=404)
    post(study, made, "/stop", status=404)


def test_a_question_of_another_quiz_is_not_in_this_one(study: Study, script: ScriptedWrite) -> None:
    one, other = create(study), create(study)
    assert send(study, one, other["items"][0], "a", 404)["code"] == "not_found"


def test_a_reported_question_neither_counts_nor_comes_again(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    for item in made["items"]:
        send(study, made, item, wrong(item))
    post(study, made, f"/items/{made['items'][0]['id']}/report", {"reason": "Two are right."})
    report = post(study, made, "/finish")
    assert (report["total"], report["items"][0]["reported"], report["items"][0]["score"]) == (2, True, None)
    again = create(study, questions="mistakes", mode="practice")
    assert made["items"][0]["id"] not in {item["id"] for item in again["items"]}


def test_a_challenge_keeps_both_marks(study: Study, script: ScriptedWrite) -> None:
    document_id = script.items[0].evidence.document_id
    script.items = [question(0, document_id, Kind.SHORT_ANSWER)]
    made = create(study, count=1)
    item = made["items"][0]
    send(study, made, item, "anchor people of the valley")
    post(study, made, f"/items/{item['id']}/challenge", status=409)
    post(study, made, "/finish")
    both = post(study, made, f"/items/{item['id']}/challenge")
    assert (both["first"]["verdict"], both["again"]["verdict"]) == ("wrong", "partly")
    assert len(get(study, made, "/report")["items"][0]["marks"]) == 2
    assert get(study, made, "/report")["score"] == 0.5


def test_a_finished_quiz_can_be_taken_away(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    post(study, made, "/finish")
    for name in ("csv", "gift", "markdown", "md", "moodle", "xml"):
        reply = study.client.get(f"/api/quizzes/{made['id']}/export", params={"format": name})
        assert reply.status_code == 200
        assert "attachment" in reply.headers["content-disposition"]
        assert re.search(answer(0), reply.text)
    assert get(study, made, "/export?format=docx", 422)["code"] == "invalid_request"


# Practice


def test_practice_gives_a_hint_and_another_try_before_it_explains(study: Study, script: ScriptedWrite) -> None:
    made = create(study, mode="practice")
    item = made["items"][0]
    assert HINT not in str(made)
    first = send(study, made, item, wrong(item))
    assert {"verdict", "explanation", "hint", "evidence"} <= set(first)
    assert (first["verdict"], first["hint"], first["settled"], first["key"]) == ("wrong", HINT, False, None)
    assert (first["evidence"][0]["page_index"], first["evidence"][0]["quote"]) == (number(item) + 1, "")
    assert answer(number(item)) not in str(first)
    second = send(study, made, item, wrong(item, 1))
    assert (second["settled"], second["key"]) == (True, right(item))
    assert REASON in second["explanation"]
    assert second["evidence"][0]["quote"]
    assert send(study, made, item, right(item))["verdict"] == "correct", "one may go on trying"
    assert get(study, made)["explained"][item["id"]]["settled"]
    report = post(study, made, "/finish")
    assert (report["items"][0]["score"], report["total"]) == (0.0, 1), "what came after the explanation does not count"


def test_help_halves_what_a_practice_answer_is_worth(study: Study, script: ScriptedWrite) -> None:
    made = create(study, mode="practice")
    plain, hinted, tried = made["items"]
    assert send(study, made, plain, right(plain))["settled"]
    assert post(study, made, f"/items/{hinted['id']}/hint")["hint"] == HINT
    send(study, made, hinted, right(hinted))
    send(study, made, tried, wrong(tried))
    send(study, made, tried, right(tried))
    assert [item["score"] for item in post(study, made, "/finish")["items"]] == [1.0, 0.5, 0.5]


def test_giving_up_shows_the_answer_and_counts_as_not_known(study: Study, script: ScriptedWrite) -> None:
    made = create(study, mode="practice")
    item = made["items"][0]
    shown = post(study, made, f"/items/{item['id']}/reveal")
    assert (shown["settled"], shown["key"], shown["verdict"]) == (True, right(item), None)
    assert post(study, made, "/finish")["items"][0]["score"] == 0.0


def test_another_question_like_this_one_joins_the_round(study: Study, script: ScriptedWrite) -> None:
    made = create(study, mode="practice")
    path = f"/items/{made['items'][0]['id']}/another"
    new = post(study, made, path, {"step": "harder"}, 201)
    assert new["id"] not in {item["id"] for item in made["items"]}
    assert (script.asked[-1].topic, script.asked[-1].difficulty) == ("Tools", "hard")
    assert len(get(study, made)["items"]) == 4
    script.items = ()
    assert post(study, made, path, {}, 404)["code"] == "not_found"


def test_mistakes_come_again_only_when_asked_for(study: Study, script: ScriptedWrite) -> None:
    nothing = study.client.post("/api/quizzes", json={"questions": "mistakes"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_repeat")
    made = create(study)
    good, bad, _ = made["items"]
    send(study, made, good, right(good))
    send(study, made, bad, wrong(bad))
    post(study, made, "/finish")
    again = create(study, questions="mistakes", mode="practice", count=10)
    assert [item["id"] for item in again["items"]] == [bad["id"]]
    assert again["items"][0]["attempts"] == 0, "old answers do not leak into a new quiz"
    held = create(study, questions="mistakes")
    assert study.client.post("/api/quizzes", json={"questions": "mistakes", "mode": "practice"}).status_code == 409
    post(study, held, "/finish")
    send(study, again, bad, right(bad))
    assert study.client.post("/api/quizzes", json={"questions": "mistakes"}).status_code == 409


def test_weak_topics_get_a_larger_share_of_the_next_quiz(study: Study, script: ScriptedWrite) -> None:
    document_id = script.items[0].evidence.document_id
    weak = [question(n, document_id, topic="Knots") for n in range(60, 80)]
    script.items = [*weak[:2], *script.items[:2]]
    made = create(study, count=4)
    for item in made["items"]:
        send(study, made, item, wrong(item) if item["topic"] == "Knots" else right(item))
    post(study, made, "/finish")
    topics = study.client.get("/api/review/topics").json()["topics"]
    assert [(one["topic"], one["score"]) for one in topics] == [("Knots", 0.0), ("Tools", 1.0)]
    assert topics[0]["read_again"][0]["page_index"]
    script.items = [question(n, document_id) for n in range(10, 40)] + weak[2:]
    topics_asked = [item["topic"] for item in create(study, count=10)["items"]]
    assert topics_asked.count("Knots") == 4


# Review


def test_what_was_answered_comes_back_when_it_is_due(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    good, bad, _ = made["items"]
    send(study, made, good, right(good))
    send(study, made, bad, wrong(bad))
    post(study, made, "/finish")
    assert study.client.get("/api/review/due").json()["due"] == []
    wait(study, minutes=5)
    due = study.client.get("/api/review/due").json()
    assert [one["id"] for one in due["due"]] == [bad["id"]], "the wrong one first"
    assert due["next_due"] > due["due"][0]["due"]
    assert {"key", "hint", "rationale", "evidence"}.isdisjoint(due["due"][0])
    assert study.client.get("/api/review/due", params={"active_books": "Tools"}).json()["count"] == 1
    assert study.client.get("/api/review/due", params={"active_books": "Nope"}).status_code == 422
    round_ = create(study, questions="due", mode="practice")
    assert [item["id"] for item in round_["items"]] == [bad["id"]]


def test_a_review_is_marked_or_rated_and_counts_once(study: Study, script: ScriptedWrite) -> None:
    made = create(study)
    item = made["items"][0]
    send(study, made, item, wrong(item))
    post(study, made, "/finish")
    path = f"/api/review/{item['id']}"
    wait(study, minutes=5)
    shown = study.client.get("/api/review/due").json()["due"][0]["due"]
    first = study.client.post(path, json={"answer": right(item), "due": shown}).json()
    assert (first["verdict"], first["evidence"][0]["page_index"]) == ("correct", number(item) + 1)
    assert first["due"] > shown
    assert study.client.post(path, json={"rating": "again", "due": shown}).json()["due"] == first["due"]
    assert study.client.post(path, json={"rating": "easy"}).json()["due"] > first["due"]
    assert study.client.post(path, json={}).status_code == 422
    assert study.client.post(path, json={"rating": "superb"}).status_code == 422
    assert study.client.post("/api/review/nope", json={"rating": "good"}).status_code == 404


# Markdown


def test_generated_questions_are_numbered_markdown_with_a_zoned_time(study: Study, script: ScriptedWrite) -> None:
    reply = study.client.post("/api/chat/generate-questions", json={"topic": None, "count": 3, "mode": "practice"})
    assert (reply.status_code, set(reply.json())) == (200, {"response", "timestamp"})
    text = reply.json()["response"]
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == ["1", "2", "3"]
    assert text.count("**Answer:**") == text.count("**Source:** Book, p. ") == 3
    assert re.search(r"(\+00:00|Z)$", reply.json()["timestamp"])
    for n in range(3):
        assert text.index(f"number {n} with") < text.index(f") {answer(n)}  \n")


def test_a_sentence_of_the_book_stands_once_beside_a_generated_question(study: Study, script: ScriptedWrite) -> None:
    quote = script.items[0].evidence.quote
    script.items = [replace(script.items[0], rationale=f"The book says: “{quote}”"), script.items[1]]
    text = study.client.post("/api/chat/generate-questions", json={"count": 2}).json()["response"]
    assert text.count(quote) == 1
    assert text.count(script.items[1].evidence.quote) == 1


def test_how_hard_a_question_is_is_told_once_it_is_explained(study: Study, script: ScriptedWrite) -> None:
    made = create(study, count=2, mode="practice")
    assert [item["difficulty"] for item in made["items"]] == [None, None]
    send(study, made, made["items"][0], right(made["items"][0]))
    assert [item["difficulty"] for item in get(study, made)["items"]] == ["medium", None]
    post(study, made, "/finish")
    over = create(study, count=1)
    assert [one["difficulty"] for one in post(study, over, "/finish")["items"]] == ["medium"]


@pytest.mark.parametrize("mode", ["quiz", "practice"])
def test_generated_questions_can_be_taken_away(study: Study, script: ScriptedWrite, mode: str) -> None:
    reply = study.client.post("/api/chat/generate-questions", json={"count": 3, "mode": mode})
    made = get(study, {"id": reply.headers["X-Quiz-Id"]})
    assert (made["mode"], made["state"], made["delivered"]) == (mode, "finished", 3)
    sheet = study.client.get(f"/api/quizzes/{made['id']}/export", params={"format": "markdown"})
    assert sheet.status_code == 200
    assert all(item["stem"] in sheet.text for item in made["items"])


def test_other_numbers_of_an_answer_are_not_listed_beside_it(study: Study, script: ScriptedWrite) -> None:
    item = replace(script.items[0], kind=Kind.GAP, options=(), key=("atom", "atoms", "Atom", "smallest unit"))
    script.items = [item]
    made = create(study, count=1)
    (result,) = post(study, made, "/finish")["items"]
    assert result["accepted"] == ["atom", "smallest unit"]


# Review within a conversation


def test_what_is_due_keeps_to_a_scope_or_to_that_of_a_conversation(study: Study, script: ScriptedWrite) -> None:
    made = create(study, count=2)
    for item in made["items"]:
        send(study, made, item, wrong(item))
    post(study, made, "/finish")
    study.book("The lute has six courses.", "Music")
    wait(study, days=30)
    study.turns.scopes["music"] = Scope(books=("Music",))

    def due(**where: str) -> tuple[int, str]:
        found = study.client.get("/api/review/due", params=where).json()
        return found["count"], found["scope_label"]

    assert due() == (2, "all your books")
    assert due(active_books="Tools") == (2, "Tools")
    assert due(active_books="Music") == (0, "Music")
    assert due(thread_id="music") == (0, "Music")
    assert due(thread_id="music", active_books="Tools") == (2, "Tools")
    assert due(thread_id="other") == (2, "all your books")
    assert study.client.get("/api/review/topics", params={"thread_id": "music"}).json() == {"topics": []}
    assert study.client.get("/api/review/due", params={"active_books": "Nope"}).status_code == 422


def test_the_questions_of_a_chats_own_files_are_due_in_that_chat(study: Study) -> None:
    document_id = study.upload("The anchor is made of iron.", "anchors.txt")["id"]
    study.read(document_id, Page(1, "1", "section", "The anchor is made of iron."))
    study.services.library.attach(LOCAL_LEARNER, "chat", document_id, "anchors.txt")
    study.services.author._write = ScriptedWrite([question(n, document_id) for n in range(2)])
    made = create(study, count=1, thread_id="chat")
    send(study, made, made["items"][0], wrong(made["items"][0]))
    post(study, made, "/finish")
    wait(study, days=30)
    study.turns.scopes["chat"] = Scope(documents=(document_id,))
    due = study.client.get("/api/review/due", params={"thread_id": "chat"}).json()
    assert (due["count"], due["scope_label"]) == (1, "this chat's files")


def test_a_quiz_of_a_conversation_keeps_to_its_scope_and_its_files(study: Study, script: ScriptedWrite) -> None:
    study.book("The lute has six courses.", "Music")
    note = study.upload("The anchor is heavy.", "note.txt", thread_id="music")["id"]
    study.read(note, Page(1, "1", "section", "The anchor is heavy."))
    study.turns.scopes["music"] = Scope(books=("Music",))

    def label(**order: object) -> str:
        return str(create(study, count=1, **order)["scope_label"])

    assert label(thread_id="music") == "Music + this chat's files"
    assert label(thread_id="music", active_books=["Tools"]) == "Tools + this chat's files"
    assert label(thread_id="music", active_books=["Tools"], active_chat_files=False) == "Tools"
    assert label(thread_id="other") == "all your books"


def test_a_generated_quiz_keeps_its_answers_for_the_end(study: Study, script: ScriptedWrite) -> None:
    reply = study.client.post("/api/chat/generate-questions", json={"count": 3, "mode": "quiz"})
    questions, key = reply.json()["response"].split("## Answer key")
    assert "**Answer:**" not in questions
    assert key.count("**Answer:**") == 3
    assert study.client.post("/api/chat/generate-questions", json={}).json()["response"].count("**Answer:**") == 25


# What counts


def test_an_answer_copied_after_the_key_was_shown_counts_for_nothing(study: Study, script: ScriptedWrite) -> None:
    made = create(study, count=1, mode="practice")
    item = made["items"][0]
    post(study, made, f"/items/{item['id']}/reveal")
    send(study, made, item, right(item))
    report = post(study, made, "/finish")
    (told,) = report["items"]
    assert (report["score"], report["correct"], told["score"]) == (0, 0, 0), "neither for the score"
    (topic,) = study.client.get("/api/review/topics").json()["topics"]
    assert topic["score"] == 0, "nor for the topics"
    again = create(study, mode="practice", questions="mistakes")
    assert [one["id"] for one in again["items"]] == [item["id"]], "nor does it clear a mistake"


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (Kind.TRUE_FALSE, "maybe", "true or false"),
        (Kind.SINGLE_CHOICE, "z", "options"),
        (Kind.SHORT_ANSWER, "", "few words"),
        (Kind.GAP, "?", "few words"),
        (Kind.OPEN, "I don't know", "sentence"),
    ],
)
def test_what_is_no_answer_in_practice_is_asked_again(
    study: Study, script: ScriptedWrite, kind: Kind, said: str, expected: str
) -> None:
    script.items = [question(1, script.items[0].evidence.document_id, kind)]
    made = create(study, count=1, mode="practice")
    (item,) = made["items"]
    for _ in range(3):
        told = send(study, made, item, said, status=422)
        assert told["code"] == "not_an_answer"
        assert expected in told["message"]
    (kept,) = get(study, made)["items"]
    assert (kept["attempts"], get(study, made)["explained"]) == (0, {})
    report = post(study, made, "/finish")
    assert (report["total"], report["items"][0]["outcome"]) == (0, "untried")


def test_what_is_no_answer_counts_as_no_review(study: Study, script: ScriptedWrite) -> None:
    script.items = [question(1, script.items[0].evidence.document_id, Kind.TRUE_FALSE)]
    made = create(study, count=1)
    post(study, made, "/finish")
    reply = study.client.post(f"/api/review/{made['items'][0]['id']}", json={"answer": "maybe"})
    assert (reply.status_code, reply.json()["code"]) == (422, "not_an_answer")
    assert study.client.get("/api/review/due").json()["count"] == 0


def test_a_quiz_takes_every_answer_and_tells_nothing_about_it(study: Study, script: ScriptedWrite) -> None:
    made = create(study, count=1)
    assert send(study, made, made["items"][0], "z") == {"accepted": True}

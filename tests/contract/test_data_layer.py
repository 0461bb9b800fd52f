"""What Chainlit expects of a data layer, and what we promise beyond: order, owners, no hidden errors."""

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from chainlit.context import ChainlitContext, context_var
from chainlit.data.base import BaseDataLayer
from chainlit.element import CustomElement
from chainlit.session import HTTPSession
from chainlit.types import Feedback, Pagination, ThreadFilter
from chainlit.user import PersistedUser, User
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.chat.data_layer import DataLayer
from app.persistence.db import Database, Service
from app.persistence.learners import LearnerStore
from app.persistence.tables import ThreadDocument
from app.persistence.threads import ThreadStore
from app.telemetry.facts import Opinion
from tests.support.databases import BOTH
from tests.support.learners import ADA
from tests.support.migrations import whole
from tools.errors import NotFound
from tools.types import Learner

Enter = Callable[..., None]
pytestmark = BOTH


@pytest.fixture(autouse=True)
def _learners(database: Database) -> None:
    for name in ("ada", "bob"):
        LearnerStore(database).known(Learner(name))


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def opinions() -> list[Opinion]:
    return []


@pytest.fixture
def layer(database: Database, forgotten: list[str], opinions: list[Opinion]) -> DataLayer:
    async def forget(thread_id: str) -> None:
        forgotten.append(thread_id)

    return DataLayer(LearnerStore(database), ThreadStore(database), forget, opinions.append)


def enter(owner: str, thread_id: str = "t1", *, begun: bool = True) -> None:
    """Become a learner in an open chat."""
    user = PersistedUser(id=owner, createdAt="2026-01-01T00:00:00Z", identifier=owner)
    session = HTTPSession(id=f"session-{owner}", client_type="webapp", thread_id=thread_id, user=user)
    session.has_first_interaction = begun
    context_var.set(ChainlitContext(session))


def step(id_: str, output: str, kind: str = "user_message", **more: Any) -> Any:
    at = f"2026-01-01T00:00:{int(id_[1:]):02}Z"
    return {"id": id_, "threadId": "t1", "type": kind, "output": output, "name": "x", "createdAt": at, **more}


async def names(layer: DataLayer, **filters: Any) -> list[str | None]:
    page = await layer.list_threads(Pagination(first=20), ThreadFilter(**filters))
    return [thread["name"] for thread in page.data]


def test_it_has_all_that_chainlit_calls() -> None:
    assert set(dir(BaseDataLayer)) - set(dir(DataLayer)) <= {"set_step_favorite"} | {
        name for name in dir(BaseDataLayer) if name.startswith("_")
    }


async def test_a_conversation_comes_back_as_it_was_said(layer: DataLayer) -> None:
    enter("ada")
    await layer.create_step(step("s1", "What is osmosis?"))
    await layer.create_step(step("s2", "Water", "assistant_message"))
    await layer.update_step(step("s2", "Water moves.", "assistant_message"))
    card = CustomElement(id="e1", name="Sources", props={"n": [1]}, for_id="s2", thread_id="t1")
    await layer.create_element(card)
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert [entry["output"] for entry in thread["steps"]] == ["What is osmosis?", "Water moves."]
    assert [element["props"] for element in thread["elements"] or []] == [{"n": [1]}]
    assert (thread["name"], thread["userIdentifier"]) == ("What is osmosis?", "ada")


async def test_what_was_told_first_is_written_first(layer: DataLayer) -> None:
    enter("ada")
    await asyncio.gather(*(layer.update_step(step("s1", str(n))) for n in range(20)))
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert [entry["output"] for entry in thread["steps"]] == ["19"]


async def test_a_chat_in_which_nothing_was_said_leaves_no_trace(layer: DataLayer) -> None:
    enter("ada", begun=False)
    await layer.create_step(step("s1", "on_chat_start", "run"))
    assert await layer.get_thread("t1") is None
    assert await names(layer) == []


async def test_the_first_question_names_the_conversation_and_the_learner_may_rename_it(layer: DataLayer) -> None:
    enter("ada")
    await layer.update_thread("t1", name="ask_again", user_id="ada")
    await layer.create_step(step("s1", "What is osmosis?"))
    await layer.create_step(step("s2", "And mitosis?"))
    assert await names(layer) == ["What is osmosis?"]
    await layer.update_thread("t1", name="Water")
    assert await names(layer) == ["Water"]


async def test_a_choice_of_scope_names_a_conversation_only_until_something_is_asked(layer: DataLayer) -> None:
    enter("ada")
    await layer.update_thread("t1", user_id="ada")
    await layer.create_step(step("s1", "/scope Biology"))
    assert await names(layer) == ["/scope Biology"]
    await layer.create_step(step("s2", "What is osmosis?"))
    await layer.create_step(step("s3", "And mitosis?"))
    assert await names(layer) == ["What is osmosis?"]


async def test_conversations_are_listed_last_used_first_and_page_by_page(layer: DataLayer) -> None:
    for n in range(5):
        enter("ada", f"t{n}")
        await layer.create_step({**step(f"s{n}", f"Question {n}"), "threadId": f"t{n}"})
    first = await layer.list_threads(Pagination(first=2), ThreadFilter())
    rest = await layer.list_threads(Pagination(first=9, cursor=first.pageInfo.endCursor), ThreadFilter())
    assert [thread["id"] for thread in (*first.data, *rest.data)] == ["t4", "t3", "t2", "t1", "t0"]
    assert (first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage) == (True, False)


async def test_a_search_looks_into_what_was_said(layer: DataLayer) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Tell me more"))
    await layer.create_step(step("s2", "Straße und Wasser", "assistant_message"))
    assert await names(layer, search="straße") == ["Tell me more"]
    assert await names(layer, search="WASSER") == ["Tell me more"]
    await layer.update_thread("t1", name="Ökologie")
    assert await names(layer, search="ökolog") == await names(layer, search="O\u0308KO") == ["Ökologie"]
    assert await names(layer, search="100%") == []


async def test_a_message_goes_with_all_that_hangs_on_it(layer: DataLayer) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Question"))
    await layer.create_step(step("s2", "", "run", parentId="s1"))
    await layer.create_step(step("s3", "Answer", "assistant_message", parentId="s2"))
    await layer.create_element(CustomElement(id="e1", name="Sources", for_id="s3", thread_id="t1"))
    await layer.delete_step("s2")
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert [entry["id"] for entry in thread["steps"]] == ["s1"]
    assert thread["elements"] == []


async def test_an_opinion_on_an_answer_is_told_with_its_query(layer: DataLayer, opinions: list[Opinion]) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Question"))
    await layer.create_step(step("s2", "Answer", "assistant_message", metadata={"query_id": "query-1"}))
    for step_id in ("s1", "s2"):
        await layer.upsert_feedback(Feedback(forId=step_id, value=0, comment="Wrong page"))
    (opinion,) = opinions
    assert (opinion.query_id, opinion.owner_id, opinion.score, opinion.comment) == ("query-1", "ada", 0, "Wrong page")


async def test_an_opinion_is_kept_changed_and_taken_back(layer: DataLayer) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Answer", "run"))
    id_ = await layer.upsert_feedback(Feedback(forId="s1", value=0, comment="No"))
    assert await layer.upsert_feedback(Feedback(forId="s1", value=1, comment="Yes")) == id_
    thread = await layer.get_thread("t1")
    assert thread is not None
    given = thread["steps"][0]["feedback"]
    assert given is not None
    assert (given["value"], given["comment"]) == (1, "Yes")
    assert await layer.delete_feedback(id_)


async def test_a_deleted_conversation_is_forgotten_everywhere(
    layer: DataLayer, database: Database, forgotten: list[str]
) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Question"))
    await layer.delete_thread("t1")
    assert await layer.get_thread("t1") is None
    assert forgotten == ["ada:t1"]
    with database.session_of(ADA) as session:
        assert session.query(ThreadDocument).count() == 0


async def test_a_page_that_is_left_does_not_bring_a_deleted_conversation_back(
    layer: DataLayer, database: Database
) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Question"))
    await layer.delete_thread("t1")
    await layer.update_thread("t1", metadata={"chat_settings": {"books": []}})
    assert everything(database)["threads"] == []


Tried = Callable[[DataLayer, dict[str, str]], Awaitable[object]]

OTHERS: dict[str, Tried] = {
    "get_thread": lambda layer, ids: layer.get_thread(ids["thread"]),
    "get_element": lambda layer, ids: layer.get_element(ids["thread"], ids["element"]),
    "create_step": lambda layer, ids: layer.create_step(step("s9", "Mine now", threadId=ids["thread"])),
    "update_step": lambda layer, ids: layer.update_step(step(ids["step"], "Mine now")),
    "delete_step": lambda layer, ids: layer.delete_step(ids["step"]),
    "create_element": lambda layer, ids: layer.create_element(
        CustomElement(id=ids["element"], name="Sources", for_id=ids["step"], thread_id=ids["thread"])
    ),
    "delete_element": lambda layer, ids: layer.delete_element(ids["element"], ids["thread"]),
    "upsert_feedback": lambda layer, ids: layer.upsert_feedback(
        Feedback(forId=ids["step"], value=0, id=ids["opinion"])
    ),
    "delete_feedback": lambda layer, ids: layer.delete_feedback(ids["opinion"]),
    "update_thread": lambda layer, ids: layer.update_thread(
        ids["thread"], name="Mine", user_id="bob", metadata={"a": 1}
    ),
    "delete_thread": lambda layer, ids: layer.delete_thread(ids["thread"]),
    "list_threads": lambda layer, ids: names(layer, userId="ada"),
    "get_favorite_steps": lambda layer, ids: layer.get_favorite_steps("ada"),
}
"""Each call of Chainlit's that takes an id, with those of somebody else."""
HARMLESS = {"get_user", "create_user", "get_thread_author", "build_debug_url", "close", "set_step_favorite"}
"""These say who somebody is or whose something is, which is what Chainlit asks before it answers."""


def test_every_call_has_its_case() -> None:
    calls = {name for name, _ in inspect.getmembers(BaseDataLayer, inspect.isfunction) if not name.startswith("_")}
    assert calls == set(OTHERS) | HARMLESS


@pytest.mark.parametrize("call", OTHERS)
async def test_another_learner_finds_and_changes_nothing(layer: DataLayer, database: Database, call: str) -> None:
    enter("ada")
    await layer.create_step(step("s1", "Private"))
    await layer.create_element(CustomElement(id="e1", name="Sources", for_id="s1", thread_id="t1"))
    opinion = await layer.upsert_feedback(Feedback(forId="s1", value=1))
    before = everything(database)
    for own_thread in ("t1", "of bob"):
        enter("bob", own_thread)
        with contextlib.suppress(NotFound):
            assert not await OTHERS[call](layer, {"thread": "t1", "step": "s1", "element": "e1", "opinion": opinion})
    after = everything(database)
    assert {table: [row for row in after[table] if row in rows] for table, rows in before.items()} == before


def everything(database: Database) -> dict[str, list[str]]:
    with database.service_session(Service.INSTALLATION) as session:
        return {
            table: sorted(repr(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}")))
            for table in ("threads", "steps", "elements", "feedbacks")
        }


async def test_an_error_of_the_database_is_not_hidden(layer: DataLayer, database: Database) -> None:
    enter("ada")
    with whole(database) as connection:
        connection.execute(text("DROP TABLE steps"))
    with pytest.raises(DBAPIError, match="steps"):
        await layer.create_step(step("s1", "Question"))


async def test_an_unknown_learner_is_not_made_up(layer: DataLayer) -> None:
    assert await layer.get_user("mallory") is None
    assert await layer.create_user(User(identifier="mallory")) is None
    known = await layer.get_user("ada")
    assert known is not None
    assert known.id == "ada"

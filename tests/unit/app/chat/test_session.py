"""A question that was left without a reply, by a crash or because nothing could be kept, is offered again."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import chainlit as cl
import pytest
from chainlit.context import ChainlitContext, context_var
from chainlit.emitter import BaseChainlitEmitter
from chainlit.session import HTTPSession

from app.chat.session import Chat, unanswered
from app.conversations import Conversation
from app.persistence.postgres import DatabaseUnavailable
from app.persistence.tables import Query
from app.wiring import LOCAL_LEARNER
from tests.support.api import ScriptedTurns
from tests.unit.app.api.conftest import services_in
from tools.errors import InvalidRequest, StudyError


def steps(*said: tuple[str, str]) -> list[Any]:
    return [{"type": f"{who}_message", "output": text} for who, text in said]


def noted(state: str) -> list[Query]:
    return [Query(question="What is osmosis?", state=state)]


def test_a_question_whose_answer_broke_off_is_offered_again(tmp_path: Path) -> None:
    assert unanswered(steps(("user", "What is osmosis?")), noted("interrupted")) == "What is osmosis?"


def test_so_is_one_that_the_crash_left_without_a_trace() -> None:
    said = steps(("user", "What is osmosis?"), ("assistant", "Osmosis is …"), ("user", "And diffusion?"))
    assert unanswered(said, noted("done")) == "And diffusion?"


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ([("user", "What is osmosis?"), ("assistant", "Osmosis is …")], "done"),
        ([("user", "What is osmosis?")], "running"),
        ([("user", "/library")], "done"),
        ([], "done"),
    ],
)
def test_nothing_else_is(said: list[tuple[str, str]], before: str) -> None:
    assert unanswered(steps(*said), noted(before)) is None


class Page(BaseChainlitEmitter):
    """A page that notes down what it is shown."""

    def __init__(self) -> None:
        session = HTTPSession(id="s", client_type="webapp", thread_id="t")
        super().__init__(session)
        self.said: list[str] = []
        self.buttons: list[str] = []
        context_var.set(ChainlitContext(session, self))

    async def send_step(self, step_dict: Any) -> None:
        self.said.append(step_dict["output"])

    async def emit(self, event: str, data: Any) -> None:
        if event == "action":
            self.buttons.append(data["name"])


def chat_without(error: StudyError, folder: Path) -> Chat:
    """A chat whose turns fail, and whose database cannot say what was cited either."""

    def citations(*_: object) -> None:
        raise error

    services, turns = services_in(folder), ScriptedTurns(error=error)
    services.__dict__["queries"] = SimpleNamespace(citations=citations)
    turns.services = services  # type: ignore[attr-defined]
    return Chat(cast("Any", turns), Conversation(LOCAL_LEARNER, "t"))


async def test_a_message_that_could_not_be_kept_stays_and_can_be_asked_again(tmp_path: Path) -> None:
    page, error = Page(), DatabaseUnavailable()
    await chat_without(error, tmp_path).hear(cl.Message("What is osmosis?", type="user_message"))
    assert page.said[-1] == str(error)
    assert page.buttons == ["ask_again"]


async def test_what_no_second_try_mends_is_not_offered_again(tmp_path: Path) -> None:
    page = Page()
    with pytest.raises(InvalidRequest):
        await chat_without(InvalidRequest(), tmp_path).hear(cl.Message("What is osmosis?", type="user_message"))
    assert not page.buttons

"""How a turn went is told when it is over, however it ends."""

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.events import Done
from agent.graph import build_graph, checkpoint_serializer
from app.conversations import Conversation
from app.telemetry.counting import Counting
from app.telemetry.facts import TurnFacts
from app.telemetry.telemetry import Telemetry
from app.turns import Turns
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tools.correlation import correlated

ASKED = "Where does the wombat dig its burrows?"


class Told(Counting):
    """What a sink hears of turns."""

    def __init__(self) -> None:
        self.turns: list[TurnFacts] = []

    def turn(self, facts: TurnFacts) -> None:
        self.turns.append(facts)


@pytest.fixture
def turns(study: Study) -> Turns:
    study.book("The wombat digs long burrows under the northern fence.", "Zoology")
    return Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))


@pytest.fixture
def told(study: Study) -> Told:
    study.services.__dict__["telemetry"] = Telemetry([told := Told()])
    return told


async def reply(turns: Turns, said: str) -> Done:
    *_, done = [event async for _, event in turns.run(Conversation(LOCAL_LEARNER, "chat"), said)]
    assert isinstance(done, Done)
    return done


async def test_an_answer_is_told_with_its_request_and_its_times(turns: Turns, told: Told) -> None:
    with correlated("request-of-mine"):
        done = await reply(turns, ASKED)
    (facts,) = told.turns
    assert (facts.question, facts.done, facts.outcome, facts.route) == (ASKED, done, "done", "answer")
    assert facts.span.request_id == "request-of-mine"
    assert facts.first_token is not None
    assert 0 < facts.first_token <= facts.span.seconds
    assert turns.services.queries.get(LOCAL_LEARNER, facts.query_id).answer == done.answer


async def test_a_refused_and_a_broken_off_turn_are_told_as_such(turns: Turns, told: Told) -> None:
    await reply(turns, "Who was Caesar?")
    events = turns.run(Conversation(LOCAL_LEARNER, "chat"), ASKED)
    await anext(events)
    await events.aclose()
    assert [facts.outcome for facts in told.turns] == ["refused", "stopped"]
    assert told.turns[1].done is None


async def test_a_turn_that_fails_is_told_with_its_code(turns: Turns, told: Told) -> None:
    turns.services.__dict__["choices"] = None
    with pytest.raises(AttributeError):
        await reply(turns, ASKED)
    assert [(facts.outcome, facts.error) for facts in told.turns] == [("failed", "unexpected")]

"""Turns over the real library, search and tables."""

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.events import Done
from agent.graph import build_graph, checkpoint_serializer
from app.conversations import Conversation
from app.limits import TooMany
from app.turns import FULL_SECONDS, Turns
from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study

NOTE = "The wombat digs long burrows under the northern fence. Its burrows are cool in the summer."
OTHER = "Memory is the ability to store and to recall what was learned."


@pytest.fixture
def turns(study: Study) -> Turns:
    """A book on psychology, and a note that was dropped into the chat."""
    study.book(OTHER, "Psychology", "psychology.txt")
    note = study.upload(NOTE, "note.txt", thread_id="chat")["id"]
    study.read(note, Page(1, "1", "section", NOTE))
    return Turns(study.services, build_graph(InMemorySaver(serde=checkpoint_serializer())))


async def reply(turns: Turns, said: str, thread_id: str = "chat") -> Done:
    told = [event async for _, event in turns.run(Conversation(LOCAL_LEARNER, thread_id), said)]
    done = told[-1]
    assert isinstance(done, Done)
    return done


async def test_a_file_of_the_chat_is_answered_from_within_any_scope_until_it_is_left_out(turns: Turns) -> None:
    asked = "Where does the wombat dig its burrows?"
    assert "Psychology + this chat's files" in (await reply(turns, "/scope Psychology")).answer
    assert {citation.filename for citation in (await reply(turns, asked)).citations} == {"note.txt"}
    await reply(turns, "/scope without files")
    left_out = await reply(turns, asked)
    assert left_out.refused
    assert left_out.notices == ("note.txt lies outside the scope you chose; say `/scope with files` to include it.",)


async def test_another_chat_does_not_see_the_file(turns: Turns) -> None:
    assert (await reply(turns, "Where does the wombat dig its burrows?", "another")).refused


async def test_beyond_so_many_turns_at_once_one_more_is_told_when_to_come_back(turns: Turns) -> None:
    turns._running = turns.services.settings.turns_at_once - 1
    first = turns.run(Conversation(LOCAL_LEARNER, "chat"), "Where does the wombat dig its burrows?")
    await anext(first)
    with pytest.raises(TooMany) as refused:
        await reply(turns, "What is memory?", "another")
    assert (refused.value.status, refused.value.retry_after) == (429, FULL_SECONDS)
    await first.aclose()
    assert (await reply(turns, "What is memory?", "another")).citations

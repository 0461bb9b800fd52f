"""What stands below an answer."""

from typing import Any

import pytest
from chainlit import CustomElement
from chainlit.context import ChainlitContext, context_var
from chainlit.session import HTTPSession

from agent.events import Cited, Done, Event, QuizStarted, Restart, ReviewDue, Status, Token, Trace
from app.chat.reply import SHOWN_PASSAGES, Reply, footer
from tests.support.study import passage
from tools.questions.types import Mode
from tools.types import Citation, Hit, Scope

CITATION = Citation(3, "Water moves.", "d1", "Biology", "bio.pdf", 230, "212", "page", 0, 12)


def done(**changes: Any) -> Done:
    values: dict[str, Any] = {"answer": "Water moves. [3]", "citations": (CITATION,), "confidence": 0.9, **changes}
    return Done(**values)


def test_a_source_names_book_and_printed_page() -> None:
    (source,) = footer("t", done())["sources"]
    assert (source["n"], source["book"], source["page"], source["removed"]) == (3, "Biology", "p. 212", False)


@pytest.mark.parametrize("changes", [{"refused": True}, {"citations": ()}])
def test_confidence_is_not_claimed_where_nothing_is_cited(changes: dict[str, Any]) -> None:
    assert footer("t", done(**changes))["confidence"] == ""


def test_less_confidence_is_said_in_other_words() -> None:
    assert len({footer("t", done(confidence=score))["confidence"] for score in (0.9, 0.6, 0.2)}) == 3


def test_how_it_was_found_shows_the_question_the_places_and_the_time() -> None:
    hits = tuple(Hit(passage("x" * 2000, page=n), 0.8, 0.8, 0.8) for n in range(1, 20))
    trace = Trace("answer", "What is osmosis?", "Spring", hits, {"search": 20, "answer": 10})
    found = footer("t", done(trace=trace))["found"]
    assert (found["question"], found["scope"], found["milliseconds"]) == ("What is osmosis?", "Spring", 30)
    assert len(found["passages"]) == SHOWN_PASSAGES
    assert all(len(shown["text"]) < 400 for shown in found["passages"]), "cards are stored with the conversation"


def test_small_talk_has_no_search_to_explain() -> None:
    assert footer("t", done(trace=Trace("talk", "hi", "", (), {})))["found"] is None


async def told(*events: Event) -> Reply:
    """A reply after these events, in a chat that nobody looks at."""
    context_var.set(ChainlitContext(HTTPSession(id="s", client_type="webapp", thread_id="t")))
    reply = Reply("t")
    for event in events:
        await reply.follow("q1", event)
    return reply


async def test_a_marker_becomes_a_link_while_the_answer_streams() -> None:
    reply = await told(Status("Searching"), Cited(CITATION), Token("Water moves."), Token(" [3]"))
    assert reply.message.content == "Water moves. [\\[3\\]](/cite/t/3)"


async def test_an_answer_that_starts_again_forgets_what_was_said() -> None:
    reply = await told(Token("Half an ans"), Restart("The model broke off."), Token("Water"), Token(" moves."))
    assert reply.message.content == "Water moves."


async def test_the_last_event_has_the_last_word() -> None:
    reply = await told(Token("Water moves [9]."), done())
    assert reply.message.content == "Water moves. [\\[3\\]](/cite/t/3)"
    assert [element.name for element in reply.message.elements] == ["Sources"]
    assert reply.message.metadata == {"query_id": "q1"}


async def test_a_stopped_answer_keeps_its_text_and_only_the_citations_that_are_stored() -> None:
    reply = await told(Cited(CITATION), Token("Water moves. [3] Salt"))
    await reply.stopped([])
    assert reply.message.content.startswith("Water moves. Salt")
    assert "/cite/" not in reply.message.content
    assert "Stopped" in reply.message.content


async def test_a_failure_is_told_after_what_was_said() -> None:
    reply = await told(Cited(CITATION), Token("Water moves. [3]"))
    await reply.failed("The disk is full.", [CITATION])
    assert "/cite/t/3" in reply.message.content
    assert reply.message.content.endswith("The disk is full.")


async def test_a_card_holds_nothing_of_a_quiz_but_its_id_and_mode() -> None:
    reply = await told(QuizStarted("q7", Mode.QUIZ, "Here is your quiz."), done(notices=("Still reading b.pdf.",)))
    quiz, sources = reply.message.elements
    assert isinstance(quiz, CustomElement)
    assert (quiz.name, quiz.props, sources.name) == ("QuizCard", {"quiz_id": "q7", "mode": "quiz"}, "Sources")


async def test_what_is_due_is_shown_within_the_scope_of_the_conversation() -> None:
    (card,) = (await told(ReviewDue(0, "Nothing is due.", Scope()), Token("Nothing is due."))).message.elements
    assert isinstance(card, CustomElement)
    assert card.props == {"mode": "review", "scope": {"thread_id": "t"}}


async def test_a_review_that_begins_shows_its_questions_instead_of_the_list() -> None:
    reply = await told(ReviewDue(3, "3 are due.", Scope()), QuizStarted("q8", Mode.PRACTICE, "Here they are."))
    (card,) = reply.message.elements
    assert isinstance(card, CustomElement)
    assert card.props == {"quiz_id": "q8", "mode": "practice"}

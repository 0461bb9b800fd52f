"""The cards of quizzes and reviews."""

import pytest
from chainlit.context import ChainlitContext, context_var
from chainlit.session import HTTPSession

from app.chat.quizzes import review_card, round_card
from tools.questions.types import Mode
from tools.types import Scope


@pytest.fixture(autouse=True)
async def _chat() -> None:
    context_var.set(ChainlitContext(HTTPSession(id="s", client_type="webapp", thread_id="t")))


async def test_a_round_is_known_by_its_id_and_mode() -> None:
    assert round_card("q1", Mode.PRACTICE).props == {"quiz_id": "q1", "mode": "practice"}


async def test_a_review_of_a_part_of_the_scope_keeps_its_names() -> None:
    card = review_card("t", Scope().narrowed(Scope(semester="Spring", books=("Cells", "Plants"))))
    assert card.props["scope"] == {"active_semester": "Spring", "active_books": ["Cells", "Plants"]}


@pytest.mark.parametrize("scope", [Scope(), Scope(subject="Biology"), Scope(documents=("d1",))])
async def test_a_review_of_the_whole_scope_is_that_of_the_conversation_with_its_files(scope: Scope) -> None:
    assert review_card("t", scope).props["scope"] == {"thread_id": "t"}

"""With a part away the learner is answered, and shown what docs/services.md says; nothing fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.outages import Seen, Town, town

SERVICES = Path(__file__).parents[3] / "docs" / "services.md"
AWAY = {
    "Chroma": ("openai/tutor", None),
    "the model that embeds": ("openai/tutor", "The embedding model did not answer, so I searched by words alone."),
    "the chat model": ("built-in tutor", "The chat model is busy, so the built-in tutor answers from your books."),
}
"""In this order: what failed is left alone for a minute after it is back."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.mark.parametrize("name", AWAY)
def test_what_a_learner_sees_is_what_the_docs_say(running: Town, name: str) -> None:
    def is_enough(seen: Seen) -> bool:
        return seen.total() >= 2

    model, sentence = AWAY[name]
    seen = running.during_an_outage_of(name, is_enough)
    assert {(status, who) for status, who, _ in seen} == {(200, model)}
    if sentence is None:
        assert {notices for _, _, notices in seen} == {()}
    else:
        assert all(sentence in notices for _, _, notices in seen)
        assert sentence in SERVICES.read_text(encoding="utf-8")

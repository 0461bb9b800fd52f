"""What reaches the model that writes, and what that may cost."""

import re

import pytest

from agent.deps import ChatModel
from agent.questions.writer import ChatWriter
from tests.support.authors import BOOK, Author, BookShelf, passages_in
from tools.errors import ModelFailed
from tools.questions.choose import ScopeLibrary
from tools.questions.types import Difficulty, Item, Kind, SourcePassage, Wanted


def sources(*numbers: int) -> list[SourcePassage]:
    found = [ScopeLibrary(BookShelf(), ["bio"]).source(BOOK[n].id) for n in numbers]
    return [source for source in found if source]


async def written(writer: ChatWriter, wanted: Wanted, *numbers: int) -> list[Item]:
    library = ScopeLibrary(BookShelf(), ["bio"])
    return [one.item async for one in writer.write(sources(*numbers), wanted, library)]


def prompt(chat: Author, call: int = -1) -> str:
    return str(chat.asked[call][-1].text)


async def test_the_prompt_holds_the_passages_and_the_wish() -> None:
    chat = Author()
    wanted = Wanted(2, "cells", (Kind.GAP, Kind.OPEN), Difficulty.HARD)
    await written(ChatWriter(ChatModel("m", chat), 2), wanted, 0, 1)
    assert [text for _, text in passages_in(prompt(chat))] == [BOOK[0].text, BOOK[1].text]
    kinds = re.findall(r"^- (\w+): ", prompt(chat), re.MULTILINE)
    assert kinds == ["gap", "open"]
    assert "hard" in prompt(chat)
    assert "<topic>cells</topic>" in prompt(chat)


async def test_a_passage_read_again_comes_with_what_was_asked_about_it() -> None:
    chat = Author()
    writer = ChatWriter(ChatModel("m", chat), 10)
    (first,) = await written(writer, Wanted(1), 0)
    await written(writer, Wanted(1), 1)
    assert first.stem not in prompt(chat)
    await written(writer, Wanted(1), 0)
    assert first.stem in prompt(chat)


async def test_one_reply_in_the_wrong_form_costs_its_batch_and_two_in_a_row_end_it() -> None:
    is_good = iter([False, True, False, False])

    def reply(drafts: list[dict[str, object]]) -> object:
        return {"questions": drafts} if next(is_good) else {}

    writer = ChatWriter(ChatModel("m", Author(replies=reply)), 10)
    assert await written(writer, Wanted(1), 0) == []
    assert len(await written(writer, Wanted(1), 0)) == 1
    assert await written(writer, Wanted(1), 1) == []
    with pytest.raises(ModelFailed):
        await written(writer, Wanted(1), 2)


async def test_what_a_quiz_may_cost_is_bounded_by_its_size() -> None:
    chat = Author(replies=lambda drafts: {"questions": []})
    writer = ChatWriter(ChatModel("m", chat), 4)

    async def all_of_it() -> None:
        for _ in range(100):
            await written(writer, Wanted(4), 0, 1, 2, 3)

    with pytest.raises(ModelFailed):
        await all_of_it()
    assert len(chat.calls) < 10

"""The scope as the chat's controls show it."""

import pytest

from app.chat import scope as scopes
from app.persistence.library import Node
from tools.types import Scope

TREE = [
    Node(
        "s1",
        "Spring",
        [
            Node("j1", "Biology", [Node("b1", "Cells"), Node("b2", "Plants")]),
            Node("j2", "History", [Node("b3", "Printing")]),
        ],
    )
]


def test_the_picker_offers_everything_first_and_then_the_library_from_the_top_down() -> None:
    names = [choice.name for choice in scopes.choices(TREE)]
    assert names == ["All my books", "Spring", "Biology", "Cells", "Plants", "History", "Printing"]


def test_this_chats_files_are_offered_only_when_there_are_any() -> None:
    assert scopes.CHAT not in {choice.key for choice in scopes.choices(TREE)}
    assert scopes.picked(scopes.CHAT, scopes.choices(TREE, ["d1"])) == Scope(documents=("d1",))


def test_every_choice_is_recognised_as_the_scope_it_sets() -> None:
    offered = scopes.choices(TREE, ["d1"])
    assert [scopes.key_of(choice.scope, offered) for choice in offered] == [choice.key for choice in offered]


def test_a_scope_set_by_name_is_recognised() -> None:
    offered = scopes.choices(TREE)
    assert scopes.key_of(Scope(subject="biology"), offered) == "subject:j1"
    assert scopes.key_of(Scope(books=("PLANTS",)), offered) == "book:b2"


def test_several_books_are_shown_under_their_own_name() -> None:
    mode = scopes.mode(Scope(books=("b1", "b3")), "Cells, Printing", scopes.choices(TREE))
    assert [option.name for option in mode.options if option.default] == ["Cells, Printing"]


def test_the_picker_shows_that_this_chats_files_belong_to_what_is_chosen() -> None:
    label = "Plants + this chat's files"
    for scope in (Scope(books=("b2",)), Scope(books=("b2",), chat_files=False)):
        mode = scopes.mode(scope, label, scopes.choices(TREE, ["d1"]))
        assert [(option.id, option.name) for option in mode.options if option.default] == [("book:b2", label)]


def test_all_books_without_this_chats_files_is_a_scope_of_its_own() -> None:
    mode = scopes.mode(Scope(chat_files=False), "without", scopes.choices(TREE, ["d1"]))
    assert [(option.id, option.name) for option in mode.options if option.default] == [(scopes.OTHER, "without")]


def test_exactly_one_choice_is_selected() -> None:
    mode = scopes.mode(Scope(semester="s1"), "Spring", scopes.choices(TREE))
    assert [option.id for option in mode.options if option.default] == ["semester:s1"]


@pytest.mark.parametrize("chat_files", [True, False])
def test_the_settings_panel_gives_back_what_it_was_given(chat_files: bool) -> None:
    scope = Scope(semester="s1", subject="j1", books=("b1", "b2"), chat_files=chat_files)
    values = {entry.id: entry.initial for entry in scopes.inputs(scope, TREE, ())}
    assert scopes.from_settings(values, ()) == scope


def test_only_this_chats_files_leaves_the_rest_out() -> None:
    values = {"semester": "s1", "books": ["b1"], "chat_only": True}
    assert scopes.from_settings(values, ["d1", "d2"]) == Scope(documents=("d1", "d2"))


def test_without_files_in_the_chat_that_switch_does_nothing() -> None:
    assert scopes.from_settings({"semester": scopes.ALL, "chat_only": True}, ()) == Scope()


def test_an_empty_library_still_has_a_settings_panel() -> None:
    assert [entry.id for entry in scopes.inputs(Scope(), [], ())] == ["chat_only"]


def test_books_of_the_same_name_are_told_apart() -> None:
    twins = [Node("s1", "Spring", [Node("j1", "A", [Node("b1", "Notes")]), Node("j2", "B", [Node("b2", "Notes")])])]
    books = next(entry for entry in scopes.inputs(Scope(), twins, ()) if entry.id == "books")
    assert sorted(books.items.values()) == ["b1", "b2"]

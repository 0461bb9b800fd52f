"""The library: places by name, scopes resolved on the server, nothing of anybody else."""

import unicodedata
from dataclasses import replace

import pytest

from app.persistence.library import Placement
from tests.support.learners import ADA, BOB
from tests.unit.app.conftest import Desk, make_ready
from tools.errors import Conflict, InvalidRequest, NoDocuments, NotFound, OutsideScope
from tools.types import Scope

CELLS = Placement("Autumn", "Biology", "Cells")
PLANTS = Placement("Autumn", "Biology", "Plants")
PRINTING = Placement("Spring", "History", "Printing")


@pytest.fixture
def ids(desk: Desk) -> dict[str, str]:
    made = {}
    for placement in (CELLS, PLANTS, PRINTING):
        accepted = desk.upload(f"About {placement.book}.", f"{placement.book}.txt", placement)
        make_ready(desk, str(accepted.job_id))
        made[placement.book] = accepted.document_id
    theirs = desk.upload("Theirs.", "theirs.txt", CELLS, owner=BOB)
    make_ready(desk, str(theirs.job_id))
    return made


@pytest.mark.parametrize(
    ("scope", "books"),
    [
        (Scope(), {"Cells", "Plants", "Printing"}),
        (Scope(semester="autumn"), {"Cells", "Plants"}),
        (Scope(subject="History"), {"Printing"}),
        (Scope(semester="Autumn", subject="biology", books=("cells",)), {"Cells"}),
        (Scope(books=("Cells", "Printing")), {"Cells", "Printing"}),
    ],
)
def test_a_scope_is_the_learners_own_ready_documents(
    desk: Desk, ids: dict[str, str], scope: Scope, books: set[str]
) -> None:
    assert desk.library.resolve(ADA, scope).document_ids == {ids[book] for book in books}


@pytest.mark.parametrize(
    "scope",
    [
        Scope(semester="Winter"),
        Scope(subject="Chemistry"),
        Scope(books=("Cells", "Rocks")),
        Scope("Spring", None, ("Cells",)),
    ],
)
def test_a_name_that_does_not_exist_is_said_and_never_widened(desk: Desk, ids: dict[str, str], scope: Scope) -> None:
    with pytest.raises(InvalidRequest):
        desk.library.resolve(ADA, scope)


def test_document_ids_of_somebody_else_resolve_to_nothing(desk: Desk, ids: dict[str, str]) -> None:
    scope = Scope(documents=tuple(ids.values()))
    assert desk.library.resolve(BOB, scope).document_ids == frozenset()


HISTORY = Scope(subject="History")


@pytest.mark.parametrize(
    ("scope", "books", "label"),
    [
        (Scope(), {"Cells", "Plants", "Printing", "notes"}, "all your books"),
        (Scope(chat_files=False), {"Cells", "Plants", "Printing"}, "all your books without this chat's files"),
        (HISTORY, {"Printing", "notes"}, "History + this chat's files"),
        (replace(HISTORY, chat_files=False), {"Printing"}, "History"),
        (Scope("Autumn", None, ("Cells",)), {"Cells", "notes"}, "Autumn › Cells + this chat's files"),
        (Scope(documents=("gone",)), {"notes"}, "this chat's files"),
        (Scope().narrowed(HISTORY), {"Printing"}, "History"),
        (Scope(books=("Cells",)).narrowed(Scope(subject="Biology")), {"Cells"}, "Biology"),
        (HISTORY.narrowed(Scope(documents=("notes",))), {"notes"}, "this chat's files"),
    ],
)
def test_this_chats_files_belong_to_its_scope_until_they_are_left_out(
    desk: Desk, ids: dict[str, str], scope: Scope, books: set[str], label: str
) -> None:
    note = desk.upload("A note.", "note.txt", None, thread_id="chat")
    make_ready(desk, str(note.job_id))
    known = {**ids, "notes": note.document_id}
    if scope.within:
        scope = replace(scope, documents=tuple(known[name] for name in scope.documents))
    resolved = desk.library.resolve(ADA, scope, "chat")
    assert (resolved.document_ids, resolved.label) == ({known[book] for book in books}, label)
    assert note.document_id not in desk.library.resolve(ADA, HISTORY, "another chat").document_ids


@pytest.mark.parametrize(
    "scope",
    [
        HISTORY.narrowed(Scope(subject="Biology")),
        HISTORY.narrowed(Scope(books=("Cells", "Plants"))),
        Scope(books=("Cells",)).narrowed(Scope(books=("Plants",))),
        Scope(documents=("none",)).narrowed(Scope(semester="Spring")),
    ],
)
def test_what_lies_outside_a_scope_is_told_apart_from_what_is_not_there(
    desk: Desk, ids: dict[str, str], scope: Scope
) -> None:
    with pytest.raises(OutsideScope):
        desk.library.resolve(ADA, scope)


def test_a_file_of_the_chat_that_is_filed_under_a_book_belongs_there(desk: Desk, ids: dict[str, str]) -> None:
    desk.library.attach(ADA, "chat", ids["Cells"], "Cells.txt")
    resolved = desk.library.resolve(ADA, HISTORY, "chat")
    assert (resolved.document_ids, resolved.label) == ({ids["Printing"]}, "History")
    only_chat = desk.library.resolve(ADA, Scope(documents=(ids["Cells"],)), "chat")
    assert only_chat.document_ids == {ids["Cells"]}


def test_what_is_still_being_read_is_in_no_scope(desk: Desk) -> None:
    desk.upload("Not ready yet.")
    assert desk.library.resolve(ADA, Scope()).document_ids == frozenset()


def test_places_are_found_again_whatever_the_case(desk: Desk) -> None:
    desk.upload("one", "one.txt", CELLS)
    desk.upload("two", "two.txt", Placement("AUTUMN", "biology", "cells"))
    [semester] = desk.library.tree(ADA)
    [subject] = semester.children
    [book] = subject.children
    assert [document.filename for document in book.documents] == ["one.txt", "two.txt"]


def test_renaming_keeps_the_documents(desk: Desk, ids: dict[str, str]) -> None:
    spring = next(node for node in desk.library.tree(ADA) if node.name == "Spring")
    desk.library.rename_place(ADA, spring.id, "Spring term")
    assert desk.library.resolve(ADA, Scope(semester="Spring term")).document_ids == {ids["Printing"]}
    with pytest.raises(Conflict):
        desk.library.rename_place(ADA, spring.id, "Autumn")
    with pytest.raises(NotFound):
        desk.library.rename_place(BOB, spring.id, "Mine")


def test_words_narrow_the_list_of_documents(desk: Desk, ids: dict[str, str]) -> None:
    assert [shelved.book for shelved in desk.library.documents(ADA, text="plan")] == ["Plants"]
    assert desk.library.documents(ADA, text="100%") == []


def test_a_scope_with_nothing_ready_names_what_is_still_being_read(desk: Desk) -> None:
    desk.upload("Not ready yet.", "later.txt")
    assert desk.library.resolve(ADA, Scope()).unread == ("later.txt",)
    assert "later.txt" in str(NoDocuments(desk.library.resolve(ADA, Scope()).unread))


ECOLOGY = Placement("Ökologie", "Éléments", "Физика")


@pytest.mark.parametrize(
    "again",
    [
        ECOLOGY,
        Placement("ökologie", "ÉLÉMENTS", "физика"),
        Placement(*(unicodedata.normalize("NFD", name) for name in ("Ökologie", "éléments", "Физика"))),
        Placement(" Ökologie ", "Éléments\u00a0", "Физика"),
    ],
)
def test_a_place_is_found_again_in_any_script_case_or_normal_form(desk: Desk, again: Placement) -> None:
    desk.upload("one", "one.txt", ECOLOGY)
    desk.upload("two", "two.txt", again)
    [semester] = desk.library.tree(ADA)
    [subject] = semester.children
    [book] = subject.children
    assert (semester.name, subject.name, book.name) == ("Ökologie", "Éléments", "Физика")
    assert [document.filename for document in book.documents] == ["one.txt", "two.txt"]


@pytest.mark.parametrize(
    "name", ["Ökologie", "ökologie", "Straße", "STRASSE", unicodedata.normalize("NFD", "ÖKOLOGIE")]
)
def test_scopes_filters_and_deletion_know_the_same_names(desk: Desk, name: str) -> None:
    for place in ("Ökologie", "Straße"):
        accepted = desk.upload(f"{place}.", f"{place}.txt", Placement(place, place, place))
        make_ready(desk, str(accepted.job_id))
    for scope in (Scope(semester=name), Scope(subject=name), Scope(books=(name,))):
        assert len(desk.library.resolve(ADA, scope).document_ids) == 1
    for narrowed in ({"semester": name}, {"subject": name}, {"book": name}, {"text": name}):
        assert len(desk.library.documents(ADA, **narrowed)) == 1


def test_a_name_that_differs_in_case_only_is_taken(desk: Desk) -> None:
    desk.upload("one", "one.txt", ECOLOGY)
    desk.upload("two", "two.txt", Placement("Ökologie", "Éléments", "Chemie"))
    chemistry = desk.library.tree(ADA)[0].children[0].children[0]
    with pytest.raises(Conflict):
        desk.library.rename_place(ADA, chemistry.id, "ФИЗИКА")
    desk.library.rename_place(ADA, chemistry.id, "CHEMIE")
    assert {node.name for node in desk.library.tree(ADA)[0].children[0].children} == {"CHEMIE", "Физика"}

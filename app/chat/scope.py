"""The scope as the chat's controls show it: the picker at the composer and the settings panel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import chainlit as cl
from chainlit.input_widget import InputWidget, MultiSelect, Select, Switch
from chainlit.mode import Mode, ModeOption

from app.persistence.library import Node
from tools.names import name_key
from tools.types import Scope

ALL, CHAT, OTHER = "all", "chat", "other"
MODE = "scope"


@dataclass(frozen=True, slots=True)
class Choice:
    """One scope that can be picked; `key` names it on the wire."""

    key: str
    name: str
    where: str
    icon: str
    scope: Scope


def choices(tree: Sequence[Node], chat_documents: Sequence[str] = ()) -> list[Choice]:
    """Everything first, then this chat's files if it has any, then the library from the top down."""
    found = [Choice(ALL, "All my books", "and this chat's files", "library", Scope())]
    if chat_documents:
        scope = Scope(documents=tuple(chat_documents))
        found.append(Choice(CHAT, "This chat's files", "nothing else", "paperclip", scope))
    return found + [choice for semester in tree for choice in _in_semester(semester)]


def _in_semester(semester: Node) -> Iterator[Choice]:
    yield Choice(f"semester:{semester.id}", semester.name, "semester", "calendar", Scope(semester=semester.id))
    for subject in semester.children:
        yield Choice(f"subject:{subject.id}", subject.name, semester.name, "folder", Scope(subject=subject.id))
        for book in subject.children:
            where = f"{semester.name} › {subject.name}"
            yield Choice(f"book:{book.id}", book.name, where, "book-open", Scope(books=(book.id,)))


def key_of(scope: Scope, offered: Sequence[Choice]) -> str:
    """The choice that stands for this scope, also when it was set by names."""
    if scope.documents:
        return CHAT if any(choice.key == CHAT for choice in offered) else OTHER
    if not scope.chat_files and not scope.names_a_place:
        return OTHER
    for choice in offered:
        if _same(choice, scope):
            return choice.key
    return OTHER


def _same(choice: Choice, scope: Scope) -> bool:
    mine, theirs = _parts(choice.scope), _parts(scope)
    names = {name_key(choice.name), choice.key.partition(":")[2]}
    if [part for part, _ in mine] != [part for part, _ in theirs]:
        return False
    return all(value in names or name_key(value) in names for _, value in theirs)


def _parts(scope: Scope) -> list[tuple[str, str]]:
    parts = [("semester", scope.semester), ("subject", scope.subject), *(("book", book) for book in scope.books)]
    return [(part, value) for part, value in parts if value]


def picked(key: str, offered: Sequence[Choice]) -> Scope | None:
    """The scope of a choice; None for one that is not offered any more."""
    return next((choice.scope for choice in offered if choice.key == key), None)


def mode(scope: Scope, label: str, offered: Sequence[Choice]) -> Mode:
    """The picker at the composer, with the present scope selected and shown by its label."""
    key = key_of(scope, offered)
    options = [
        ModeOption(
            choice.key,
            label if choice.key == key and scope.names_a_place else choice.name,
            choice.where,
            choice.icon,
            default=choice.key == key,
        )
        for choice in offered
    ]
    if key == OTHER:
        options.insert(0, ModeOption(OTHER, label, "set in the settings", "list-filter", default=True))
    return Mode(id=MODE, name="Scope", options=options)


def inputs(scope: Scope, tree: Sequence[Node], chat_documents: Sequence[str]) -> list[InputWidget]:
    """The settings panel: semester, subject, books, and whether this chat's files belong to it or are all of it."""
    places = _place_inputs(scope, tree)
    only = Switch(
        id="chat_only",
        label="Only this chat's files",
        description="" if chat_documents else "This chat has no files yet.",
        initial=bool(scope.documents),
        disabled=not chat_documents,
    )
    added = Switch(
        id="chat_files",
        label="This chat's files as well",
        description="What you drop into this chat belongs to its scope, whatever you choose above.",
        initial=scope.chat_files,
    )
    return [*places, added, only] if places else [only]


def _place_inputs(scope: Scope, tree: Sequence[Node]) -> list[InputWidget]:
    """None for a library without books."""
    subjects = [(subject, semester) for semester in tree for subject in semester.children]
    books = _labels([(book.id, book.name, subject.name) for subject, _ in subjects for book in subject.children])
    if not books:
        return []
    return [
        _select("semester", _labels([(node.id, node.name, "") for node in tree]), scope.semester),
        _select(
            "subject", _labels([(subject.id, subject.name, where.name) for subject, where in subjects]), scope.subject
        ),
        MultiSelect(
            id="books",
            label="Books",
            description="Leave it empty to use every book above.",
            items=books,
            initial=[value for book in scope.books if (value := _value(book, books)) != ALL],
        ),
    ]


def _select(place: str, names: dict[str, str], chosen: str | None) -> Select:
    return Select(
        id=place,
        label=place.capitalize(),
        items={f"All {place}s": ALL, **names},
        initial_value=_value(chosen, names),
    )


def from_settings(values: Mapping[str, Any], chat_documents: Sequence[str]) -> Scope:
    """The scope that the settings panel asks for; for `only this chat's files` these documents."""
    if values.get("chat_only") and chat_documents:
        return Scope(documents=tuple(chat_documents))
    semester, subject = (None if values.get(key) in (None, ALL) else values[key] for key in ("semester", "subject"))
    books = tuple(values.get("books") or ())
    return Scope(semester, subject, books, chat_files=bool(values.get("chat_files", True)))


async def show(scope: Scope, label: str, tree: Sequence[Node], chat_documents: Sequence[str]) -> None:
    """Bring the picker and the settings panel up to date."""
    await cl.context.emitter.set_modes([mode(scope, label, choices(tree, chat_documents))])
    await cl.ChatSettings(inputs(scope, tree, chat_documents)).send()


def _labels(rows: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Label to id; equal names are told apart by where they stand."""
    names = [name_key(name) for _, name, _ in rows]
    labels: dict[str, str] = {}
    for id_, name, where in rows:
        label = f"{name} ({where})" if names.count(name_key(name)) > 1 and where else name
        labels[label if label not in labels else f"{label} ·{id_[:4]}"] = id_
    return labels


def _value(wanted: str | None, labels: Mapping[str, str]) -> str:
    """The id of a place that was named by id or by name."""
    for label, id_ in labels.items():
        if wanted is not None and (wanted == id_ or name_key(wanted) == name_key(label)):
            return id_
    return ALL

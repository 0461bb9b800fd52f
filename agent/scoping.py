"""The names of books, subjects and semesters in what a learner says, and the scopes they mean."""

import re

from agent.deps import Deps
from agent.words import shown
from tools import outline, overview
from tools.errors import InvalidRequest, NotFound, OutsideScope
from tools.types import ResolvedScope, Scope
from tools.words import stems

_THIS_CHAT = ("chat", "this chat", "uploads", "this chat's files", "just this chat's files", "the files of this chat")
_SPEAKS_OF_A_BOOK = re.compile(r"\b(?:(?:text)?book|according to|what does)\b|[\"“]", re.IGNORECASE)
Chosen = tuple[Scope, ResolvedScope]


async def chosen(name: str, deps: Deps) -> Chosen:
    """The scope of that name anywhere in the library; without a name all of it. Raises InvalidRequest."""
    return await _first(await _meanings(name, deps), deps)


async def narrowed(name: str, scope: Scope, deps: Deps) -> Chosen:
    """What a name means within a scope, for answers, questions, summaries and reviews alike.

    Raises OutsideScope for what the learner has elsewhere, and InvalidRequest for an unknown name.
    """
    return await _first([scope.narrowed(meaning) for meaning in await _meanings(name, deps)], deps)


async def narrowed_to_like(name: str, scope: Scope, deps: Deps) -> Chosen | None:
    """The same for the one book whose title holds all words of a name; None when there is not just one."""
    inside: list[Chosen] = []
    away: list[OutsideScope] = []
    for title in await deps.library.titles():
        if stems(name) <= stems(title):
            try:
                inside.append(await narrowed(title, scope, deps))
            except OutsideScope as error:
                away.append(error)
    if len(away) == 1 and not inside:
        raise away[0]
    return inside[0] if len(inside) == 1 else None


async def without_book(question: str, scope: Scope, deps: Deps) -> tuple[str, ResolvedScope | None]:
    """A question without the book it names, and that book; as it is where it names none. Raises OutsideScope."""
    patterns = _mentions(question)
    titles = sorted(await deps.library.titles(), key=len, reverse=True) if patterns else []
    for title in titles:
        for pattern in patterns:
            if named := re.search(pattern.format(title=re.escape(title)), question):
                rest = f"{question[: named.start()]} {question[named.end() :]}"
                return " ".join(rest.split()).strip(" ,"), (await narrowed(title, scope, deps))[1]
    return question, None


def outside(error: OutsideScope) -> str:
    """Why that cannot be used here, and what to say instead."""
    name, scope = shown(error.name), shown(error.scope)
    return f"“{name}” is outside this conversation's scope ({scope}). Say `/scope {name}` or `/scope all` to change it."


def _mentions(question: str) -> list[str]:
    """How a question would name a book: plainly beside a chapter or for a summary, otherwise in so many words."""
    chapter, _ = outline.split(question)
    patterns = []
    if _SPEAKS_OF_A_BOOK.search(question):
        patterns += [
            r"\b(?i:in|from|of|to) (?i:the|my) (?i:text)?(?i:book) [\"“]?(?i:{title})(?!\w)[\"”]?",
            r"\b(?i:in|from|of|according to) [\"“](?i:{title})[\"”]",
            r"\b(?i:according to) {title}(?!\w)",
            r"(?<=\b(?i:what does) ){title}(?= (?i:say|tell)\b)",
        ]
    if chapter:
        patterns.append(r"\b(?i:of|in|from) (?i:the book )?[\"“]?(?i:{title})(?!\w)[\"”]?")
    if overview.request(question):
        patterns.append(r"\b(?i:of|in|from|(?<=summari[sz]e)|(?<=outline)) (?i:the book )?[\"“]?(?i:{title})[\"”]?\W*$")
    return patterns


async def _meanings(name: str, deps: Deps) -> list[Scope]:
    """What a name may mean: a book or several, a subject, or a semester, in this order."""
    if not name:
        return [Scope()]
    if name.lower().replace("’", "'") not in _THIS_CHAT:
        return [Scope(books=(name,)), Scope(books=_listed(name)), Scope(subject=name), Scope(semester=name)]
    uploads = await deps.library.uploads()
    if not uploads:
        raise InvalidRequest("No files were dropped into this chat yet.")
    return [Scope(documents=tuple(progress.document_id for progress in uploads))]


def _listed(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in name.replace(" and ", ",").split(",") if part.strip())


async def _first(meanings: list[Scope], deps: Deps) -> Chosen:
    """The first of these scopes that there is; else the first that is there, but out of reach."""
    away: OutsideScope | None = None
    for scope in meanings:
        try:
            return scope, await deps.library.resolve(scope)
        except OutsideScope as error:
            away = away or error
        except (InvalidRequest, NotFound):
            continue
    raise away or InvalidRequest("You have no book, subject or semester of that name.")

"""List books, show and set the scope, delete after a yes."""

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import ScopeChanged, Token
from agent.nodes.wait import how_far
from agent.state import Action, Command, Reply, Turn, saved, scope_of
from agent.words import shown
from tools.errors import InvalidRequest, NoDocuments, NotFound
from tools.types import JobState, ResolvedScope, Scope

_THIS_CHAT = ("chat", "this chat", "uploads", "this chat's files", "just this chat's files", "the files of this chat")
_SAID = {JobState.READY: "is ready", JobState.CANCELLED: "was cancelled"}


async def library(state: Turn, runtime: Runtime[Deps]) -> Turn:
    command = state["decision"].command or Command(Action.LIST)
    update = await _carry_out(command, state, runtime)
    runtime.stream_writer(Token(update["reply"].text))
    return update


async def _carry_out(command: Command, state: Turn, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    match command.action:
        case Action.LIST:
            return _says(await deps.library.tree())
        case Action.STATUS:
            return _says(await _status(deps))
        case Action.SHOW_SCOPE:
            return _says(await _scope_in_words(scope_of(state), deps))
        case Action.SET_SCOPE:
            return await _set_scope(command.name, runtime)
        case Action.ASK_DELETE:
            warning = "with everything read from it? This cannot be undone. Reply “yes” to delete it."
            return {"reply": Reply(f"Delete “{shown(command.name)}” {warning}"), "deleting": command.name}
        case Action.DELETE:
            return _says(await _delete(command.name, deps))
        case Action.KEEP:
            return _says("Nothing was deleted.")


def _says(text: str) -> Turn:
    return {"reply": Reply(text)}


async def _status(deps: Deps) -> str:
    uploads = await deps.library.uploads(deps.thread_id)
    if not uploads:
        return "No files were dropped into this chat yet. `/library` shows all your books."
    lines = []
    for progress in uploads:
        name = shown(progress.filename)
        if progress.state is JobState.FAILED:
            lines.append(f"- {name} could not be read: {progress.error or 'the reason is unknown'}")
        else:
            said = _SAID.get(progress.state)
            lines.append(f"- {name} {said}" if said else f"- {how_far(progress)}")
    return "\n".join(lines)


async def _scope_in_words(scope: Scope, deps: Deps) -> str:
    try:
        resolved = await deps.library.resolve(scope)
    except (InvalidRequest, NotFound) as error:
        return str(error)
    if not resolved.document_ids:
        return str(NoDocuments(resolved.unread))
    return f"I use {shown(resolved.label)}. `/scope` with a name changes that."


async def _set_scope(name: str, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    try:
        scope, resolved = await scope_named(name, deps)
    except (InvalidRequest, NotFound):
        return _says(f"I know no book, subject or semester called “{shown(name)}”. `/library` shows their names.")
    runtime.stream_writer(ScopeChanged(resolved.label))
    empty = "" if resolved.document_ids else f" {NoDocuments(resolved.unread)}"
    return {"scope": saved(scope), "reply": Reply(f"From now on I use {shown(resolved.label)}.{empty}")}


async def scope_named(name: str, deps: Deps) -> tuple[Scope, ResolvedScope]:
    """The scope of that name: a book or several, a subject, or a semester, in this order. Raises InvalidRequest."""
    if name.lower().replace("’", "'") in _THIS_CHAT:
        uploads = await deps.library.uploads(deps.thread_id)
        if not uploads:
            raise InvalidRequest("No files were dropped into this chat yet.")
        scope = Scope(documents=tuple(progress.document_id for progress in uploads))
        return scope, await deps.library.resolve(scope)
    if not name:
        return Scope(), await deps.library.resolve(Scope())
    for scope in (Scope(books=(name,)), Scope(books=_listed(name)), Scope(subject=name)):
        try:
            return scope, await deps.library.resolve(scope)
        except (InvalidRequest, NotFound):
            continue
    return Scope(semester=name), await deps.library.resolve(Scope(semester=name))


def _listed(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in name.replace(" and ", ",").split(",") if part.strip())


async def _delete(name: str, deps: Deps) -> str:
    try:
        return f"Deleted {shown(await deps.library.delete(name))}."
    except (InvalidRequest, NotFound) as error:
        return str(error)

"""List books, show and set the scope, delete after a yes."""

import re
from dataclasses import replace

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import ScopeChanged, Token
from agent.nodes.wait import how_far
from agent.rules import EVERYTHING
from agent.scoping import Chosen, chosen
from agent.state import Action, Command, Turn, TurnReply, saved, scope_of
from agent.words import shown
from tools.errors import InvalidRequest, NoDocuments, NotFound
from tools.types import JobState, Scope

_CHAT_FILES = re.compile(
    r"(?:^|\s+)(?:(?P<without>without|minus|but not)|with|and|\+) ?"
    r"(?:(?:this chat's|this|the|my|its|chat) )*(?:files?|uploads?)$",
    re.IGNORECASE,
)
"""`Biology without this chat's files`; without a name the scope stays otherwise as it is."""
_SAID = {JobState.READY: "is ready", JobState.CANCELLED: "was cancelled"}


async def library(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Carry out a command about books, files or the scope."""
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
            return await _set_scope(command.name, state, runtime)
        case Action.ASK_DELETE:
            warning = "with everything read from it? This cannot be undone. Reply “yes” to delete it."
            return {"reply": TurnReply(f"Delete “{shown(command.name)}” {warning}"), "deleting": command.name}
        case Action.DELETE:
            return _says(await _delete(command.name, deps))
        case Action.KEEP:
            return _says("Nothing was deleted.")


def _says(text: str) -> Turn:
    return {"reply": TurnReply(text)}


async def _status(deps: Deps) -> str:
    uploads = await deps.library.uploads()
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


async def _set_scope(name: str, state: Turn, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    try:
        scope, resolved = await _wished(name, scope_of(state), deps)
    except (InvalidRequest, NotFound):
        return _says(f"I know no book, subject or semester called “{shown(name)}”. `/library` shows their names.")
    runtime.stream_writer(ScopeChanged(resolved.label))
    text = f"From now on I use {shown(resolved.label)}."
    if not resolved.document_ids:
        text += f" {NoDocuments(resolved.unread)}"
    elif scope.names_a_place and scope.chat_files and await deps.library.uploads():
        text += " `/scope without files` leaves this chat's files out."
    return {"scope": saved(scope), "reply": TurnReply(text)}


async def _wished(name: str, now: Scope, deps: Deps) -> Chosen:
    """The scope that was asked for, with this chat's files or without them. Raises InvalidRequest or NotFound."""
    files = _CHAT_FILES.search(name.replace("’", "'"))
    place = name[: files.start()].strip() if files else name
    if files and not place:
        scope = now
    else:
        scope, _ = await chosen("" if place.lower() in EVERYTHING else place, deps)
    if files:
        scope = replace(scope, chat_files=not files["without"])
    return scope, await deps.library.resolve(scope)


async def _delete(name: str, deps: Deps) -> str:
    try:
        return f"Deleted {shown(await deps.library.delete(name))}."
    except (InvalidRequest, NotFound) as error:
        return str(error)

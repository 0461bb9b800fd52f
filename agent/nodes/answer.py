"""Answer from the passages; when a model breaks off, the built-in tutor takes over and says so."""

from collections.abc import AsyncIterator

from langgraph.runtime import Runtime

from agent.builtin import BuiltInTutor
from agent.chat import ChatTutor
from agent.deps import Deps
from agent.events import Cited, Event, Restart, Status, Token
from agent.state import Turn, TurnReply
from agent.tutor import Tutor
from tools import overview, refusal
from tools.citations import Citer
from tools.errors import ModelBudgetSpent, ModelBusy, ModelFailed, StudyError

NOT_SURE = "I am not sure that your books answer this; these are the passages nearest to it."


async def answer(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Write the answer, token by token."""
    deps = runtime.context
    before = deps.clock()
    notices = [*state.get("notices", []), *([NOT_SURE] if state["confidence"] < refusal.SURE else [])]
    try:
        if deps.model:
            runtime.stream_writer(Status(f"{deps.model.name} is writing…"))
        tutor: Tutor = ChatTutor(deps.model, deps.length, deps.answers) if deps.model else BuiltInTutor(deps.length)
        update = await _told(tutor, state, runtime)
    except (ModelBusy, ModelFailed) as error:
        reason = f"{_why(error)}, so the built-in tutor answers from your books."
        runtime.stream_writer(Restart(reason))
        notices.append(reason)
        update = await _told(BuiltInTutor(deps.length), state, runtime)
    took = round(1000 * (deps.clock() - before))
    update["notices"] = notices
    update["times"] = {**state["times"], "answer": took}
    return update


def _why(error: StudyError) -> str:
    match error:
        case ModelBudgetSpent():
            return str(error).rstrip(".")
        case ModelBusy():
            return "The chat model is busy"
        case _:
            return "The chat model did not give a usable answer"


async def _told(tutor: Tutor, state: Turn, runtime: Runtime[Deps]) -> Turn:
    citer = Citer(state["found"].hits, runtime.context.page_text, state.get("numbers", {}))
    pieces: list[str] = []
    async for event in _events(tutor, state, citer):
        runtime.stream_writer(event)
        if isinstance(event, Token):
            pieces.append(event.text)
    text = "".join(pieces).strip()
    reply = TurnReply(text, tuple(citer.cited), model=tutor.name, dropped=citer.dropped, tokens=tutor.tokens)
    return {"reply": reply, "numbers": citer.numbers}


async def _events(tutor: Tutor, state: Turn, citer: Citer) -> AsyncIterator[Event]:
    """Tokens, each after the sources that its markers name."""
    told = 0
    history = state.get("history", [])
    async for text in tutor.answer(_question(state), state["found"], citer, history):
        for citation in citer.cited[told:]:
            yield Cited(citation)
        told = len(citer.cited)
        if text:
            yield Token(text)


def _question(state: Turn) -> str:
    """As it was searched for: standing alone, and spelt as the books spell it."""
    standalone, found = state["decision"].standalone, state["found"]
    return standalone if overview.request(standalone) else found.question or standalone

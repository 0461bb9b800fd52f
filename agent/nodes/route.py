"""Decide what the learner wants, and make the question stand alone."""

from langgraph.runtime import Runtime

from agent import followups, rules
from agent.builtin import BuiltInTutor
from agent.chat import ChatTutor
from agent.deps import Deps
from agent.state import Decision, Route, Turn
from tools.errors import ModelBusy, ModelFailed


async def route(state: Turn, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    before = deps.clock()
    decision = await _decide(state, deps)
    took = round(1000 * (deps.clock() - before))
    return {"decision": decision, "times": {"route": took}, "deleting": ""}


async def _decide(state: Turn, deps: Deps) -> Decision:
    """The rules first; a model only where they are unsure, so that a plain question costs no extra call."""
    utterance = state["question"]
    history = state.get("history", [])
    decision = rules.decide(utterance, state.get("deleting", ""))
    leans = decision.route is Route.ANSWER and followups.leans_on_history(utterance, history)
    if decision.sure and not leans:
        return decision
    if deps.model:
        try:
            return await ChatTutor(deps.model).decide(utterance, history)
        except (ModelBusy, ModelFailed):
            pass
    return await BuiltInTutor().decide(utterance, history)


def after_route(state: Turn) -> str:
    match state["decision"].route:
        case Route.ANSWER:
            return "wait"
        case Route.LIBRARY:
            return "library"
        case _:
            return "talk"

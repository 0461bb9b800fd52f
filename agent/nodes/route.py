"""Decide what the learner wants, and make the question stand alone."""

from langgraph.runtime import Runtime

from agent import followups, rules
from agent.builtin import BuiltInTutor
from agent.chat import ChatTutor
from agent.deps import AtHand, Deps
from agent.state import Decision, Route, Turn
from tools.errors import ModelBusy, ModelFailed


async def route(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Set the decision, and the practice question that waits for an answer."""
    deps = runtime.context
    before = deps.clock()
    practising = state.get("practising")
    at_hand = await deps.quizzes.at_hand(practising["quiz_id"], practising["item_id"]) if practising else None
    decision = await _decide(state, deps, at_hand)
    took = round(1000 * (deps.clock() - before))
    return {"decision": decision, "at_hand": at_hand, "times": {"route": took}, "deleting": ""}


async def _decide(state: Turn, deps: Deps, at_hand: AtHand | None) -> Decision:
    """The rules first; a model only where they are unsure, so that a plain question costs no extra call."""
    utterance = state["question"]
    history = state.get("history", [])
    in_practice = bool(state.get("practising"))
    decision = rules.decide(
        utterance,
        state.get("deleting", ""),
        in_practice=in_practice,
        is_asked=at_hand is not None,
        has_wished="wished" in state,
    )
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
    """The next node; what is asked of the books waits for uploads first."""
    match state["decision"].route:
        case Route.ANSWER | Route.QUIZ | Route.PRACTICE:
            return "wait"
        case Route.GRADE:
            return "grade"
        case Route.REVIEW:
            return "review"
        case Route.LIBRARY:
            return "library"
        case _:
            return "talk"

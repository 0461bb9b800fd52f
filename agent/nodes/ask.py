"""Begin a quiz, a practice round, or a review of what is due."""

import re
from dataclasses import replace

from langgraph.runtime import Runtime

from agent import followups, rules, wishes
from agent.deps import Deps, Origin, Started
from agent.events import QuizStarted, ReviewDue, Status, Token
from agent.state import Practising, Reply, Route, Turn, scope_of
from agent.words import shown
from tools.errors import StudyError
from tools.questions.types import Mode, Wanted

_TOPICS = 4
_BY_NUMBER = re.compile(
    r"(?:the )?(?:chapter|section|unit|part|lecture|week|module|lesson)s? [\divx.,– -]+", re.IGNORECASE
)


async def ask(state: Turn, runtime: Runtime[Deps]) -> Turn:
    wish = wishes.wish(state["decision"].standalone)
    if wish.trouble:
        return _says(wish.trouble, runtime)
    runtime.stream_writer(Status("Choosing what to ask…"))
    mode = Mode.QUIZ if state["decision"].route is Route.QUIZ else Mode.PRACTICE
    wanted = replace(wish.wanted, topic=_last_topic(state)) if wish.points_back else wish.wanted
    return await _begun(mode, wanted, wish.origin, state, runtime)


def _last_topic(state: Turn) -> str | None:
    asked = (exchange["question"] for exchange in reversed(state.get("history", [])) if exchange["question"])
    question = next(asked, "")
    return followups.topic_of(question) if question else None


async def review(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Tell what is due, and begin with it if that was asked for."""
    due = await runtime.context.quizzes.due(scope_of(state))
    if not due.count:
        text = f"Nothing is due in {shown(due.label)} right now."
        text += f" The next question comes back {due.next_due}." if due.next_due else ""
        runtime.stream_writer(ReviewDue(0, text))
        return _says(text, runtime)
    topics = ", ".join(f"{shown(topic)} ({number})" for topic, number in due.topics[:_TOPICS])
    many = "1 question is" if due.count == 1 else f"{due.count} questions are"
    text = f"{many} due in {shown(due.label)}{f': {topics}' if topics else ''}."
    runtime.stream_writer(ReviewDue(due.count, text))
    if not rules.begins_review(state["question"]):
        return _says(f"{text} Say “repeat what is due” to begin.", runtime)
    return await _begun(Mode.PRACTICE, Wanted(min(due.count, wishes.MOST)), "due", state, runtime, f"{text} ")


async def _begun(
    mode: Mode, wanted: Wanted, origin: Origin, state: Turn, runtime: Runtime[Deps], before: str = ""
) -> Turn:
    try:
        started = await runtime.context.quizzes.start(mode, wanted, scope_of(state), origin)
    except StudyError as error:
        if error.is_ours:
            raise
        return _says(f"{before}{error}{_hint(wanted.topic)}", runtime)
    text = before + _words(mode, wanted, origin, started)
    runtime.stream_writer(QuizStarted(started.quiz_id, mode, text))
    update = _says(text, runtime)
    in_practice = mode is Mode.PRACTICE
    update["practising"] = Practising(quiz_id=started.quiz_id, item_id="") if in_practice else None
    return update


def _hint(topic: str | None) -> str:
    by_number = topic and _BY_NUMBER.fullmatch(topic)
    return " I do not know the chapters by number: name its topic." if by_number else ""


def _words(mode: Mode, wanted: Wanted, origin: Origin, started: Started) -> str:
    many = "one question" if started.count == 1 else f"{started.count} questions"
    # New ones are still being written, and the books may hold fewer.
    many = f"up to {many}" if origin == "new" and started.count > 1 else many
    on = f" on {shown(wanted.topic)}" if wanted.topic else ""
    which = {"new": "", "mistakes": " that you got wrong before", "due": " that are due"}[origin]
    text = f"Here is your {mode}: {many}{which}{on} from {shown(started.label)}."
    if mode is Mode.PRACTICE:
        text += " Answer in the card or simply type; “hint”, “easier” and “harder” work, too."
    return f"{text} {started.notice}".strip()


def _says(text: str, runtime: Runtime[Deps]) -> Turn:
    runtime.stream_writer(Token(text))
    return {"reply": Reply(text)}

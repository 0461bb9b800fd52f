"""Begin a quiz, a practice round, or a review of what is due."""

import re
from dataclasses import replace

from langgraph.runtime import Runtime

from agent import followups, rules, wishes
from agent.deps import Deps, Started
from agent.events import QuizStarted, ReviewDue, Status, Token
from agent.scoping import Chosen, narrowed, narrowed_to_like, outside
from agent.state import Practising, Route, Turn, TurnReply, Wished, scope_of
from agent.wishes import Wish
from agent.words import shown
from tools import outline
from tools.errors import InvalidRequest, NotFound, OutsideScope, StudyError
from tools.questions.types import Difficulty, Kind, Mode, Wanted
from tools.types import Scope

_TOPICS = 4
_ALL = re.compile(r"^(?:all|everything|all (?:of )?my books)$", re.IGNORECASE)


async def ask(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Begin the questions that are wished for, or say why there are none."""
    wish = wishes.wish(state["decision"].standalone)
    if wish.trouble:
        return _says(wish.trouble, runtime)
    runtime.stream_writer(Status("Choosing what to ask…"))
    mode = Mode.QUIZ if state["decision"].route is Route.QUIZ else Mode.PRACTICE
    if wish.again and (wished := state.get("wished")):
        wish, mode = _again(wish, wished), Mode(wished["mode"])
    elif wish.points_back:
        wish = replace(wish, wanted=replace(wish.wanted, topic=_last_topic(state)))
    try:
        within, scope = await _in_book(wish, scope_of(state), runtime.context)
    except OutsideScope as error:
        return _says(outside(error), runtime)
    update = await _begun(mode, within, scope, runtime)
    if wish.origin == "new":
        update["wished"] = _kept(mode, wish)
    return update


def _again(wish: Wish, before: Wished) -> Wish:
    """What is not said anew is as it was before."""
    wanted = wish.wanted
    level = wanted.difficulty or (Difficulty(before["difficulty"]) if before["difficulty"] else None)
    count = wanted.count if wish.counted else before["count"]
    kinds = wanted.kinds or tuple(map(Kind, before["kinds"]))
    return replace(wish, wanted=Wanted(count, before["topic"], kinds, level), seconds=wish.seconds or before["seconds"])


def _kept(mode: Mode, wish: Wish) -> Wished:
    wanted = wish.wanted
    kinds = [kind.value for kind in wanted.kinds]
    level = wanted.difficulty.value if wanted.difficulty else None
    return Wished(
        mode=mode.value, topic=wanted.topic, count=wanted.count, kinds=kinds, difficulty=level, seconds=wish.seconds
    )


async def _in_book(wish: Wish, scope: Scope, deps: Deps) -> tuple[Wish, Scope]:
    """`Biology` and `Campbell, chapter 2` mean those books, where the learner has some that are called so.

    Raises OutsideScope.
    """
    chapter, rest = outline.split(wish.wanted.topic or "")
    name = rest.strip(" ,")
    if not name:
        return wish, scope
    inside = await _book(name, scope, deps) or (await narrowed_to_like(name, scope, deps) if chapter else None)
    if inside is None:
        return wish, scope
    return replace(wish, wanted=replace(wish.wanted, topic=str(chapter) if chapter else None)), inside[0]


async def _book(name: str, scope: Scope, deps: Deps) -> Chosen | None:
    try:
        return await narrowed(name, scope, deps)
    except OutsideScope:
        raise
    except (InvalidRequest, NotFound):
        return None


def _last_topic(state: Turn) -> str | None:
    asked = (exchange["question"] for exchange in reversed(state.get("history", [])) if exchange["question"])
    question = next(asked, "")
    return followups.topic_of(question) if question else None


async def review(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Tell what is due, and begin with it if that was asked for."""
    name = _ALL.sub("", rules.reviewed(state["question"]))
    scope = scope_of(state)
    try:
        if name:
            scope, _ = await narrowed(name, scope, runtime.context)
    except OutsideScope as error:
        return _says(outside(error), runtime)
    except (InvalidRequest, NotFound):
        return _says(_UNKNOWN.format(name=shown(name)), runtime)
    due = await runtime.context.quizzes.due(scope)
    if not due.count:
        text = f"Nothing is due in {shown(due.label)} right now."
        text += f" The next question comes back {due.next_due}." if due.next_due else ""
        runtime.stream_writer(ReviewDue(0, text, scope))
        return _says(text, runtime)
    topics = ", ".join(f"{shown(topic)} ({number})" for topic, number in due.topics[:_TOPICS])
    many = "1 question is" if due.count == 1 else f"{due.count} questions are"
    text = f"{many} due in {shown(due.label)}{f': {topics}' if topics else ''}."
    runtime.stream_writer(ReviewDue(due.count, text, scope))
    if not rules.begins_review(state["question"]):
        return _says(f"{text} Say “repeat what is due” to begin.", runtime)
    wish = Wish(Wanted(min(due.count, wishes.MOST)), "due")
    return await _begun(Mode.PRACTICE, wish, scope, runtime, f"{text} ")


_UNKNOWN = (
    "I know no book, subject or semester called “{name}”, and can only review by these: `/library` shows their names. "
    "To be asked about a topic, say “practice {name}”."
)


async def _begun(mode: Mode, wish: Wish, scope: Scope, runtime: Runtime[Deps], before: str = "") -> Turn:
    try:
        started = await runtime.context.quizzes.start(mode, wish.wanted, scope, wish.origin, wish.seconds)
    except StudyError as error:
        if error.is_ours:
            raise
        return _says(f"{before}{error}", runtime)
    text = before + _words(mode, wish, started)
    runtime.stream_writer(QuizStarted(started.quiz_id, mode, text))
    update = _says(text, runtime, started.quiz_id)
    in_practice = mode is Mode.PRACTICE
    update["practising"] = Practising(quiz_id=started.quiz_id, item_id="") if in_practice else None
    return update


def _words(mode: Mode, wish: Wish, started: Started) -> str:
    many = "one question" if started.count == 1 else f"{started.count} questions"
    # New ones are still being written, and the books may hold fewer.
    many = f"up to {many}" if wish.origin == "new" and started.count > 1 else many
    on = f" on {shown(wish.wanted.topic)}" if wish.wanted.topic else ""
    which = {"new": "", "mistakes": " that you got wrong before", "due": " that are due"}[wish.origin]
    text = f"Here is your {mode}: {many}{which}{on} from {shown(started.label)}."
    if wish.seconds:
        text += f" You have {_time(wish.seconds)}."
    if mode is Mode.PRACTICE:
        text += " Answer in the card or simply type; “hint”, “easier” and “harder” work, too."
    return f"{text} {started.notice}".strip()


def _time(seconds: int) -> str:
    """`1 hour 30 minutes`, `90 seconds`."""
    if seconds < 120 and seconds % 60:
        return f"{seconds} seconds"
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
    return " ".join(f"{n} {unit}{'s' * (n > 1)}" for n, unit in parts if n)


def _says(text: str, runtime: Runtime[Deps], quiz_id: str = "") -> Turn:
    runtime.stream_writer(Token(text))
    return {"reply": TurnReply(text, quiz_id=quiz_id)}

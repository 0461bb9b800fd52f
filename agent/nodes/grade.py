"""A turn of practice: mark the typed answer, or make the move that was asked for."""

from langgraph.runtime import Runtime

from agent.deps import Answered, AtHand, Deps, Level
from agent.events import Cited, QuizChanged, Token
from agent.moves import Move, move
from agent.state import Practising, Turn, TurnReply
from tools.citations import key
from tools.errors import StudyError
from tools.questions import kinds
from tools.questions.types import Evidence, Verdict
from tools.types import Citation

_VERDICTS = {
    Verdict.CORRECT: "**Right.**",
    Verdict.PARTLY: "**Partly right.**",
    Verdict.WRONG: "**Not right.**",
    Verdict.CANNOT_TELL: "**I cannot tell.**",
}
_LEVELS: dict[Move, Level] = {Move.SAME: "same", Move.EASIER: "easier", Move.HARDER: "harder"}
_ENDED = "Practice is over. Say “practice” or “quiz me” whenever you like to go on."
_NOTHING_OPEN = "There is no open question left in this round. Say “another”, “harder”, or “practice” for a new round."


async def grade(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Mark what was typed, or make the move it asks for; a failure that is not ours is told in words."""
    practising = state.get("practising")
    assert practising is not None
    try:
        update = await _turn(practising, state, runtime)
    except StudyError as error:
        if error.is_ours:
            raise
        update = {"reply": TurnReply(str(error))}
    for citation in update["reply"].citations:
        runtime.stream_writer(Cited(citation))
    runtime.stream_writer(QuizChanged(practising["quiz_id"]))
    runtime.stream_writer(Token(update["reply"].text))
    return update


async def _turn(practising: Practising, state: Turn, runtime: Runtime[Deps]) -> Turn:
    quizzes, quiz_id = runtime.context.quizzes, practising["quiz_id"]
    wished = move(state["question"])
    at = state.get("at_hand")
    if wished is Move.STOP:
        return {"reply": TurnReply(_ENDED), "practising": None}
    if wished in (Move.SAME, Move.EASIER, Move.HARDER):
        return await _another(practising, wished, at, runtime)
    if at is None:
        return {"reply": TurnReply(_NOTHING_OPEN)}
    match wished:
        case Move.HINT:
            return {"reply": TurnReply(f"Hint: {await quizzes.hint(quiz_id, at.item_id)}")}
        case Move.SKIP:
            await quizzes.skip(quiz_id, at.item_id)
            return await _next(quiz_id, "Skipped.", runtime)
        case Move.REVEAL:
            return await _told(await quizzes.reveal(quiz_id, at.item_id), at, state, runtime)
        case _:
            answered = await quizzes.answer(quiz_id, at.item_id, state["question"])
            return await _told(answered, at, state, runtime)


async def _another(practising: Practising, wished: Move, at: AtHand | None, runtime: Runtime[Deps]) -> Turn:
    quizzes, quiz_id = runtime.context.quizzes, practising["quiz_id"]
    like = practising["item_id"] or (at.item_id if at else "")
    if not like:
        return {"reply": TurnReply(_NOTHING_OPEN)}
    added = await quizzes.another(quiz_id, like, _LEVELS[wished])
    return _asked(await quizzes.at_hand(quiz_id, added), quiz_id, "")


async def _next(quiz_id: str, before: str, runtime: Runtime[Deps]) -> Turn:
    return _asked(await runtime.context.quizzes.at_hand(quiz_id), quiz_id, before)


def _asked(at: AtHand | None, quiz_id: str, before: str) -> Turn:
    text = "\n\n".join(part for part in (before, in_words(at) if at else _NOTHING_OPEN) if part)
    item_id = at.item_id if at else ""
    return {"reply": TurnReply(text), "practising": Practising(quiz_id=quiz_id, item_id=item_id)}


def in_words(at: AtHand) -> str:
    """The question as it can be answered in the chat."""
    return f"**{at.number}.** {kinds.of(at.kind).in_chat(at.stem, at.options)}"


async def _told(answered: Answered, at: AtHand, state: Turn, runtime: Runtime[Deps]) -> Turn:
    """The verdict; once the question is settled its solution, where that stands, and the next question."""
    verdict = _VERDICTS[answered.verdict] if answered.verdict else ""
    text = f"{verdict} {answered.explanation}".strip()
    here = Practising(quiz_id=at.quiz_id, item_id=at.item_id)
    if not answered.settled:
        return {"reply": TurnReply(f"{text} Try again, or say “hint”."), "practising": here}
    numbers = dict(state.get("numbers", {}))
    citation = await _citation(answered.evidence, numbers, runtime.context) if answered.evidence else None
    right = f"The answer: {answered.solution}. " if answered.verdict is not Verdict.CORRECT else ""
    text += f"\n\n{right}{answered.why}{f' [{citation.n}]' if citation else ''}"
    following = await runtime.context.quizzes.at_hand(at.quiz_id)
    text += f"\n\n{in_words(following) if following else _NOTHING_OPEN}"
    about = f"{at.stem} {answered.solution}"
    reply = TurnReply(text, (citation,) if citation else (), about=about)
    return {"reply": reply, "numbers": numbers, "practising": here}


async def _citation(evidence: Evidence, numbers: dict[str, int], deps: Deps) -> Citation | None:
    """None when the page no longer holds the words, as after a new version of the book."""
    e = evidence
    page = await deps.page_text(e.document_id, e.page_index)
    if not page or page[e.start : e.end] != e.quote:
        return None
    n = numbers.setdefault(key(e.document_id, e.page_index, e.start, e.end), len(numbers) + 1)
    return Citation(
        n, e.quote, e.document_id, e.book, e.filename, e.page_index, e.page_label, e.page_kind, e.start, e.end
    )

"""The marker that a chat model drives: it says which points an answer makes, the verdict is worked out here."""

import asyncio
import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from agent.deps import ChatModel
from agent.prompts import as_data
from agent.questions.drafts import STEERS, is_clean
from agent.structured import ask
from tools import marking, sentences
from tools.answers.verdicts import EMPTY
from tools.errors import ModelBusy, ModelFailed
from tools.questions import kinds
from tools.questions.types import Item, Marked, Point, Verdict
from tools.wording import IsTerm
from tools.words import words

_TO_THE_MARKER = re.compile(
    STEERS.pattern
    + r"|\b(?:mark|grade|rate|score|accept|treat)\b.{0,30}\bis\b.{0,15}\b(?:correct|right|true|full|perfect)\b"
    r"|\b(?:full|maximum|all|top|perfect|100 ?%)\s+(?:of the )?(?:marks|points?|score|credit)\b"
    r"|\byou are (?:now )?(?:an?|the) .{0,30}\b(?:teacher|model)\b"
    r"|\b(?:marker|examiner|grader|assistant|ai|model)\s?[,:]"
    r"|<\s*/?\s*(?:system|rubric|answer|question|point|instructions?)\b",
    STEERS.flags,
)
_HALF = 0.5
_LONGEST_OBJECTION = 1000


class PointMade(BaseModel):
    """`point` counts from 1; `said` is copied from the answer."""

    point: int
    reason: str = Field(default_factory=str)
    said: str = Field(default_factory=str)
    made: Literal["yes", "no", "cannot_tell"]


class Marking(BaseModel):
    """`contradiction` holds the words of the answer that say the opposite of the book."""

    points: list[PointMade]
    contradiction: str = Field(default_factory=str)


class ChatMarker:
    """Marks what rules cannot decide; where the model does not answer, the rules decide alone."""

    def __init__(self, model: ChatModel) -> None:
        self._chat = model.chat

    async def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """By rule where that decides, else by the model."""
        said = without_orders(answer[: marking.LONGEST_ANSWER])
        by_rule = await asyncio.to_thread(marking.mark, item, said, is_term)
        is_sure = by_rule.verdict is Verdict.CORRECT and not kinds.of(item.kind).by_points
        if is_sure or item.options or by_rule == EMPTY:
            return by_rule
        return await self._by_model(item, said) or by_rule

    async def mark_again(
        self, item: Item, answer: str, is_term: IsTerm, earlier: Marked, objection: str = ""
    ) -> Marked:
        """A second look at a challenged mark, with reasons, which may name the key."""
        said = without_orders(answer[: marking.LONGEST_ANSWER])
        by_rule = await asyncio.to_thread(marking.mark_again, item, said, is_term)
        if item.options or by_rule.verdict is Verdict.CORRECT or not re.search(r"\w", said):
            return by_rule
        return await self._by_model(item, said, earlier, objection) or by_rule

    async def _by_model(
        self, item: Item, said: str, earlier: Marked | None = None, objection: str = ""
    ) -> Marked | None:
        """None when the model gives no usable marking."""
        rubric = item.rubric or (Point(f"The answer is: {' or: '.join(item.key)}", item.evidence.quote),)
        values = {
            "question": as_data(item.stem),
            "rubric": "\n".join(_numbered(n, point) for n, point in enumerate(rubric, start=1)),
            "answer": as_data(said),
            "earlier": as_data(_told(earlier)) if earlier else "(not yet)",
            "objection": as_data(without_orders(objection[:_LONGEST_OBJECTION])) or "(none)",
        }
        try:
            reply = await ask(self._chat, Marking, "mark", **values)
        except (ModelBusy, ModelFailed):
            return None
        return _marked(item, rubric, reply, said)


def _numbered(n: int, point: Point) -> str:
    return f"{n}. {as_data(point.text)}\n   The book: {as_data(point.quote)}"


def without_orders(answer: str) -> str:
    """The answer without the sentences that speak to whoever marks it."""
    spans = sentences.split(answer)
    kept = [answer[start:end] for start, end in spans if not _TO_THE_MARKER.search(answer[start:end])]
    return answer if len(kept) == len(spans) else " ".join(kept)


def _told(earlier: Marked) -> str:
    points = (f"- {'made' if is_made else 'not made'}: {point.text}" for point, is_made, _ in earlier.points)
    return "\n".join([f"{earlier.verdict}: {earlier.explanation}", *points])


def _marked(item: Item, rubric: Sequence[Point], reply: Marking, said: str) -> Marked:
    """The verdict follows from the points; one for which the answer has no words is not counted as made."""
    judged = {one.point: one for one in reply.points}
    found = [_judged(judged.get(n), said) for n in range(1, len(rubric) + 1)]
    points = tuple((point, made is True, where) for point, (made, where) in zip(rubric, found, strict=True))
    made = sum(is_made for _, is_made, _ in points)
    contradicts = bool(reply.contradiction) and _stands_in(reply.contradiction, said)
    score = min(round(made / len(points), 2), _HALF if contradicts else 1)
    said_so = [f"You made {made} of {len(points)} points."] if len(points) > 1 else []
    said_so += [f"The book says otherwise than “{reply.contradiction.strip()}”."] if contradicts else []
    said_so += _reasons(reply)
    verdict = _verdict(score, is_unclear=any(made is None for made, _ in found))
    return Marked(verdict, score, " ".join(said_so) or _WORDS[verdict], points if item.rubric else ())


def _reasons(reply: Marking) -> list[str]:
    """Each once, in sentences to the learner."""
    return list(dict.fromkeys(one.reason for one in reply.points if one.reason and is_clean(one.reason)))


def _judged(one: PointMade | None, said: str) -> tuple[bool | None, str]:
    """Whether a point is made, and by which words; None when that cannot be told."""
    if one is None or one.made == "cannot_tell":
        return None, ""
    if one.made == "no":
        return False, ""
    return (True, one.said.strip()) if _stands_in(one.said, said) else (None, "")


def _stands_in(quote: str, said: str) -> bool:
    wanted = words(quote)
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(words(said))} "


def _verdict(score: float, *, is_unclear: bool) -> Verdict:
    if score == 1:
        return Verdict.CORRECT
    if score > 0:
        return Verdict.PARTLY
    return Verdict.CANNOT_TELL if is_unclear else Verdict.WRONG


_WORDS = {
    Verdict.CORRECT: "That is right.",
    Verdict.PARTLY: "That is partly right.",
    Verdict.WRONG: "That is not what the book says.",
    Verdict.CANNOT_TELL: "I cannot tell whether that is right: compare it with the book.",
}

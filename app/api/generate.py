"""Questions as one Markdown text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Response

from app.api.deps import Owner, ServicesDep
from app.api.quiz_schemas import GenerateReply, GenerateRequest
from app.writing import Order
from tools.numerals import lettered
from tools.questions.types import Item, Kind, Mode
from tools.types import page_name

router = APIRouter(prefix="/api/chat", tags=["chat"])


HEADERS = {
    "X-Quiz-Id": {
        "description": "The finished quiz that holds these questions, to be exported; none where there are none.",
        "schema": {"type": "string"},
    }
}


@router.post("/generate-questions", responses={200: {"headers": HEADERS}})
async def generate_questions(
    body: GenerateRequest, owner: Owner, services: ServicesDep, response: Response
) -> GenerateReply:
    """New questions as numbered Markdown: in practice mode each with its answer, explanation and source right below it,
    in quiz mode the answers in a key at the end."""
    loaded = await services.quizzes.make(owner, Order(body.mode, body.wanted(), body.scope))
    if loaded.asked:
        # Its answers are told here, so there is nothing left to ask in it.
        await services.quizzes.finish(owner, loaded.quiz.id)
        response.headers["X-Quiz-Id"] = loaded.quiz.id
    text = markdown([asked.item for asked in loaded.asked], body.mode, loaded.quiz.reason)
    return GenerateReply(response=text, timestamp=datetime.now(UTC).isoformat())


def markdown(items: Sequence[Item], mode: Mode, reason: str | None) -> str:
    """`reason` says why there are fewer questions than asked for."""
    parts = [f"*{reason}*"] if reason else []
    for n, item in enumerate(items, 1):
        parts.append(_question(n, item))
        if mode is Mode.PRACTICE:
            parts.append(_indented(_solution(item)))
    if mode is Mode.QUIZ and items:
        parts += ["## Answer key", *(f"{n}. {_indented(_solution(item)).strip()}" for n, item in enumerate(items, 1))]
    return "\n\n".join(parts)


def _question(n: int, item: Item) -> str:
    lines = [f"{n}. {'True or false: ' if item.kind is Kind.TRUE_FALSE else ''}{item.stem}"]
    if item.kind is not Kind.TRUE_FALSE:
        lines += [f"   - {letter}) {option.text}" for letter, option in lettered(item.options)]
    return "\n".join(lines)


def _solution(item: Item) -> str:
    letter = next((letter for letter, option in lettered(item.options) if option.id in item.key), "")
    answer = f"{letter}) {item.answer}" if letter and item.kind is not Kind.TRUE_FALSE else item.answer
    evidence = item.evidence
    place = f"{evidence.book}, {page_name(evidence.page_kind, evidence.page_label)}"
    lines = [f"**Answer:** {answer}", f"**Explanation:** {item.rationale}", f"**Source:** {place}: “{evidence.quote}”"]
    return "  \n".join(" ".join(line.split()) for line in lines)


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.split("\n"))

"""Questions as one Markdown text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Response

from app.api.deps import Owner, ServicesDep
from app.api.quiz_schemas import GenerateReply, GenerateRequest
from app.orders import Order
from tools.numerals import lettered
from tools.questions import kinds
from tools.questions.types import Item, Mode, Option
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
    lead = kinds.of(item.kind).lead
    lines = [f"{n}. {f'{lead}: ' if lead else ''}{item.stem}"]
    lines += [f"   - {letter}) {option.text}" for letter, option in _listed(item)]
    return "\n".join(lines)


def _solution(item: Item) -> str:
    letter = next((letter for letter, option in _listed(item) if option.id in item.key), "")
    answer = f"{letter}) {item.answer}" if letter else item.answer
    evidence = item.evidence
    place = f"{evidence.book}, {page_name(evidence.page_kind, evidence.page_label)}"
    quote = "" if evidence.quote in item.rationale else f": “{evidence.quote}”"
    lines = [f"**Answer:** {answer}", f"**Explanation:** {item.rationale}", f"**Source:** {place}{quote}"]
    return "  \n".join(" ".join(line.split()) for line in lines)


def _listed(item: Item) -> list[tuple[str, Option]]:
    """The options with their letters, where a learner must see them to answer."""
    return lettered(item.options) if kinds.of(item.kind).lists_options else []


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.split("\n"))

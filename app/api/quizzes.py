"""Quizzes and practice rounds."""

import asyncio
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from app.api.deps import ID, Owner, ServicesDep, TurnsDep
from app.api.quiz_schemas import (
    AnotherRequest,
    AnswerAccepted,
    AnswerRequest,
    AskedOut,
    ChallengeRequest,
    FeedbackOut,
    Hint,
    PlaceChange,
    QuizList,
    QuizOut,
    QuizRequest,
    QuizSummary,
    ReportRequest,
)
from app.api.report_schemas import Challenged, MarkOut, ReportOut
from app.api.schemas import Message
from app.orders import LevelStep
from app.quizzes import feedback_so_far
from app.wiring import Services
from tools.export.files import export
from tools.export.types import Format
from tools.questions.types import Mode
from tools.types import Learner, QuizState

router = APIRouter(prefix="/api/quizzes", tags=["quizzes"])

QuizId = Annotated[str, Path(pattern=ID, examples=["0f343b0931126a20f133d67c2b018a3b"])]
ItemId = Annotated[str, Path(pattern=ID, examples=["6f1ed002ab5595859014ebf0951522d9"])]


@router.post("", status_code=201)
async def create(body: QuizRequest, owner: Owner, services: ServicesDep, turns: TurnsDep) -> QuizOut:
    """Write a quiz (marked at the end) or a practice round (marked at once); fewer than asked for come with a reason.

    `questions` set to `mistakes` or `due` repeats known ones; otherwise no question comes twice.
    """
    order = body.order
    if body.thread_id:
        conversation = await asyncio.to_thread(services.threads.own, owner, body.thread_id)
        if not body.names_a_scope:
            order = replace(order, scope=await turns.scope(conversation))
    if body.wait:
        return await _quiz(services, owner, (await services.quizzes.make(owner, order)).quiz.id)
    return await _quiz(services, owner, await services.writing.start(owner, order))


@router.get("")
def quizzes(
    owner: Owner,
    services: ServicesDep,
    state: Annotated[QuizState | None, Query()] = None,
    thread_id: Annotated[str | None, Query(pattern=ID)] = None,
) -> QuizList:
    """The latest 100 quizzes, newest first, to go on where you were."""
    found = services.quizzes.store.mine(owner, state=state, thread_id=thread_id)
    return QuizList(
        quizzes=[QuizSummary.of(quiz, count) for quiz, count in found if count or quiz.state != QuizState.FINISHED]
    )


@router.get("/{quiz_id}")
async def quiz(quiz_id: QuizId, owner: Owner, services: ServicesDep) -> QuizOut:
    """A quiz as it stands: questions, your answers, time left; in practice also what was explained."""
    return await _quiz(services, owner, quiz_id)


@router.post("/{quiz_id}/stop")
async def stop(quiz_id: QuizId, owner: Owner, services: ServicesDep) -> QuizOut:
    """Stop writing and go on with the questions that are there."""
    await services.writing.stop(owner, quiz_id)
    return await _quiz(services, owner, quiz_id)


@router.post("/{quiz_id}/answers")
async def answer(
    quiz_id: QuizId, body: AnswerRequest, owner: Owner, services: ServicesDep
) -> AnswerAccepted | FeedbackOut:
    """Answer a question. A quiz only accepts it, and the last answer before the end counts; practice marks it now."""
    feedback = await services.quizzes.answer(owner, quiz_id, body.item_id, body.answer, body.attempt)
    return AnswerAccepted() if feedback.mark is None else FeedbackOut.of(feedback)


@router.post("/{quiz_id}/finish")
async def finish(quiz_id: QuizId, owner: Owner, services: ServicesDep) -> ReportOut:
    """End a quiz and get its report; doing so again gives the same."""
    await services.quizzes.finish(owner, quiz_id)
    return ReportOut.of(await services.quizzes.report(owner, quiz_id))


@router.get("/{quiz_id}/report")
async def report(quiz_id: QuizId, owner: Owner, services: ServicesDep) -> ReportOut:
    """Score by topic, and each question with its answer, reasons and evidence; after the end only."""
    return ReportOut.of(await services.quizzes.report(owner, quiz_id))


OTHER_FORMATS = {"apkg": Format.ANKI, "xml": Format.MOODLE, "moodle_xml": Format.MOODLE, "md": Format.MARKDOWN}


@router.get("/{quiz_id}/export", response_class=Response)
async def take_away(
    quiz_id: QuizId,
    owner: Owner,
    services: ServicesDep,
    format: Annotated[
        Literal["anki", "csv", "moodle", "gift", "markdown", "pdf", "apkg", "xml", "moodle_xml", "md"], Query()
    ],
) -> Response:
    """A finished quiz as a file: Anki, CSV, Moodle XML, GIFT, Markdown or PDF; reported questions are left out."""
    report = await services.quizzes.report(owner, quiz_id)
    quiz = report.loaded.quiz
    items = [one.item for one in report.loaded.asked if not one.record.reported]
    orders = {item.id: [option.id for option in item.options] for item in items}
    title = f"Questions on {quiz.topic or quiz.scope_label}"
    file = await asyncio.to_thread(export, OTHER_FORMATS.get(format) or Format(format), title, items, orders)
    name = f"attachment; filename*=UTF-8''{quote(file.filename)}"
    return Response(file.content, media_type=file.media_type, headers={"Content-Disposition": name})


@router.patch("/{quiz_id}/items/{item_id}")
async def place(quiz_id: QuizId, item_id: ItemId, body: PlaceChange, owner: Owner, services: ServicesDep) -> AskedOut:
    """Flag a question to come back to it, or skip it."""
    asked = await services.quizzes.flag(owner, quiz_id, item_id, flagged=body.flagged, skipped=body.skipped)
    return AskedOut.from_asked(asked)


@router.post("/{quiz_id}/items/{item_id}/hint")
async def hint(quiz_id: QuizId, item_id: ItemId, owner: Owner, services: ServicesDep) -> Hint:
    """A hint, in practice only; an answer after it counts half."""
    return Hint(hint=await services.quizzes.hint(owner, quiz_id, item_id))


@router.post("/{quiz_id}/items/{item_id}/reveal")
async def reveal(quiz_id: QuizId, item_id: ItemId, owner: Owner, services: ServicesDep) -> FeedbackOut:
    """Give up on a question in practice and see its explanation."""
    return FeedbackOut.of(await services.quizzes.reveal(owner, quiz_id, item_id))


@router.post("/{quiz_id}/items/{item_id}/another", status_code=201)
async def another(
    quiz_id: QuizId, item_id: ItemId, owner: Owner, services: ServicesDep, body: AnotherRequest | None = None
) -> AskedOut:
    """Add a question like this one to a practice round, perhaps easier or harder."""
    new_id = await services.writing.another(owner, quiz_id, item_id, body.step if body else LevelStep.SAME)
    return AskedOut.from_asked((await services.quizzes.load(owner, quiz_id)).item(new_id))


@router.post("/{quiz_id}/items/{item_id}/challenge")
async def challenge(
    quiz_id: QuizId, item_id: ItemId, owner: Owner, services: ServicesDep, body: ChallengeRequest | None = None
) -> Challenged:
    """Have your last answer marked again, with reasons; both marks are kept and the second counts."""
    objection = body.reason if body else ""
    first, again = await services.quizzes.challenge(owner, quiz_id, item_id, objection)
    return Challenged(first=MarkOut.of(first), again=MarkOut.of(again))


@router.post("/{quiz_id}/items/{item_id}/report")
async def report_item(
    quiz_id: QuizId, item_id: ItemId, owner: Owner, services: ServicesDep, body: ReportRequest | None = None
) -> Message:
    """Report a bad question: it no longer counts and never comes again."""
    await services.quizzes.report_item(owner, quiz_id, item_id, body.reason if body else "")
    return Message(message="Thank you. This question no longer counts, and you will not see it again.")


async def _quiz(services: Services, owner: Learner, quiz_id: str) -> QuizOut:
    loaded = await services.quizzes.load(owner, quiz_id)
    explained = feedback_so_far(loaded) if loaded.quiz.mode == Mode.PRACTICE else {}
    return QuizOut.from_loaded(loaded, services.quizzes.seconds_left(loaded.quiz), explained)

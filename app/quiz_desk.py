"""The learner's quizzes as one turn of the agent sees them: already limited to this learner and conversation."""

from collections import Counter
from contextlib import aclosing
from datetime import timedelta

from agent.deps import Answered, AtHand, Due, Level, Origin, Started
from app.conversations import Conversation
from app.orders import LevelStep, Order, Questions
from app.persistence.answers import AskedItem, Loaded
from app.persistence.tables import now
from app.quizzes import AnswerFeedback
from app.wiring import Services
from tools import scores
from tools.errors import NotFound
from tools.questions.types import Mode, Wanted
from tools.types import QuizState, Scope

_DUE_SHOWN = 500


class QuizDesk:
    """Implements agent.deps.LearnerQuizzes."""

    def __init__(self, services: Services, conversation: Conversation) -> None:
        self.services = services
        self.learner = conversation.learner
        self.thread_id = conversation.id

    async def start(
        self, mode: Mode, wanted: Wanted, scope: Scope, origin: Origin, seconds: int | None = None
    ) -> Started:
        """Returns when the first question is there, or when it is clear that none comes."""
        order = Order(mode, wanted, scope, self.thread_id, seconds, Questions(origin))
        quiz_id = await self.services.writing.start(self.learner, order)
        async with self.services.quizzes.filled(self.learner, quiz_id):
            notice = await self._written(quiz_id, more_than=0)
        loaded = await self.services.quizzes.load(self.learner, quiz_id)
        quiz = loaded.quiz
        count = quiz.requested if quiz.state == QuizState.WRITING else len(loaded.asked)
        return Started(quiz_id, count, quiz.scope_label, quiz.reason or notice)

    async def at_hand(self, quiz_id: str, item_id: str = "") -> AtHand | None:
        """The item, else the first that waits; None when the round is over, or not this learner's."""
        try:
            loaded = await self.services.quizzes.load(self.learner, quiz_id)
        except NotFound:
            return None
        if loaded.quiz.state == QuizState.WRITING and not _open(loaded):
            await self._written(quiz_id, more_than=len(loaded.asked))
            loaded = await self.services.quizzes.load(self.learner, quiz_id)
        waiting = _open(loaded)
        chosen = next((one for one in waiting if one.item.id == item_id), None)
        following = next((one for one in waiting if not one.row.skipped), None)
        asked = chosen or following
        return _at_hand(quiz_id, asked) if asked else None

    async def answer(self, quiz_id: str, item_id: str, answer: str) -> Answered:
        """Marks it. Raises NotFound for an item that is not in this learner's quiz."""
        return _answered(await self.services.quizzes.answer(self.learner, quiz_id, item_id, answer))

    async def hint(self, quiz_id: str, item_id: str) -> str:
        """A hint that keeps the answer to itself; from now on the item counts as hinted."""
        return await self.services.quizzes.hint(self.learner, quiz_id, item_id)

    async def reveal(self, quiz_id: str, item_id: str) -> Answered:
        """The answer with its reason; what is answered afterwards counts for nothing."""
        return _answered(await self.services.quizzes.reveal(self.learner, quiz_id, item_id))

    async def skip(self, quiz_id: str, item_id: str) -> None:
        """Put the item behind those that wait."""
        await self.services.quizzes.flag(self.learner, quiz_id, item_id, skipped=True)

    async def another(self, quiz_id: str, item_id: str, level: Level) -> str:
        """The id of a further question of this round, an easier or a harder one."""
        return await self.services.writing.another(self.learner, quiz_id, item_id, LevelStep(level))

    async def due(self, scope: Scope) -> Due:
        """What is due now in the scope, by topic, and when more will be."""
        found = await self.services.reviews.due(self.learner, scope, self.thread_id, _DUE_SHOWN)
        topics = Counter(one.item.topic for one in found.due)
        when = _in_words(found.next_due - now()) if found.next_due else ""
        return Due(found.count, found.label, tuple(topics.most_common()), when)

    async def _written(self, quiz_id: str, more_than: int) -> str:
        """Wait until there are more questions than that or no more come; returns what the learner should know."""
        notice = ""
        async with aclosing(self.services.writing.watch(self.learner, quiz_id)) as told:
            async for progress in told:
                notice = progress.notice or notice
                if progress.done > more_than:
                    break
        return notice


def _open(loaded: Loaded) -> list[AskedItem]:
    """The questions of a practice round that wait for an answer."""
    if loaded.quiz.state == QuizState.FINISHED or loaded.quiz.mode != Mode.PRACTICE:
        return []
    return [asked for asked in loaded.asked if not scores.is_done(asked.record)]


def _at_hand(quiz_id: str, asked: AskedItem) -> AtHand:
    item = asked.item
    texts = tuple(option.text for option in item.options)
    return AtHand(quiz_id, item.id, asked.row.position, item.kind, item.stem, texts)


def _answered(feedback: AnswerFeedback) -> Answered:
    verdict = feedback.mark.verdict if feedback.mark else None
    explanation = feedback.mark.explanation if feedback.mark else ""
    if not feedback.settled:
        return Answered(verdict, explanation, settled=False)
    item = feedback.asked.item
    return Answered(
        verdict, explanation, settled=True, solution=item.answer, why=item.rationale, evidence=item.evidence
    )


def _in_words(wait: timedelta) -> str:
    hours = max(1, round(wait / timedelta(hours=1)))
    if hours < 24:
        return "within the hour" if hours == 1 else f"in {hours} hours"
    days = round(hours / 24)
    return "tomorrow" if days == 1 else f"in {days} days"

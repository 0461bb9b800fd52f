"""A question to be answered in some sentences."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from tools import sentences
from tools.answers.phrases import contradicts, marked_phrase, share_of
from tools.answers.verdicts import OTHER_WORDS
from tools.export import explain
from tools.export.moodle_xml import add_text, add_value
from tools.export.types import Question
from tools.questions.evidence import share, telling
from tools.questions.faults import Fault
from tools.questions.kinds.base import Parts, RawQuestion
from tools.questions.kinds.typed import Typed
from tools.questions.types import Item, Kind, Marked, Point, Solver, Verdict
from tools.wording import IsTerm

_POINTS = range(2, 7)
_HELD = 0.5
_EXPLAINED = 0.4
_MADE = 0.6


class Open(Typed):
    """Marked by the points of a rubric, each tied to a quote."""

    kind = Kind.OPEN
    title = "open"
    names = r"open[- ]ended"
    loose_names = r"open|essays?|written"
    brief = (
        "answered in some sentences; `answers` holds one model answer, `points` two to four points that a full answer "
        "makes, each with an exact quote of the passage it rests on."
    )
    form = "Answer in a sentence or two."
    share = None
    by_points = True
    lines = 6
    moodle_type = "essay"
    longest = None

    def faults(self, item: Item) -> Iterator[Fault]:
        """Without points it cannot be marked."""
        yield from super().faults(item)
        if not item.rubric:
            yield Fault.NO_RUBRIC

    def compose(self, written: RawQuestion) -> Parts | None:
        """None without a model answer, or where a point rests on nothing in the passage."""
        answers = tuple(dict.fromkeys(answer.strip() for answer in written.answers if answer.strip()))
        rubric = tuple(Point(text.strip(), written.anchored(quote)) for text, quote in written.points)
        is_held = all(point.quote and share(telling(point.text), telling(point.quote)) >= _HELD for point in rubric)
        return Parts(key=answers, rubric=rubric) if answers and is_held and len(rubric) in _POINTS else None

    async def is_solved(self, item: Item, solver: Solver) -> bool:
        """The quotes of the rubric are enough to answer from, and lead to its points."""
        quotes = dict.fromkeys((item.evidence.quote, *(point.quote for point in item.rubric)))
        said = await solver.solve(item.kind, item.stem, (), "\n".join(quotes))
        return bool(said) and all(share(telling(p.text), telling(said or "")) >= _EXPLAINED for p in item.rubric)

    def solve_by_words(self, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """What the evidence says, all of it."""
        return evidence

    def is_answer(self, item: Item, answer: str) -> bool:
        """Any words are."""
        return True

    def form_of(self, item: Item) -> str:
        """Some sentences."""
        return self.form

    def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """Each point of the rubric is made by the sentence of the answer that says most of it, or not at all."""
        if not item.rubric:
            return super().mark(item, answer, is_term)
        said = sentences.sentences(answer) or [answer]
        points = tuple(_point(point, said) for point in item.rubric)
        made = sum(is_made for _, is_made, _ in points)
        text = f"You made {made} of {len(points)} points."
        if made:
            verdict = Verdict.CORRECT if made == len(points) else Verdict.PARTLY
            return Marked(verdict, round(made / len(points), 2), text, points)
        whole = marked_phrase(item, " ".join(point.text for point in item.rubric), answer)
        if whole.verdict is Verdict.WRONG:
            return Marked(Verdict.WRONG, 0.0, text, points)
        return Marked(Verdict.CANNOT_TELL, 0.0, OTHER_WORDS.explanation, points)

    def gift(self, question: Question) -> Iterator[str]:
        """Nothing: an essay is marked by hand."""
        yield from ()

    def moodle(self, question: Question, node: ET.Element) -> None:
        """An essay, with what its marker should know."""
        add_value(node, "responseformat", "editor")
        add_text(node, "graderinfo", f"<p>{explain.answer(question)}</p>{explain.rubric(question)}", "html")


def _point(point: Point, said: Sequence[str]) -> tuple[Point, bool, str]:
    best = max(said, key=lambda sentence: share_of(point.text, sentence))
    is_made = share_of(point.text, best) >= _MADE and not contradicts(point.text, best)
    return point, is_made, best if is_made else ""

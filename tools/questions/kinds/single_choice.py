"""One of four options."""

from collections.abc import Iterator

from tools.answers.options import chosen_options
from tools.answers.verdicts import RIGHT, SEVERAL
from tools.questions.evidence import best, shuffled, telling
from tools.questions.faults import Fault
from tools.questions.kinds.choosing import Choosing
from tools.questions.types import Item, Kind, Marked, Solver, Verdict
from tools.wording import IsTerm

_LONGER = 1.6
_FAR_LONGER = 1.7


class SingleChoice(Choosing):
    """Four options of one sort."""

    kind = Kind.SINGLE_CHOICE
    title = "multiple choice"
    names = r"multiple[- ]choices?|single[- ]choice"
    brief = (
        "exactly four options, one of them right; the wrong ones are of the same sort and length as the right one, "
        "plausible to somebody who has not studied, and clearly wrong by the quote. Never “all of the above”."
    )
    form = "Answer with the letter or the words of one of the options."
    count = 4
    is_shuffled = True
    lists_options = True

    def faults(self, item: Item) -> Iterator[Fault]:
        """Of options, and of a right one that its length gives away."""
        yield from super().faults(item)
        others = [len(option.text) for option in item.options if option.text != item.answer]
        if others and len(item.answer) > max(24, _LONGER * max(others)):
            yield Fault.LONG_KEY

    async def is_guessable(self, item: Item, solver: Solver) -> bool:
        """The solver finds the key without the evidence."""
        return await solver.solve(item.kind, item.stem, shuffled(item), None) == item.answer

    def solve_by_words(self, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """The option whose words the evidence has; to guess, the one that repeats the stem or is far longer."""
        return _guess(stem, options) if evidence is None else best(options, evidence)

    def is_answer(self, item: Item, answer: str) -> bool:
        """It names an option, or several."""
        return bool(chosen_options(item.options, answer))

    def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """By the one option that is named."""
        chosen = chosen_options(item.options, answer)
        if not chosen:
            return Marked(Verdict.WRONG, 0.0, f"That is none of the options. {self.form}")
        if len(chosen) > 1:
            return SEVERAL
        return RIGHT if chosen[0].id in item.key else Marked(Verdict.WRONG, 0.0, "That is not the right option.")


def _guess(stem: str, options: tuple[str, ...]) -> str | None:
    """The only option that repeats a word of the stem, or the one that is far longer than the rest."""
    asked = telling(stem)
    echoing = [option for option in options if asked & telling(option)]
    if len(echoing) == 1:
        return echoing[0]
    longest, second = sorted(options, key=len, reverse=True)[:2]
    return longest if len(longest) > max(20, _FAR_LONGER * len(second)) else None

"""What a book asks, and the answers that it gives elsewhere."""

from collections.abc import Iterator

from ingestion.apparatus import keys, numbered, terms
from ingestion.apparatus.numbered import NumberedQuestion, NumberedQuestions
from ingestion.apparatus.reading import LONGEST, Here, Opened
from tools.apparatus import Entry, Exercise, Spot


class Exercises:
    """Questions under their headings, and the answers that the book gives to them elsewhere."""

    def __init__(self) -> None:
        self.answers = AnswerKey()
        self._asked: list[tuple[NumberedQuestion, Here]] = []
        self._questions = NumberedQuestions("", 0)
        self._chapter: tuple[int, int] = 0, 0

    def open(self, opened: Opened, here: Here) -> None:
        """Numbers go on from the last heading of the chapter, or begin anew."""
        place, last = self._chapter
        self._questions = NumberedQuestions(opened.heading, last if place == here.place else 0)

    def stays(self, opened: Opened, here: Here) -> bool:
        """Every heading ends the questions under the one before."""
        return False

    def read(self, here: Here) -> None:
        """A question, a choice, or what goes on."""
        begun = self._questions.add(here.block.text, here.is_first)
        if begun:
            self._asked.append((begun, here))
        self._chapter = here.place, self._questions.last

    def entries(self) -> Iterator[Exercise]:
        """With the answers that were found anywhere in the document."""
        for question, here in self._asked:
            yield _exercise(question, here.spot(), self.answers.to(question.number, here))


def _exercise(question: NumberedQuestion, at: Spot, answer: str | None) -> Exercise:
    """Letters in parentheses are parts of the question, unless the book's answer is one of them."""
    is_letter = answer is not None and len(answer) == 1
    if len(question.choices) > 1 and (is_letter or not question.enclosed):
        choices = tuple(choice[:LONGEST] for choice in question.choices)
        return Exercise(at, question.heading, question.number, question.stem[:LONGEST], choices, answer)
    parts = (f"({chr(ord('a') + n)}) {part}" for n, part in enumerate(question.choices))
    stem = "\n".join([question.stem, *parts])[:LONGEST]
    return Exercise(at, question.heading, question.number, stem, (), answer)


class AnswerKey:
    """The answer key, or the solutions."""

    def __init__(self) -> None:
        self._key: keys.Key = {}
        self._group = ""
        self._last: tuple[str, int] | None = None

    def open(self, opened: Opened, here: Here) -> None:
        """They belong to the chapter that the heading numbers, else to the one that they stand in."""
        self._group = keys.number_of(opened.heading) or keys.first_number(here.chapter) or keys.by_place(here.place)
        self._last = None

    def stays(self, opened: Opened, here: Here) -> bool:
        """Deeper headings name the chapters or sections that the answers belong to."""
        if here.block.depth <= opened.depth and not keys.number_of(here.block.text):
            return False
        self._group = keys.number_of(here.block.text) or self._group
        self._last = None
        return True

    def read(self, here: Here) -> None:
        """The answers that begin in the block, and what belongs to the one before."""
        begun = list(numbered.answers(here.block.text))
        if not begun and self._last:
            name, number = self._last
            self._key[name][number] = f"{self._key[name][number]} {terms.flat(here.block.text)}"[:LONGEST]
        for prefix, number, answer in begun:
            self._last = prefix or self._group, number
            self._key.setdefault(self._last[0], {}).setdefault(number, answer[:LONGEST])

    def to(self, number: int, here: Here) -> str | None:
        """The answer to a question that stood there."""
        return keys.answer_to(number, here.chapter, here.place, self._key)

    def entries(self) -> Iterator[Entry]:
        """None of their own: they are given with the exercises."""
        return iter(())

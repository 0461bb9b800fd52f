"""The writer that needs no chat model: what it asks for, and in which words, follows from the concepts of a section."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from tools.concepts import prose
from tools.concepts.types import Concept, Form, Meaning, Why
from tools.questions import exercises
from tools.questions.choose import topic_of
from tools.questions.likeness import Likeness
from tools.questions.rivals import Rivals
from tools.questions.types import (
    Bloom,
    Corpus,
    Difficulty,
    Evidence,
    Item,
    Kind,
    Option,
    Point,
    SourcePassage,
    Wanted,
    Written,
)  # fmt: skip
from tools.types import Passage, page_name

_ORDER = (Kind.SINGLE_CHOICE, Kind.GAP, Kind.TRUE_FALSE, Kind.SHORT_ANSWER)
_OWN = frozenset({Why.GLOSSARY, Why.EMPHASIS, Why.HEADING, Why.INDEX})
"""A term for which the book itself says that it matters."""
_RARE, _ESTABLISHED = 3, 5
_WRONG, _LIKE_LENGTH = 3, (0.5, 1.9)
_LONGEST_POINT = 40
_LEVELS = (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD, Difficulty.HARD)
_CLAUSES = ("that ", "to ", "how ", "when ", "where ", "what ", "moving ")
_NO_HINT = "The book names it in {} sentences: read again what stands around them."
_NOMINAL = ("is", "are", "refers to", "refer to", "means", "mean")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question before it has ids; for a choice the right text comes first, each text with its reason."""

    kind: Kind
    stem: str
    meaning: Meaning
    bloom: Bloom
    difficulty: Difficulty
    hint: str = ""
    options: tuple[Option, ...] = ()
    accepted: tuple[str, ...] = ()
    rubric: tuple[Point, ...] = ()


class BuiltinWriter:
    """Implements QuestionWriter; deterministic, so that the same passage gives the same questions."""

    name = "built-in"
    batch = 1
    varies = False

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness

    async def write(
        self, sources: Sequence[SourcePassage], wanted: Wanted, corpus: Corpus
    ) -> AsyncGenerator[Written, None]:
        """Candidates of each source, those of its weightiest concept first; made as they are asked for."""
        for source in sources:
            items = self._items(source, wanted, corpus)
            while (item := await asyncio.to_thread(next, items, None)) is not None:
                yield Written(source, item)

    def _items(self, source: SourcePassage, wanted: Wanted, corpus: Corpus) -> Iterator[Item]:
        """One question about each concept before a second one about any."""
        concepts = sorted(corpus.concepts(source.passage), key=lambda one: -one.weight)
        rivals = Rivals(self._likeness, corpus, source)
        each = (_Asking(concept, source, rivals).items(wanted) for concept in concepts)
        for row in zip_longest(*each):
            yield from (item for item in row if item and wanted.difficulty in (None, item.difficulty))


class _Asking:
    """All that can be asked about one concept."""

    def __init__(self, concept: Concept, source: SourcePassage, rivals: Rivals) -> None:
        self._concept, self._source, self._rivals = concept, source, rivals
        self._number = _number(concept.term + source.passage.id)

    def items(self, wanted: Wanted) -> Iterator[Item]:
        """The book's own questions first, then ours in an order that differs from concept to concept."""
        if not wanted.kinds or Kind.SINGLE_CHOICE in wanted.kinds:
            for exercise in self._concept.exercises:
                if item := exercises.item_of(exercise, self._source):
                    yield item
        turn = self._number % len(_ORDER)
        for kind in (*_ORDER[turn:], *_ORDER[:turn], Kind.OPEN):
            if not wanted.kinds or kind in wanted.kinds:
                yield from map(self._item, self._of(kind))

    def _of(self, kind: Kind) -> Iterator[_Draft]:
        explaining = next((one for one in self._concept.meanings if one.form in (Form.ENTRY, Form.IS)), None)
        naming = next((one for one in self._concept.meanings if one.form is Form.CALLED), None)
        if kind is Kind.OPEN:
            yield from self._recalled(self._concept.meanings[0])
        elif explaining:
            yield from self._explained(kind, explaining)
        elif naming and kind is Kind.GAP:
            yield self._typed(Kind.GAP, naming.words, naming)

    def _explained(self, kind: Kind, meaning: Meaning) -> Iterator[_Draft]:
        match kind:
            case Kind.SINGLE_CHOICE:
                forms = (self._which_term, self._which_meaning)
                for form in forms if self._number // 4 % 2 else forms[::-1]:
                    yield from form(meaning)
            case Kind.TRUE_FALSE:
                yield from self._judged(meaning)
            case Kind.GAP if meaning.form is Form.IS:
                yield self._typed(kind, f"{_gap(self._concept)} {meaning.link} {meaning.words}.", meaning)
            case Kind.SHORT_ANSWER if not meaning.words.startswith(_CLAUSES):
                yield self._typed(kind, _asks_term(meaning, typed=True), meaning)
            case _:
                return

    # Kinds

    def _which_term(self, meaning: Meaning) -> Iterator[_Draft]:
        wrong = self._rivals.of(self._concept, meaning)[:_WRONG]
        if len(wrong) == _WRONG:
            texts = [self._concept.term, *(one.term for one in wrong)]
            yield self._chosen(_asks_term(meaning), texts, wrong, meaning)

    def _which_meaning(self, meaning: Meaning) -> Iterator[_Draft]:
        low, high = (share * len(meaning.words) for share in _LIKE_LENGTH)
        others = [
            (one, said)
            for one in self._rivals.of(self._concept, meaning)
            if (said := _same_form(one, meaning)) and low <= len(said.words) <= high
        ][:_WRONG]
        if len(others) == _WRONG:
            texts = [prose.raised(text.words) for text in (meaning, *(said for _, said in others))]
            wrong = [one for one, _ in others]
            yield self._chosen(_asks_meaning(self._concept, meaning), texts, wrong, meaning, Bloom.UNDERSTAND)

    def _chosen(
        self, stem: str, texts: Sequence[str], wrong: Sequence[Concept], meaning: Meaning, bloom: Bloom = Bloom.REMEMBER
    ) -> _Draft:
        reasons = [self._right(meaning), *map(_else, wrong)]
        options = tuple(Option(_id(stem, text), text, why) for text, why in zip(texts, reasons, strict=True))
        harder = self._rivals.are_near(meaning, wrong) + (bloom is Bloom.UNDERSTAND) + (self._concept.uses <= _RARE)
        return _Draft(Kind.SINGLE_CHOICE, stem, meaning, bloom, _LEVELS[harder], reasons[-1], options)

    def _judged(self, meaning: Meaning) -> Iterator[_Draft]:
        """The statement of the book, or the same with a term in its place that might be thought to fit."""
        other = next(iter(self._rivals.of(self._concept, meaning)), None)
        if other is None or not self._rivals.may_be_taken_for(meaning, other):
            return
        is_true = self._number // 8 % 2 == 0
        stem = _statement(self._concept if is_true else other, meaning)
        apart = f"The book says it of {self._concept.term}."
        reason = self._right(meaning) if is_true else f"{apart} {self._right(meaning)} {_else(other)}"
        right, wrong = ("True", "False") if is_true else ("False", "True")
        options = Option(right.lower(), right, reason), Option(wrong.lower(), wrong, apart)
        level = _LEVELS[1 + self._rivals.are_near(meaning, [other])]
        hint = f"Think of what sets {self._concept.term} and {other.term} apart."
        yield _Draft(Kind.TRUE_FALSE, stem, meaning, Bloom.UNDERSTAND, level, hint, options)

    def _typed(self, kind: Kind, stem: str, meaning: Meaning) -> _Draft:
        level = _LEVELS[1 + (self._concept.uses <= _RARE)]
        return _Draft(kind, stem, meaning, Bloom.REMEMBER, level, accepted=_accepted(self._concept))

    def _recalled(self, meaning: Meaning) -> Iterator[_Draft]:
        """Explained in the learner's own words, and compared with the book's."""
        if len(meaning.words.split()) <= _LONGEST_POINT:
            stem = f"Explain in your own words what the book says about {_subject(self._concept)}."
            hint = f"The book begins: “{' '.join(meaning.quote.split()[:4])} …”"
            rubric = (Point(meaning.words, meaning.quote),)
            yield _Draft(
                Kind.OPEN, stem, meaning, Bloom.UNDERSTAND, Difficulty.HARD, hint, (), (meaning.words,), rubric
            )

    # Parts

    def _item(self, draft: _Draft) -> Item:
        passage, evidence = self._source.passage, _evidence(draft.meaning, self._source.passage)
        key = (draft.options[0].id,) if draft.options else draft.accepted
        place = f"{evidence.document_id}:{evidence.page_index}:{evidence.start}"
        is_own = bool(_OWN & {*self._concept.why}) or self._concept.uses >= _ESTABLISHED
        is_truth = draft.kind is Kind.TRUE_FALSE
        return Item(
            id=_id(draft.stem, *key, place, size=16),
            kind=draft.kind,
            stem=prose.raised(draft.stem),
            options=tuple(sorted(draft.options, key=lambda one: one.text != "True" if is_truth else one.id)),
            key=key,
            rationale=self._right(draft.meaning),
            hint=draft.hint or self._hint(draft.meaning),
            difficulty=draft.difficulty,
            bloom=draft.bloom,
            topic=topic_of(passage),
            section=self._concept.section,
            evidence=evidence,
            writer=BuiltinWriter.name,
            rubric=draft.rubric,
            second_choice=not is_own or draft.kind is Kind.OPEN,
        )

    def _right(self, meaning: Meaning) -> str:
        passage = self._source.passage
        where = f" ({page_name(passage.page_kind, passage.page_label)})" if _is_on(meaning, passage) else ""
        return f"The book says: “{' '.join(meaning.quote.split())}”{where}"

    def _hint(self, meaning: Meaning) -> str:
        """Something else that the book says of it; else what it is not."""
        others = (one for one in self._concept.meanings if one.quote != meaning.quote)
        said = (prose.without(self._concept.term, prose.clean(one.quote)) for one in others)
        if also := next(filter(None, said), None):
            return f"The book also says: “{also}”"
        rival = next(iter(self._rivals.of(self._concept, meaning)), None)
        return _else(rival) if rival else _NO_HINT.format(self._concept.uses)


# Wording


def _asks_term(meaning: Meaning, *, typed: bool = False) -> str:
    if meaning.form is Form.ENTRY:
        return f"Which term means “{meaning.words.rstrip('.')}”?"
    if typed and meaning.link in _NOMINAL:
        return f"What is the term for {meaning.words}?"
    return f"{'What' if typed else 'Which of these'} {meaning.link} {meaning.words}?"


def _asks_meaning(concept: Concept, meaning: Meaning) -> str:
    if meaning.form is Form.ENTRY:
        return f"What is meant by “{concept.term}”?"
    match meaning.link.split()[0]:
        case "is" | "are" | "was" | "were" as verb if meaning.link == verb:
            return f"What {verb} {_subject(concept)}?"
        case "refers" | "means" | "describes" | "involves":
            return f"What does “{concept.term}” {_INFINITIVE[meaning.link.split()[0]]}?"
        case _:
            return f"What does the book say about {_subject(concept)}?"


_INFINITIVE = {"refers": "refer to", "means": "mean", "describes": "describe", "involves": "involve"}


def _statement(concept: Concept, meaning: Meaning) -> str:
    if meaning.form is Form.ENTRY:
        return f"{prose.raised(concept.term)}: {meaning.words.rstrip('.')}."
    return prose.raised(f"{_subject(concept)} {meaning.link} {meaning.words}.")


def _subject(concept: Concept) -> str:
    return f"{concept.article} {concept.term}".strip()


def _gap(concept: Concept) -> str:
    return {"a": "A(n) ____", "an": "A(n) ____", "the": "The ____"}.get(concept.article, "____")


def _accepted(concept: Concept) -> tuple[str, ...]:
    """The term first, then its other names."""
    return tuple(dict.fromkeys((concept.term.partition(" (")[0], *concept.aliases)))


def _else(concept: Concept) -> str:
    """That a term is something else, in the words of the book."""
    said = next((one for one in concept.meanings if one.form in (Form.ENTRY, Form.IS)), concept.meanings[0])
    verb = "are" if concept.is_plural else "is"
    return f"{prose.raised(concept.term)} {verb} something else: “{' '.join(said.quote.split())}”"


def _same_form(other: Concept, meaning: Meaning) -> Meaning | None:
    """A meaning that reads as this one does, so that its form tells nothing."""
    return next((one for one in other.meanings if (one.form, one.link) == (meaning.form, meaning.link)), None)


def _is_on(meaning: Meaning, passage: Passage) -> bool:
    return meaning.page_index == passage.page_index


def _evidence(meaning: Meaning, passage: Passage) -> Evidence:
    label = passage.page_label if _is_on(meaning, passage) else meaning.page_label
    return Evidence(
        passage.document_id, passage.book, passage.filename, meaning.page_index, label, passage.page_kind,
        meaning.quote, meaning.start, meaning.end,
    )  # fmt: skip


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def _id(*parts: str, size: int = 12) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]

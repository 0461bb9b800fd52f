"""The writer that needs no chat model: questions from sentences that state something plainly."""

import asyncio
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from tools.questions import distractors, phrases
from tools.questions.chapter import Chapter
from tools.questions.distractors import Beside
from tools.questions.facts import Fact, FactKind
from tools.questions.types import Bloom, Corpus, Difficulty, Evidence, Item, Kind, Option, Source, Wanted
from tools.questions.vectors import TextVectors
from tools.types import Passage, page_name

_MIXTURE = (
    Kind.SINGLE_CHOICE, Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.SINGLE_CHOICE, Kind.SINGLE_CHOICE, Kind.GAP,
    Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.SINGLE_CHOICE, Kind.SHORT_ANSWER,
)  # fmt: skip
"""What a quiz is tried to be made of when the learner does not say; what lacks good options becomes a gap."""
_BEST_FIRST = list(FactKind)
_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_ABOUT_TERMS = (*_DEFINING, FactKind.FUNCTION, FactKind.PARTS, FactKind.PHASE)
_TELLING, _TELLING_ELSE = 1.9, 2.6
_DENIES = re.compile(r"\b(?:not|cannot|no|lacks?|lacking)\b")
_CHAPTERS = 48
_NEAR = 0.33
_MISTAKABLE = 0.38
_WRONG = 3
_NAME_WORDS = 4
_ENOUGH_WORDS = 5
_RECENT = 1990
_WEIGHTY = re.compile(
    r"\b(?:discovered|published|proposed|invented|founded|formulated|proved|built|patented|won|awarded|established)\b"
)
_RARE, _FREQUENT = 3, 12


@dataclass(frozen=True, slots=True)
class _Draft:
    """An item before it has ids: for a choice the right text comes first, each text with its rationale."""

    kind: Kind
    stem: str
    key: str
    hint: str
    bloom: Bloom
    texts: tuple[tuple[str, str], ...] = ()
    accepted: tuple[str, ...] = ()
    effort: int = 0


class BuiltinWriter:
    """Implements QuestionWriter; deterministic, so that the same passage gives the same questions."""

    name = "built-in"
    batch = 1

    def __init__(self, embeddings: Embeddings) -> None:
        self._vectors = TextVectors(embeddings)
        self._chapters: OrderedDict[tuple[str, str, int], Chapter] = OrderedDict()
        self._lock = threading.Lock()

    async def write(self, sources: Sequence[Source], wanted: Wanted, corpus: Corpus) -> AsyncGenerator[Item, None]:
        """Candidates of each source, those of the surest kind of statement first."""
        for source in sources:
            for item in await asyncio.to_thread(self._written, source, wanted, corpus):
                yield item

    def _written(self, source: Source, wanted: Wanted, corpus: Corpus) -> list[Item]:
        chapter = self._chapter(corpus.chapter(source))
        found = sorted(chapter.of(source.passage), key=lambda fact: _BEST_FIRST.index(fact.kind))

        def beside() -> Iterable[Chapter]:
            return (self._chapter(passages) for passages in corpus.beside(source.passage))

        items = (item for fact in found for item in _of_fact(fact, chapter, beside, source, wanted))
        return [item for item in items if wanted.difficulty in (None, item.difficulty)]

    def _chapter(self, passages: Sequence[Passage]) -> Chapter:
        key = passages[0].id, passages[-1].id, len(passages)
        with self._lock:
            chapter = self._chapters.pop(key, None)
        chapter = chapter or Chapter(passages, self._vectors)
        with self._lock:
            self._chapters[key] = chapter
            while len(self._chapters) > _CHAPTERS:
                self._chapters.popitem(last=False)
        return chapter


def _of_fact(fact: Fact, chapter: Chapter, beside: Beside, source: Source, wanted: Wanted) -> Iterator[Item]:
    for kind in _kinds(fact, wanted):
        for draft in _drafts(kind, fact, chapter, beside):
            yield _item(draft, fact, chapter, source)


def _kinds(fact: Fact, wanted: Wanted) -> list[Kind]:
    """The kinds asked for, in an order that differs from statement to statement but not from time to time."""
    mixture = [kind for kind in _MIXTURE if not wanted.kinds or kind in wanted.kinds]
    number = _number(fact.sentence)
    turn = number % len(mixture) if mixture else 0
    kinds = list(dict.fromkeys(mixture[turn:] + mixture[:turn]))
    return kinds if number // len(_MIXTURE) % 2 else kinds[:1] + kinds[:0:-1]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def _drafts(kind: Kind, fact: Fact, chapter: Chapter, beside: Beside) -> Iterator[_Draft]:
    if fact.kind in _ABOUT_TERMS and not _says_enough(fact, chapter):
        return
    match fact.kind:
        case FactKind.DEFINITION | FactKind.NAMED:
            yield from _about_term(kind, fact, chapter, beside)
        case FactKind.FUNCTION:
            if chapter.speaks_of(fact.term):
                yield from _about_term(kind, fact, chapter, beside)
        case FactKind.PARTS:
            if chapter.uses(fact.term) > 1:
                yield from _about_term(kind, fact, chapter, beside)
        case FactKind.PHASE if chapter.speaks_of(fact.term) and kind in (Kind.SINGLE_CHOICE, Kind.GAP):
            yield from _about_term(kind, fact, chapter, beside)
        case FactKind.REASON:
            yield from _about_reason(kind, fact, chapter)
        case FactKind.PERSON:
            yield from _about_person(kind, fact, chapter)
        case FactKind.YEAR | FactKind.PLACE | FactKind.AMOUNT if _matters(fact, chapter):
            yield from _about_gap(kind, fact, chapter)


def _matters(fact: Fact, chapter: Chapter) -> bool:
    """Where terms are explained, a number is worth knowing only when it is said of one of them."""
    if fact.kind == FactKind.YEAR:
        return int(fact.term) < _RECENT and (chapter.is_narrative or bool(_WEIGHTY.search(fact.sentence)))
    return chapter.is_narrative or (fact.kind != FactKind.PLACE and chapter.opens_with_term(fact.sentence))


# Terms: what is described, what a term means, whether a statement holds.


def _says_enough(fact: Fact, chapter: Chapter) -> bool:
    """Whether a statement is full enough to know its term by, and fits no other term of the chapter."""
    least = _TELLING if fact.kind in _DEFINING else _TELLING_ELSE
    return chapter.telling(fact.predicate) >= least and not chapter.fits_another(fact)


def _is_contrasted(fact: Fact, chapter: Chapter) -> bool:
    """Whether other terms of the chapter can be wrong options: they are not when it is the name of them all."""
    return not chapter.is_about(fact.term) and not _DENIES.search(fact.predicate)


def _about_term(kind: Kind, fact: Fact, chapter: Chapter, beside: Beside) -> Iterator[_Draft]:
    has_options = kind in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE) and _is_contrasted(fact, chapter)
    others = distractors.of_terms(fact, chapter, beside) if has_options else []
    match kind:
        case Kind.SINGLE_CHOICE:
            forms = [_which_term, _what_is] if _number(fact.term) % 3 else [_what_is, _which_term]
            for form in forms:
                yield from form(fact, others, chapter)
        case Kind.TRUE_FALSE:
            yield from _true_or_false(fact, others, chapter)
        case Kind.GAP:
            yield _gap(fact, chapter)
        case Kind.SHORT_ANSWER:
            yield from _short(fact, chapter)
        case _:
            return


def _which_term(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[_Draft]:
    if len(others) < _WRONG:
        return
    wrong = others[:_WRONG]
    texts = ((fact.term, _right(fact)), *((other.term, _is_else(other)) for other in wrong))
    effort = 1 + _closeness(fact, wrong, chapter) + _rarity(fact, chapter) + (fact.kind not in _DEFINING)
    bloom = Bloom.REMEMBER if fact.kind in _DEFINING else Bloom.UNDERSTAND
    yield _Draft(Kind.SINGLE_CHOICE, _asks_term(fact), fact.term, _hint(fact, chapter), bloom, texts, effort=effort)


def _asks_term(fact: Fact) -> str:
    if fact.kind == FactKind.NAMED:
        return _named("What {link} {what} called{condition}?", fact)
    if fact.kind == FactKind.PHASE:
        return f"During {fact.article + ' ' if fact.article else ''}____, {fact.predicate}."
    if fact.link in ("occurs when",):
        return f"What {fact.link} {fact.predicate}?"
    if fact.link in ("refers to", "means", "refer to") or "defined" in fact.link:
        return f"Which term {fact.link} {fact.predicate}?"
    return f"Which of these {fact.link} {fact.predicate}?"


def _named(form: str, fact: Fact) -> str:
    """A sentence in which something is called something, its condition at the end."""
    what, _if, condition = re.split(r"( if | when |$)", fact.predicate, maxsplit=1)
    return form.format(what=what, link=fact.link, condition=f"{_if}{condition}")


def _what_is(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[_Draft]:
    """Asked for the meaning, with the meanings of other terms to choose from."""
    if fact.kind != FactKind.DEFINITION or fact.link == "occurs when":
        return
    alike = [
        other
        for other in others
        if other in chapter.definitions and other.kind == FactKind.DEFINITION and other.link == fact.link
    ]
    wrong = distractors.of_like_length(fact.predicate, alike)[:_WRONG]
    if len(wrong) < _WRONG:
        return
    texts = ((fact.predicate, _right(fact)), *((other.predicate, _means_else(other)) for other in wrong))
    effort = 2 + _closeness(fact, wrong, chapter) + _rarity(fact, chapter)
    hint = _hint_about(fact, chapter)
    yield _Draft(Kind.SINGLE_CHOICE, _asks_meaning(fact), fact.predicate, hint, Bloom.UNDERSTAND, texts, effort=effort)


def _asks_meaning(fact: Fact) -> str:
    if fact.link in ("refers to", "means"):
        return f"What does {fact.subject} {'refer to' if fact.link == 'refers to' else 'mean'}?"
    if fact.link == "refer to":
        return f"What do {fact.subject} refer to?"
    return f"What {fact.link.split()[0]} {fact.subject}?"


def _true_or_false(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[_Draft]:
    """The statement of the book, or the same with the term of another definition in its place."""
    other = next((other for other in others if other in chapter.definitions), None)
    if other is None or chapter.nearness(fact, [other])[0] < _MISTAKABLE:
        return
    is_true = fact.kind not in _DEFINING or _number(fact.sentence + "true") % 2 == 0
    stem = _statement(fact, fact if is_true else other)
    right, wrong = ("True", "False") if is_true else ("False", "True")
    why = _right(fact) if is_true else f"The book says it of {fact.subject}: {_quoted(fact)} {_is_else(other)}"
    against = (
        f"It is what the book says: {_quoted(fact)}"
        if is_true
        else f"That would fit {fact.subject}, not {other.subject}."
    )
    hint = f"Think of what sets {fact.term} and {other.term} apart."
    bloom = Bloom.REMEMBER if is_true else Bloom.UNDERSTAND
    yield _Draft(
        Kind.TRUE_FALSE, stem, right, hint, bloom, ((right, why), (wrong, against)), effort=0 if is_true else 1
    )


def _statement(fact: Fact, about: Fact) -> str:
    if fact.kind == FactKind.NAMED:
        return phrases.raised(_named(f"{{what}} {{link}} called {about.subject}{{condition}}.", fact))
    return phrases.raised(f"{about.subject} {fact.link} {fact.predicate}.")


def _gap(fact: Fact, chapter: Chapter) -> _Draft:
    article = {"a": "A(n) ", "an": "A(n) ", "the": "The "}.get(fact.article, "")
    stem = f"{article}____ {fact.link} {fact.predicate}."
    if fact.kind == FactKind.NAMED:
        article = "a(n) " if fact.article in ("a", "an") else f"{fact.article} " if fact.article else ""
        stem = phrases.raised(_named(f"{{what}} {{link}} called {article}____{{condition}}.", fact))
    effort, accepted = 1 + _rarity(fact, chapter), _accepted(fact, chapter)
    return _Draft(Kind.GAP, stem, fact.term, _hint(fact, chapter), Bloom.REMEMBER, accepted=accepted, effort=effort)


def _short(fact: Fact, chapter: Chapter) -> Iterator[_Draft]:
    if fact.kind not in _DEFINING or fact.predicate.startswith("to "):
        return
    asks_as_such = fact.kind == FactKind.NAMED or fact.link == "occurs when"
    stem = _asks_term(fact) if asks_as_such else f"What is the term for {_noun_phrase(fact.predicate)}?"
    effort = 2 + _rarity(fact, chapter)
    yield _Draft(
        Kind.SHORT_ANSWER,
        stem,
        fact.term,
        _hint(fact, chapter),
        Bloom.REMEMBER,
        accepted=_accepted(fact, chapter),
        effort=effort,
    )


def _noun_phrase(predicate: str) -> str:
    """What a thing is, without the second verb that some definitions go on with."""
    first, _, _ = re.split(r"(,? and (?:has|have|is|are|can)\b|$)", predicate, maxsplit=1)
    is_enough = len(first.split()) >= _ENOUGH_WORDS and not re.search(r"\b(?:that|which|who)\b", first)
    return first if is_enough else predicate


def _accepted(fact: Fact, chapter: Chapter) -> tuple[str, ...]:
    """The term first; in the other number only as the book itself has it, for not every noun has both."""
    other = phrases.other_number(fact.term)
    return tuple(dict.fromkeys((fact.term, *fact.aliases, *([other] if chapter.has_form(other) else []))))


# Causes, people, years, places and amounts.


def _about_reason(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[_Draft]:
    wrong = distractors.of_reasons(fact, chapter)[:_WRONG]
    if kind != Kind.SINGLE_CHOICE or len(wrong) < _WRONG:
        return
    texts = ((f"because {fact.predicate}", _right(fact)), *((f"because {text}", _REASON_ELSE) for text in wrong))
    hint = f"The answer is in the part on {_place(fact)}."
    yield _Draft(kind, f"Why {fact.term}?", texts[0][0], hint, Bloom.UNDERSTAND, texts, effort=2)


_REASON_ELSE = "The book gives this as the reason for something else in the same chapter."


def _about_person(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[_Draft]:
    stem = phrases.raised(f"{fact.link} {fact.predicate}?")
    first = fact.term.split()[-1][:1]
    hint = f"The surname begins with {first}."
    if kind == Kind.SHORT_ANSWER:
        accepted = (fact.term, fact.term.split()[-1])
        yield _Draft(kind, stem, fact.term, hint, Bloom.REMEMBER, accepted=accepted, effort=2)
    wrong = distractors.of_persons(fact, chapter)[:_WRONG]
    if kind == Kind.SINGLE_CHOICE and len(wrong) == _WRONG:
        texts = ((fact.term, _right(fact)), *((name, f"The book names {name} for something else.") for name in wrong))
        yield _Draft(kind, stem, fact.term, hint, Bloom.REMEMBER, texts, effort=1)


def _about_gap(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[_Draft]:
    if kind == Kind.GAP and fact.kind != FactKind.PLACE:
        yield _Draft(kind, fact.predicate, fact.term, _hint_gap(fact), Bloom.REMEMBER, accepted=(fact.term,), effort=2)
    wrong = _WRONG_FILLERS[fact.kind](fact, chapter)[:_WRONG]
    if kind == Kind.SINGLE_CHOICE and len(wrong) == _WRONG:
        texts = (
            (fact.term, _right(fact)),
            *((text, f"The book says {fact.term} here: {_quoted(fact)}") for text in wrong),
        )
        yield _Draft(kind, fact.predicate, fact.term, _hint_gap(fact), Bloom.REMEMBER, texts, effort=1)


def _wrong_years(fact: Fact, chapter: Chapter) -> list[str]:
    others = [int(other.term) for other in chapter.of_kind(FactKind.YEAR) if other.term not in fact.sentence]
    return [str(year) for year in distractors.of_years(int(fact.term), others)]


_WRONG_FILLERS: dict[FactKind, Callable[[Fact, Chapter], list[str]]] = {
    FactKind.YEAR: _wrong_years,
    FactKind.PLACE: distractors.of_places,
    FactKind.AMOUNT: lambda fact, _: distractors.of_amounts(fact.term, fact.link),
}


def _hint_gap(fact: Fact) -> str:
    match fact.kind:
        case FactKind.YEAR:
            first = (
                (int(fact.term) - 10) // 50 * 50 + 10 if fact.term.endswith(("00", "50")) else int(fact.term) // 50 * 50
            )
            return f"It was between {first} and {first + 50}."
        case FactKind.AMOUNT:
            value = float(fact.term.replace(",", ""))
            most = 100 if fact.link in ("percent", "%") else value * 3
            return f"The number lies between {_plain(value * 0.2)} and {_plain(most)}."
        case _:
            return f"The name begins with {fact.term[0]}."


def _plain(value: float) -> str:
    """A number to one significant digit."""
    return f"{float(f'{value:.1g}'):,.10g}"


# What the learner reads afterwards, and what helps before.


def _quoted(fact: Fact) -> str:
    where = page_name(fact.passage.page_kind, fact.passage.page_label)
    return f"“{fact.sentence}” ({where})"


def _right(fact: Fact) -> str:
    return f"The book says: {_quoted(fact)}"


def _is_else(other: Fact) -> str:
    return f"{phrases.raised(other.term)} {'are' if other.is_plural else 'is'} something else: {_quoted(other)}"


def _means_else(other: Fact) -> str:
    return f"That is said of {other.subject}: {_quoted(other)}"


def _place(fact: Fact) -> str:
    section = fact.passage.section
    return f"“{section[-1]}”" if section else page_name(fact.passage.page_kind, fact.passage.page_label)


def _hint(fact: Fact, chapter: Chapter) -> str:
    """Another sentence of the book about the term, without the term; else its first letter."""
    said = chapter.also_says(fact.term, lambda text: text != fact.sentence and len(text.split()) <= 30)
    if said:
        return f"The book also says: “{said}”"
    letters = sum(sign.isalpha() for sign in fact.term)
    return f"It begins with {fact.term[0].upper()} and has {letters} letters."


def _hint_about(fact: Fact, chapter: Chapter) -> str:
    roots = phrases.root_words(fact.predicate)
    said = chapter.also_says(
        fact.term, lambda text: text != fact.sentence and len(roots & phrases.root_words(text)) <= len(roots) // 3
    )
    return f"The book also says of it: “{said}”" if said else f"Read again what stands in the part on {_place(fact)}."


# How hard it is, and the finished item.


def _closeness(fact: Fact, wrong: Sequence[Fact], chapter: Chapter) -> int:
    return int(float(chapter.nearness(fact, wrong).mean()) > _NEAR)


def _rarity(fact: Fact, chapter: Chapter) -> int:
    """Terms that the chapter hardly uses are harder than those it uses all the time."""
    uses = chapter.uses(fact.term)
    return 1 if uses <= _RARE else -1 if uses >= _FREQUENT else 0


def _difficulty(effort: int) -> Difficulty:
    return Difficulty.EASY if effort <= 0 else Difficulty.MEDIUM if effort <= 2 else Difficulty.HARD


def _item(draft: _Draft, fact: Fact, chapter: Chapter, source: Source) -> Item:
    evidence = _evidence(fact, source)
    options = tuple(Option(_id(draft.stem, text), _shown(draft, text), why) for text, why in draft.texts)
    key = (options[0].id,) if options else draft.accepted
    place = f"{evidence.document_id}:{evidence.page_index}:{evidence.start}"
    passage = fact.passage
    return Item(
        id=_id(draft.stem, draft.key, place, size=16),
        kind=draft.kind,
        stem=draft.stem,
        options=tuple(sorted(options, key=lambda option: option.id))
        if draft.kind != Kind.TRUE_FALSE
        else _ordered(options),
        key=key,
        rationale=_right(fact),
        hint=draft.hint,
        difficulty=_difficulty(draft.effort),
        bloom=draft.bloom,
        topic=(passage.section[1:2] or passage.section[:1] or (passage.book,))[0],
        section=passage.section,
        evidence=evidence,
        writer=BuiltinWriter.name,
    )


def _ordered(options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: option.text != "True"))


def _shown(draft: _Draft, text: str) -> str:
    """Options that are sentences rather than names start with a capital, all of them."""
    is_long = draft.kind == Kind.SINGLE_CHOICE and any(len(other.split()) > _NAME_WORDS for other, _ in draft.texts)
    return phrases.raised(text) if is_long else text


def _id(*parts: str, size: int = 12) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]


def _evidence(fact: Fact, source: Source) -> Evidence:
    """The sentence where it stands on the stored page; the pipeline checks that it does."""
    passage = fact.passage
    start, end = passage.start + fact.start, passage.start + fact.end
    return Evidence(
        passage.document_id, passage.book, passage.filename, passage.page_index, passage.page_label, passage.page_kind,
        source.page_text[start:end], start, end,
    )  # fmt: skip

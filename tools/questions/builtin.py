"""The writer that needs no chat model: questions from sentences that state something plainly."""

import asyncio
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import cache, cached_property
from itertools import count, islice

from tools.inflection import other_number
from tools.questions import distractors, narrative, phrases, worth
from tools.questions.chapter import Chapter
from tools.questions.choose import topic_of
from tools.questions.distractors import Beside
from tools.questions.drafts import Draft, quoted, right
from tools.questions.facts import Fact, FactKind
from tools.questions.likeness import Likeness
from tools.questions.types import Bloom, Corpus, Difficulty, Evidence, Item, Kind, Option, SourcePassage, Wanted
from tools.types import Passage, page_name

_MIXTURE = (
    Kind.SINGLE_CHOICE, Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.SINGLE_CHOICE, Kind.SINGLE_CHOICE, Kind.GAP,
    Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.SINGLE_CHOICE, Kind.SHORT_ANSWER,
)  # fmt: skip
"""What a quiz is tried to be made of when the learner does not say; what lacks good options becomes a gap."""
_BEST_FIRST = list(FactKind)
_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_WITHIN = (FactKind.CALLED, FactKind.LISTED, FactKind.TOLD)
_ABOUT_TERMS = (*_DEFINING, *_WITHIN, FactKind.FUNCTION, FactKind.PARTS, FactKind.PHASE)
_EXCHANGED = (*_DEFINING, FactKind.CALLED, FactKind.LISTED)
"""Statements that are false for certain once another term stands in them."""
_TELLING, _TELLING_ELSE = 1.9, 2.6
_DENIES = re.compile(r"\b(?:not|cannot|no|lacks?|lacking)\b")
_SHORT_TEXT = 200
_CHAPTERS, _PASSAGES = 48, 2048
_NEAR = 0.33
_MISTAKABLE = 0.38
_MAY_HOLD = 2
"""Words in common with any sentence about a term from which a statement that names it might hold after all."""
_WRONG = 3
_NAME_WORDS = 4
_ENOUGH_WORDS = 5
_RECENT = 1990
_WEIGHTY = re.compile(
    r"\b(?:discovered|published|proposed|invented|founded|formulated|proved|built|patented|won|awarded|established)\b"
)

_RARE, _FREQUENT = 3, 12

Others = Callable[[], list[Fact]]
"""The terms that can be wrong options, looked for only when they are asked for."""


class BuiltinWriter:
    """Implements QuestionWriter; deterministic, so that the same passage gives the same questions."""

    name = "built-in"
    batch = 1
    varies = False

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._chapters: OrderedDict[tuple[str, str, int], Chapter] = OrderedDict()
        self._kept: OrderedDict[tuple[object, ...], _Written] = OrderedDict()
        self._lock = threading.Lock()
        self._goes_on = False

    @cached_property
    def further(self) -> "BuiltinWriter":
        """Goes on where this writer has nothing left, with statements that tell less; reads the same chapters."""
        writer = copy(self)
        writer._kept, writer._goes_on = OrderedDict(), True
        return writer

    async def write(
        self, sources: Sequence[SourcePassage], wanted: Wanted, corpus: Corpus
    ) -> AsyncGenerator[Item, None]:
        """Candidates of each source, those of the surest kind of statement first; made as they are asked for."""
        for source in sources:
            written = await asyncio.to_thread(self._written, source, wanted, corpus)
            for n in count():
                item = await asyncio.to_thread(written.at, n)
                if item is None:
                    break
                yield item

    def _written(self, source: SourcePassage, wanted: Wanted, corpus: Corpus) -> "_Written":
        """Kept, since a passage is come back to for a second question."""
        passages = corpus.chapter(source)
        key = _key(passages), source.passage.id, wanted.kinds, wanted.difficulty
        with self._lock:
            written = self._kept.pop(key, None) or _Written(self._candidates(source, wanted, corpus, passages))
            self._kept[key] = written
            while len(self._kept) > _PASSAGES:
                self._kept.popitem(last=False)
        return written

    def _candidates(
        self, source: SourcePassage, wanted: Wanted, corpus: Corpus, passages: Sequence[Passage]
    ) -> Iterator[Item]:
        chapter = self._chapter(passages)

        def beside() -> Iterable[Chapter]:
            return (self._chapter(passages) for passages in corpus.beside(source.passage))

        found = chapter.asserted(source.passage) if self._goes_on else chapter.of(source.passage)
        for fact in sorted(found, key=lambda fact: _BEST_FIRST.index(fact.kind)):
            for item in _of_fact(fact, chapter, beside, source, wanted):
                if wanted.difficulty in (None, item.difficulty):
                    yield item

    def _chapter(self, passages: Sequence[Passage]) -> Chapter:
        key = _key(passages)
        with self._lock:
            chapter = self._chapters.pop(key, None)
        chapter = chapter or Chapter(passages, self._likeness)
        with self._lock:
            self._chapters[key] = chapter
            while len(self._chapters) > _CHAPTERS:
                self._chapters.popitem(last=False)
        return chapter


class _Written:
    """What a passage gives, made once and only as far as it was asked for; for several readers at a time."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items, self._left = list[Item](), items
        self._lock = threading.Lock()

    def at(self, n: int) -> Item | None:
        with self._lock:
            self._items += islice(self._left, max(0, n + 1 - len(self._items)))
            return self._items[n] if n < len(self._items) else None


def _key(passages: Sequence[Passage]) -> tuple[str, str, int]:
    return passages[0].id, passages[-1].id, len(passages)


def _of_fact(fact: Fact, chapter: Chapter, beside: Beside, source: SourcePassage, wanted: Wanted) -> Iterator[Item]:
    if fact.kind in _ABOUT_TERMS and not _says_enough(fact, chapter):
        return

    @cache
    def others() -> list[Fact]:
        return distractors.of_terms(fact, chapter, beside) if _is_contrasted(fact, chapter) else []

    for kind in _kinds(fact, wanted):
        for draft in _drafts(kind, fact, chapter, others):
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


def _drafts(kind: Kind, fact: Fact, chapter: Chapter, others: Others) -> Iterator[Draft]:
    if fact.kind == FactKind.REASON:
        yield from _about_reason(kind, fact, chapter)
    elif _is_of_its_term(kind, fact, chapter):
        yield from _about_term(kind, fact, chapter, others)
    elif _is_told(fact, chapter):
        yield from narrative.drafts(kind, fact, chapter)


def _is_of_its_term(kind: Kind, fact: Fact, chapter: Chapter) -> bool:
    """Whether a question of this kind can ask for the fact's term."""
    match fact.kind:
        case FactKind.DEFINITION | FactKind.NAMED:
            return True
        case FactKind.FUNCTION:
            return chapter.speaks_of(fact.term)
        case FactKind.PARTS:
            return chapter.uses(fact.term) > 1
        case FactKind.PHASE:
            return chapter.speaks_of(fact.term) and kind in (Kind.SINGLE_CHOICE, Kind.GAP)
        case FactKind.CALLED | FactKind.TOLD:
            return kind != Kind.SHORT_ANSWER
        case FactKind.LISTED:
            return kind == Kind.GAP
    return False


def _is_told(fact: Fact, chapter: Chapter) -> bool:
    """Whether the fact is worth a question as a statement of a narrative."""
    match fact.kind:
        case FactKind.FUNCTION | FactKind.PARTS:
            return False
        case FactKind.YEAR | FactKind.AMOUNT:
            return _matters(fact, chapter)
        case FactKind.SUBJECT:
            # a long chapter on terms has better, and more terms that the statement may fit as well
            return chapter.is_story or len(chapter.sentences) <= _SHORT_TEXT
    return True


def _matters(fact: Fact, chapter: Chapter) -> bool:
    """Where terms are explained, a number is worth knowing only when it is said of one of them."""
    if fact.kind == FactKind.YEAR:
        return int(fact.term) < _RECENT and (chapter.is_narrative or bool(_WEIGHTY.search(fact.sentence)))
    return chapter.is_narrative or chapter.opens_with_term(fact.sentence)


# Terms: what is described, what a term means, whether a statement holds.


def _says_enough(fact: Fact, chapter: Chapter) -> bool:
    """Whether a statement is full enough to know its term by, and fits no other term of the chapter."""
    if fact.kind == FactKind.CALLED and phrases.names_itself(fact.term, fact.predicate):
        return False
    least = _TELLING if fact.kind in _DEFINING else _TELLING_ELSE
    return chapter.telling(fact.predicate) >= least and not chapter.fits_another(fact)


def _is_contrasted(fact: Fact, chapter: Chapter) -> bool:
    """Whether other terms of the chapter can be wrong options: they are not when it is the name of them all."""
    return not chapter.is_about(fact.term) and not _DENIES.search(fact.predicate)


def _about_term(kind: Kind, fact: Fact, chapter: Chapter, others: Others) -> Iterator[Draft]:
    match kind:
        case Kind.SINGLE_CHOICE:
            forms = [_which_term, _what_is] if _number(fact.term) % 3 else [_what_is, _which_term]
            for form in forms:
                yield from form(fact, others(), chapter)
        case Kind.TRUE_FALSE:
            yield from _true_or_false(fact, others(), chapter)
        case Kind.GAP:
            yield _gap(fact, chapter)
        case Kind.SHORT_ANSWER:
            yield from _short(fact, chapter)
        case _:
            return


def _which_term(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[Draft]:
    if len(others) < _WRONG:
        return
    wrong = others[:_WRONG]
    texts = ((fact.term, right(fact)), *((other.term, _is_else(other)) for other in wrong))
    effort = 1 + _closeness(fact, wrong, chapter) + _rarity(fact, chapter) + (fact.kind not in _DEFINING)
    bloom = Bloom.REMEMBER if fact.kind in _DEFINING else Bloom.UNDERSTAND
    yield Draft(Kind.SINGLE_CHOICE, _asks_term(fact), fact.term, _hint(fact, chapter), bloom, texts, effort=effort)


def _asks_term(fact: Fact) -> str:
    if fact.kind in _WITHIN:
        return fact.predicate
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


def _what_is(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[Draft]:
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
    texts = ((fact.predicate, right(fact)), *((other.predicate, _means_else(other)) for other in wrong))
    effort = 2 + _closeness(fact, wrong, chapter) + _rarity(fact, chapter)
    hint = _hint_about(fact, chapter)
    yield Draft(Kind.SINGLE_CHOICE, _asks_meaning(fact), fact.predicate, hint, Bloom.UNDERSTAND, texts, effort=effort)


def _asks_meaning(fact: Fact) -> str:
    if fact.link in ("refers to", "means"):
        return f"What does {fact.subject} {'refer to' if fact.link == 'refers to' else 'mean'}?"
    if fact.link == "refer to":
        return f"What do {fact.subject} refer to?"
    return f"What {fact.link.split()[0]} {fact.subject}?"


def _true_or_false(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Iterator[Draft]:
    """The statement of the book, or the same with another term in its place."""
    other = _mistakable(fact, others, chapter)
    if other is None:
        return
    is_true = fact.kind not in _EXCHANGED or _number(fact.sentence + "true") % 2 == 0
    stem = _statement(fact, fact if is_true else other)
    key, wrong = ("True", "False") if is_true else ("False", "True")
    why = right(fact) if is_true else f"The book says it of {fact.subject}: {quoted(fact)} {_is_else(other)}"
    against = (
        f"It is what the book says: {quoted(fact)}"
        if is_true
        else f"That would fit {fact.subject}, not {other.subject}."
    )
    hint = f"Think of what sets {fact.term} and {other.term} apart."
    bloom = Bloom.REMEMBER if is_true else Bloom.UNDERSTAND
    yield Draft(Kind.TRUE_FALSE, stem, key, hint, bloom, ((key, why), (wrong, against)), effort=0 if is_true else 1)


def _mistakable(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> Fact | None:
    """Another term that might be thought to fit: one whose meaning is near, or any where the statement is a naming."""
    if fact.kind in (FactKind.CALLED, FactKind.LISTED):
        roots = phrases.root_words(fact.predicate)
        alike = (other for other in others if distractors.are_of_one_sort(fact, other, chapter))
        fitting = (other for other in alike if _fits_in(fact, other))
        return next((other for other in fitting if not chapter.shares_words(other.term, roots, _MAY_HOLD)), None)
    other = next((other for other in others if other in chapter.definitions), None)
    return other if other and chapter.nearness(fact, [other])[0] >= _MISTAKABLE else None


def _fits_in(fact: Fact, other: Fact) -> bool:
    """Whether another term needs no article where this one has none."""
    has_place = re.search(r"(?:\b[Tt]he|\(n\)) ____", fact.predicate)
    return bool(has_place or fact.is_plural or other.article not in ("a", "an"))


def _statement(fact: Fact, about: Fact) -> str:
    if fact.kind in _WITHIN:
        return phrases.raised(_filled(fact, about.term))
    if fact.kind == FactKind.NAMED:
        return phrases.raised(_named(f"{{what}} {{link}} called {about.subject}{{condition}}.", fact))
    return phrases.raised(f"{about.subject} {fact.link} {fact.predicate}.")


def _filled(fact: Fact, term: str) -> str:
    """The sentence with a term in its gap, and the article that the term wants."""
    article = "an" if re.match(r"[aeiou]", term, re.IGNORECASE) else "a"
    said = re.sub(r"\b([Aa])\(n\) ____", lambda m: f"{m[1]}{article[1:]} ____", fact.predicate)
    return said.replace("____", term)


def _gap(fact: Fact, chapter: Chapter) -> Draft:
    article = {"a": "A(n) ", "an": "A(n) ", "the": "The "}.get(fact.article, "")
    stem = fact.predicate if fact.kind in _WITHIN else f"{article}____ {fact.link} {fact.predicate}."
    if fact.kind == FactKind.NAMED:
        article = "a(n) " if fact.article in ("a", "an") else f"{fact.article} " if fact.article else ""
        stem = phrases.raised(_named(f"{{what}} {{link}} called {article}____{{condition}}.", fact))
    rarity, accepted = _rarity(fact, chapter), _accepted(fact, chapter)
    effort = 1 + (2 * rarity if rarity > 0 else rarity)  # nothing to choose from, and hardly ever read
    return Draft(Kind.GAP, stem, fact.term, _hint(fact, chapter), Bloom.REMEMBER, accepted=accepted, effort=effort)


def _short(fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    if fact.kind not in _DEFINING or fact.predicate.startswith("to "):
        return
    asks_as_such = fact.kind == FactKind.NAMED or fact.link == "occurs when"
    stem = _asks_term(fact) if asks_as_such else f"What is the term for {_noun_phrase(fact.predicate)}?"
    effort = 2 + _rarity(fact, chapter)
    yield Draft(
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
    other = other_number(fact.term)
    return tuple(dict.fromkeys((fact.term, *fact.aliases, *([other] if chapter.has_form(other) else []))))


# Causes.


def _about_reason(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    wrong = distractors.of_reasons(fact, chapter)[:_WRONG]
    if kind != Kind.SINGLE_CHOICE or len(wrong) < _WRONG:
        return
    texts = ((f"because {fact.predicate}", right(fact)), *((f"because {text}", _REASON_ELSE) for text in wrong))
    hint = f"The answer is in the part on {_place(fact)}."
    yield Draft(kind, f"Why {fact.term}?", texts[0][0], hint, Bloom.UNDERSTAND, texts, effort=2)


_REASON_ELSE = "The book gives this as the reason for something else in the same chapter."


# What the learner reads afterwards, and what helps before.


def _is_else(other: Fact) -> str:
    if other.kind == FactKind.MENTION:
        return f"The book names {other.term} beside it, as something else: {quoted(other)}"
    return f"{phrases.raised(other.term)} {'are' if other.is_plural else 'is'} something else: {quoted(other)}"


def _means_else(other: Fact) -> str:
    return f"That is said of {other.subject}: {quoted(other)}"


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


def _item(draft: Draft, fact: Fact, chapter: Chapter, source: SourcePassage) -> Item:
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
        rationale=right(fact),
        hint=draft.hint,
        difficulty=_difficulty(draft.effort),
        bloom=draft.bloom,
        topic=topic_of(passage),
        section=passage.section,
        evidence=evidence,
        writer=BuiltinWriter.name,
        second_choice=not worth.is_first_choice(fact, chapter),
    )


def _ordered(options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: option.text != "True"))


def _shown(draft: Draft, text: str) -> str:
    """Options that are sentences rather than names start with a capital, all of them."""
    is_long = draft.kind == Kind.SINGLE_CHOICE and any(len(other.split()) > _NAME_WORDS for other, _ in draft.texts)
    return phrases.raised(text) if is_long else text


def _id(*parts: str, size: int = 12) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]


def _evidence(fact: Fact, source: SourcePassage) -> Evidence:
    """The sentence where it stands on the stored page; the pipeline checks that it does."""
    passage = fact.passage
    start, end = passage.start + fact.start, passage.start + fact.end
    return Evidence(
        passage.document_id, passage.book, passage.filename, passage.page_index, passage.page_label, passage.page_kind,
        source.page_text[start:end], start, end,
    )  # fmt: skip

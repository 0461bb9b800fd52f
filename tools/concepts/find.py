"""The concepts of a document: what its own apparatus names, what it explains, what its sections speak of."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from math import log

from tools import sentences
from tools.apparatus import Emphasised, Entry, Exercise, IndexEntry, KeyTerm
from tools.citations import anchor
from tools.concepts import prose
from tools.concepts.meanings import Explained, explained
from tools.concepts.types import BookQuestion, Concept, Form, Meaning, Why
from tools.inflection import is_plural
from tools.numerals import LETTERS
from tools.types import Passage
from tools.words import stem, words

_WEIGHTS = {
    Why.GLOSSARY: 4.0, Why.EMPHASIS: 2.5, Why.HEADING: 2.0, Why.INDEX: 1.0, Why.MEANING: 2.0, Why.FREQUENCY: 0.5,
}  # fmt: skip
_FEWEST_USES, _OFTEN, _LOCAL_USES, _LOCAL = 3, 4, 4, 0.6
_COHESION = 0.25
_MOST_MEANINGS, _SHORT_TEXT = 3, 200
_VERB = re.compile(
    r"is|are|was|were|has|have|had|can|could|may|might|must|will|would|did|does|do|\w{2,}(?:s|ed)|began|gave|led|made|took"
)
_PROPERTY = re.compile(r".*(?:ive|ous|ful|less|able|ible|ed|ly)")
_WIDER, _MARGIN = 1.3, 60
_NOUN = re.compile(
    r"\b(?:an?|the|of|this|their|its) ([a-z][a-z-]+)(?=[.,;)]| (?:is|are|was|were|of|that|which|has|have)\b)"
)
_CHOICES = 4
_NAME = re.compile(r"(?<![.!?:“] )\b[A-Z][a-z][\w’'-]*(?: (?:(?:of|the|and|for|to|in) )?(?:the )?[A-Z][\w’'-]*){1,4}\b")
_OPENERS = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "by",
        "for",
        "and",
        "but",
        "when",
        "after",
        "before",
        "during",
        "as",
        "while",
        "with",
        "from",
        "to",
        "his",
        "her",
        "their",
    ]
)
_LABEL = re.compile(r"^(?:chapter|section|unit|part|\d+(?:\.\d+)*)[\s.:]*", re.IGNORECASE)
_JOINED = re.compile(r":\s+|,\s+(?:and\s+)?|\s+and\s+|\s*&\s*")
_MATTER = re.compile(
    r"(?:key terms|glossary|summary|review|exercises?|problems|solutions|answers?|references|bibliography|index"
    r"|contents|preface|acknowledg|critical thinking|personal application|about|further reading|credits)",
    re.IGNORECASE,
)

Key = tuple[str, ...]


def key_of(term: str) -> Key:
    """What the forms of a term have in common."""
    return tuple(stem(word) for word in words(re.sub(r"\([^()]*\)", "", term)))


def find(passages: Sequence[Passage], entries: Iterable[Entry]) -> list[Concept]:
    """The concepts in reading order, each in the section that treats it."""
    return _Finder(_Text(passages)).found(entries)


@dataclass(slots=True)
class _Candidate:
    """A term that may be a concept, with all that speaks for it."""

    term: str
    why: set[Why] = field(default_factory=set)
    entry: KeyTerm | None = None
    stress: Emphasised | None = None
    said: list[tuple[Passage, Explained]] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)


class _Text:
    """The sentences of a document by the stems that they hold."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = [passage for passage in passages if not any(map(_MATTER.match, passage.section[-1:]))]
        self.every = passages
        self.sentences: list[tuple[Passage, int, int, Key]] = []
        self._places: dict[str, set[int]] = defaultdict(set)
        for passage in self.passages:
            for start, end in sentences.split(passage.text):
                stems = tuple(stem(word) for word in words(passage.text[start:end]))
                for one in set(stems):
                    self._places[one].add(len(self.sentences))
                self.sentences.append((passage, start, end, stems))

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Words that stand as nouns somewhere."""
        return frozenset(noun for passage in self.passages for noun in _NOUN.findall(passage.text))

    @cached_property
    def lower(self) -> frozenset[str]:
        """Words that are written without a capital somewhere."""
        return frozenset(word for p in self.passages for word in re.findall(r"\b[a-z][\w’-]+", p.text))

    def page(self, index: int) -> "_PageText":
        """A page as far as passages have it."""
        return self._pages.get(index, _PageText("", ""))

    @cached_property
    def _pages(self) -> dict[int, "_PageText"]:
        parts: dict[int, list[Passage]] = defaultdict(list)
        for passage in self.every:
            parts[passage.page_index].append(passage)
        return {index: _PageText(_joined(of), of[0].page_label) for index, of in parts.items()}

    def naming(self, key: Key) -> list[int]:
        """The sentences that have these stems one after another, in order."""
        if not key or any(one not in self._places for one in key):
            return []
        both = set.intersection(*(self._places[one] for one in key))
        return sorted(n for n in both if len(key) == 1 or _holds(self.sentences[n][3], key))


@dataclass(frozen=True, slots=True)
class _PageText:
    text: str
    label: str


def _joined(passages: Sequence[Passage]) -> str:
    signs = [" "] * max(passage.end for passage in passages)
    for passage in passages:
        signs[passage.start : passage.end] = passage.text
    return "".join(signs)


def _holds(stems: Key, key: Key) -> bool:
    return any(stems[at : at + len(key)] == key for at in range(len(stems) - len(key) + 1))


class _Finder:
    def __init__(self, text: _Text) -> None:
        self._text = text
        self._candidates: dict[Key, _Candidate] = {}

    def found(self, entries: Iterable[Entry]) -> list[Concept]:
        asked: list[Exercise] = []
        for entry in entries:
            match entry:
                case KeyTerm():
                    self._add(self._as_written(entry.term), Why.GLOSSARY, entry=entry)
                case Emphasised():
                    self._add(entry.term, Why.EMPHASIS, stress=entry)
                case IndexEntry():
                    self._add(entry.term, Why.INDEX)
                case Exercise() if len(entry.choices) == _CHOICES and entry.answer:
                    asked.append(entry)
                case _:
                    pass
        self._read()
        concepts = [one for key, made in self._candidates.items() if (one := self._concept(key, made))]
        order = {passage.id: n for n, passage in enumerate(self._text.every)}
        return self._with_exercises(sorted(concepts, key=lambda one: order[one.passage_id]), asked)

    def _add(self, term: str, why: Why, *, entry: KeyTerm | None = None, stress: Emphasised | None = None) -> None:
        key = key_of(term)
        if not key or (why is not Why.GLOSSARY and not prose.is_term(term)):
            return
        made = self._candidates.setdefault(key, _Candidate(term))
        made.why.add(why)
        made.entry, made.stress = made.entry or entry, made.stress or stress

    def _read(self) -> None:
        """What the text explains, what its headings name, and what it speaks of again and again."""
        for passage in self._text.passages:
            for said in explained(passage.text, self._text.nouns):
                made = self._candidates.setdefault(key_of(said.term), _Candidate(said.term))
                made.said.append((passage, said))
                made.why.add(Why.MEANING)
        for heading in dict.fromkeys(h for passage in self._text.passages for h in passage.section[1:]):
            for part in {heading, *_JOINED.split(heading)}:
                self._add(self._as_written(_LABEL.sub("", part).strip(" .?")), Why.HEADING)
        for term in chain(_frequent(self._text), _names(self._text), _local(self._text)):
            self._add(term, Why.FREQUENCY)

    def _as_written(self, heading: str) -> str:
        """Without the capitals of a title, where the text has none."""
        is_plain = all(word.lower() in self._text.lower for word in words(heading))
        return heading.lower() if is_plain else heading

    def _concept(self, key: Key, made: _Candidate) -> Concept | None:
        named = self._text.naming(key)
        if not self._is_established(made, named):
            return None
        home = self._home(made, named)
        if home is None:
            return None
        said = [one for _, one in made.said]
        aliases = dict.fromkeys(alias for one in said for alias in one.aliases)
        meanings = tuple(self._meanings(made, named, home))
        if not meanings:
            return None
        weight = sum(_WEIGHTS[why] for why in made.why) + log(1 + len(named))
        return Concept(
            term=_term_of(made),
            section=home.section,
            passage_id=home.id,
            weight=round(weight, 2),
            why=tuple(sorted(made.why)),
            meanings=meanings,
            article=next((one.article for one in said if one.article), ""),
            is_plural=any(one.link.startswith(("are", "were")) for one in said),
            aliases=tuple(alias for alias in aliases if key_of(alias) != key),
            uses=len(named),
        )

    def _is_established(self, made: _Candidate, named: Sequence[int]) -> bool:
        """Whether a term is the book's own, and not a person or a word of one sentence."""
        if Why.GLOSSARY in made.why:
            return True
        is_subject = any(_opens(passage, one) for passage, one in made.said)
        is_short = len(self._text.sentences) <= _SHORT_TEXT
        if self._is_person(made.term, is_short=is_short):
            return False
        if not (is_subject or made.term[:1].isupper() or self._is_noun(made.term)):
            return False
        if is_short:
            return True
        if made.why & {Why.EMPHASIS, Why.HEADING, Why.INDEX, Why.MEANING}:
            return len(named) > 1
        return len(named) >= _FEWEST_USES

    def _is_noun(self, term: str) -> bool:
        """Whether its last word is no mere property, as far as the book's use of it tells."""
        parts = words(term)
        is_property = len(parts) == 1 and bool(_PROPERTY.fullmatch(parts[0]))
        return not is_property and (len(parts) > 1 or parts[0] in self._text.nouns or is_plural(parts[0]))

    def _is_person(self, term: str, *, is_short: bool) -> bool:
        """Somebody's name, or a place's: its last word is never written as an ordinary one, in a text that has many."""
        parts = words(term)
        is_name = term.split()[-1][:1].isupper() or (len(parts) == 1 and not is_short)
        return is_name and not term.isupper() and parts[-1] not in self._text.lower

    def _home(self, made: _Candidate, named: Sequence[int]) -> Passage | None:
        """The passage that explains it: where it is said what it is, where it stands out, or where it is named most."""
        chapter = made.entry.at.section[:1] if made.entry else ()
        here = [n for n in named if not chapter or self._text.sentences[n][0].section[:1] == chapter] or list(named)
        told = [p for p, one in made.said if one.form is Form.IS and (not chapter or p.section[:1] == chapter)]
        if told:
            return told[0]
        at = made.stress.at if made.stress else None
        stressed = next(
            (p for p in self._text.passages if at and p.page_index == at.page_index and p.start <= at.start < p.end),
            None,
        )
        if stressed:
            return stressed
        if here:
            counts = Counter(self._text.sentences[n][0].id for n in here)
            best = max(counts.values())
            return next(p for n in here if counts[(p := self._text.sentences[n][0]).id] == best)
        entry = made.entry
        return next(
            (
                p
                for p in self._text.every
                if entry and p.page_index == entry.at.page_index and p.start <= entry.at.start < p.end
            ),
            None,
        )

    def _meanings(self, made: _Candidate, named: Sequence[int], home: Passage) -> Iterator[Meaning]:
        if made.entry and (meaning := self._entry(made.entry)):
            yield meaning
        found = sorted(made.said, key=lambda one: (one[1].form is not Form.IS, one[0].section != home.section))
        for passage, one in found[:_MOST_MEANINGS]:
            start, end = passage.start + one.start, passage.start + one.end
            quote = passage.text[one.start : one.end]
            yield Meaning(one.form, one.words, one.link, passage.page_index, passage.page_label, start, end, quote)
        if made.term[:1].islower() and made.why == {Why.FREQUENCY}:
            return  # an expression that the book uses, and that nothing shows to be a term
        taken = {(passage.id, one.start) for passage, one in found}
        yield from self._said(made, [n for n in named if self._place(n) not in taken], home)

    def _with_exercises(self, concepts: Sequence[Concept], asked: Sequence[Exercise]) -> list[Concept]:
        """Each exercise goes to the concept of its chapter that it is about."""
        by_chapter: dict[tuple[str, ...], list[tuple[Key, Concept]]] = defaultdict(list)
        for concept in sorted(concepts, key=lambda one: -one.weight):
            by_chapter[concept.section[:1]].append((key_of(concept.term), concept))
        given: dict[Concept, list[BookQuestion]] = defaultdict(list)
        for exercise in asked:
            if about := _beside(exercise, by_chapter[exercise.at.section[:1]]):
                given[about].append(_question(exercise, self._text.page(exercise.at.page_index)))
        return [replace(one, exercises=tuple(given.get(one, ()))) for one in concepts]

    def _entry(self, entry: KeyTerm) -> Meaning | None:
        """An entry of a list of terms; none where it goes on over pages, so that no quote has all of it."""
        at, page = entry.at, self._text.page(entry.at.page_index)
        window = page.text[at.start : at.start + int(_WIDER * len(f"{entry.term} {entry.meaning}")) + _MARGIN]
        span = anchor(entry.meaning, window) if entry.meaning else None
        if span is None:
            return None
        quote = window[: span[1]]
        return Meaning(Form.ENTRY, entry.meaning, "", at.page_index, page.label, at.start, at.start + len(quote), quote)

    def _place(self, n: int) -> tuple[str, int]:
        passage, start, _, _ = self._text.sentences[n]
        return passage.id, start

    def _said(self, made: _Candidate, named: Sequence[int], home: Passage) -> Iterator[Meaning]:
        """What the book says of it in a sentence that begins with it and can stand alone."""
        ranked: list[int] = []
        key = key_of(made.term)
        for n in named:
            passage, start, end, _ = self._text.sentences[n]
            text = prose.clean(passage.text[start:end])
            is_fit = passage.section == home.section and prose.is_whole(text) and prose.stands_alone(text)
            if is_fit and _speaks_of(text, key):
                ranked.append(n)
        for n in ranked[:1]:
            passage, start, end, _ = self._text.sentences[n]
            quote = passage.text[start:end]
            place = passage.page_index, passage.page_label, passage.start + start, passage.start + end
            yield Meaning(Form.SAID, prose.clean(quote), "", *place, quote)


def _beside(exercise: Exercise, near: Sequence[tuple[Key, Concept]]) -> Concept | None:
    """The weightiest concept that the answer names, else the stem."""
    stems = (key_of(_answer(exercise)), key_of(exercise.stem))
    return next((one for text in stems for key, one in near if _holds(text, key)), None)


def _term_of(made: _Candidate) -> str:
    """In the number that its meaning is said in."""
    said = next((one.term for _, one in made.said if one.form is Form.IS), made.term)
    return made.term if made.entry else said


def _speaks_of(sentence: str, key: Key) -> bool:
    """Whether a sentence begins with the term and goes on with its verb."""
    said = words(sentence)
    said = said[1:] if said[0] in ("a", "an", "the") else said
    verb = said[len(key)] if len(said) > len(key) else ""
    return tuple(map(stem, said[: len(key)])) == key and bool(_VERB.fullmatch(verb))


def _opens(passage: Passage, said: Explained) -> bool:
    """Whether the sentence begins with the term: what is the subject of a sentence is a thing."""
    start = passage.text[said.start : said.end].lower()
    return said.form is Form.IS and start.startswith((said.term.lower(), f"{said.article} {said.term}".lower()))


def _question(exercise: Exercise, page: _PageText) -> BookQuestion:
    at, quote = exercise.at, page.text[exercise.at.start : exercise.at.end]
    return BookQuestion(
        exercise.heading, exercise.number, exercise.stem, exercise.choices, exercise.answer or "",
        at.page_index, page.label, at.start, at.start + len(quote), quote,
    )  # fmt: skip


def _answer(exercise: Exercise) -> str:
    at = LETTERS.find((exercise.answer or "").upper()) if len(exercise.answer or "") == 1 else -1
    return exercise.choices[at] if 0 <= at < len(exercise.choices) else ""


def _local(text: _Text) -> Iterator[str]:
    """Single words that the book uses again and again in one section, and hardly elsewhere."""
    places: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for passage, start, end, _ in text.sentences:
        for word in set(re.findall(r"\b[a-z][a-z-]{4,}\b", passage.text[start:end])):
            places[word][passage.section] += 1
    for word, sections in places.items():
        if (
            sections.total() >= _LOCAL_USES
            and max(sections.values()) >= _LOCAL * sections.total()
            and word in text.nouns
        ):
            yield word


def _names(text: _Text) -> Iterator[str]:
    """Names in capitals of which the last word is an ordinary one: acts, wars and movements rather than people."""
    counts = Counter(name for p in text.passages for name in _NAME.findall(p.text))
    yield from (
        name for name, count in counts.items() if count >= _FEWEST_USES and name.split()[0].lower() not in _OPENERS
    )


def _frequent(text: _Text) -> Iterator[str]:
    """Expressions of two and three words that the book uses often, and hardly without one another."""
    counts, single = Counter[tuple[str, ...]](), Counter[str]()
    for passage, start, end, _ in text.sentences:
        for run in re.split(r"[^\w\s’'-]+", passage.text[start:end]):
            tokens = run.split()
            single.update(tokens)
            for size in (2, 3):
                counts.update(tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1))
    for gram, count in counts.items():
        if count >= _OFTEN and count >= _COHESION * min(single[word] for word in gram):
            term = " ".join(gram)
            if prose.is_term(term) and (gram[-1].lower() in text.nouns or gram[-1][:1].isupper()):
                yield term

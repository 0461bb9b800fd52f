"""The sentences of the passages that answer a question best, taken as they stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from tools import overview, sentences
from tools.asking import FRAME, Asked
from tools.types import Found, Hit, Passage, Sentence
from tools.words import stem, stems

FEWEST = 2
MOST = 4
PASSAGES = 6

_WORTH = 0.75
"""A further sentence must score at least this share of the best one."""
_ALIKE = 0.6
_LONGEST = 600
_HEADING_SHARE = 0.6
_FRAME_SHARE = 0.3
_CONNECTED_COST = 0.06
_MARKUP_COST = 0.1
_TASK_COST = 0.3

_CAPTION = re.compile(
    r"(?:figure|fig\.|table|listing|box|credit|photo|exercise|problem|link to learning|visit|watch|see|click)\b",
    re.IGNORECASE,
)
_NEITHER_LETTER_NOR_SPACE = re.compile(r"[^\w\s]|[\d_]")
_NOT_PROSE = re.compile(
    r"^\d+(?:\.\d+)* [A-Z]|\s\.$|https?://|www\.|\ufffd|\uffff|\x00|\(credit|_{3,}|\. \. \.|\b(?:Figure|Table) \d|\]\["
    r"|\bas (?:shown|seen|illustrated|depicted) in this\b|\([a-e]\) ",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"(?:[•(]* ?\(?[a-z0-9]{1,3}[.)] )?(?:draw|show|prove|give|find|describe|explain|compute|determine|list|write|state"
    r"|solve|have a look|revisit|recall|suppose|let)\b|[•(]* ?\(?[a-z0-9]{1,3}\) ",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\]\(|\[\[")
_LEANING = re.compile(
    r"(?:it|they|this|these|those|that|he|she|its|their|his|her|such|both|here|another|one|some of (?:these|them)"
    r"|the (?:former|latter|same|other|first|second))\b(?! (?:is|are) (?:a|an|the) (?:process|term) (?:of|by|for))",
    re.IGNORECASE,
)
_CONNECTED = re.compile(
    r"(?:however|but|and|or|so|thus|therefore|hence|also|moreover|furthermore|in addition|additionally|instead|then"
    r"|for (?:example|instance)|consequently|as a result|similarly|likewise|in contrast|conversely|nevertheless"
    r"|finally|next)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of a passage; `start` and `end` are offsets into the passage's text."""

    passage: Passage
    start: int
    end: int
    score: float = 0.0
    before: "Excerpt | None" = None
    """The sentence that this one leans on."""

    @property
    def text(self) -> str:
        """As it is shown: on one line."""
        return _on_one_line(self.passage.text[self.start : self.end])

    @property
    def place(self) -> tuple[str, int, int]:
        """Document, page and offset into the page: the reading order."""
        return self.passage.document_id, self.passage.page_index, self.passage.start + self.start


def excerpts(question: str, found: Found, most: int = MOST) -> list[Excerpt]:
    """Two sentences to one more than `most`, in an order that reads well; fewer when there are no more that fit."""
    is_overview = overview.request(question) is not None
    scored = _scored(question, found, len(found.hits) if is_overview else PASSAGES)
    if not scored:
        return _nearest(found)
    if is_overview:
        return _sampled(scored, most)
    chosen = _chosen(scored, _weights(found), most) or _with_support(scored[0])
    if len(chosen) < FEWEST:
        chosen += _next_to(chosen[0], scored) or _next_best(chosen[0], scored)
    return _in_order(chosen)


def _nearest(found: Found) -> list[Excerpt]:
    """Where nothing reads like prose, as on slides: the lines nearest to the question."""
    lines = [
        Excerpt(hit.passage, line.start, line.end, line.cosine) for hit in found.hits[:PASSAGES] for line in _whole(hit)
    ]
    best = sorted(lines, key=lambda excerpt: -excerpt.score)[:FEWEST]
    return _in_order(best) if best else []


def _weights(found: Found) -> dict[str, float]:
    by_stem = {stem(word): weight for word, weight in found.rarity.items()}
    return {word: weight * (_FRAME_SHARE if word in FRAME else 1.0) for word, weight in by_stem.items()}


def _scored(question: str, found: Found, passages: int) -> list[Excerpt]:
    best = max((hit.score for hit in found.hits), default=1.0) or 1.0
    scorer = _Scorer(Asked(question), _weights(found), best)
    scored = [excerpt for hit in found.hits[:passages] for excerpt in scorer.excerpts(hit)]
    return sorted(scored, key=lambda excerpt: -excerpt.score)


@dataclass(frozen=True, slots=True)
class _Scorer:
    """`weights` of the question's words by stem, `best` the best passage's score."""

    asked: Asked
    weights: dict[str, float]
    best: float

    def excerpts(self, hit: Hit) -> Iterator[Excerpt]:
        """The sentences of a passage that can stand in an answer, alone or after the one that they lean on."""
        previous: Excerpt | None = None
        for sentence in _whole(hit):
            text = " ".join(hit.passage.text[sentence.start : sentence.end].split())
            if not _is_prose(text):
                previous = None
                continue
            leans = bool(_LEANING.match(text))
            score = self._score(text, sentence, hit)
            excerpt = Excerpt(hit.passage, sentence.start, sentence.end, score, previous if leans else None)
            if not leans or previous:
                yield excerpt
            previous = None if leans else excerpt

    def _score(self, text: str, sentence: Sentence, hit: Hit) -> float:
        heading = _stems_of(hit.passage.section[-1]) if hit.passage.section else frozenset[str]()
        share = _share(self.weights, _stems_of(text), heading)
        return 0.5 * sentence.cosine + 0.5 * share + 0.1 * hit.score / self.best + self.asked.bonus(text) - _cost(text)


@lru_cache(maxsize=1024)
def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=2048)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _share(weights: dict[str, float], seen: frozenset[str], heading: frozenset[str]) -> float:
    """Of the question's words by rarity; a word that only the heading has counts in part."""
    total = sum(weights.values())
    got = sum(w * (1.0 if word in seen else _HEADING_SHARE if word in heading else 0.0) for word, w in weights.items())
    return got / total if total else 0.0


def _cost(text: str) -> float:
    """What speaks against a sentence whatever the question: it goes on from another, sets a task, holds markup."""
    costs = (
        (_CONNECTED.match(text), _CONNECTED_COST),
        (_TASK.match(text), _TASK_COST),
        (_MARKUP.search(text), _MARKUP_COST),
    )
    return sum(cost for found, cost in costs if found)


def _whole(hit: Hit) -> list[Sentence]:
    """The sentences of a hit, with those joined again that were cut because they are long."""
    text = hit.passage.text
    parts = hit.sentences or tuple(Sentence(start, end, hit.cosine) for start, end in sentences.split(text))
    joined: list[Sentence] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and _goes_on(text, last, part):
            joined[-1] = Sentence(last.start, part.end, max(last.cosine, part.cosine))
        else:
            joined.append(part)
    return joined


def _goes_on(text: str, last: Sentence, part: Sentence) -> bool:
    is_open = text[last.end - 1] not in ".!?:" and "\n\n" not in text[last.end : part.start]
    return is_open and last.end - last.start > 120 and text[part.start].islower() and part.end - last.start <= _LONGEST


def _is_prose(text: str) -> bool:
    """A whole sentence that can stand in an answer: no heading, caption, question, formula or exercise."""
    return (
        text[-1] in '.!”")'
        and not text[0].islower()
        and 5 <= len(text.split()) <= 90
        and len(_NEITHER_LETTER_NOR_SPACE.findall(text)) < 0.2 * len(text)
        and not _CAPTION.match(text)
        and not _NOT_PROSE.search(text)
    )


def _chosen(scored: Sequence[Excerpt], weights: dict[str, float], most: int) -> list[Excerpt]:
    """The best, then those that add most: words of the question not covered yet count, repetition does not."""
    chosen: list[Excerpt] = []
    rest = list(scored[:40])
    least = _WORTH * scored[0].score
    while rest and len(chosen) < most:
        covered = set[str]().union(*(_stems_of(excerpt.text) for excerpt in chosen))
        worth = partial(_worth, covered=covered, weights=weights)
        rest = [excerpt for excerpt in rest if not _repeats(excerpt, chosen)]
        best = max(rest, key=worth, default=None)
        if best is None or worth(best) < least:
            break
        rest.remove(best)
        chosen += _led_in(best, chosen, least / 2)
    return chosen


def _led_in(excerpt: Excerpt, chosen: Sequence[Excerpt], least: float) -> list[Excerpt]:
    """A sentence after the one it leans on; nothing where that one is worth too little or says nothing new."""
    before = excerpt.before
    if before is None or before in chosen:
        return [excerpt]
    return [] if before.score < least or _repeats(before, chosen) else [before, excerpt]


def _with_support(excerpt: Excerpt) -> list[Excerpt]:
    """Where no sentence is worth much: the best there is, after the one it leans on."""
    return [excerpt.before, excerpt] if excerpt.before else [excerpt]


def _worth(excerpt: Excerpt, covered: set[str], weights: dict[str, float]) -> float:
    """Its score, and something for the words of the question that nothing chosen covers yet."""
    total = sum(weights.values())
    seen = _stems_of(excerpt.text) - covered
    news = sum(weight for word, weight in weights.items() if word in seen)
    return excerpt.score + (0.2 * news / total if covered and total else 0.0)


def _repeats(excerpt: Excerpt, chosen: Iterable[Excerpt]) -> bool:
    mine = _stems_of(excerpt.text)
    theirs = (_stems_of(other.text) for other in chosen)
    return any(len(mine & other) >= _ALIKE * min(len(mine), len(other)) for other in theirs)


_PARTS: tuple[Callable[[Excerpt], object], ...] = (
    lambda excerpt: excerpt.passage.section[:2],
    lambda excerpt: excerpt.passage.id,
    lambda excerpt: excerpt.place,
)


def _sampled(scored: Sequence[Excerpt], most: int) -> list[Excerpt]:
    """For an overview: the best sentences, first one of each section, then of each passage; in reading order."""
    chosen: list[Excerpt] = []
    for part_of in _PARTS:
        for excerpt in scored:
            is_new = all(part_of(excerpt) != part_of(other) for other in chosen)
            if is_new and len(chosen) <= most and not excerpt.before and not _repeats(excerpt, chosen):
                chosen.append(excerpt)
    return sorted(chosen, key=lambda excerpt: excerpt.place)


def _next_to(excerpt: Excerpt, scored: Sequence[Excerpt]) -> list[Excerpt]:
    """The sentence after it on the same page, which most often carries on."""
    after = [other for other in scored if other.passage == excerpt.passage and other.start >= excerpt.end]
    nearest = sorted(after, key=lambda other: other.start)[:1]
    return [other for other in nearest if not _repeats(other, [excerpt])]


def _next_best(excerpt: Excerpt, scored: Sequence[Excerpt]) -> list[Excerpt]:
    fit = (o for o in scored if not o.before and o.score > excerpt.score / 2 and not _repeats(o, [excerpt]))
    return [next_ for next_ in (next(fit, None),) if next_]


def _in_order(chosen: Sequence[Excerpt]) -> list[Excerpt]:
    """The best first, after the sentence it leans on; then the rest of its page; then by page."""
    first = max(chosen, key=lambda excerpt: excerpt.score)
    head = [excerpt for excerpt in (first.before, first) if excerpt in chosen]
    home = first.place[:2]
    rest = sorted((e for e in chosen if e not in head), key=lambda e: (e.place[:2] != home, e.place))
    return [excerpt for excerpt in head if excerpt] + rest

"""The sentences of the passages that answer a question best, taken as they stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from tools import overview, prose, sentences
from tools.asking import FRAME, Asked, sides
from tools.types import Found, Hit, Passage, Sentence
from tools.words import stem, stems

FEWEST = 2
MOST = 4
PASSAGES = 4

_WORTH = 0.83
"""A further sentence must score at least this share of the best one."""
_ALIKE = 0.75
_LONGEST = 600
_HEADING_SHARE = 0.6
_FRAME_SHARE = 0.3
_PASSAGE_SHARE = 0.6
_COSINE, _SHARE, _MATCH, _RANK = 0.4, 0.2, 0.45, 0.8
"""What counts of a sentence: its meaning, the question's words in it, these one by one, its passage's score."""
_LENT = 0.5
"""How much a sentence is worth by the one that it leans on."""
_LONGEST_CHAIN = 3


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
    def chain(self) -> list["Excerpt"]:
        """What it leans on, in order: the sentence before, and what that leans on in turn."""
        return [*self.before.chain, self.before] if self.before else []

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
    chosen += _missing_sides(sides(question), chosen, scored)
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
            if not prose.is_prose(text):
                previous = None
                continue
            is_leaning = prose.leans(text)
            before = previous if is_leaning else None
            previous = Excerpt(
                hit.passage, sentence.start, sentence.end, self._score(text, sentence, hit, before), before
            )
            if before or not is_leaning:
                yield previous

    def _score(self, text: str, sentence: Sentence, hit: Hit, before: Excerpt | None) -> float:
        share = self._share(_stems_of(text + (f" {before.text}" if before else "")), hit.passage)
        nearness = _COSINE * sentence.cosine + _SHARE * share + _MATCH * (sentence.match or sentence.cosine)
        score = nearness + _RANK * hit.score / self.best + self.asked.bonus(text) - prose.cost(text)
        return max(score, (1 - _LENT) * score + _LENT * before.score) if before else score

    def _share(self, seen: frozenset[str], passage: Passage) -> float:
        """Of the question's words by rarity; one that only the heading or the passage around has counts in part."""
        heading = _stems_of(passage.section[-1]) if passage.section else frozenset[str]()
        counts = ((_stems_of(passage.text), _PASSAGE_SHARE), (heading, _HEADING_SHARE), (seen, 1.0))
        shares = dict.fromkeys(self.weights, 0.0)
        for held, share in counts:
            shares |= dict.fromkeys(held & self.weights.keys(), share)
        total = sum(self.weights.values())
        return sum(self.weights[word] * share for word, share in shares.items()) / total if total else 0.0


@lru_cache(maxsize=1024)
def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=2048)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _whole(hit: Hit) -> list[Sentence]:
    """The sentences of a hit: what was cut because it is long is joined again, and a list with what announces it."""
    text = hit.passage.text
    parts = hit.sentences or tuple(Sentence(start, end, hit.cosine) for start, end in sentences.split(text))
    joined: list[Sentence] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and (_goes_on(text, last, part) or _lists(text, last, part)):
            joined[-1] = Sentence(last.start, part.end, max(last.cosine, part.cosine), max(last.match, part.match))
        else:
            joined.append(part)
    return joined


def _lists(text: str, last: Sentence, part: Sentence) -> bool:
    is_announced = text[last.end - 1] == ":" or prose.is_list(text[last.start : last.end])
    return is_announced and prose.is_item(text[part.start : part.end]) and part.end - last.start <= _LONGEST


def _goes_on(text: str, last: Sentence, part: Sentence) -> bool:
    is_open = text[last.end - 1] not in ".!?:" and "\n\n" not in text[last.end : part.start]
    return is_open and last.end - last.start > 120 and text[part.start].islower() and part.end - last.start <= _LONGEST


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
        chosen += _led_in(best, chosen)
    return chosen


def _led_in(excerpt: Excerpt, chosen: Sequence[Excerpt]) -> list[Excerpt]:
    """A sentence after those it leans on; nothing where these are many."""
    chain = [one for one in excerpt.chain if one not in chosen]
    return [*chain, excerpt] if len(chain) < _LONGEST_CHAIN else []


def _missing_sides(
    compared: Sequence[frozenset[str]], chosen: Sequence[Excerpt], scored: Sequence[Excerpt]
) -> list[Excerpt]:
    """Of what is compared and not told of yet, the best sentence each."""
    missing = [side for side in compared if not any(side <= _stems_of(one.text) for one in chosen)]
    best = (next((e for e in scored if side <= _stems_of(e.text) and not e.before), None) for side in missing)
    return list(dict.fromkeys(one for one in best if one))


def _with_support(excerpt: Excerpt) -> list[Excerpt]:
    """Where no sentence is worth much: the best there is, after the one it leans on."""
    return [*excerpt.chain[-1:], excerpt]


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
    head = [excerpt for excerpt in (*first.chain, first) if excerpt in chosen]
    home = first.place[:2]
    rest = sorted((e for e in chosen if e not in head), key=lambda e: (e.place[:2] != home, e.place))
    return head + rest

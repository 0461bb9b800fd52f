"""Other concepts that may be wrong options: of the same sort as the right one, and wrong by their own meanings."""

from collections.abc import Iterator, Sequence

from tools.concepts import prose
from tools.concepts.types import Concept, Form, Meaning
from tools.inflection import is_plural
from tools.questions.likeness import Likeness
from tools.questions.types import Corpus, SourcePassage
from tools.words import words

_SAME, _NEAR, _MISTAKABLE, _ENOUGH = 0.72, 0.4, 0.38, 8
_ENDINGS = ("ing", "ic", "al", "ous", "ive", "ist", "ists", "ism")
"""What tells a doing, a property or a person from a thing."""


class Rivals:
    """Of the concepts of one passage, from its section, its chapter, and the chapters beside it."""

    def __init__(self, likeness: Likeness, corpus: Corpus, source: SourcePassage) -> None:
        self._likeness = likeness
        self._corpus, self._source = corpus, source
        self._kept: dict[str, list[Concept]] = {}

    def of(self, concept: Concept, meaning: Meaning) -> list[Concept]:
        """The likeliest first; none whose own meaning is nearly this one."""
        if meaning.quote not in self._kept:
            self._kept[meaning.quote] = self._ranked(concept, meaning)
        return self._kept[meaning.quote]

    def are_near(self, meaning: Meaning, others: Sequence[Concept]) -> bool:
        """Whether they have to be told apart with care."""
        return bool(float(self._likeness.cosines(meaning.words, [_said(one).words for one in others]).mean()) > _NEAR)

    def may_be_taken_for(self, meaning: Meaning, other: Concept) -> bool:
        """Whether somebody who half knows might think that the meaning is the other's."""
        return float(self._likeness.cosines(meaning.words, [_said(other).words])[0]) >= _MISTAKABLE

    def _ranked(self, concept: Concept, meaning: Meaning) -> list[Concept]:
        fit: list[Concept] = []
        for near in self._around(concept):
            fit += [one for one in near if one not in fit and _may_stand_for(one, concept, meaning)]
            if len(fit) >= _ENOUGH:
                break
        if not fit:
            return []
        alike = self._likeness.cosines(meaning.words, [_said(one).words for one in fit]).tolist()
        ranked = sorted(zip(alike, range(len(fit)), strict=True), reverse=True)
        return list(_apart([fit[n] for cosine, n in ranked if cosine < _SAME]))

    def _around(self, concept: Concept) -> Iterator[list[Concept]]:
        chapter = [one for one in self._corpus.around(self._source.passage) if _is_explained(one)]
        yield [one for one in chapter if one.section == concept.section]
        yield chapter
        yield [one for one in self._corpus.beside(self._source.passage) if _is_explained(one)]


def _is_explained(concept: Concept) -> bool:
    return any(one.form in (Form.ENTRY, Form.IS) for one in concept.meanings)


def _said(concept: Concept) -> Meaning:
    return next(one for one in concept.meanings if one.form in (Form.ENTRY, Form.IS))


def _may_stand_for(other: Concept, concept: Concept, meaning: Meaning) -> bool:
    """Another thing of the same number and part of speech; neither is a kind, a part or a name of the other."""
    mine, theirs = prose.root_words(concept.term), prose.root_words(other.term)
    said, of_other = (
        prose.root_words(meaning.quote) | prose.root_words(meaning.words),
        prose.root_words(_said(other).quote),
    )
    return (
        not mine <= theirs
        and not theirs <= mine
        and not theirs <= said
        and not mine <= of_other
        and _shape(concept.term) == _shape(other.term)
        and not {*map(str.lower, concept.aliases)} & {other.term.lower(), *map(str.lower, other.aliases)}
    )


def _shape(term: str) -> tuple[bool, bool, str]:
    last = words(term)[-1]
    ending = next((end for end in _ENDINGS if last.endswith(end)), "")
    return is_plural(term), term[:1].isupper(), ending


def _apart(ranked: Sequence[Concept]) -> Iterator[Concept]:
    """Without terms that are kinds or forms of one another."""
    kept: list[frozenset[str]] = []
    for concept in ranked:
        roots = prose.root_words(concept.term)
        if not any(roots <= other or other <= roots for other in kept):
            kept.append(roots)
            yield concept

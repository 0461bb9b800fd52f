"""Whether an answer names a term: by its words, its number, as a list, with a slip of the pen."""

import re
from collections.abc import Sequence

from tools.answers.lists import listed_parts, marked_list
from tools.answers.names import is_other_name
from tools.answers.numbers import in_percent, marked_number
from tools.answers.phrases import marked_phrase
from tools.answers.said import clauses, decided, find, is_meant, same_text, unled
from tools.answers.verdicts import RIGHT, SEVERAL, WRONG
from tools.quantities import quantity
from tools.questions.types import Item, Marked, Verdict
from tools.wording import NEGATIONS, IsTerm, formula, is_formula, is_typing_error, same, same_word, tokens
from tools.words import content_words


def best_of(marked: Sequence[Marked]) -> Marked:
    """The most favourable of the marks against several accepted wordings."""
    order = [Verdict.CORRECT, Verdict.PARTLY, Verdict.CANNOT_TELL, Verdict.WRONG]
    return min(marked, key=lambda one: (order.index(one.verdict), -one.score))


def marked_wording(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked:
    """The mark against one accepted wording: a number, a formula, a list or a term."""
    wanted = quantity(key)
    if wanted is not None:
        return marked_number(wanted, in_percent(item, wanted, answer))
    if same_text(key, answer):
        return RIGHT
    if is_formula(key):
        return RIGHT if any(formula(key) == formula(part) for part in _terms_of(answer)) else WRONG
    listed = listed_parts(key)
    if len(listed) > 1:
        return marked_list(item, listed, answer, is_term)
    return _named(item, key, answer, is_term)


def _terms_of(answer: str) -> list[str]:
    """The clauses of an answer, and what stands behind an equals sign: y = 2x answers 2x, too."""
    return [part for clause in clauses(answer) for part in (clause, clause.rpartition("=")[2])]


_SENTENCE = 6
_ALTERNATIVE = re.compile(r"\s*(?:\bor\b|/|;|\n|\boder\b)\s*", re.IGNORECASE)


def _named(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked:
    """One term or phrase."""
    answer = decided(answer)
    wanted, said = tokens(key), tokens(unled(answer))
    if same(said, wanted) or same(_beside_the_stem(item, said), wanted):
        return RIGHT
    if is_typing_error(said, wanted, is_term):
        return _misspelt(key)
    if rivals := _alternatives(item, key, answer, is_term):
        return rivals
    negated = not NEGATIONS.isdisjoint(said) and NEGATIONS.isdisjoint(wanted)
    if not negated and _stands_alone(wanted, answer, is_term):
        return RIGHT
    if not negated and is_other_name(key, answer, item.evidence.quote):
        return RIGHT
    if _is_rival(wanted, said, is_term):
        return WRONG
    if len(content_words(key)) >= 3:
        return marked_phrase(item, key, answer)
    return _part_of(wanted, said) if not negated else WRONG


def _beside_the_stem(item: Item, said: Sequence[str]) -> list[str]:
    """What an answer adds to the question: “a hypertonic solution” to “what is such a solution called?”."""
    asked = tokens(item.stem)
    return [word for word in said if not any(same_word(word, other) for other in asked)]


def _misspelt(key: str) -> Marked:
    return Marked(Verdict.CORRECT, 1.0, f"That is right; it is spelt “{key}”.")


def _alternatives(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked | None:
    """None unless the answer hedges between several, of which at least one is wrong."""
    parts = [tokens(unled(part)) for part in _ALTERNATIVE.split(answer) if re.search(r"\w", part)]
    if len(parts) < 2 or any(len(part) > 4 for part in parts) or _ALTERNATIVE.search(key):
        return None
    accepted = [tokens(wording) for wording in item.key]
    right = [any(is_meant(part, wording, is_term) for wording in accepted) for part in parts]
    return RIGHT if all(right) else SEVERAL if any(right) else None


_FUNCTION_LIST = (
    "of in on at by for from with which that who when where because since as is are was were and so it to into"
)


_FUNCTION = frozenset(_FUNCTION_LIST.split())


def _stands_alone(wanted: Sequence[str], answer: str, is_term: IsTerm) -> bool:
    """Whether the term is what the answer says, with words around it that do not make another term of it."""
    parts = [tokens(clause) for clause in clauses(answer)]
    if any(is_meant(clause, wanted, is_term) for clause in parts[1:]):
        return all(len(clause) > 3 or is_meant(clause, wanted, is_term) for clause in parts[1:])
    said = parts[0]
    at = find(wanted, said)
    if at is None:
        return False
    before, after = said[:at], said[at + len(wanted) :]
    return (not before or before[-1] in _FUNCTION | {"called", "named"}) and (not after or after[0] in _FUNCTION)


def _is_rival(wanted: Sequence[str], said: Sequence[str], is_term: IsTerm) -> bool:
    """Whether it is a term of as many words with another word of the book in one place: `peripheral` for `central`."""
    if not 1 < len(wanted) == len(said) < _SENTENCE:
        return False
    other = [one for one, its in zip(said, wanted, strict=True) if not same_word(one, its)]
    return len(other) == 1 and is_term(other[0])


def _part_of(wanted: Sequence[str], said: Sequence[str]) -> Marked:
    """A term with its main word right but not exactly this one: too general, or with something more to it."""
    if 0 < len(said) < len(wanted) and same(said, wanted[-len(said) :]):
        return Marked(Verdict.PARTLY, 0.5, "That is not exact enough: there is more to the term.")
    if len(wanted) < len(said) <= len(wanted) + 2 and same(said[-len(wanted) :], wanted):
        return Marked(Verdict.PARTLY, 0.5, "That is near it, but it is narrower than what the book says.")
    return WRONG

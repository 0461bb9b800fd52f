"""Marks answers by rule: the same answer gets the same mark every time, and nothing in it can change the rules."""

from tools.answers.said import same_text, says_nothing
from tools.answers.verdicts import EMPTY
from tools.questions import kinds
from tools.questions.types import Item, Marked, Verdict
from tools.wording import IsTerm, plain, terms
from tools.words import content_words, stem

LONGEST_ANSWER = 4000


def mark(item: Item, answer: str, is_term: IsTerm = lambda word: False) -> Marked:
    """The verdict on an answer; letters and numbers of options count in the order of `item.options`.

    `is_term` says whether the book uses a word, which then is no misspelling of another. The explanation never names
    the right answer unless it was given.
    """
    answer = answer[:LONGEST_ANSWER].strip()
    return EMPTY if _is_silent(item, answer) else kinds.of(item.kind).mark(item, answer, is_term)


def mark_again(item: Item, answer: str, is_term: IsTerm = lambda word: False) -> Marked:
    """A second, more generous look at a challenged answer, beside the whole evidence; the reasons name the key."""
    first = mark(item, answer, is_term)
    if first.verdict is Verdict.CORRECT:
        return first
    accepted = " or ".join(f"“{text}”" for text in terms(_accepted(item))[:4])
    said = {stem(word) for word in content_words(plain(answer))}
    book = {stem(word) for word in content_words(plain(f"{item.evidence.quote} {' '.join(item.key)}"))}
    is_near = not item.options and len(said) > 1 and len(said & book) >= 0.6 * len(said)
    if is_near and first.verdict is not Verdict.PARTLY:
        text = f"Your words come from the right sentence, but it does not answer with them. Accepted: {accepted}."
        return Marked(Verdict.PARTLY, 0.5, text)
    text = f"Marked again with the same result. Accepted: {accepted}. The book says: “{item.evidence.quote}”"
    return Marked(first.verdict, first.score, text, first.points)


def expected(item: Item, answer: str) -> str | None:
    """What an answer to this item must be, in words, where this is none; None where it can be marked."""
    answer = answer[:LONGEST_ANSWER].strip()
    kind = kinds.of(item.kind)
    is_answer = not _is_silent(item, answer) and kind.is_answer(item, answer)
    return None if is_answer else kind.form_of(item)


def _is_silent(item: Item, answer: str) -> bool:
    return says_nothing(answer) and not any(same_text(wording, answer) for wording in _accepted(item))


def _accepted(item: Item) -> list[str]:
    return [option.text for option in item.options if option.id in item.key] or list(item.key)

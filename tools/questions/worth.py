"""Which statements are worth asking first: those that a teacher would put into an exam."""

import re

from tools.questions.chapter import Chapter
from tools.questions.facts import Fact, FactKind

_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_TELLING, _TELLING_ELSE = 2.6, 3.4
_LEAST_USED = 3
_MANY_YEARS = 2
"""In a chapter with so many years for each definition they are what it is about."""
_LOOSE = re.compile(
    r"\b(?:term|observed|dominant|largest|early|effective|newly|abundant|found (?:in|on|throughout)|believed|thought"
    r"|located|lives? in|group of|class of|example|component|over|about|approximately|more than|including"
    r"|conspicuous|approach|attempt)\b|[“”]"
)
"""What makes a statement about something that is named rather than explained."""

_ONE = re.compile(r"an? (?!(?:[\w-]+ )?(?:group|class|set|family|type|pair|series|collection|kind|relationship)\b)")
_OF_WHAT = re.compile(
    r"The (?:(?:[\w-]+(?:most|er|ly)|first|second|third|last|central|middle|main|entire) )*(?:[\w-]+ed )?"
    r"(?:layers?|regions?|areas?|parts?|sides?|ends?|bod(?:y|ies)|structures?"
    r"|process(?:es)?|surfaces?)(?! (?:of|that|which|in|on|at|with|between|where)\b)"
)
"""Something definite without a word of what it belongs to."""

_ACHIEVES = re.compile(
    r"\b(?:discover|publish|propos|invent|found|formulat|prov|built|patent|won|award|establish|suggest|describ|observ"
    r"|show|demonstrat|hypothesi|identif|develop|coin|introduc|isolat|conclud|determin|explain|classif|wrote|argu|theor"
    r"|infer|predict|measur|calculat|design|creat|sequenc)\w*\b"
)
"""What a textbook that explains remembers people for."""

_IS_SOMEBODY = re.compile(r"(?:was|is|were|are) (?:an?|the|one)\b|.*\b(?:not|so it|so they)\b")


def is_first_choice(fact: Fact, chapter: Chapter) -> bool:
    """Whether a statement explains a term of the chapter fully; in a story, whether it tells what happened."""
    match fact.kind:
        case FactKind.DEFINITION | FactKind.NAMED:
            return " of " not in fact.term and _explains(fact, chapter, _TELLING)
        case FactKind.CALLED if _OF_WHAT.match(fact.predicate):
            return False
        case FactKind.CALLED:
            return _explains(fact, chapter, _TELLING_ELSE)
        case FactKind.FUNCTION | FactKind.PARTS:
            return chapter.uses(fact.term) >= _LEAST_USED and _explains(fact, chapter, _TELLING_ELSE)
        case FactKind.YEAR | FactKind.AMOUNT:
            return len(chapter.of_kind(FactKind.YEAR)) > _MANY_YEARS * len(chapter.definitions)
        case FactKind.PERSON:
            is_told = chapter.is_story or bool(_ACHIEVES.search(fact.predicate))
            return is_told and not _IS_SOMEBODY.match(fact.predicate)
        case _:
            return fact.kind in (FactKind.REASON, FactKind.LISTED)


def _explains(fact: Fact, chapter: Chapter, least: float) -> bool:
    is_loose = _LOOSE.search(fact.predicate) or (fact.is_plural and _ONE.match(fact.predicate))
    is_story = fact.link == "occurs when" and fact.predicate.startswith("the ")
    return not is_loose and not is_story and chapter.telling(fact.predicate) >= least

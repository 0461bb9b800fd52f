"""What a term means, where the sentence is not built as `a term is …`, and terms named in passing."""

import re

from tools.questions import context, phrases, statements
from tools.questions.facts import Fact, FactKind, Place
from tools.types import Passage

_USES_TERM = re.compile(
    r"^[A-Z][\w ,]+? (?:use|uses|used) the (?:term|word|phrase|name|expression) (?P<article>)(?P<term>[\w’ -]{3,40}?)"
    r" (?:to (?:describe|indicate|mean|denote|refer to|express|signify|designate)|for) (?P<predicate>.{20,})\.$"
)
_IS_TERM = re.compile(
    r"^(?P<predicate>(?:The|An?) [^,;:]{25,}?) (?P<link>is|are) (?P<article>an? "
    r"|the )(?P<term>[\w’-]+(?: [\w’-]+){0,2})\.$"
)
_AFTER_COLON = re.compile(
    r"\b(?P<article>the|an?) (?P<term>[A-Z]?[a-zà-ÿ][\w’-]+(?: [\w’-]+)?): (?P<predicate>(?:the|an?) [^,;:.]{20,})\.$"
)
_WITHIN = re.compile(
    r"(?:\b[Tt]he (?:idea behind|doctrine of|principle of|concept of|theory of)|\b(?:called|known as|termed|named)"
    r"|\b(?:uses?|used|(?:every|each|no) [a-z]+ has)(?= an? ))"
    r" (?P<article>an? |the )?(?P<term>[a-z][\w’-]*(?: [a-z][\w’-]*){0,3}?)"
    r"(?=\.$|,| (?:is|was) that\b| to [a-z]+ (?:the|an?)\b| (?:prevents|states|holds|requires|says)\b)"
)
_VERB = re.compile(r"^(?:(?!that|which|who)[\w’-]+ )+?(?:is|are|was|were|has|have|can)\b")
_HOPEFUL = re.compile(
    r": (?:the|an?) |\b(?:the (?:term|word|phrase|name|expression)|idea behind|doctrine|principle|concept|theory"
    r"|called|known as|termed|named|uses?|used|has)\b| (?:is|are) (?:an?|the) [\w’ -]+\.$"
)


def mine(passage: Passage) -> list[Fact]:
    """Terms that a sentence explains in passing, or after a colon."""
    before: list[str] = []
    found: list[Fact] = []
    for start, end in phrases.stated(passage.text):
        text = phrases.tidy(passage.text[start:end])
        if (m := _AFTER_COLON.search(text)) and phrases.is_sound(text) and not _VERB.search(m["predicate"]):
            found += [fact for fact in [_meaning(FactKind.DEFINITION, m, "is", text, (passage, start, end))] if fact]
        elif _is_plain(text, before):
            facts = (look(text, (passage, start, end)) for look in (_glossed, _named_within))
            found += [fact for fact in facts if fact]
        before.append(text)
    return found


def _is_plain(text: str, before: list[str]) -> bool:
    is_hopeful = bool(_HOPEFUL.search(text))
    return (
        is_hopeful
        and phrases.is_sound(text)
        and phrases.starts_afresh(text)
        and context.leans_on_nothing(text)
        and not context.refers_outside(text, before)
    )


def _named_within(text: str, place: Place) -> Fact | None:
    """A term that the sentence uses for what it says around it."""
    m = _WITHIN.search(text)
    if not m or not phrases.is_term(m["term"]) or len(re.findall(re.escape(m["term"]), text, re.IGNORECASE)) != 1:
        return None
    return statements.blanked(FactKind.CALLED, text, m.start("term"), m.end("term"), place)


def _glossed(text: str, place: Place) -> Fact | None:
    """What a term means, where the sentence is not built as `A term is …`."""
    if m := _USES_TERM.match(text):
        return _meaning(FactKind.DEFINITION, m, "refers to", text, place)
    if (m := _IS_TERM.match(text)) and re.search(r"\b(?:that|which|who|of)\b", m["predicate"]):
        return _meaning(FactKind.NAMED, m, m["link"], text, place)
    return None


def _meaning(kind: FactKind, m: re.Match[str], link: str, text: str, place: Place) -> Fact | None:
    predicate = phrases.lowered(m["predicate"])
    if (
        not phrases.is_term(m["term"])
        or phrases.names_itself(m["term"], predicate)
        or not phrases.is_balanced(predicate)
    ):
        return None
    if phrases.is_vague(predicate) or phrases.refers_back(predicate) or re.search(r" (?:is|are)$", predicate):
        return None
    return Fact(kind, m["term"], m["article"].strip().lower(), link, predicate, text, *place)

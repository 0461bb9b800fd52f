"""Sentences that say what a term means: that it is a kind of thing, that something is called so."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tools import sentences
from tools.concepts import prose
from tools.concepts.types import Form
from tools.inflection import is_plural
from tools.words import words

_WORD = r"[^\W_][\w'’-]*"
_TERM = rf"{_WORD}(?: {_WORD}){{0,4}}"
_ALIAS = (
    rf"(?: \((?:or |also |abbreviated |called |known as |also known as )*(?P<short>[^()]{{2,40}})\)"
    rf"|,? (?:or|also called|also known as|sometimes called) (?:an? |the )?(?P<other>{_TERM}),)?"
)
_SOMEWHERE = r"(?: (?:in|of|on) (?:an?|the) [\w-]+(?: (?:or|and) [\w-]+)?)?"
"""`A clique in a graph is …`: the term is what stands before."""
_NAMING = r"(?:called|known as|termed|referred to as)"
_LINK = (
    r"(?:is|are|was|were)(?: (?:simply|also|essentially|generally|usually|often|sometimes|typically))?"
    r"(?: defined as| when| characterized by| the term (?:used )?for| a term (?:used )?for)?"
    r"|(?:refers?|is used to refer) to|means?|occurs? when|describes?|involves?|consists? of"
)
_HEAD = re.compile(
    rf"^(?:In [^,]{{3,40}}, )?(?:(?P<article>[Aa]n?|[Tt]he) )?(?P<term>{_TERM}?){_ALIAS}{_SOMEWHERE}"
    rf" (?P<link>{_LINK}) (?P<words>.+)$"
)
_TAIL = re.compile(
    rf"^(?P<words>(?:The|An?|Any) .{{15,}}?) (?P<link>is|are|was|were) (?:\w+ly |often |sometimes |also )?{_NAMING}"
    rf" (?P<article>an? |the )?(?P<term>{_TERM}?){_ALIAS}$"
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<article>an?|the)|of|called|as|by|in|into|with|and|for) (?P<term>{_TERM}?),? which"
    rf" (?P<link>{_LINK}) (?P<words>[^,;:]+)"
)
_BESIDE = re.compile(
    rf"^(?P<article>An?|The) (?P<term>{_TERM}?), (?P<words>(?:an?|the) [^,;:]{{15,160}}), "
    r"(?:is|are|was|were|has|have|can|may|\w+[^s\W]s|\w+ed)\b"
)
_COLON = re.compile(rf"^(?P<term>{_TERM}): (?P<words>(?:An?|The|Any) .+)$")
_WITHIN = re.compile(
    rf"\b{_NAMING} (?:an? |the )?(?P<term>{_TERM}?)(?=[,.;:)]| (?:is|are|was|were|that|which|when|in)\b|$)"
)
_MAY = re.compile(
    r"\b(?:is|are|was|were|means?|refers? to|occurs? when|describes?|involves?|consists? of|called|known as|termed)\b"
    r"|[,:] (?:[Aa]n?|[Tt]he|Any) "
)
_KIND = re.compile(
    r"(?:(?P<article>an?|the|any|one's|our) )?(?P<kind>(?:[\w'’-]+,? (?:and |or )?){1,7}?)"
    r"(?:that|which|whose|who|in|by|from|through|at|on|to|toward|towards|with|without|where|when|of|for|between|within"
    r"|among|during|about|against|caused|used|made|designed|based|such|as|like|\w+ing|\w+ed)\b"
)
_ADDS = re.compile(
    r"(?:;|, (?:which|but|so|while|whereas|although|though|because|as|making|allowing|resulting|including|such as"
    r"|like)\b"
    r"|,? and (?:is|are|has|have|it|they|can|may|this|thus|therefore|often|usually)\b|—|: | – ).*$"
)
_GOES_ON = re.compile(r", (?:is|are|was|were|can|could|may|must|will|has|have|\w+ed|\w+[^s\W]s)\b")
_LEADS = re.compile(
    r"^(?:However|Finally|Thus|Therefore|Today|In general|Generally|In contrast|By contrast|Furthermore|Additionally"
    r"|In addition|Another|Recall that|In other words|In short|Similarly|Instead), "
)
_BE = re.compile(r"(?:is|are)(?: \w+)?(?<!defined)(?<!when)")
_NO_THING = re.compile(r"(?:that|to|more|less|most|likely|able|not|so|too|\w+ly|\w+ed|[\w-]+ing)\b(?! (?:of|or)\b)")
_TWO_SAID = re.compile(
    r"\b(?:and|but) (?:the|an?) (?:[\w-]+ ){1,4}(?:is|are|was|were)\b"
    r"|^(?:an?|the) (?:[\w-]+ ){1,2}(?:is|are|was|were)\b"
    r"|\b(?:is|are) (?:called|known|termed)\b"
)
"""A second statement about something else."""
_ONE = re.compile(r"an? (?!\w+ (?:of|in) [A-Z])")
_FEWEST, _MOST = 5, 34


@dataclass(frozen=True, slots=True)
class Explained:
    """A term with what a sentence says of it; offsets are the sentence's in the text."""

    term: str
    article: str
    form: Form
    link: str
    words: str
    start: int
    end: int
    aliases: tuple[str, ...] = ()


def explained(text: str, nouns: Collection[str]) -> Iterator[Explained]:
    """Every term that a sentence of the text explains; `nouns` are words that the book uses as such."""
    for start, end in sentences.split(text):
        sentence = prose.clean(text[start:end])
        if _MAY.search(sentence) and prose.is_whole(sentence):
            yield from _of(_LEADS.sub("", sentence), start, end, nouns)


def _of(sentence: str, start: int, end: int, nouns: Collection[str]) -> Iterator[Explained]:
    body = sentence.rstrip('.”"’ ')
    for pattern in (_COLON, _TAIL, _HEAD, _BESIDE):
        if (match := pattern.match(body)) and (found := _is(match, start, end, nouns)):
            yield found
            return
    for match in _RELATIVE.finditer(body):
        if found := _is(match, start, end, nouns):
            yield found
            return
    if prose.stands_alone(sentence):
        yield from _named(sentence, start, end)


def _named(sentence: str, start: int, end: int) -> Iterator[Explained]:
    """The first term that a sentence says is called so."""
    for match in _WITHIN.finditer(sentence):
        gapped = prose.without(match["term"], sentence)
        if prose.is_term(match["term"]) and gapped:
            yield Explained(match["term"], "", Form.CALLED, "", gapped, start, end)
            return


def _is(match: re.Match[str], start: int, end: int, nouns: Collection[str]) -> Explained | None:
    term, link, said = match["term"], match.groupdict().get("link") or "is", _shortened(match["words"])
    if not prose.is_term(term) or not _says_what(said, link, term, nouns):
        return None
    groups = match.groupdict()
    aliases = tuple(one for one in (groups.get("short"), groups.get("other")) if one and prose.is_name(one))
    article = (groups.get("article") or "").strip().lower()
    opens = match.start("term") == 0
    return Explained(prose.lowered(term) if opens else term, article, Form.IS, link, said, start, end, aliases)


def _shortened(said: str) -> str:
    """Without a clause that only adds to what is said; nothing where the statement goes on behind it."""
    extra = _ADDS.search(said)
    if extra and _GOES_ON.search(extra[0], 1):
        return ""
    return prose.lowered(_ADDS.sub("", said).rstrip(" ,"))


def _says_what(said: str, link: str, term: str, nouns: Collection[str]) -> bool:
    """Whether the words name a kind of thing, set it apart, and can be read without the term."""
    is_fit = _FEWEST <= len(said.split()) <= _MOST and prose.is_balanced(said) and not prose.leans(said)
    if not is_fit or prose.names_itself(term, said) or prose.is_vague(said):
        return False
    if _TWO_SAID.search(said) or (_NO_THING.match(said) and _BE.fullmatch(link)):
        return False
    if link.split()[0] in ("was", "were"):
        return term[:1].isupper() and bool(_ONE.match(said)) and " who " not in said and _names_kind(said, link, nouns)
    return not _BE.fullmatch(link) or _names_kind(said, link, nouns)


def _names_kind(said: str, link: str, nouns: Collection[str]) -> bool:
    """With an article; without one, several things or nothing but nouns."""
    found = _KIND.match(said)
    if not found:
        return False
    last = words(found["kind"])[-1]
    are_several = link.startswith("are") and is_plural(last) and last in nouns
    return bool(found["article"]) or are_several or _is_bare(found["kind"], nouns)


def _is_bare(kind: str, nouns: Collection[str]) -> bool:
    """`prejudice and discrimination`, and not `different from others`: nothing but nouns."""
    return all(word in nouns for word in words(kind) if word not in ("and", "or"))

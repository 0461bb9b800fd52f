"""Whether a phrase can stand alone in a question: nothing in it may point outside itself."""

import re
from functools import lru_cache

from tools import sentences
from tools.inflection import other_number
from tools.words import content_words, stem, words

FEWEST_WORDS, MOST_WORDS = 6, 38
_SAME_STEM = 7

_MARKED_LINK = re.compile(
    r"(?:\s*[(,]\s*|\s+)(?:as )?(?:shown |seen |illustrated |depicted )?(?:see |in )?"
    r"\(?\[\[link\]\]\([^()\s]*#[^)]*\)\)?(?=[.,; )])"
)
_BROKEN = re.compile(
    r"https?://|www\.|[\ufffd\uffff\x00<>{}|\\•]|\]\(|\[|\]|class=|&#|&\w+;|-->|_{3,}|\. \. \.|…|\s\.$|\?"
    r"|\(credit|\([a-e]\)|[A-Za-z]\d*=",
    re.IGNORECASE,
)
_MATHS = re.compile(
    r"[∆∑∏∫√≤≥≠∈⊆∪∩→↔¬∧∨=^]|\b[A-Za-z]\([A-Za-z]\)|\) \d|\b[a-z]\d\b|\b\d[a-z]\b|\b[b-zB-HJ-Z] [b-z] |\b[A-Z]{2,} \d\b"
)
"""Formulas lose their signs and exponents on the way through a PDF, so that a sentence with one is left alone."""
_RUN_TOGETHER = re.compile(
    r"[a-z]{4,}[A-Z]|\b[A-Z]\.[A-Z]\.$|\b(?:Dr|Mrs?|St|Prof)\.$"
    r"|[a-z]{3,}\.[A-Z]|\b(?:and|or|the|an?|are|of|the (?:two|three|four|five|six))\.$"
)
"""Words or sentences that lost the space between them, and sentences that were cut short."""
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:figures?|fig\.|tables?|chapters?|sections?|(?:above|following|previous|preceding|earlier)(?! \d)"
    r"|below (?!\w+ing)"
    r"|as (?:shown|seen|mentioned|discussed|described|noted)|recall|shown|depicted|we|you|your|our|us|I|my|here"
    r"|exercises?|examples?"
    r"|link|image|diagram|module|(?:this|the|our) (?:book|text|page|handout|lecture)|so far|discussed|shortly)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:it|they|this|these|those|he|she|its|their|his|her|such|both|here|another|some|many|most|other|others|each|one"
    r"|all|several|two|three|four|five|any|every|there|when|if|although|while|because|since|as|unlike|like|not|only"
    r"|even|finally|first|second|third|next|then|last|now|the (?:former|latter|same|other|first|second|third|next|last"
    r"|result|reason|answer|rest|latter|most|more|best|two|three|four|main|only))\b|that\b",
    re.IGNORECASE,
)
_CONNECTS = re.compile(
    r"(?:however|but|and|or|so|thus|therefore|hence|also|moreover|furthermore|additionally|instead|for (?:example"
    r"|instance)"
    r"|consequently|similarly|likewise|conversely|nevertheless|in (?:addition|contrast|other|fact|turn|this|these|that"
    r"|both|general|some|sum|short|most|many)|on the|by contrast|as a result|yet|still|otherwise|meanwhile|generally"
    r"|indeed|interestingly|specifically|importantly|typically|usually|often|sometimes|ultimately|eventually"
    r"|overall)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:this|these|those(?! (?:that|who|which|of|in|with))|such(?! as)|he|she|his|her|him|former|latter"
    r"|another|others?"
    r"|also|similar|instead|however|therefore|thus|too|likewise|previously)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|itself|themselves)\b", re.IGNORECASE)
_OWN_NOUN = re.compile(r"\b(?:that|which|who|whose|whom|when|where|of|in which)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:more|less|fewer|larger|smaller|higher|lower|greater|longer|shorter|closer|better|faster|slower|stronger"
    r"|weaker|deeper|thicker|thinner|simpler|older|newer|lesser)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:an?|the|one of the|any|some)? ?(?:very |most |more |particularly )?(?:important|major|main|good|great"
    r"|key|vital|critical|crucial|essential|significant|excellent"
    r"|useful|classic|common|simple|complex|primary|necessary|result|example|way|ways|reason|time|place|thing"
    r"|part of the"
    r"|same|name|best|most|largest|earliest|oldest|last|final|only|first|number|variety|lot|few|many|kind|type|form|sort|topic|subject|question|problem"
    r"|those|one|not|fact|matter|case|difference|basis|opposite|continuous|goal|goal|aim|cause|effect|consequence"
    r"|product|products)\b(?! of [\w-]+ (?:that|which|in which|where))",
    re.IGNORECASE,
)
_SAYS_LITTLE = re.compile(
    r"\b(?:important|vital|crucial|significant|essential|various|diverse|probably|perhaps|possibly"
    r"|different types|modern"
    r"|recent|current|currently|now|new|interesting|famous|well-known|proposed by|many|some of|several|sometimes|likely"
    r"|variety|particular|etc|resulting|remaining|special|widely|normal|unusual|typical|conventional|predominant"
    r"|(?:second|third|fourth) major)\b",
    re.IGNORECASE,
)
_NOT_IN_TERM_LIST = """
    term
    a an the this that these those it its they their he she his her we our you your i and or but nor if as at by for
    from in into on onto to with without within than then so because when while where which who whose what how why
    not no both each every any all some many most more much few several other another one two three four five six
    such same only very also is are was were be been being has have had do does did can could may might will would
    shall should must there here up down out over under about between during after before first second third last
    since although though unless until whether like unlike per via despite however
    next main major important common key using found seen called known used made located involved shown based
    specialized
"""
_NOT_IN_TERM = frozenset(_NOT_IN_TERM_LIST.split())
_GENERIC_LIST = """
    example result reason type kind form part process step stage purpose function role advantage disadvantage
    difference point number change way thing goal aim answer question problem people person scientist researcher
    student author idea concept term name word fact case time place cause effect feature characteristic property
    ability amount size level rate structure system group product method technique approach theme topic subject
    figure table chapter section book text theory model study research work area region line side end top bottom
    order set exception value element solution situation event period century year day location activity component
    condition factor individual member mechanism substance material object evidence information data knowledge
    observation conversion environment
"""
_GENERIC = frozenset(map(stem, _GENERIC_LIST.split()))
_META = "feature characteristic aspect advantage disadvantage difference example consequence goal"
_ABOUT_SOMETHING = frozenset(map(stem, _META.split()))
"""What a phrase with one of these at its end is of, the phrase does not say: `defining feature`."""
_ADVERB = re.compile(
    r".{3,}ly$|.*-\w+ive$|single$|.*(?:philic|phobic|able|ible)$|(?:outer|inner|upper|lower)?most$|(?:larg|small|long|high|low|short)est$"
)


_ASKS_TO_CHOOSE = re.compile(r"\b(?:which|what) (?:one )?of (?:the|these)\b[^.?]*(?:\?|:)|_{4,}", re.IGNORECASE)


@lru_cache(maxsize=2048)
def stated(text: str) -> tuple[sentences.Span, ...]:
    """Spans of the sentences, up to where the book asks to choose: what follows there may be a wrong choice."""
    found: list[sentences.Span] = []
    for start, end in sentences.split(text):
        if _ASKS_TO_CHOOSE.search(text, start, end):
            break
        found.append((start, end))
    return tuple(found)


def tidy(sentence: str) -> str:
    """One line, without the marks of links to figures."""
    return _MARKED_LINK.sub("", " ".join(sentence.split()))


@lru_cache(maxsize=4096)
def is_sound(sentence: str) -> bool:
    """A whole sentence of prose that names no figure, starts on its own feet and is not broken."""
    letters = sum(sign.isalpha() or sign.isspace() for sign in sentence)
    return (
        FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS
        and sentence.lstrip("(")[:1].isupper()
        and sentence.endswith((".", ".”", '."', ".)"))
        and not _MATHS.search(sentence)
        and not _RUN_TOGETHER.search(sentence)
        and letters > 0.85 * len(sentence)
        and is_balanced(sentence)
        and not _BROKEN.search(sentence)
        and not _POINTS_ELSEWHERE.search(sentence)
    )


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without the one before it."""
    return starts_afresh(sentence) and not refers_back(sentence)


def starts_afresh(sentence: str) -> bool:
    """Whether a sentence begins with nothing that leans on the one before it."""
    return not (_LEANS.match(sentence) or _CONNECTS.match(sentence))


def refers_back(phrase: str) -> bool:
    """Whether a pronoun or a comparison lacks what it is about within the phrase."""
    if _REFERS_BACK.search(phrase):
        return True
    if _COMPARES.search(phrase) and not re.search(r"\bthan\b", phrase):
        return True
    pronoun = _PRONOUN.search(phrase)
    return bool(pronoun and not _OWN_NOUN.search(phrase, 0, pronoun.start()))


def is_vague(phrase: str) -> bool:
    """Whether a description would fit nearly anything."""
    return bool(_VAGUE.match(phrase) or _SAYS_LITTLE.search(phrase))


def is_term(phrase: str) -> bool:
    """Whether a phrase of one to four words can be a term that is asked for."""
    listed = words(phrase)
    if not listed or len(phrase.split()) > 4 or len(phrase) < 3:
        return False
    return (
        not any(word in _NOT_IN_TERM for word in listed)
        and not any(_ADVERB.match(word) for word in listed)
        and bool(content_words(phrase))
        and listed[-1] != "of"
        and listed[0] != "of"
        and not ((len(listed) == 1 or listed[1] == "of") and stem(listed[0]) in _GENERIC)
        and len({stem(word) for word in listed}) == len(listed)
        and not (len(listed) > 1 and stem(listed[-1]) in _ABOUT_SOMETHING)
        and not ("of" in listed and stem(listed[listed.index("of") - 1]) in _GENERIC)
        and not all(stem(word) in _GENERIC for word in listed)
        and not re.search(r"\d|[’']s?(?: |$)|\b(?:itself|themselves|its)\b", phrase)
        and not _SAYS_LITTLE.search(phrase)
    )


def is_balanced(text: str) -> bool:
    """Whether brackets and quotation marks are closed."""
    return text.count("(") == text.count(")") and text.count("“") == text.count("”") and text.count('"') % 2 == 0


def lowered(phrase: str) -> str:
    """The phrase as it stands inside a sentence: a capital that only opens the sentence goes."""
    first, _, _ = phrase.partition(" ")
    is_name = any(sign.isupper() or sign.isdigit() for sign in first[1:]) or (len(first) == 1 and first != "A")
    return phrase if is_name else phrase[:1].lower() + phrase[1:]


def raised(phrase: str) -> str:
    """The phrase as it stands at the beginning of a sentence; tRNA and pH stay as they are."""
    return phrase if phrase[1:2].isupper() else phrase[:1].upper() + phrase[1:]


_SPECIFIES = re.compile(
    r"\b(?:that|which|whose|who|in which|by which|of|with|without|where|made|used|found|for|from|between|in|to|at|on"
    r"|by)\b"
)


def genus(predicate: str) -> str:
    """What kind of thing is defined: `the process` in `the process by which …`."""
    return _SPECIFIES.split(predicate, maxsplit=1)[0].strip(" ,")


def root_words(phrase: str) -> frozenset[str]:
    """The stems of the words that carry a phrase's meaning."""
    return frozenset(stem(word) for word in content_words(phrase))


def without(term: str, text: str) -> str | None:
    """The text with a gap for every mention of the term; None when a part of it stays."""
    forms = sorted({term, other_number(term)}, key=len, reverse=True)
    pattern = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    gapped = re.sub(rf"\b(?:an?\s+(?={pattern})\b)?(?:{pattern})\b", "____", text, flags=re.IGNORECASE)
    gapped = re.sub(r"____(?:\s+____)+", "____", gapped)
    left = {stem(word) for word in words(gapped)} & root_words(term)
    return gapped if gapped != text and not left else None


def names_itself(term: str, predicate: str) -> bool:
    """Whether the description uses a telling word of the term; words that every page uses do not count."""
    mine, theirs = root_words(term) - _GENERIC, root_words(predicate) - _GENERIC
    shared = {root[:_SAME_STEM] for root in mine if len(root) >= _SAME_STEM} & {root[:_SAME_STEM] for root in theirs}
    return bool(mine & theirs or shared)

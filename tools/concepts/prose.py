"""Whether a phrase of a book can be a term, and whether a sentence can stand alone in a question."""

import re

from tools.inflection import other_number
from tools.words import content_words, stem, words

_FEWEST, _MOST = 5, 45
_CITATION = re.compile(
    r"\s*\([^()]*(?:\d{4}|et al|see )[^()]*\)|\s*\(\s*\)|\s*\[\d+(?:[,–-]\s*\d+)*\]"
    r"|(?:,? (?:as )?(?:shown|seen|illustrated|depicted|listed|summarized))? (?:in|see) (?=[.,;]|and\b)"
)
_LINK = re.compile(r"\(?\[\[link\]\]\([^()\s]*#[^)]*\)\)?")
_BROKEN = re.compile(
    r"https?://|www\.|[\ufffd\uffff\x00<>{}|\\•\[\]]|&#|&\w+;|_{3,}|\. \. \.|…|\s\.$|\?|\(credit|[a-z]{4,}[A-Z]"
    r"|[a-z]{3,}\.[A-Z]"
    r"|[∆∑∏∫√≤≥≠∈⊆∪∩→↔¬∧∨=^]|\b[b-zB-HJ-Z] [b-z] |\b(?:and|or|the|an?|are|of|in|as)[.]$"
)
_ELSEWHERE = re.compile(
    r"\b(?:figures?|fig\.|tables?|chapters?|sections?|image|diagram|photograph|exercises?|module"
    r"|(?:this|the) (?:book|text|page)"
    r"|(?:shown|discussed|described|mentioned|noted) (?:above|below|earlier|previously|in)"
    r"|for example|for instance|imagine|suppose|let us|let[’']s|recall)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:this|these|those(?! (?:that|who|which|of|in|with))|such(?! as)|he|she|his|her|him|former|latter|another"
    r"|also|instead|however|therefore|thus|likewise|previously|here|there|above|below)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:it|they|this|these|those|he|she|its|their|his|her|such|both|here|there|another|other|others|each|one|when|if|although"
    r"|while|because|since|unlike|like|even|finally|first|second|third|next|then|last|now|but|and|or|so|thus|therefore|hence"
    r"|also|moreover|however|instead|similarly|conversely|yet|still|otherwise|meanwhile|we|you|i|my|our"
    r"|the (?:former|latter|same|other|first|second|third|next|last|result|rest))\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"[A-Z]\. |(?:Browse|Check|Click|Consider|Draw|Explore|Find|Follow|Go to|Learn|Let|Listen|Look|Prove|Read|See|Show"
    r"|Take|Think|Try|View|Visit|Watch)\b"
)
"""The rest of a name that was cut in two, or something for the reader to do."""
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them)\b", re.IGNORECASE)
_OWN_NOUN = re.compile(r"\b(?:that|which|who|whose|when|where|of|for|by|with)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"(?:an?|the|one of the|any|some)? ?(?:\w+ly |most |more |other |very )*(?:important|major|main|good|great|key"
    r"|vital|common|critical|crucial|essential|significant|useful|classic|popular|powerful|necessary|result|example"
    r"|reason|time|place|thing"
    r"|same|best|most|largest|earliest|last|final|only|first|second|number|variety|lot|few|many|topic|subject|question"
    r"|problem|part|word|name|acronym|those|one|not|fact|matter|case|difference|opposite|goal|cause|product|constant|perfect|central|mark|symbol)\b"
    r"(?! of [\w-]+ (?:that|which|in which|where))"
    r"|an? (?:bit|kind|sort|type|form) of\b(?! [\w-]+ (?:that|which|in which|where|used))"
    r"|(?:an?|the) [\w-]+ (?:part|issue|word|example|element|aspect|feature)\b"
)
_STOP_LIST = """
    a an the of me us them shown this that these those it its they their he she his her we our you your i my and or
    but nor if as at by for from in into on onto to with without within among than then so because when while where
    which who whose what how why not no both each every any all some many most more much few several other another
    same such only very also there here is are was were be been being has have had do does did can could may might
    will would shall should must since like during after before under over about between until unless via per
    despite however even often usually first second third next main important common key new used called known one
    two three people furthermore moreover finally today term attending having being doing following including
    according due almost nearly
"""
_STOP = frozenset(_STOP_LIST.split())
_GENERIC_LIST = """
    solution proof lemma theorem definition corollary remark claim hint appendix introduction
    example result reason type kind form part process step stage purpose function role difference point number
    change way thing goal aim answer question problem person man woman child name word fact case time place cause
    effect feature characteristic amount size level group product method approach topic subject figure table chapter
    section book text study work area side end top bottom order set value situation event period century year day
    activity component condition factor individual member mechanism material object information latter former
    statement item idea concept advantage disadvantage aspect
"""
_GENERIC = frozenset(map(stem, _GENERIC_LIST.split()))
_SAME_STEM, _LONGEST = 7, 5
_NO_NAME = re.compile(r"\b(?:see|from|or|and|e\.g|i\.e|singular|plural|credit|figure|which|that)\b|=|\d{2}")


def clean(text: str) -> str:
    """One line, without references to literature and figures, and without marks of quotation around terms."""
    line = _CITATION.sub("", _LINK.sub("", " ".join(text.split())))
    return re.sub(r"[“”\"]", "", line) if line.count("“") + line.count('"') <= 2 else line


def is_whole(sentence: str) -> bool:
    """A whole sentence of prose that points to nothing outside the text."""
    return (
        _FEWEST <= len(sentence.split()) <= _MOST
        and sentence[:1].isupper()
        and not _TOLD.match(sentence)
        and sentence.endswith((".", ".)", ".’"))
        and is_balanced(sentence)
        and not _BROKEN.search(sentence)
        and not _ELSEWHERE.search(sentence)
    )


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without the one before it."""
    return not (_OPENS.match(sentence) or leans(sentence))


def leans(phrase: str) -> bool:
    """Whether a word in it points to what was said before."""
    pronoun = _PRONOUN.search(phrase)
    return bool(_LEANS.search(phrase) or (pronoun and not _OWN_NOUN.search(phrase, 0, pronoun.start())))


def is_vague(phrase: str) -> bool:
    """Whether a description would fit nearly anything."""
    return bool(_VAGUE.match(phrase))


def is_term(phrase: str) -> bool:
    """Whether a phrase can be the name of a concept."""
    parts = phrase.lower().replace("’s", "").split()
    if not 0 < len(parts) <= _LONGEST or len(phrase) < 3 or not content_words(phrase):
        return False
    if parts[0] in _STOP or parts[-1] in _STOP or parts[0].endswith("ly") or parts[-1].isdigit():
        return False
    inner = [part for part in parts if part not in ("of", "the", "and", "to", "in")]
    return not any(part in _STOP for part in inner) and not all(stem(part) in _GENERIC for part in inner)


def is_name(phrase: str) -> bool:
    """Whether what stands in brackets behind a term is another name for it."""
    return len(phrase.split()) <= 4 and not _NO_NAME.search(phrase)


def is_balanced(text: str) -> bool:
    """Whether brackets and quotation marks are closed."""
    return text.count("(") == text.count(")") and text.count("“") == text.count("”") and text.count('"') % 2 == 0


def lowered(phrase: str) -> str:
    """Without a capital that only opens the sentence; what has another capital is a name or an abbreviation."""
    first, _, rest = phrase.partition(" ")
    is_name = any(sign.isupper() or sign.isdigit() for sign in first[1:]) or (len(first) == 1 and first != "A")
    return (
        phrase
        if is_name or (re.search(r"\b[A-Z]", rest.partition(",")[0][:40]) and _all_capital(phrase))
        else phrase[:1].lower() + phrase[1:]
    )


def _all_capital(phrase: str) -> bool:
    parts = [part for part in phrase.split() if part.lower() not in ("of", "the", "and", "to", "in", "for")]
    return all(part[:1].isupper() for part in parts)


def raised(phrase: str) -> str:
    """As it stands at the beginning of a sentence; tRNA and pH stay as they are."""
    return phrase if phrase[1:2].isupper() else phrase[:1].upper() + phrase[1:]


def root_words(phrase: str) -> frozenset[str]:
    """The stems of the words that carry a phrase's meaning."""
    return frozenset(stem(word) for word in content_words(phrase))


def names_itself(term: str, said: str) -> bool:
    """Whether a description uses a telling word of the term; words that every page uses do not count."""
    parts = term.split()
    # A kind of thing is explained as that thing: an Euler path is a path.
    own = " ".join(parts[:-1]) if len(parts) > 1 else term
    mine, theirs = root_words(own) - _GENERIC, root_words(said) - _GENERIC
    shared = {root[:_SAME_STEM] for root in mine if len(root) >= _SAME_STEM} & {root[:_SAME_STEM] for root in theirs}
    return bool(mine & theirs or shared)


def without(term: str, text: str) -> str | None:
    """The text with a gap for every mention of the term; None when a part of it stays, or it is not there."""
    forms = sorted({term, other_number(term)}, key=len, reverse=True)
    pattern = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    gapped = re.sub(rf"\b(?:an?\s+(?={pattern})\b)?(?:{pattern})\b", "____", text, flags=re.IGNORECASE)
    left = {stem(word) for word in words(gapped)} & root_words(term)
    return gapped if gapped.count("____") == 1 and not left else None

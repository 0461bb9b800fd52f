"""Questions that lean on what was said before, made to stand alone; the built-in way."""

import re
from collections.abc import Sequence

from agent.state import Exchange
from tools.numerals import ORDINALS
from tools.words import content_words, stem, words

_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers)\b", re.IGNORECASE)
_POINTER = re.compile(
    r"\b(?:that|this|these|those)(?: (?:one|ones|thing|things|part|process|term|concept|idea|word|answer|topic|step"
    r"|again|point))?(?=\s*(?:[?.!,]|$|\b(?:is|are|was|were|do|does|did|can|in|to|more|again|mean|work|works|happen"
    r"|happens|important|simply|with|for|so)\b))",
    re.IGNORECASE,
)
_POINTING_QUESTION = re.compile(r"(?:is|are|was|were|does|do|did|can|could) (?:that|this|these|those)\b", re.IGNORECASE)
_POINTED = re.compile(r"\b(?:that|this|these|those)\b", re.IGNORECASE)
_AT_THE_END = re.compile(r"\b(?:that|this|these|those|it|them)\W*$", re.IGNORECASE)
_ORDINALS = {"former": 0, "last": -1, "latter": -1, **{word: n - 1 for word, n in ORDINALS.items()}}
_ORDINAL = re.compile(
    rf"\b(?:the )?(?P<which>{'|'.join(_ORDINALS)})(?: (?:one|ones|item|point|step|stage|phase|type|part|example|kind))?"
    r"(?=\s*(?:[?.!,]|$|\b(?:mean|work|do|is|does|in|again)\b))",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:please |can you |could you )*(?:tell me more|more|go on|continue|keep going|more details?|elaborate|and then"
    r"|(?:explain|say|put|describe) (?:that |this |it )?(?:again|(?:more |a bit more )?(?:simply|clearly|slowly)"
    r"|in (?:other|simple|simpler|plain|your own) (?:words|terms)|more|further|better|shorter|in (?:more )?detail)"
    r"|(?:simpler|shorter|in short|in other words)|(?:give me )?(?:an|another|one more|some|more) examples?"
    r"|(?:for example|such as|like what)|i (?:do not|don't|still don't) (?:understand|get it|get that)|what do you mean"
    r"|(?:what|how) (?:else|about more)|are you sure|really|how so|why not|says who|where does it say (?:that|so))"
    r"(?:,? please)?"
)
_INSTEAD = re.compile(r"(?:and |but |so |or |then )*(?:what|how) about (?:the |an? )?(?P<other>.+)", re.IGNORECASE)
_OPENING = re.compile(r"^(?:(?:and|but|so|or|then|also)\b[ ,]*)+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]*\)(?=\W*$)")
_PLACE = re.compile(r"(?:in|for|with|without|during|at|on|from|under|after|before|by)\b", re.IGNORECASE)
_FRAME_WORDS = """
    function role purpose difference work happen important importance type stage phase step part cause reason example
    process occur use need structure differ compare relate effect summarise summarize overview simply simple more detail
"""
_NOT_A_TOPIC = frozenset(map(stem, _FRAME_WORDS.split()))
_MOST_WORDS = 8


def leans_on_history(utterance: str, history: Sequence[Exchange]) -> bool:
    """Whether an utterance cannot be understood without the conversation."""
    if not _last(history):
        return False
    plain = utterance.strip(" ?!.").lower().replace("’", "'")
    if _MORE.fullmatch(plain) or _is_bare(plain) or _INSTEAD.fullmatch(plain):
        return True
    if _OPENING.match(plain) and len(words(plain)) <= _MOST_WORDS:
        return True
    return _points_back(utterance) or bool(_ORDINAL.search(utterance) and len(_topic_words(utterance)) < 2)


def standalone(utterance: str, history: Sequence[Exchange]) -> str:
    """The utterance with what it leans on put into it."""
    last = _last(history)
    if not last or not leans_on_history(utterance, history):
        return utterance
    plain = utterance.strip(" ?!.")
    topic = topic_of(last["question"])
    if item := _item_meant(plain, last["answer"]):
        return _with_item(plain, item, topic)
    if instead := _INSTEAD.fullmatch(plain):
        return _about_another(instead["other"], last["question"], topic)
    if _MORE.fullmatch(plain.lower().replace("’", "'")) or not _topic_words(_OPENING.sub("", plain)):
        return _asked_again(plain, last["question"], topic)
    rest = _OPENING.sub("", plain)
    if _points_back(rest):
        return _with_topic(rest, topic) + "?"
    if _PLACE.match(rest):
        return f"{last['question'].strip(' ?!.')} {rest}?"
    return f"{rest} ({topic})?"


def topic_of(question: str) -> str:
    """The stretch of a question that names what it is about."""
    question = _ASIDE.sub("", question)
    telling = _topic_words(question) or content_words(question)
    if not telling:
        return question.strip(" ?!.")
    spans = [m.span() for m in re.finditer(r"[^\W_]+(?:['’]s)?", question) if stem(_bare(m.group())) in _stems(telling)]
    if not spans or spans[-1][1] - spans[0][0] > 80:
        return " ".join(telling[:_MOST_WORDS])
    return question[spans[0][0] : spans[-1][1]]


def _last(history: Sequence[Exchange]) -> Exchange | None:
    return next((exchange for exchange in reversed(history) if exchange["question"]), None)


def _stems(listed: Sequence[str]) -> set[str]:
    return {stem(word) for word in listed}


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word).lower()


def _topic_words(text: str) -> list[str]:
    return [word for word in content_words(text) if stem(word) not in _NOT_A_TOPIC and word not in _ORDINALS]


def _is_bare(plain: str) -> bool:
    """Question words and nothing to ask about: `why?`, `how does that work?`"""
    return not _topic_words(plain) and len(words(plain)) <= _MOST_WORDS


def _points_back(utterance: str) -> bool:
    """A pronoun stands where no word before it says what it means."""
    if _POINTING_QUESTION.match(utterance) or (_AT_THE_END.search(utterance) and len(_topic_words(utterance)) < 2):
        return True
    found = [match for match in (_PRONOUN.search(utterance), _POINTER.search(utterance)) if match]
    return bool(found) and not _topic_words(utterance[: min(match.start() for match in found)])


def _item_meant(plain: str, answer: str) -> str:
    ordinal = _ORDINAL.search(plain)
    items = listed_items(answer) if ordinal else []
    if not ordinal or not items:
        return ""
    at = _ORDINALS[ordinal["which"].lower()]
    return items[at] if -len(items) <= at < len(items) else ""


def listed_items(answer: str) -> list[str]:
    """What an answer enumerates: its list, else the longest `a, b, and c` in it."""
    text = re.sub(r"\s*\[\d+\]", "", answer)
    lines = re.findall(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+(.+)$", text, re.MULTILINE)
    if len(lines) > 1:
        return [re.split(r"[:–—]|\. ", line)[0].strip(" *_.") for line in lines]
    series = re.findall(r"((?:[\w-]+(?: [\w-]+){0,4}, )+(?:and |or )[\w-]+(?: [\w-]+){0,2})", text)
    pairs = re.findall(
        r"\b(?:two|both)\b[^.:]*?[:,]? (?:are |called |namely )?([\w-]+(?: [\w-]+)?) and ([\w-]+(?: [\w-]+)?)", text
    )
    if not series:
        return [item.strip() for item in pairs[0]] if pairs else []
    parts = re.split(r",? (?:and|or) |, ", max(series, key=lambda found: found.count(",")))
    shortest = min(len(part.split()) for part in parts[1:])
    return [
        " ".join(part.split()[-shortest:]) if n == 0 else part.strip() for n, part in enumerate(parts) if part.strip()
    ]


def _with_item(plain: str, item: str, topic: str) -> str:
    rest = _OPENING.sub("", plain)
    said = _ORDINAL.sub(item, rest)
    asks = said if content_words(_ORDINAL.sub("", rest)) or re.match(r"(?:why|how)\b", said, re.IGNORECASE) else ""
    return f"{asks or f'What is {item}'} ({topic})?"


def _asked_again(plain: str, question: str, topic: str) -> str:
    """The last question once more, with the new question word if there is one."""
    asks = re.match(r"(?:and |but |so )*(why|how|when|where|who)\b", plain, re.IGNORECASE)
    pointed = _PRONOUN.search(plain) or _POINTER.search(plain)
    if asks and pointed:
        return _with_topic(_OPENING.sub("", plain), topic) + "?"
    if asks:
        return f"{asks[1].capitalize()} {topic}?"
    if re.search(r"\bexamples?\b", plain, re.IGNORECASE):
        return f"example of {topic}?"
    return question


def _about_another(other: str, question: str, topic: str) -> str:
    if _PRONOUN.search(other) or _POINTER.search(other):
        return f"What is {_with_topic(other, topic)}?"
    if _PLACE.match(other):
        return f"{question.strip(' ?!.')} {other}?"
    named = re.compile(rf"(?<!\w){re.escape(topic)}(?!\w)")
    return named.sub(lambda _: other, question) if named.search(question) else f"{other} ({topic})?"


def _with_topic(text: str, topic: str) -> str:
    """The first pronoun replaced by the topic; `its` becomes `of` it."""
    owned = re.search(r"\b(?:its|their|his|her)\s+(?P<what>[\w-]+(?: [\w-]+)?)", text, re.IGNORECASE)
    if owned:
        return f"{text[: owned.start()]}the {owned['what']} of {topic}{text[owned.end() :]}"
    for pattern in (_PRONOUN, _POINTER, _POINTED):
        if found := pattern.search(text):
            return f"{text[: found.start()]}{topic}{text[found.end() :]}"
    return f"{text} ({topic})"

"""What an utterance asks for, by rules: the built-in router, and the first look when a model is configured."""

import re

from agent import moves, wishes
from agent.state import Action, Command, Decision, Route
from agent.wishes import words

_PLEASE = (
    r"(?:(?:please|pls|plz|hey|hi|hello|ok|okay|so|now|then|and|can you|could you|would you|will you|can we|could we"
    r"|can i|could i|i want you to|i would like you to|i'd like you to),? ){0,6}"
)
_NO_TITLE = (
    r"what|who|why|how|when|where|which|whose|is|are|was|were|does|do|did|has|have|had|can|could|should|would|no|not"
    r"|the|a|an|this|that|these|my|your|in|on|at|explain|define|describe|tell|stop|end|finish|quit|exit|cancel|if|about"
    r"|show|delete|remove|list|summari[sz]e|compare"
)
_MINE = r"(?:all )?(?:of )?(?:my |the |your )?"
_THINGS = r"(?:books?|library|documents?|files?|uploads?|semesters?|subjects?|materials?|sources?)"
_KIND = r"(?:pdf|docx|pptx|html?|md|markdown|epub|txt)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_TALK = _any(
    r"(?:(?:ok|okay|great|cool|hi|hello|hey),? )?(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|day)"
    r"|greetings|thanks?|thank you|thx|ty|cheers|bye|goodbye|see you|ok|okay|cool|great|nice|perfect|got it|awesome"
    r"|well done|help|start)"
    r"(?: (?:there|you|tutor|again|everyone|a lot|so much|very much|for (?:the|your) help|for that|that helps?|me"
    r"|please|then))*",
    r"(?:so )?what (?:can|do) you do(?: for me)?",
    r"(?:who|what) are you",
    r"how are you(?: doing| today)?",
    r"how (?:does|do) (?:this app|this tutor|you|studyrag) work",
    r"how (?:can|do) i use (?:this|you|it)",
    r"what can i (?:do|ask)(?: you)?(?: here)?",
)
_LIST = _any(
    rf"{_PLEASE}(?:list|show|display)(?: me)? {_MINE}{_THINGS}",
    rf"(?:what|which) {_THINGS} (?:do i have|have i(?: got| uploaded)?|are (?:there|in my library))",
    rf"(?:what|which) {_THINGS} (?:do you (?:have|know)|have you(?: got| read)?)",
    r"what have (?:you read|i uploaded|you got)(?: so far)?",
    r"what(?:'s| is) in (?:my|the|your) library",
    r"my (?:library|books)|library|books",
)
_STATUS = _any(
    rf"(?:is|are) (?:it|they|my {_THINGS}|the {_THINGS}|(?:the )?\S+\.{_KIND})"
    r" (?:ready|done|finished|read|uploaded|processed)(?: yet)?",
    r"status|progress|upload status|how far are you|how far is (?:it|the upload)",
)
_EVERYTHING = _any(
    rf"(?:only )?(?:use|search|look in|include) (?:everything|everywhere|all|all (?:of )?(?:my )?{_THINGS})",
    r"(?:use|search) my whole library|search everywhere|reset (?:the )?scope",
)
_ONLY = re.compile(
    rf"{_PLEASE}(?:only use|use only|just use|search only|only search|limit (?:yourself|the scope|it|answers) to"
    r"|restrict (?:yourself|the scope|answers) to|(?:set|change) (?:the )?scope to|switch the scope to)"
    r" (?:in |the book |the subject |the semester |my book )?(?P<name>\S+(?: \S+){0,5})"
)
_SHOW_SCOPE = _any(
    r"scope|(?:what|which) is the (?:current )?scope",
    rf"(?:what|which) {_THINGS} (?:are you using|do you use|are in (?:the )?scope)",
)
_DELETE = _any(
    rf"{_PLEASE}(?:delete|remove|erase) (?:(?:the |my )?(?:book|file|document|upload) (?P<named>.{{1,120}}?)"
    rf"|(?:the |my )?(?P<file>.{{1,250}}\.{_KIND})|(?:the |my )?(?P<book>.{{1,80}}?) (?:book|file|document))",
)
_SPEC = (
    rf"(?:{words.COUNT}|(?:{words.LEVEL}|{words.FILLER})\b|{words.KIND}"
    r"|[\w.-]+[ -](?:minutes?|mins?|hours?|seconds?)\b)"
)
_NOUN = rf"(?:quiz+(?:es)?|tests?|exams?|mcqs?|questions?|qs|{words.TELLING_KIND})"
_THEN = (
    r"(?:[,:;.( -]+(?:on|about|for|from|of|out of|with|in|to|within|under|regarding|covering|over|only|just)\b.*"
    r"|[,:;.(].*| -.*)?"
)
_FOR_ME = r"(?: (?:me|us))?(?: with)?"
_QUIZ = _any(
    rf"{_PLEASE}(?:quiz+|test|examine|drill|grill|challenge) (?:me|us)\b.*",
    rf"{_PLEASE}i(?: want|'d like| would like) to be (?:quizzed|tested|examined)\b.*",
    rf"{_PLEASE}test my (?:knowledge|understanding|skills?|memory)\b.*",
    rf"{_PLEASE}(?:start|make|create|write|give|set|generate|prepare|begin|build|hit|throw|show"
    r"|let's (?:do|have|take|start)|let me (?:do|try|take|have)|i (?:want|need|would like)(?: to (?:take|do|have))?"
    r"|i'd like|do you have|have you got)"
    rf"{_FOR_ME} (?:(?!the\b|this\b|that\b)[\w/.,'-]+,? ){{0,7}}?{_NOUN}{_THEN}",
    rf"{_PLEASE}(?:start|begin|take) (?:the|this|that|my) (?:quiz|test|exam){_THEN}",
    rf"{_PLEASE}(?:an? )?(?!not? )(?:{_SPEC}[, ]+){{1,8}}{_NOUN}{_THEN}",
    rf"{_PLEASE}(?:{words.TELLING_KIND})(?: (?:only|please))?(?:[,:] .*| (?:on|about|for|from)\b.*)",
    rf"{_PLEASE}(?:quiz+|questions|mcqs)(?: (?:on|about|from|for)\b.*|[,:] .*)|quiz+",
    r"(?:make it|something) (?:easy|hard|harder|easier)[,:] .*\b(?:quiz|questions)\b.*",
    rf"(?!(?:{_NO_TITLE})\b)(?:[\w'-]+ ){{1,4}}quiz(?:[,:;.(] ?.*|[ -]+(?:{_SPEC}|with|in)\b.*)?",
    rf"(?!(?:{_NO_TITLE})\b)(?:[\w'-]+ ){{1,4}}(?:test|exam)[,:;.( -]+(?:{_SPEC}[,; ]*){{1,8}}(?:{_NOUN})?",
)
_PRACTICE = _any(
    rf"{_PLEASE}(?:let'?s |let me |let us |i (?:want|would like|need) to |i'd like to |we |i )?"
    r"practi[sc]e(?:[,:]? (?!makes).{1,120})?",
    rf"{_PLEASE}(?:help me(?: to)?|i (?:want|need|would like) to|i'd like to|let'?s|let me)"
    r" (?:revise|practi[sc]e|study for|prepare for)\b.{1,120}",
    rf"{_PLEASE}revise (?!what(?:'s| is) due|now|today).{{1,120}}",
    rf"{_PLEASE}(?:give|set|ask)(?: me| us) (?:an? |another |some |\d+ |few )*"
    r"(?:practi[sc]e|exercises?|(?:\w+ )?question)\b.*",
    rf"{_PLEASE}(?:(?:give|make|show|create|generate)(?: me| us)? )?(?:{_SPEC} ){{0,8}}"
    r"(?:flash ?cards?|exercises|practi[sc]e (?:questions|problems))(?: (?:on|about|from|for|to)\b.*)?",
    rf"{_PLEASE}(?:do you have|have you got)(?: any)?(?: {_SPEC}){{0,8}} (?:practi[sc]e|exercises|problems)\b.*",
    rf"{_PLEASE}(?:ask|test) me (?:something|anything)(?: (?:on|about|from) .*)?",
    rf"{_PLEASE}(?:let'?s |let me |can i |i want to )?(?:repeat|redo|retry|practi[sc]e|go over|try again)"
    r" (?:my (?:\w+ )?(?:mistakes|errors|wrong answers)"
    r"|(?:what|the ones|those|the questions) i (?:got|answered|did) wrong)",
)
_END = _any(
    rf"{_PLEASE}(?:stop|end|quit|finish|exit|cancel|abort)"
    r"(?:(?: (?:the|this|my))? (?:quiz|test|exam|questions|practi[sc]e|round))?"
)
_DUE_THINGS = (
    r"(?:(?:all )?(?:of )?(?:my |the )?(?:due |open )?(?:questions|cards|flash ?cards|reviews|items)"
    r"|what(?:'s| is) due)"
)
_REVIEW = _any(
    rf"{_PLEASE}(?:let'?s |let me |i want to |start (?:my |the )?|begin (?:my |the )?|do my )?"
    r"(?:reviews?|revise(?= (?:what|now|today|my due)|$)|repeat(?= (?:what|my due|the due|due)))"
    rf"(?: {_DUE_THINGS})?(?: (?:now|today))?"
    r"(?: (?:(?:in|for|from|of|on) )?(?P<where>(?!(?:my|the|of|by|for|in|on|from|what|how|why|article|paper|literature"
    r")\b)[\w.&'-]+(?: [\w.&'-]+){0,5}))?",
)
_DUE = _any(
    r"(?:what|which|is|is there|are there)(?:'s| is| are)?(?: anything| questions| reviews)?(?: is| are)? due"
    r"(?: today| now| for (?:me|review))?",
    r"(?:what|which questions) (?:should|do|must) i (?:have to )?(?:repeat|review|revise)(?: today| now)?",
    rf"{_PLEASE}(?:show|list)(?: me)? (?:my )?(?:due (?:questions|reviews)|reviews|what is due)",
    r"how many (?:questions |reviews |cards )?are due(?: today| now)?",
    r"(?:anything|something) due(?: today| now)?|due(?: today| now)?|my (?:due )?reviews",
)
_ORDERS = re.compile(rf"{_PLEASE}(?:delete|remove|quiz|test me|practi[sc]e|use only|only use|limit|switch)\b")
_YES = re.compile(r"(?:yes|y|yep|yeah|sure|ok|okay|confirm|delete it|do it|yes (?:please|delete it|do it|sure))")
_NO = re.compile(r"(?:no|n|nope|cancel|stop|keep it|don't|do not)\b.{0,30}")
_ACTIONS = (
    (_LIST, Action.LIST),
    (_STATUS, Action.STATUS),
    (_SHOW_SCOPE, Action.SHOW_SCOPE),
    (_EVERYTHING, Action.SET_SCOPE),
)
_ROUTES = (
    (_REVIEW, Route.REVIEW),
    (_DUE, Route.REVIEW),
    (_END, Route.TALK),
    (_PRACTICE, Route.PRACTICE),
    (_QUIZ, Route.QUIZ),
)
_SLASH_ACTIONS = {
    "library": Action.LIST, "books": Action.LIST, "list": Action.LIST, "status": Action.STATUS,
}  # fmt: skip
_SLASH_ROUTES = {
    "quiz": Route.QUIZ, "practice": Route.PRACTICE, "practise": Route.PRACTICE, "review": Route.REVIEW,
}  # fmt: skip
EVERYTHING = ("all", "everything", "all my books")
"""Names of the whole library as a scope."""
_LONGEST_NAME = 120
_FILE = re.compile(rf"\S\.{_KIND}\b", re.IGNORECASE)


def decide(
    utterance: str,
    deleting: str = "",
    *,
    in_practice: bool = False,
    is_asked: bool = False,
    has_wished: bool = False,
) -> Decision:
    """Where an utterance goes by itself.

    `deleting` waits for a yes, while `is_asked` a practice question waits, and `has_wished` for questions before.
    """
    text = " ".join(utterance.split())
    if in_practice and moves.move(text):
        return Decision(Route.GRADE, text)
    if text.startswith("/"):
        return _slash(text)
    plain = _plain(text)
    if deleting and (action := _reply_to_delete(plain)):
        return _library(text, action, deleting)
    if has_wished and wishes.is_more(plain):
        return Decision(Route.QUIZ, text)
    spoken = _spoken(text, plain)
    if is_asked and spoken.route is Route.ANSWER and not moves.asks(text):
        return Decision(Route.GRADE, text)
    return spoken


def names_a_file(utterance: str) -> bool:
    """Whether an utterance speaks of a file or of what was just dropped into the chat."""
    said = utterance.lower()
    return bool(_FILE.search(said)) or bool(
        re.search(r"\b(?:this|the|my|that) (?:file|document|upload|pdf|slides?|handout|attachment|paper)\b", said)
    )


def _reply_to_delete(plain: str) -> Action | None:
    if _YES.fullmatch(plain.replace(",", "")):
        return Action.DELETE
    return Action.KEEP if _NO.fullmatch(plain) else None


def _spoken(text: str, plain: str) -> Decision:
    if _TALK.fullmatch(re.sub(r"[,!.]", "", plain)):
        return Decision(Route.TALK, text)
    for pattern, action in _ACTIONS:
        if pattern.fullmatch(plain):
            return _library(text, action)
    return _named(text, plain) or _routed(text, plain)


def _named(text: str, plain: str) -> Decision | None:
    """A command that names its book, place or file."""
    clean = text.strip(" .!?")
    if (only := _ONLY.fullmatch(plain)) and len(only["name"]) <= _LONGEST_NAME:
        return _library(text, Action.SET_SCOPE, _as_written(clean, only["name"]))
    if gone := _DELETE.fullmatch(plain):
        return _library(text, Action.ASK_DELETE, _as_written(clean, gone["named"] or gone["file"] or gone["book"]))
    return None


def _routed(text: str, plain: str) -> Decision:
    for pattern, route in _ROUTES:
        if pattern.fullmatch(plain):
            return Decision(route, text)
    return Decision(Route.ANSWER, text, sure=not _ORDERS.match(plain))


def _slash(text: str) -> Decision:
    name, _, rest = text[1:].partition(" ")
    name, rest = name.lower(), rest.strip()
    if name == "scope":
        place = "" if rest.lower() in EVERYTHING else rest
        return _library(text, Action.SET_SCOPE if rest else Action.SHOW_SCOPE, place)
    if name == "delete" and rest:
        return _library(text, Action.ASK_DELETE, rest)
    if action := _SLASH_ACTIONS.get(name):
        return _library(text, action)
    route = _SLASH_ROUTES.get(name)
    return Decision(route, rest) if route else Decision(Route.TALK, text)


def begins_review(utterance: str) -> bool:
    """Whether it asks to begin with what is due, rather than what that is."""
    return bool(_REVIEW.fullmatch(_plain(utterance)))


def reviewed(utterance: str) -> str:
    """The book, subject or semester that a review is limited to; empty where none is named."""
    if utterance.startswith("/"):
        return utterance.partition(" ")[2].strip()
    found = _REVIEW.fullmatch(_plain(utterance))
    return _as_written(utterance, found["where"].strip()) if found and found["where"] else ""


def ends(utterance: str) -> bool:
    """Whether it asks to end a quiz."""
    return bool(_END.fullmatch(_plain(utterance)))


def _plain(utterance: str) -> str:
    return " ".join(utterance.lower().replace("’", "'").split()).strip(" .!?,").removesuffix(" please").rstrip(" ,")


def _library(text: str, action: Action, name: str = "") -> Decision:
    return Decision(Route.LIBRARY, text, Command(action, name.strip(" ,\"'“”")))


def _as_written(text: str, lowered: str) -> str:
    at = text.lower().replace("’", "'").rfind(lowered)
    return text[at : at + len(lowered)] if at >= 0 else lowered

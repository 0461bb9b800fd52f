"""What an utterance asks for, by rules: the built-in router, and the first look when a model is configured."""

import re

from agent import moves
from agent.state import Action, Command, Decision, Route

_PLEASE = r"(?:please |can you |could you |would you |will you |i want you to |i would like you to |now )*"
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
_QUIZ = _any(
    rf"{_PLEASE}(?:quiz|test|examine) me\b.*",
    rf"{_PLEASE}(?:start|make|create|write|give|set|generate|prepare|begin)(?: me| us)?"
    r" (?:(?:of|and|or|-?\d[\d,.]*|[\w/-]+),? ){0,5}?(?:quiz|quizzes|test|exam|mcqs?|questions)"
    r"(?: (?:on|about|for|from|of|with|in|to)\b.*)?",
    r"(?:-?\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)(?: [\w/-]+){0,4}"
    r" (?:questions?|mcqs?)"
    r"(?: (?:on|about|from|for)\b.*)?",
    r"quiz(?: (?:on|about) .*|[,:] .*)?",
)
_PRACTICE = _any(
    rf"{_PLEASE}(?:let'?s |let me |let us |i (?:want|would like|need) to |i'd like to )?"
    r"practi[sc]e(?:[,:]? (?!makes).{1,120})?",
    rf"{_PLEASE}(?:give|set|ask)(?: me| us) (?:an? |another |some |\d+ |few )*"
    r"(?:practi[sc]e|exercises?|(?:\w+ )?question)\b.*",
    rf"{_PLEASE}(?:ask|test) me (?:something|anything)(?: (?:on|about|from) .*)?",
    rf"{_PLEASE}(?:let'?s |let me )?(?:repeat|redo|retry|practi[sc]e|go over|try again)"
    r" (?:my (?:\w+ )?(?:mistakes|errors)|what i (?:got|answered|did) wrong)",
)
_REVIEW = _any(
    rf"{_PLEASE}(?:let'?s |let me |start (?:my |the )?|do my )?(?:reviews?|revise|repeat what(?:'s| is) due)"
    r"(?: (?:now|today))?",
)
_DUE = _any(
    r"(?:what|which|is|is there|are there)(?:'s| is| are)?(?: anything| questions| reviews)?(?: is| are)? due"
    r"(?: today| now| for (?:me|review))?",
    r"(?:what|which questions) (?:should|do|must) i (?:have to )?(?:repeat|review|revise)(?: today| now)?",
    rf"{_PLEASE}(?:show|list)(?: me)? (?:my )?(?:due (?:questions|reviews)|reviews|what is due)",
    r"how many (?:questions |reviews )?are due(?: today| now)?",
)
_ORDERS = re.compile(rf"{_PLEASE}(?:delete|remove|quiz|test me|practi[sc]e|use only|only use|limit|switch)\b")
_YES = re.compile(r"(?:yes|y|yep|yeah|sure|ok|okay|confirm|delete it|do it|yes (?:please|delete it|do it|sure))")
_FILE = re.compile(rf"\S\.{_KIND}\b", re.IGNORECASE)


def decide(utterance: str, deleting: str = "", *, in_practice: bool = False, is_asked: bool = False) -> Decision:
    """Where an utterance goes by itself; `deleting` waits for a yes, and while `is_asked` a practice question waits."""
    text = " ".join(utterance.split())
    if in_practice and moves.move(text):
        return Decision(Route.GRADE, text)
    if text.startswith("/"):
        return _slash(text)
    plain = text.lower().replace("’", "'").strip(" .!?,").removesuffix(" please")
    if deleting and _YES.fullmatch(plain.replace(",", "")):
        return _library(text, Action.DELETE, deleting)
    if deleting and re.fullmatch(r"(?:no|n|nope|cancel|stop|keep it|don't|do not)\b.{0,30}", plain):
        return _library(text, Action.KEEP, deleting)
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


def _spoken(text: str, plain: str) -> Decision:
    plain_text = re.sub(r"[,!.]", "", plain)
    if _TALK.fullmatch(plain_text):
        return Decision(Route.TALK, text)
    if _LIST.fullmatch(plain):
        return _library(text, Action.LIST)
    if _STATUS.fullmatch(plain):
        return _library(text, Action.STATUS)
    if _SHOW_SCOPE.fullmatch(plain):
        return _library(text, Action.SHOW_SCOPE)
    if _EVERYTHING.fullmatch(plain):
        return _library(text, Action.SET_SCOPE)
    return _named(text, plain)


def _named(text: str, plain: str) -> Decision:
    clean = text.strip(" .!?")
    if (only := _ONLY.fullmatch(plain)) and len(only["name"]) <= 120:
        return _library(text, Action.SET_SCOPE, _as_written(clean, only["name"]))
    if gone := _DELETE.fullmatch(plain):
        return _library(text, Action.ASK_DELETE, _as_written(clean, gone["named"] or gone["file"] or gone["book"]))
    if _REVIEW.fullmatch(plain) or _DUE.fullmatch(plain):
        return Decision(Route.REVIEW, text)
    if _PRACTICE.fullmatch(plain):
        return Decision(Route.PRACTICE, text)
    if _QUIZ.fullmatch(plain):
        return Decision(Route.QUIZ, text)
    return Decision(Route.ANSWER, text, sure=not _ORDERS.match(plain))


def _slash(text: str) -> Decision:
    name, _, rest = text[1:].partition(" ")
    rest = rest.strip()
    match name.lower():
        case "scope" if rest.lower() in ("all", "everything", "all my books"):
            return _library(text, Action.SET_SCOPE)
        case "scope":
            return _library(text, Action.SET_SCOPE if rest else Action.SHOW_SCOPE, rest)
        case "library" | "books" | "list":
            return _library(text, Action.LIST)
        case "status":
            return _library(text, Action.STATUS)
        case "delete" if rest:
            return _library(text, Action.ASK_DELETE, rest)
        case "quiz":
            return Decision(Route.QUIZ, rest)
        case "practice" | "practise":
            return Decision(Route.PRACTICE, rest)
        case "review":
            return Decision(Route.REVIEW, rest)
        case _:
            return Decision(Route.TALK, text)


def begins_review(utterance: str) -> bool:
    """Whether it asks to begin with what is due, rather than what that is."""
    return bool(_REVIEW.fullmatch(" ".join(utterance.lower().replace("’", "'").split()).strip(" .!?,")))


def _library(text: str, action: Action, name: str = "") -> Decision:
    return Decision(Route.LIBRARY, text, Command(action, name.strip(" ,\"'“”")))


def _as_written(text: str, lowered: str) -> str:
    at = text.lower().replace("’", "'").rfind(lowered)
    return text[at : at + len(lowered)] if at >= 0 else lowered

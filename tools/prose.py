"""What a sentence of a book looks like: whether it can stand in an answer, alone or after the one before."""

import re

_CAPTION = re.compile(
    r"(?:figure|fig\.|table|listing|box|credit|photo|exercise|problem|link to learning|visit|watch|see|click)\b",
    re.IGNORECASE,
)
_NEITHER_LETTER_NOR_SPACE = re.compile(r"[^\w\s]|[\d_]")
_NOT_PROSE = re.compile(
    r"^\d+(?:\.\d+)* [A-Z]|\s\.$|https?://|www\.|\ufffd|\uffff|\x00|\(credit|_{3,}|\. \. \.|\b(?:Figure|Table) \d|\]\["
    r"|\bas (?:shown|seen|illustrated|depicted) in this\b|\([a-e]\) ",
    re.IGNORECASE,
)
_PART = r"(?:chapter|section|unit|module|book|textbook|lesson|lecture)s?"
_WE_WILL = r"\b(?:we|you) (?:will|shall) (?:also |now |next |first |then )?(?:be |have )?"
_WE_DID = (
    r"\b(?:as|recall that) (?:you|we) (?:read|learned|learnt|saw|discussed)\b"
    r"|\b(?:you|we)(?: have|’ve|'ve) (?:just |already )?(?:read|learned|learnt|seen|discussed)\b"
)
_ABOUT_ITSELF = re.compile(
    rf"\b(?:in|of|throughout) (?:this|the (?:next|following|previous|preceding|last)) {_PART}\b|\bthis {_PART} "
    rf"|{_WE_WILL}(?:look|learn|discuss|explor|examin|consider|turn|describ|focus|review|stud|introduc|read|able|cover)"
    rf"|{_WE_DID}|\blet (?:us|’s|'s)\b|\blet[’']s\b"
    r"|\b(?:discussed|mentioned|described|noted|introduced|seen|learned) (?:earlier|above|below|previously)\b",
    re.IGNORECASE,
)
"""What a book says of itself and its reader."""
_TASK = re.compile(
    r"(?:[•(]* ?\(?[a-z0-9]{1,3}[.)] )?(?:draw|show|prove|give|find|describe|explain|compute|determine|list|write|state"
    r"|solve|have a look|revisit|recall|suppose|let)\b|[•(]* ?\(?[a-z0-9]{1,3}\) ",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[•▪◦‣–*-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\w")
_LIST = re.compile(rf"\w:\s+{_ITEM.pattern}")
_MARKUP = re.compile(r"\]\(|\[\[")
_LEANING = re.compile(
    r"(?:it|they|this|these|those|that|he|she|its|their|his|her|such|both|here|another|one|some of (?:these|them)"
    r"|the (?:former|latter|same|other|first|second))\b(?! (?:is|are) (?:a|an|the) (?:process|term) (?:of|by|for))",
    re.IGNORECASE,
)
_CONNECTED = re.compile(
    r"(?:however|but|and|or|so|thus|therefore|hence|also|moreover|furthermore|in addition|additionally|instead|then"
    r"|for (?:example|instance)|consequently|as a result|similarly|likewise|in contrast|conversely|nevertheless"
    r"|finally|next)\b",
    re.IGNORECASE,
)
_CONNECTED_COST = 0.06
_MARKUP_COST = 0.1
_TASK_COST = 0.3


def is_item(text: str) -> bool:
    """Whether it is an item of a list."""
    return bool(_ITEM.match(text))


def is_list(text: str) -> bool:
    """Whether it announces a list and gives its items."""
    return bool(_LIST.search(text))


def leans(text: str) -> bool:
    """Whether it speaks of what the sentence before it has named."""
    return bool(_LEANING.match(text))


def cost(text: str) -> float:
    """What speaks against a sentence whatever the question: it goes on from another, sets a task, holds markup."""
    costs = (
        (_CONNECTED.match(text), _CONNECTED_COST),
        (_TASK.match(text), _TASK_COST),
        (_MARKUP.search(text), _MARKUP_COST),
    )
    return sum(cost for found, cost in costs if found)


def is_prose(text: str) -> bool:
    """A whole sentence that can stand in an answer: no heading, caption, question, formula, exercise or preview."""
    return (
        (text[-1] in '.!”")' or is_list(text))
        and not text[0].islower()
        and 5 <= len(text.split()) <= 90
        and len(_NEITHER_LETTER_NOR_SPACE.findall(text)) < 0.2 * len(text)
        and not _CAPTION.match(text)
        and not _NOT_PROSE.search(text)
        and not _ABOUT_ITSELF.search(text)
    )

"""Utterances that nobody plans for: words of the books, signs, other scripts, odd references and commands."""

import random
from collections.abc import Callable, Iterator, Sequence

_SIGNS = [
    ".",
    ",",
    ";",
    ":",
    "?",
    "!",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "'",
    '"',
    "`",
    "~",
    "@",
    "#",
    "$",
    "%",
    "^",
    "&",
    "*",
    "-",
    "_",
    "=",
    "+",
    "|",
    "\\",
    "/",
    "…",
    "–",
    "—",
    "“",
    "”",
    "‘",
    "’",
    "«",
    "»",
    "§",
    "¿",
    "¡",
    "×",
    "÷",
    "≤",
    "∈",
    "→",
    "•",
    "1",
    "0",
    "-1",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "^",
    "*",
    '"',
    "';",
    "')",
    "--",
    "/*",
    "*/",
    "${",
    "}",
    "{{",
    "}}",
    "%s",
    "\\d+",
    "(?:",
    "[^",
    "$z\\in[1,2]$",
    "`x[1]`",
    "](http://x)",
    "[1]",
    "[1,2]",
    "[9:",
]
_UNSEEN = (
    *("\0", "\x07", "\x1b[31m", "\x7f", "\u0085", "\u200b", "\u200d", "\u2028", "\ufeff", "\ufffe", "\U000e0001"),
    *("\u202e", "\u200f", "\u2066", "\ud800", "\udfff", "\ue000", "\u0301", "\u0345", "\u00ad", "\t", "\n", "\r\n"),
)
_SCRIPTS = (
    *("😀", "👩‍👩‍👧", "🇩🇪", "مرحبا بالعالم", "שלום עולם", "何ですか", "Что такое клетка", "İstanbul ǅ ß ﬁ ſ K Å"),
    *("２＋２", "①②", "Ⅳ", "½", "٣", "४", "𝒜𝔹", "e\u0301t\u00e9", "ﷺ", "ก็", "\u1e9e", "ΟΔΥΣΣΕΥΣ"),
)
_FRAMES = (
    *("What is {}?", "Why {}", "{}?", "define {}", "what about {}", "the second {}", "summarise {}", "tell me more {}"),
    *(
        "the difference between {} and {}",
        "Who was {}",
        "I don't understand the {} point",
        "and {}?",
        "explain {} in {}",
    ),
    *("What does {}.pdf say about {}", "overview of {} in the book {}", "how does it {}", "is that {}", "its {}"),
)
_NOUNS = [
    "chapter",
    "chapters",
    "section",
    "sections",
    "§",
    "part",
    "unit",
    "lecture",
    "week",
    "page",
    "figure",
    "chap.",
    "Kapitel",
    "chapitre",
]
_NUMBERS = (
    *(
        "-1",
        "0",
        "00",
        "1",
        "3",
        "007",
        "99",
        "999",
        "1000",
        "10.2",
        "1.0",
        "1.0.0",
        "0.0",
        "1.99",
        "3.",
        ".5",
        "3.14.15",
    ),
    *(
        "I",
        "IV",
        "IIII",
        "VX",
        "XL",
        "LX",
        "one",
        "twenty",
        "zero",
        "½",
        "²",
        "①",
        "٣",
        "1e9",
        "1,000",
        "3%",
        "-",
        "#",
        "x",
    ),
    *("3-1", "1-99", "1–2", "1 and 2", "1, 2, and 3", "9" * 30, "1 to 1000", "5-", "--5", "2.5.1-2.5.9", "XLIX", "IL"),
)
_COMMANDS = (
    *("/scope {}", "/quiz {}", "/practice {}", "/review {}", "/delete {}", "/library {}", "/status {}", "/{}", "/"),
    *("quiz me on {}", "{} hard questions on {}", "practise {}", "review {}", "only use {}", "delete the book {}"),
    *(
        "delete {}.pdf",
        "yes",
        "no",
        "yes {}",
        "another {}",
        "{} more",
        "harder",
        "hint",
        "skip",
        "stop",
        "use {}",
        "help",
    ),
    *(
        "quiz me on {} in {} minutes",
        "true/false questions about {}",
        "repeat my mistakes {}",
        "what is due {}",
        "again",
    ),
    *(
        "/scope chat",
        "/scope all",
        "/scope {} + chat",
        "use all my books",
        "which books are in scope",
        "next",
        "reveal",
    ),
)
LONGEST = 4000


def odd_questions(vocabulary: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """`count` utterances made of these words and of what else a keyboard gives; the same for the same seed."""
    chance = random.Random(seed)
    makers = (_words, _signs, _mixed, _framed, _referred, _commanded, _long, _single)
    for n in range(count):
        yield makers[n % len(makers)](vocabulary, chance)[:LONGEST]


_Maker = Callable[[Sequence[str], random.Random], str]


def _words(vocabulary: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.choices(vocabulary, k=chance.randint(1, 6)))


def _signs(vocabulary: Sequence[str], chance: random.Random) -> str:
    return chance.choice(("", " ")).join(chance.choices((*_SIGNS, *_UNSEEN), k=chance.randint(1, 8)))


def _mixed(vocabulary: Sequence[str], chance: random.Random) -> str:
    """Words with signs, other scripts and what cannot be seen among them: `the sin ) in`."""
    among = (*_SIGNS, *_UNSEEN, *_SCRIPTS)
    parts = [chance.choice(among if chance.random() < 0.4 else vocabulary) for _ in range(chance.randint(2, 7))]
    return chance.choice(("", " ", " ")).join(parts)


def _framed(vocabulary: Sequence[str], chance: random.Random) -> str:
    return _filled(chance.choice(_FRAMES), vocabulary, chance)


def _referred(vocabulary: Sequence[str], chance: random.Random) -> str:
    reference = f"{chance.choice(_NOUNS)}{chance.choice((' ', '', ' no. '))}{chance.choice(_NUMBERS)}"
    about = chance.choice(
        ("{}", "{} {}?", "summarise {}", "what is {} about?", "quiz me on {}", "{} of {}", "/quiz {} {}")
    )
    return about.replace("{}", reference, 1).replace("{}", _words(vocabulary, chance))


def _commanded(vocabulary: Sequence[str], chance: random.Random) -> str:
    return _filled(chance.choice(_COMMANDS), vocabulary, chance)


def _long(vocabulary: Sequence[str], chance: random.Random) -> str:
    """Up to the limit of a question: one word, one sign, or many."""
    unit = chance.choice((chance.choice(vocabulary), chance.choice(_SIGNS), chance.choice(_SCRIPTS)))
    text = (unit + chance.choice(("", " "))) * LONGEST
    return chance.choice((text, " ".join(chance.choices(vocabulary, k=700)), _filled("What is {}?", [text], chance)))


def _single(vocabulary: Sequence[str], chance: random.Random) -> str:
    return chance.choice((*_SIGNS, *_UNSEEN, *_SCRIPTS, chance.choice(vocabulary), chr(chance.randrange(0x3000))))


def _filled(frame: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    makers: tuple[_Maker, ...] = (_words, _words, _single, _signs)
    while "{}" in frame:
        # What is put in may hold a gap itself.
        frame = frame.replace("{}", chance.choice(makers)(vocabulary, chance).replace("{}", ""), 1)
    return frame

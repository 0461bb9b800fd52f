"""Marks answers by rule: the same answer gets the same mark every time, and nothing in it can change the rules."""

import re
from collections.abc import Sequence

from tools import sentences
from tools.numerals import LETTERS, ORDINALS
from tools.quantities import Quantity, close, numbers, quantity
from tools.questions.types import Item, Kind, Marked, Option, Point, Verdict
from tools.wording import NEGATIONS, IsTerm, formula, is_formula, is_typing_error, plain, same, same_word, terms, tokens
from tools.words import content_words, stem

LONGEST_ANSWER = 4000

RIGHT = Marked(Verdict.CORRECT, 1.0, "That is right.")
WRONG = Marked(Verdict.WRONG, 0.0, "That is not what the book says.")
EMPTY = Marked(Verdict.WRONG, 0.0, "There is no answer.")
SEVERAL = Marked(Verdict.WRONG, 0.0, "You gave more than one answer. Decide on one.")
NOT_AN_OPTION = Marked(Verdict.WRONG, 0.0, "That is none of the options. Answer with the letter or the words of one.")
NOT_TRUE_OR_FALSE = Marked(Verdict.WRONG, 0.0, "Answer with true or false.")
OTHER_WORDS = Marked(
    Verdict.CANNOT_TELL,
    0.0,
    "Your answer uses other words than the book, so it cannot be marked by rule: compare them.",
)


def mark(item: Item, answer: str, is_term: IsTerm = lambda word: False) -> Marked:
    """The verdict on an answer; letters and numbers of options count in the order of `item.options`.

    `is_term` says whether the book uses a word, which then is no misspelling of another. The explanation never names
    the right answer unless it was given.
    """
    answer = answer[:LONGEST_ANSWER].strip()
    if _says_nothing(answer) and not any(_same_text(wording, answer) for wording in _accepted(item)):
        return EMPTY
    match item.kind:
        case Kind.SINGLE_CHOICE:
            return _choice(item, answer)
        case Kind.TRUE_FALSE:
            return _true_or_false(item, answer)
        case Kind.OPEN if item.rubric:
            return _open(item, answer)
        case _:
            return _best([_worded(item, key, answer, is_term) for key in item.key])


def mark_again(item: Item, answer: str, is_term: IsTerm = lambda word: False) -> Marked:
    """A second, more generous look at a challenged answer, beside the whole evidence; the reasons name the key."""
    first = mark(item, answer, is_term)
    accepted = " or ".join(f"“{text}”" for text in terms(_accepted(item))[:4])
    if first.verdict is Verdict.CORRECT:
        return first
    said = {stem(word) for word in content_words(plain(answer))}
    book = {stem(word) for word in content_words(plain(f"{item.evidence.quote} {' '.join(item.key)}"))}
    is_free = item.kind not in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    if is_free and len(said) > 1 and len(said & book) >= 0.6 * len(said) and first.verdict is not Verdict.PARTLY:
        text = f"Your words come from the right sentence, but it does not answer with them. Accepted: {accepted}."
        return Marked(Verdict.PARTLY, 0.5, text)
    text = f"Marked again with the same result. Accepted: {accepted}. The book says: “{item.evidence.quote}”"
    return Marked(first.verdict, first.score, text, first.points)


def _accepted(item: Item) -> list[str]:
    return [option.text for option in item.options if option.id in item.key] or list(item.key)


_NOTHING = re.compile(
    r"(?:(?:sorry )?i (?:do not|dont|don t) know(?: (?:it|this|that))?|(?:i have )?no idea|idk|not sure|dunno|pass|skip"
    r"|none|n a|next|keine ahnung|help)"
)


def _says_nothing(answer: str) -> bool:
    said = " ".join(re.findall(r"\w+", answer.lower()))
    return not re.search(r"\w", answer) or bool(_NOTHING.fullmatch(said))


# Options


def _choice(item: Item, answer: str) -> Marked:
    chosen = chosen_options(item.options, answer)
    if not chosen:
        return NOT_AN_OPTION
    if len(chosen) > 1:
        return SEVERAL
    return RIGHT if chosen[0].id in item.key else Marked(Verdict.WRONG, 0.0, "That is not the right option.")


def chosen_options(options: Sequence[Option], answer: str) -> list[Option]:
    """The options that an answer names by id, words, letter or number, in this order of precedence."""
    said = tokens(answer)
    by_name = [option for option in options if answer == option.id]
    by_words = by_name or _labelled(options, answer) or _by_words(options, answer) or _by_words(options, _unled(answer))
    found = by_words or _by_place(options, answer) or _by_mention(options, said) or _by_typing_error(options, said)
    decided = _decided(answer)
    return found or (chosen_options(options, decided) if decided != answer else [])


def _same_text(text: str, answer: str) -> bool:
    if is_formula(text) or is_formula(answer):
        return formula(text) == formula(answer)
    return same(tokens(text), tokens(answer))


_PLACE = re.compile(
    r"(?:(?:the\s+)?(?:option|answer|choice|letter|number|no\.?)\s*(?:is\s+|:)?\s*)?[(\[]?([A-Za-z]|\d{1,2})[)\].:]*",
    re.IGNORECASE,
)
_PLACE_AND_WORDS = re.compile(r"[(\[]?([A-Za-z]|\d{1,2})[)\].:]\s+(.+)", re.DOTALL)


def _by_words(options: Sequence[Option], answer: str) -> list[Option]:
    return [option for option in options if _same_text(option.text, answer)]


def _labelled(options: Sequence[Option], answer: str) -> list[Option]:
    """The options of an answer such as “b) Nucleus”: two when letter and words disagree."""
    found = _PLACE_AND_WORDS.fullmatch(answer.strip())
    named = _by_words(options, found.group(2)) if found else []
    return list(dict.fromkeys([*named, *_at(options, found.group(1))])) if found and named else []


_ORDINAL = re.compile(rf"(?:the\s+)?({'|'.join(ORDINALS)}|last)(?:\s+(?:one|option|answer|choice))?", re.IGNORECASE)


def _by_place(options: Sequence[Option], answer: str) -> list[Option]:
    place = _PLACE.fullmatch(_unled(answer))
    if place:
        return _at(options, place.group(1))
    ordinal = _ORDINAL.fullmatch(_unled(answer))
    if not ordinal:
        return []
    which = ordinal.group(1).lower()
    return list(options[-1:]) if which == "last" else _at(options, str(ORDINALS[which]))


def _at(options: Sequence[Option], name: str) -> list[Option]:
    at = int(name) - 1 if name.isdigit() else LETTERS.index(name.upper())
    return [options[at]] if 0 <= at < len(options) else []


def _by_mention(options: Sequence[Option], said: Sequence[str]) -> list[Option]:
    """Options whose words stand in the answer; of one inside another just the longer."""
    if not NEGATIONS.isdisjoint(said):
        return []
    found = [(tokens(option.text), option) for option in options if _find(tokens(option.text), said) is not None]
    return [
        option for text, option in found if not any(len(o) > len(text) and _find(text, o) is not None for o, _ in found)
    ]


def _by_typing_error(options: Sequence[Option], said: Sequence[str]) -> list[Option]:
    return [option for option in options if is_typing_error(said, tokens(option.text), lambda word: False)]


_TRUE_LIST = "true t yes y correct right wahr richtig ja vrai oui verdadero si cierto vero"
_FALSE_LIST = "false f no n incorrect wrong untrue falsch nein faux non falso"
_TRUE, _FALSE = frozenset(_TRUE_LIST.split()), frozenset(_FALSE_LIST.split())


def _true_or_false(item: Item, answer: str) -> Marked:
    key = next((_truth(option.text) for option in item.options if option.id in item.key), _truth(item.key[0]))
    chosen = next((option.text for option in item.options if option.id == answer), _decided(answer))
    said = _truth(chosen)
    if said is None and len(placed := _by_place(item.options, answer)) == 1:
        said = _truth(placed[0].text)
    if said is None or key is None:
        return NOT_TRUE_OR_FALSE
    return RIGHT if said == key else Marked(Verdict.WRONG, 0.0, "It is the other way round.")


_LEAD = frozenset(
    {"it", "is", "its", "this", "that", "i", "think", "answer", "statement", "s", "believe", "definitely"}
)


def _truth(text: str) -> bool | None:
    """What a text says of a statement; None when it says neither or both."""
    said = [word for word in tokens(text) if word not in _LEAD]
    is_negated = said[:1] == ["not"]
    said = said[1:] if is_negated else said
    if not said or (len(said) > 1 and not _agree(said)):
        return None
    value = True if said[0] in _TRUE else False if said[0] in _FALSE else None
    return value if value is None else value != is_negated


def _agree(said: Sequence[str]) -> bool:
    """Whether the first word decides: nothing after it says the opposite."""
    rest = set(said[1:])
    return rest.isdisjoint(_FALSE | NEGATIONS) if said[0] in _TRUE else rest.isdisjoint(_TRUE)


# Words


def _best(marked: Sequence[Marked]) -> Marked:
    order = [Verdict.CORRECT, Verdict.PARTLY, Verdict.CANNOT_TELL, Verdict.WRONG]
    return min(marked, key=lambda one: (order.index(one.verdict), -one.score))


def _worded(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked:
    wanted = quantity(key)
    if wanted is not None:
        return _counted(wanted, _in_percent(item, wanted, answer))
    if _same_text(key, answer):
        return RIGHT
    if is_formula(key):
        return RIGHT if any(formula(key) == formula(part) for part in _terms_of(answer)) else WRONG
    listed = _list(key)
    if len(listed) > 1:
        return _listed(item, listed, answer, is_term)
    return _named(item, key, answer, is_term)


def _terms_of(answer: str) -> list[str]:
    """The clauses of an answer, and what stands behind an equals sign: y = 2x answers 2x, too."""
    return [part for clause in _clauses(answer) for part in (clause, clause.rpartition("=")[2])]


_PERCENT = re.compile(r"%|\bper\s?cent", re.IGNORECASE)


def _in_percent(item: Item, wanted: Quantity, answer: str) -> str:
    """A bare number as the question wants it, where that asks for a percentage."""
    bare = quantity(answer)
    is_meant = wanted.factor == 0.01 and bool(_PERCENT.search(item.stem))
    return f"{answer}%" if is_meant and bare and bare.factor == 1 and not bare.noun and bare.number > 1 else answer


def _counted(wanted: Quantity, answer: str) -> Marked:
    whole = quantity(answer)
    found = [whole] if whole is not None else numbers(answer)
    if not found:
        return Marked(Verdict.WRONG, 0.0, "The answer is a number.")
    if not NEGATIONS.isdisjoint(tokens(answer)):
        return WRONG
    if len(found) > 1:
        return SEVERAL if any(close(wanted, one) for one in found) else WRONG
    return _compared(wanted, found[0])


def _compared(wanted: Quantity, given: Quantity) -> Marked:
    if close(wanted, given):
        if wanted.noun and given.noun and not same(tokens(wanted.noun), tokens(given.noun)):
            return Marked(Verdict.PARTLY, 0.5, "The number is right, but not what it counts.")
        return RIGHT
    bare = Quantity(given.number, wanted.dimension, given.number, 1.0)
    key = Quantity(
        wanted.number, wanted.dimension, wanted.number, 1.0, exact=wanted.exact, last_digit=wanted.last_digit
    )
    if wanted.unit and not given.unit and not given.noun and close(key, bare):
        return Marked(Verdict.PARTLY, 0.5, "The number is right, but its unit is missing.")
    if given.unit and close(key, bare):
        return Marked(Verdict.PARTLY, 0.5, "The number is right, but its unit is not.")
    return Marked(Verdict.WRONG, 0.0, "That is not the number in the book.")


_LIST_MARK = re.compile(r"\s*(?:[,;\n•]|\s(?:and|und|et|y|then|&)\s)\s*(?:(?:and|und|then)\s)?", re.IGNORECASE)
_IN_ORDER = re.compile(r"\b(?:order|sequence|stages?|phases|steps|first to last|chronological\w*)\b", re.IGNORECASE)


def _list(text: str) -> list[list[str]]:
    parts = [part for part in _LIST_MARK.split(text) if re.search(r"\w", part)]
    is_list = len(parts) > 1 and all(len(tokens(part)) <= 4 for part in parts) and not re.search(r"\bof\b", text)
    return [tokens(part) for part in parts] if is_list else [tokens(text)]


def _listed(item: Item, wanted: Sequence[Sequence[str]], answer: str, is_term: IsTerm) -> Marked:
    said = [tokens(part) for part in _LIST_MARK.split(_unled(answer)) if re.search(r"\w", part)]
    if len(said) == 1 and len(said[0]) >= len(wanted):  # the marks between them were left out
        said = [[word] for word in said[0]]
    places = [next((n for n, one in enumerate(said) if _is(one, part, is_term)), None) for part in wanted]
    named = [place for place in places if place is not None]
    if not named:
        return WRONG
    if len(named) < len(wanted):
        share = len(named) / len(wanted)
        return Marked(Verdict.PARTLY, round(share, 2), f"You named {len(named)} of {len(wanted)}.")
    if _IN_ORDER.search(item.stem) and named != sorted(named):
        return Marked(Verdict.PARTLY, 0.5, "You named them all, but in another order.")
    if len(said) > len(wanted):
        return Marked(Verdict.PARTLY, 0.5, "You named them all, but also what does not belong to them.")
    return RIGHT


def _is(said: Sequence[str], wanted: Sequence[str], is_term: IsTerm) -> bool:
    return same(said, wanted) or is_typing_error(said, wanted, is_term)


_LEADS = re.compile(
    r"^(?:i\s+(?:think|guess|believe)(?:\s+that)?|i(?:'d|\s+would)\s+(?:say|guess|think|go\s+(?:with|for)|choose)|"
    r"definitely|certainly|surely|obviously|clearly|of\s+course|well|i(?:'m|\s+am)\s+(?:pretty\s+)?sure(?:\s+that)?|"
    r"(?:it|this|that|they|these|he|she)(?:\s+(?:is|are|was|were)|'s|'re)(?:\s+called)?|"
    r"(?:the|my)\s+answer(?:\s+(?:is|would\s+be))?|maybe|perhaps|probably|answer|in|on|at|by|during)\b\s*[:,]?\s*",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"\s*[,.;(]?\s*(?:i\s+(?:think|guess|believe|suppose)|probably|maybe|perhaps)\W*$", re.IGNORECASE)
_CLAUSE = re.compile(r"\s*(?:[.!?;\n]+(?=\s|$)|,|\s-\s|\()\s*")
_ALTERNATIVE = re.compile(r"\s*(?:\bor\b|/|;|\n|\boder\b)\s*", re.IGNORECASE)


_CONTRAST = re.compile(
    r"(?:\s*[,;(–—]|\s-)\s*(?:and\s+|but\s+)?not\b[^.]{1,60}$|\s+(?:rather\s+than|instead\s+of|as\s+opposed\s+to)\s[^.]{1,60}$",
    re.IGNORECASE,
)


def _decided(answer: str) -> str:
    """The answer without what it sets itself apart from: `osmosis, not diffusion`."""
    text = _CONTRAST.sub("", answer)
    return text if re.search(r"\w", text) and NEGATIONS.isdisjoint(tokens(text)) else answer


def _unled(text: str) -> str:
    """The answer without the words that introduce it."""
    text = _TRAIL.sub("", text.strip().strip("\"'“”«»"))
    while (shorter := _LEADS.sub("", text, count=1)) != text and shorter:
        text = shorter
    return text


def _clauses(text: str) -> list[str]:
    text = _unled(text)
    return [text, *(_unled(part) for part in _CLAUSE.split(text) if re.search(r"\w", part))]


def _named(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked:
    """One term or phrase."""
    answer = _decided(answer)
    wanted, said = tokens(key), tokens(_unled(answer))
    if same(said, wanted) or same(_beside_the_stem(item, said), wanted):
        return RIGHT
    if is_typing_error(said, wanted, is_term):
        return _misspelt(key)
    if rivals := _alternatives(item, key, answer, is_term):
        return rivals
    negated = not NEGATIONS.isdisjoint(said) and NEGATIONS.isdisjoint(wanted)
    if not negated and _stands_alone(wanted, answer, is_term):
        return RIGHT
    if len(content_words(key)) >= 3:
        return _phrase(item, key, answer)
    return _part_of(wanted, said) if not negated else WRONG


def _beside_the_stem(item: Item, said: Sequence[str]) -> list[str]:
    """What an answer adds to the question: “a hypertonic solution” to “what is such a solution called?”."""
    asked = tokens(item.stem)
    return [word for word in said if not any(same_word(word, other) for other in asked)]


def _misspelt(key: str) -> Marked:
    return Marked(Verdict.CORRECT, 1.0, f"That is right; it is spelt “{key}”.")


def _alternatives(item: Item, key: str, answer: str, is_term: IsTerm) -> Marked | None:
    """None unless the answer hedges between several, of which at least one is wrong."""
    parts = [tokens(_unled(part)) for part in _ALTERNATIVE.split(answer) if re.search(r"\w", part)]
    if len(parts) < 2 or any(len(part) > 4 for part in parts) or _ALTERNATIVE.search(key):
        return None
    accepted = [tokens(wording) for wording in item.key]
    right = [any(_is(part, wording, is_term) for wording in accepted) for part in parts]
    return RIGHT if all(right) else SEVERAL if any(right) else None


_FUNCTION_LIST = (
    "of in on at by for from with which that who when where because since as is are was were and so it to into"
)
_FUNCTION = frozenset(_FUNCTION_LIST.split())


def _stands_alone(wanted: Sequence[str], answer: str, is_term: IsTerm) -> bool:
    """Whether the term is what the answer says, with words around it that do not make another term of it."""
    clauses = [tokens(clause) for clause in _clauses(answer)]
    if any(_is(clause, wanted, is_term) for clause in clauses[1:]):
        return all(len(clause) > 3 or _is(clause, wanted, is_term) for clause in clauses[1:])
    said = clauses[0]
    at = _find(wanted, said)
    if at is None:
        return False
    before, after = said[:at], said[at + len(wanted) :]
    return (not before or before[-1] in _FUNCTION | {"called", "named"}) and (not after or after[0] in _FUNCTION)


def _find(wanted: Sequence[str], said: Sequence[str]) -> int | None:
    size = len(wanted)
    if not size:
        return None
    places = range(len(said) - size + 1)
    return next((at for at in places if all(map(same_word, said[at : at + size], wanted))), None)


def _part_of(wanted: Sequence[str], said: Sequence[str]) -> Marked:
    """A term with its main word right but not exactly this one: too general, or with something more to it."""
    if 0 < len(said) < len(wanted) and same(said, wanted[-len(said) :]):
        return Marked(Verdict.PARTLY, 0.5, "That is not exact enough: there is more to the term.")
    if len(wanted) < len(said) <= len(wanted) + 2 and same(said[-len(wanted) :], wanted):
        return Marked(Verdict.PARTLY, 0.5, "That is near it, but it is narrower than what the book says.")
    return WRONG


# Phrases and open answers

_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("increase increases increased rise rises grow grows", "decrease decreases decreased fall falls drop drops"),
        ("high higher highest", "low lower lowest"), ("more greater larger", "less fewer smaller"),
        ("before", "after"), ("inside into in", "outside"), ("positive", "negative"),
        ("gain gains gained", "lose loses lost"),
        ("hot hotter warm warmer", "cold colder cool cooler"), ("fast faster", "slow slower"), ("same", "different"),
        ("active", "passive"), ("open opens opened", "close closes closed"), ("all every", "none"), ("left", "right"),
        ("attract attracts", "repel repels"), ("release releases released", "absorb absorbs absorbed"),
    )
)  # fmt: skip
_MEANING = {word: min(sorted(side), key=len) for pair in _OPPOSITES for side in pair for word in side}
_FROM_TO = re.compile(r"\bfrom\b(.+?)\b(?:to|toward|towards|into)\b(.+)", re.DOTALL)


def _phrase(item: Item, key: str, answer: str) -> Marked:
    """A wording of several words: how much of it the answer says, in whatever order."""
    if _contradicts(key, answer):
        return Marked(Verdict.WRONG, 0.0, "The book says the opposite.")
    share = _share(key, answer)
    if share >= 0.75:
        return RIGHT
    if share >= 0.45:
        return Marked(Verdict.PARTLY, 0.5, "Part of it is there, but something is missing.")
    said = {stem(word) for word in content_words(plain(answer))}
    topic = {stem(word) for word in content_words(plain(f"{item.evidence.quote} {item.stem} {key}"))}
    is_on_topic = len(said) >= 3 and len(said & topic) >= 2 and len(said & topic) >= 0.3 * len(said)
    return OTHER_WORDS if is_on_topic else WRONG


def _share(wording: str, answer: str) -> float:
    wanted, said = _meanings(wording), _meanings(answer)
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _meanings(text: str) -> set[str]:
    """Stems, those of one side of a pair of opposites as one: hot, hotter, warm."""
    return {_MEANING.get(word, stem(word)) for word in content_words(plain(text))}


def _contradicts(key: str, answer: str) -> bool:
    """Whether one of the two denies, takes the other of two opposites, or goes the other way."""
    wanted, said = set(tokens(key)), set(tokens(answer))
    if NEGATIONS.isdisjoint(wanted) != NEGATIONS.isdisjoint(said):
        return True
    for one, other in (*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)):
        if wanted & one and not wanted & other and said & other and not said & one:
            return True
    return _goes_back(key, answer)


def _goes_back(key: str, answer: str) -> bool:
    there, back = _FROM_TO.search(plain(key).lower()), _FROM_TO.search(plain(answer).lower())
    if not there or not back:
        return False
    along = _share(there.group(1), back.group(1)) + _share(there.group(2), back.group(2))
    against = _share(there.group(1), back.group(2)) + _share(there.group(2), back.group(1))
    return against > along


def _open(item: Item, answer: str) -> Marked:
    """Each point of the rubric is made by the sentence of the answer that says most of it, or not at all."""
    said = sentences.sentences(answer) or [answer]
    points = tuple(_point(point, said) for point in item.rubric)
    made = sum(is_made for _, is_made, _ in points)
    text = f"You made {made} of {len(points)} points."
    score = round(made / len(points), 2)
    if made == len(points):
        return Marked(Verdict.CORRECT, 1.0, text, points)
    if made:
        return Marked(Verdict.PARTLY, score, text, points)
    unsure = _phrase(item, " ".join(point.text for point in item.rubric), answer).verdict is not Verdict.WRONG
    return Marked(
        Verdict.CANNOT_TELL if unsure else Verdict.WRONG, 0.0, OTHER_WORDS.explanation if unsure else text, points
    )


def _point(point: Point, said: Sequence[str]) -> tuple[Point, bool, str]:
    best = max(said, key=lambda sentence: _share(point.text, sentence))
    is_made = _share(point.text, best) >= 0.6 and not _contradicts(point.text, best)
    return point, is_made, best if is_made else ""

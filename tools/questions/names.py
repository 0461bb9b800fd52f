"""The proper names of a chapter, told apart by what stands around them: people, places, peoples, works, events."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from tools.numerals import DAYS, MONTHS
from tools.questions import verbs


class NameKind(StrEnum):
    """What a name is of."""

    PERSON = "person"
    COUNTRY = "country"
    PLACE = "place"
    PEOPLE = "people"
    EVENT = "event"
    LAW = "law"
    BODY = "body"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands in a sentence; `name` is its fullest form in the chapter."""

    name: str
    kind: NameKind
    start: int
    end: int


_CAPITAL = r"(?:[A-ZÀ-Þ][\w’'-]*[\w]|[A-Z]\.|[A-Z](?![\w.]))"
_LINK = r"(?:of the|of|de la|de|del|da|di|van der|van|von|the(?= [A-Z])|v)"
_NAME = re.compile(rf"(?<![\w’'-]){_CAPITAL}(?: (?:{_LINK} )?{_CAPITAL})*")
_OPENERS_LIST = """
    People
    The A An In On At By For From To With Without After Before During Since Until Under Over Through Among Between
    Within As If When While Where Although Though Because Unlike Like Both Each Every Some Many Most All No Not One
    Two Three Four Five Six First Second Third Several Other Another Such This That These Those It He She They We
    You I His Her Its Their Our My But And Or So Yet Then Thus However Therefore Also Here There Today Now Later
    Soon Once Upon Only Even Using Seeking Hoping Seeing Believing Starting According Early Late Modern Recent Near
    Around Past Public Central
"""
_OPENERS = frozenset(_OPENERS_LIST.split())
_NO_NAME_LIST = """
    Figure Table Chapter Section Part Earth God Bible Internet Sun Moon Central South North East West
"""
_NO_NAME = frozenset((*MONTHS, *DAYS, *_NO_NAME_LIST.split()))
_ARTICLES = frozenset({"A", "An", "The"})
_COUNTED = re.compile(r"(?:Thousands|Hundreds|Millions|Dozens|Scores|Members|Parts|Most|Many|Some|All) of ")

_COUNTRIES_LIST = """
    Spain/Spanish Portugal/Portuguese France/French England/English Italy/Italian Germany/German Austria/Austrian
    Russia/Russian Poland/Polish Sweden/Swedish Denmark/Danish Norway/Norwegian Finland/Finnish Greece/Greek
    Hungary/Hungarian Turkey/Turkish Ireland/Irish Scotland/Scottish Wales/Welsh Britain/British Switzerland/Swiss
    Belgium/Belgian Netherlands/Dutch Romania/Romanian Bulgaria/Bulgarian Serbia/Serbian Ukraine/Ukrainian
    Prussia/Prussian China/Chinese Japan/Japanese India/Indian Korea/Korean Vietnam/Vietnamese Thailand/Thai
    Indonesia/Indonesian Iran/Iranian Iraq/Iraqi Israel/Israeli Syria/Syrian Egypt/Egyptian Ethiopia/Ethiopian
    Ghana/Ghanaian Kenya/Kenyan Nigeria/Nigerian Morocco/Moroccan Algeria/Algerian Tunisia/Tunisian Mali/Malian
    Senegal/Senegalese Congo/Congolese Brazil/Brazilian Mexico/Mexican Peru/Peruvian Chile/Chilean
    Argentina/Argentine Cuba/Cuban Colombia/Colombian Haiti/Haitian Bolivia/Bolivian Ecuador/Ecuadorian
    Canada/Canadian Australia/Australian Pakistan/Pakistani Bangladesh/Bangladeshi Persia/Persian Afghanistan/Afghan
    Saudi_Arabia/Saudi South_Africa/South_African New_Zealand/New_Zealander United_States/American
    Great_Britain/British United_Kingdom/British Soviet_Union/Soviet Ottoman_Empire/Ottoman Roman_Empire/Roman
    Iceland/Icelandic Czechoslovakia/Czech Yugoslavia/Yugoslav Aragon/Aragonese Castile/Castilian
"""
_PAIRS = [pair.replace("_", " ").split("/") for pair in _COUNTRIES_LIST.split()]
_COUNTRIES = frozenset(country for country, _ in _PAIRS)
_FAITHS_AND_PARTS = (
    "European",
    "African",
    "Asian",
    "Jewish",
    "Muslim",
    "Christian",
)
_PEOPLES = frozenset((*(people for _, people in _PAIRS), *_FAITHS_AND_PARTS, "Catholic", "Protestant"))
_REGIONS_LIST = """
    Europe Africa Asia America Americas Antarctica Caribbean Mediterranean Atlantic Pacific Arctic Scandinavia
    Siberia Arabia
"""
_REGIONS = frozenset(_REGIONS_LIST.split())
_HEADS: dict[NameKind, str] = {
    NameKind.EVENT: "War|Wars|Battle|Siege|Revolution|Revolt|Rebellion|Congress|Conference|Crusades?|Peace|Reformation"
    "|Renaissance|Enlightenment|Depression|Uprising|Plague|Death|Olympics|Exhibition|Movement",
    NameKind.LAW: "Treaty|Act|Edict|Declaration|Constitution|Charter|Convention|Agreement|Pact|Amendment|Code|Bill"
    "|Accords?|v",
    NameKind.BODY: "Company|Court|University|Union|League|Organi[sz]ation|Party|Parliament|Senate|Committee|Council"
    "|Church"
    "|Bank|Reserve|Department|Society|Academy|Institute|Army|Navy|Hospital|Laboratory|Ministry|Association|Museum|Crown"
    "|Office|Commission|Agency|Press|College|School|Corporation",
    NameKind.PLACE: "Islands?|Ocean|Sea|Rivers?|Lakes?|Mountains?|Mount|Peninsula|Valley|Desert|City|Bay|Gulf|Coast"
    "|Cape"
    "|Falls|Castle|New World|Old World|Atlantic World|Empire|Kingdom|Street|Park|Strait|Canal|Province|Barrier|Works"
    "|Abbey|Head|Hemisphere|North|South"
    "|East|West|Central|Western|Eastern|Northern|Southern|Indies",
}  # fmt: skip
_TITLES_LIST = """
    Pope King Queen Prince Princess Emperor Empress Lord Lady Sir President Chancellor Duke Earl Count
    Countess Baron General Captain Admiral Bishop Archbishop Cardinal Father Dr Mr Mrs Ms Professor Judge Justice
    Senator Tsar Sultan Kaiser Caliph
"""
_TITLES = frozenset(_TITLES_LIST.split())
_TITLED = re.compile(rf"(?:{'|'.join(_TITLES)})\.? ")
_ROLE_LIST = """
    author writer poet novelist playwright dramatist painter sculptor composer musician architect artist scientist
    physicist chemist biologist botanist zoologist geologist astronomer mathematician philosopher economist
    psychologist sociologist historian geographer anthropologist physician doctor surgeon nurse engineer inventor
    explorer navigator sailor mapmaker merchant monk priest bishop king queen emperor general officer leader
    politician statesman lawyer judge critic scholar teacher schoolteacher professor researcher geneticist anatomist
    naturalist theologian reformer printer publisher banker industrialist entrepreneur minister president founder
    citizen farmer gardener friend pupil student colleague brother sister son daughter wife husband father mother
    rival contemporary successor predecessor pioneer programmer linguist psychiatrist meteorologist goldsmith clerk
"""
_ROLES = frozenset(_ROLE_LIST.split())
_ROLE_BEFORE = re.compile(rf"\b(?:{'|'.join(_ROLES)}),? $", re.IGNORECASE)
_ROLE_AFTER = re.compile(rf",? (?:(?:an?|the|one of the|his|her) (?:[\w’-]+ ){{0,4}}(?:{'|'.join(_ROLES)})\b|who\b)")
_MINDS_LIST = """
    believed argued wrote thought claimed concluded proposed discovered invented observed suspected published
    noticed taught realized realised complained asked imagined distinguished doubted painted composed declared hoped
    feared maintained suggested hypothesized theorized explained described studied worked lived died received
    married sailed developed introduced identified measured found showed demonstrated tried held wanted said knew
    learned decided dedicated addressed exploring explored approached served trained wins won began used visited
    returned founded proved formulated designed devised built coined rejected compared persuaded called admired
    revived performed took tested brought made became experimented reversed disagreed watched ordered
"""
_MINDS = frozenset(_MINDS_LIST.split())
_THOUGHTS_LIST = """
    believed argued wrote thought claimed concluded proposed discovered invented observed suspected published noticed
    taught realized realised complained imagined doubted declared hoped feared maintained suggested theorized sailed
"""
_THOUGHTS = frozenset(_THOUGHTS_LIST.split())
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|across|throughout|outside|inside|around) (?:the )?$")
_HAPPENS_THERE = re.compile(
    r"\b(?:work(?:s|ed)|liv(?:es|ed)|born|died|met|opened|printed|built|founded|published|performed|arrived|landed"
    r"|settled"
    r"|ruled|moved|defeat\w*|watched|appeared|takes place|made|homes?|castle|university|town|city|mill|shop|factory"
    r"|school|island|war|battle|court|case|trade|region|governor)\b"
)
_TWO_WORD_PLACE = re.compile(
    r"(?:New|San|Santa|Saint|St|Cape|Lake|Mount|South|North|East|West|Los|Las|Fort|Port|Rio|El|La)\b"
)
_ADDED = r"(?: \([^()]*\)|, (?:[^,;]{4,70}|[^,;]{4,60}, [^,;]{3,40}),)?"
_THEN = re.compile(
    rf"{_ADDED}(?: and (?:his|her) [a-z]+)? (?:(?:first|later|also|then|had|himself|herself|once) )?(?P<verb>[a-z]+)"
)
_WORK_BEFORE = re.compile(
    r"\b(?:published|wrote(?: the)?|composed|painted|in (?:his|her) (?:book|essay|novel|play|poem|treatise)"
    r"|(?:book|novel|poem|play|essay|treatise|opera|symphony|map|painting|pamphlet|entitled|titled)) (?:of )?$"
)  # fmt: skip
_POSSESSIVE = re.compile(r"[’']s?$")
_NUMERAL = re.compile(r"[IVX]+$")
_SHORTEST = 3
_NOBODY = re.compile(
    r"-[a-z]|\b(?:Prize|Era|Age|Period|Epoch|Effect|Theory|Law|Syndrome|Disease)\b"
    r"|(?:pteryx|saurus|saurs?|pithecus|theri(?:um|a)|ceras|phyta|mycota|mycetes|zoa|coccus|bacter(?:ia|ium)?|idae"
    r"|opsida|optera|poda|formes)\b"
)
"""Things with a name, and the endings of living things."""
_SMALL = re.compile(r"(?<!\w)[a-zà-ÿ][\w-]+")
_WORD = re.compile(r"[A-ZÀ-Þ]\w+")
_IS_SENTENCE = re.compile(r"[.!?][”’\")\]]*$")


class Names:
    """Finds the names of a chapter once, from its sentences."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences = [text for text in sentences if _IS_SENTENCE.search(text)]

    def of_kind(self, kind: NameKind) -> list[str]:
        """The names of a kind, in the order of the text, each in its fullest form."""
        return list(dict.fromkeys(self._full(name) for name, its in self._kinds.items() if its == kind))

    def mentions(self, text: str) -> list[Mention]:
        """Every name of a known kind in a sentence, in order."""
        found = ((name, start, end) for name, start, end in _names_in(text))
        return [
            Mention(self._full(name), kind, start, end) for name, start, end in found if (kind := self._kind_of(name))
        ]

    def has_unknown(self, text: str) -> bool:
        """Whether a sentence has a name that may be somebody's."""
        return any(" " in name and self._kind_of(name) is None for name, _, _ in _names_in(text))

    def has_person(self, text: str) -> bool:
        """Whether a sentence may name a person, told at little cost."""
        return any(word in self._person_words for word in _WORD.findall(text))

    @cached_property
    def _person_words(self) -> frozenset[str]:
        people = (name for name, kind in self._kinds.items() if kind == NameKind.PERSON)
        return frozenset(_WORD.findall(" ".join(people)))

    def full(self, name: str) -> str:
        """The fullest form in which the chapter gives a name."""
        return self._full(name)

    def _kind_of(self, name: str) -> NameKind | None:
        return self._kinds.get(name) or self._kinds.get(self._full(name))

    def _full(self, name: str) -> str:
        return self._fullest.get(name, name)

    @cached_property
    def _fullest(self) -> dict[str, str]:
        """The full name of each person who is also called by the surname or with a title."""
        people = sorted((name for name, kind in self._evident.items() if kind == NameKind.PERSON), key=len)
        found: dict[str, str] = {}
        for name in people:
            for short in _short_forms(name):
                found.setdefault(short, name) if " " not in short else None
        return {short: name for short, name in found.items() if short != name}

    @cached_property
    def _kinds(self) -> dict[str, NameKind]:
        short = dict.fromkeys(self._fullest, NameKind.PERSON)
        return self._evident | short

    @cached_property
    def _evident(self) -> dict[str, NameKind]:
        """The kind of each name that its words or its company tell."""
        seen: dict[str, Counter[NameKind]] = {}
        for text in self._sentences:
            for name, start, end in _names_in(text):
                votes = seen.setdefault(name, Counter())
                if kind := self._told(text, name, start, end):
                    votes[kind] += 1
        kinds = {name: votes.most_common(1)[0][0] for name, votes in seen.items() if votes}
        return self._joined(kinds, frozenset(seen))

    def _joined(self, kinds: dict[str, NameKind], names: frozenset[str]) -> dict[str, NameKind]:
        """With those who are named together with a person."""
        found = dict(kinds)
        for text in self._sentences:
            for (one, _, end), (other, start, _) in pairwise(_names_in(text)):
                pair = (one, other) if other not in kinds else (other, one)
                is_joined = text[end:start] == " and " and kinds.get(pair[0]) == NameKind.PERSON
                if is_joined and pair[1] in names and " " in pair[1]:
                    found.setdefault(pair[1], NameKind.PERSON)
        return found

    def _told(self, text: str, name: str, start: int, end: int) -> NameKind | None:
        if (known := _by_words(name)) and known != NameKind.PERSON:
            return known
        if start == 0 and " " not in name and (self._is_word(name) or not self._is_thinker(text, name)):
            return None
        kind = _by_words(name) or _by_company(text, name, start, end)
        return kind if kind != NameKind.PERSON or self._is_personal(name) else None

    def _is_personal(self, name: str) -> bool:
        """Whether none of its words is an abbreviation, and the first is no ordinary word of the chapter."""
        listed = [word for word in name.split() if not re.fullmatch(r"[IVX]+|[A-Z]\.|[a-z]+", word)]
        first = next((word for word in listed if word not in _TITLES), "")
        if _NOBODY.search(name):
            return False
        is_short = any(word.isupper() or any(sign.isdigit() for sign in word) for word in listed)
        return bool(first) and not is_short and first not in _OPENERS and first.lower() not in self._ordinary

    def _is_thinker(self, text: str, name: str) -> bool:
        """Whether a word that only ever opens sentences does what nobody but a person does."""
        then = _THEN.match(text, len(name))
        is_told = bool(then and then["verb"] in _THOUGHTS) or bool(_ROLE_AFTER.match(text, len(name)))
        return is_told or name in _COUNTRIES or bool(re.search(rf"[\w,] {re.escape(name)}\b", self._text))

    def _is_word(self, name: str) -> bool:
        """Whether a word that opens a sentence may be no name: it stands in small letters elsewhere, or is a plural."""
        if name.lower() in self._ordinary:
            return True
        is_alone = name.endswith("s") and not re.search(rf"[a-z,] {re.escape(name)}\b", self._text)
        return is_alone and not re.search(rf"\b{re.escape(name)}, (?:an?|the) ", self._text)

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        return frozenset(_SMALL.findall(self._text))

    @cached_property
    def _text(self) -> str:
        return " ".join(self._sentences)


def _short_forms(name: str) -> Iterator[str]:
    words = name.split()
    if len(words) > 1 and " of " not in name and " the " not in name:
        yield words[-2] if _NUMERAL.match(words[-1]) else words[-1]


def _names_in(text: str) -> Iterator[tuple[str, int, int]]:
    for m in _NAME.finditer(text):
        for piece in _PIECE.finditer(m[0]):
            found = _trimmed(text, m.start() + piece.start(), m.start() + piece.end())
            if found:
                yield found


def _trimmed(text: str, start: int, end: int) -> tuple[str, int, int] | None:
    """A name without what only opens the sentence or tells where somebody was born."""
    if counted := _COUNTED.match(text, start, end):
        start = counted.end()
    start += text[start] == " "
    words = text[start:end].split(" ")
    while words and (
        words[0] in _OPENERS or words[0] in MONTHS or words[0].endswith("-born") or words[0][:1].islower()
    ):
        if words[0] in _ARTICLES and start > 0 and len(words) > 1:
            break
        start += len(words.pop(0)) + 1
    name = " ".join(words)
    plain = _OF_PLACE.match(name)
    if plain and not _has_head(name):
        name = plain[1]
    name = _POSSESSIVE.sub("", name)
    is_name = len(name) >= _SHORTEST and name not in _NO_NAME and not name.isupper() and name not in _OPENERS
    return (name, start, start + len(name)) if is_name else None


_PIECE = re.compile(r".+?(?:[’']s(?= )|$)")
_OF_PLACE = re.compile(r"((?!The |A |An )[A-ZÀ-Þ]\S+ [A-ZÀ-Þ]\S+) of [A-Z]\w+$")


def _has_head(name: str) -> bool:
    return any(re.search(rf"(?:^| )(?:{heads})(?: |$)", name) for heads in _HEADS.values())


def _by_words(name: str) -> NameKind | None:
    if name in _COUNTRIES:
        return NameKind.COUNTRY
    last = name.split()[-1]
    if last in _PEOPLES or last.removesuffix("s") in _PEOPLES or _NATIVE.match(name):
        return NameKind.PEOPLE
    if name in _REGIONS:
        return NameKind.PLACE
    for kind, heads in _HEADS.items():
        if re.search(rf"(?:^| )(?:{heads})(?: |$)", name) and " " in name:
            return kind
    if _TITLED.match(name) or (" " in name and re.search(r" [IVX]+$", name)):
        return NameKind.PERSON if " of the " not in name else None
    return None


def _is_cited(name: str, before: str, after: str) -> bool:
    """Whether somebody says something in what has this name: `In the Republic (375), Plato …`."""
    return " " in name and bool(
        re.match(r"In (?:the )?$", before) and re.match(r"(?: \(\d+\))?, (?:s?he|[A-Z]\w+) ", after)
    )


_NATIVE = re.compile(r"Native \w+$")


def _by_company(text: str, name: str, start: int, end: int) -> NameKind | None:
    before, after = text[:start], re.sub(r"^ of [A-Z]\w+", "", text[end:])
    if " " not in name and re.search(r"\bof $", before):
        return None
    if _ROLE_BEFORE.search(before) and not _PLACE_BEFORE.search(before):
        return NameKind.PERSON
    if _WORK_BEFORE.search(before) or re.search(r"[A-Z]\w+[’']s $", before) or _is_cited(name, before, after):
        return NameKind.WORK if not re.match(r",? (?:and|or) [A-Z]", after) else None
    if re.search(r"\bin $", before) and not _HAPPENS_THERE.search(text):
        return None
    if _PLACE_BEFORE.search(before):
        is_place = " " not in name or _TWO_WORD_PLACE.match(name)
        return NameKind.PLACE if is_place and not re.match(r"[’']s", after) else None
    if re.search(r"\bthe $", before, re.IGNORECASE):
        return None
    return NameKind.PERSON if _does_what_people_do(name, before, after) else None


def _does_what_people_do(name: str, before: str, after: str) -> bool:
    if _ROLE_AFTER.match(after) or (re.search(r"\w(?:ed|en|n|t) (?:[\w ]+ )?by $", before) and " " in name):
        return True
    then = _THEN.match(after)
    return then is not None and (then["verb"] in _MINDS or (" " in name and verbs.is_past(then["verb"])))


_EUROPEAN = frozenset(country for country, _ in _PAIRS[: [country for country, _ in _PAIRS].index("China")])
_CONTINENTS = frozenset({"Europe", "Africa", "Asia", "America", "South America", "North America", "Australia"})


def is_european(country: str) -> bool:
    """Of a country."""
    return country in _EUROPEAN


def is_continent(place: str) -> bool:
    """Of a place."""
    return place in _CONTINENTS


def peoples() -> frozenset[str]:
    """Adjectives of countries, faiths and continents."""
    return _PEOPLES


def countries() -> frozenset[str]:
    """Those with a people's name of their own."""
    return _COUNTRIES

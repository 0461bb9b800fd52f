"""What sort of thing a term stands for, by the noun that its definition begins with or by its own last word."""

import re

from tools.questions import phrases
from tools.questions.facts import Fact, FactKind
from tools.words import stem, words

HAPPENING = "happening"
_NOUNS = {
    "study": "study science field discipline branch",
    HAPPENING: """
        process movement act division formation conversion change reaction phase stage cycle event
        ability condition state relationship interaction tendency reproduction transport exchange
        breaking break increase decrease growth release transfer control rise loss removal spread
        production fusion addition behavior response mechanism arrangement pathway migration selection
    """,
    "living thing": """
        organism animal plant insect mammal bird fish reptile worm tree species parasite predator host bacterium
        bacteria fungus fungi
    """,
    "group": "group phylum class order family genus clade kingdom lineage taxon domain",
    "cell": "cell",
    "substance": """
        substance molecule protein enzyme hormone compound sugar carbohydrate acid base chemical fluid solution gas
        element ion drug polymer pigment catalyst vitamin mineral material metal liquid solid toxin fat
    """,
    "structure": """
        structure organ organelle tissue layer membrane tube cavity bone muscle gland vessel chamber sac opening
        duct pouch fiber stem root leaf bundle body
    """,
    "sequence": "sequence gene chromosome strand",
    "disease": "disease disorder syndrome infection illness",
    "measure": """
        measure rate number volume amount ratio percentage frequency fraction level probability content productivity
        mass size temperature pressure concentration density capacity potential
    """,
    "idea": "theory law principle hypothesis rule concept model idea",
    "method": "method technique procedure approach tool",
    "place": "region area ecosystem environment biome habitat zone forest community location",
    "person": "scientist person individual people",
}
_NARROW = frozenset(_NOUNS) - {HAPPENING, "structure", "measure", "idea", "place"}
_SORT_OF = {stem(noun): sort for sort, nouns in _NOUNS.items() for noun in nouns.split()}
_ENDS_AS_EVENT = re.compile(r".*(?:tion|sion|sis|ing|ism|(?<!subst)ance|ence)$")
_ENDINGS = {
    "ology": "study", "phase": HAPPENING, "ase": "substance", "ases": "substance", "cyte": "cell", "cytes": "cell",
    "blast": "cell", "itis": "disease",
}  # fmt: skip
_QUALITY = re.compile(
    r" (?:responsible|capable|able|necessary|needed|located|situated|present|characterized|consisting)$"
)
_TELL_KINDS = (FactKind.DEFINITION, FactKind.NAMED)


def sort(fact: Fact, explained: Fact | None) -> str:
    """One of a few sorts, or nothing where neither its explanation nor its name tells."""
    noun = head(explained) if explained else ""
    name = words(fact.term)[-1] if words(fact.term) else ""
    known = _SORT_OF.get(noun) or _SORT_OF.get(stem(name))
    if known:
        return known
    if fact.link == "occurs when" or (_ENDS_AS_EVENT.match(name) and len(name) > len("tension")):
        return HAPPENING
    return next((sort for ending, sort in _ENDINGS.items() if name.endswith(ending)), "")


def is_sure(one: str, other: str) -> bool:
    """Whether two sorts are known, the same, and so narrow that whatever is of it can be taken for another."""
    return one == other and one in _NARROW


def head(fact: Fact) -> str:
    """The noun that says what kind of thing is defined: `process` in `the process by which …`."""
    listed = words(_QUALITY.sub("", genus(fact)))
    return stem(listed[-1]) if listed else ""


def genus(fact: Fact) -> str:
    """What kind of thing is defined: `the process` in `the process by which …`; nothing where none is told."""
    return phrases.genus(fact.predicate) if fact.kind in _TELL_KINDS else ""

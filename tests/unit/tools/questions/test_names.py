import pytest

from tools.questions.names import NameKind, Names

TALE = [
    "In 1610, the Italian astronomer Vittoria Brancati watched four moons through a telescope.",
    "Brancati dedicated her book Heralds of Night to King Oswald III.",
    "Thousands of Venetians flocked to Lisbon after the Treaty of Meadow.",
    "Oswald ruled Norway until the Battle of Greyford.",
    "The Society of Weavers met in Cape Verde.",
    "Petrov, a chemist from Perth, admired Brancati.",
    "Farmers used the new plough.",
    "The new plough pleased farmers in Perth.",
]


@pytest.fixture
def names() -> Names:
    return Names(TALE)


def test_each_name_has_the_kind_that_its_words_or_its_company_tell(names: Names) -> None:
    assert names.of_kind(NameKind.PERSON) == ["Vittoria Brancati", "King Oswald III", "Petrov"]
    assert names.of_kind(NameKind.COUNTRY) == ["Norway"]
    assert names.of_kind(NameKind.LAW) == ["Treaty of Meadow"]
    assert names.of_kind(NameKind.EVENT) == ["Battle of Greyford"]
    assert names.of_kind(NameKind.BODY) == ["Society of Weavers"]
    assert {"Cape Verde", "Perth"} <= set(names.of_kind(NameKind.PLACE))


def test_a_crowd_and_a_plural_are_no_people(names: Names) -> None:
    assert not [m for m in names.mentions("Thousands of Venetians flocked to Lisbon.") if m.kind == NameKind.PERSON]
    assert not names.has_person("Farmers used the new plough.")


def test_a_fossil_is_nobody() -> None:
    fossil = Names(["In 1861, the German fossil Kelpopteryx, a bird, surprised all.", "Kelpopteryx believed nothing."])
    assert not fossil.of_kind(NameKind.PERSON)


def test_a_surname_stands_for_the_whole_name(names: Names) -> None:
    [mention] = names.mentions("Brancati looked up.")
    assert mention.name == "Vittoria Brancati"
    assert names.full("Oswald") == "King Oswald III"


def test_a_place_between_others_is_no_person(names: Names) -> None:
    [mention] = names.mentions("They rested in Cape Verde.")
    assert mention.kind == NameKind.PLACE


def test_an_abbreviation_and_an_ordinary_word_are_no_people() -> None:
    names = Names(
        ["Complex II passed its load to Complex III.", "The complex is large.", "NADH gave up two electrons."]
    )
    assert not names.of_kind(NameKind.PERSON)

import pytest

from tools import prose


@pytest.mark.parametrize(
    "text",
    [
        "To answer this question, we will look at several perspectives on forgetting.",
        "In this chapter, memory is treated in some detail.",
        "As you learned earlier, the brain stores many memories.",
        "Let’s take a closer look at the memory of an elephant.",
        "Recall that we discussed the many kinds of memory there are.",
        "The causes of forgetting were described above in some detail.",
    ],
)
def test_what_a_book_says_of_itself_is_no_answer(text: str) -> None:
    assert not prose.is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "Forgetting is the loss of what was learned before.",
        "We read faster than we speak, and remember less of it.",
        "Three things are needed: • water from the soil • light from the sun",
    ],
)
def test_what_it_says_of_its_subject_is(text: str) -> None:
    assert prose.is_prose(text)


def test_a_list_is_what_announces_its_items() -> None:
    assert prose.is_list("Three things are needed: 1. water 2. light")
    assert not prose.is_list("It was ten past three: nobody came.")
    assert prose.is_item("• water from the soil")
    assert not prose.is_item("Water from the soil")

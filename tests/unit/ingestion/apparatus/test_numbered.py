import pytest

from ingestion.apparatus.numbered import Answer, NumberedQuestions, answers


def questions(*texts: str, last: int = 0) -> list[tuple[int, str, list[str]]]:
    read = NumberedQuestions("Exercises", last)
    for text in texts:
        read.add(text, at_top=False)
    return [(question.number, question.stem, question.choices) for question in read.found]


def test_choices_belong_to_the_question_before_them() -> None:
    assert questions("1. What moves?", "a. water", "b. salt", "2. Why?") == [
        (1, "What moves?", ["water", "salt"]),
        (2, "Why?", []),
    ]


def test_a_question_of_several_paragraphs_is_one() -> None:
    assert questions("7. A ship sails.", "How far does it get?", last=6) == [
        (7, "A ship sails. How far does it get?", [])
    ]


def test_a_number_that_does_not_come_next_begins_no_question() -> None:
    assert questions("1. In the battle of", "300. Greeks fell.") == [(1, "In the battle of 300. Greeks fell.", [])]


def test_a_number_whose_digits_are_lost_is_counted() -> None:
    assert [number for number, *_ in questions(". Prove it.", ". Show that it holds.")] == [1, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12. D", [("", 12, "D")]),
        ("1. A 2. c 3. B", [("", 1, "A"), ("", 2, "C"), ("", 3, "B")]),
        ("1. A\n2. It sank.\n3. C", [("", 1, "A"), ("", 2, "It sank."), ("", 3, "C")]),
        ("9. They left in haste. 10. C", [("", 9, "They left in haste."), ("", 10, "C")]),
        ("0.2.1. (a) 34.", [("0.2", 1, "(a) 34.")]),
        ("It was 12. So he went.", []),
    ],
)
def test_answers_are_told_apart_by_their_numbers(text: str, expected: list[Answer]) -> None:
    assert list(answers(text)) == expected

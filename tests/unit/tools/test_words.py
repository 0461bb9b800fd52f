from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.words import content_words, stem, stems


@pytest.mark.parametrize(
    "family",
    [
        "cell cells",
        "divide divides divided dividing",
        "membrane membranes",
        "psychology psychological",
        "possible possibly",
        "array arrays",
        "use uses used using",
        "theory theories",
        "naïve naive",
    ],
)
def test_the_forms_of_a_word_have_one_stem(family: str) -> None:
    assert len(stems(family)) == 1


@pytest.mark.parametrize(("one", "other"), [("use", "us"), ("news", "new"), ("adding", "ads"), ("general", "generate")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_threads_do_not_disturb_each_other() -> None:
    words = [
        f"{word}{ending}" for word in ("divid", "transport", "develop", "absorb") for ending in ("ed", "ing")
    ] * 500
    unshared = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem.__wrapped__, words)) == unshared


def test_only_words_that_tell_something_are_kept_in_order() -> None:
    assert content_words("What is the role of the membrane in osmosis?") == ["role", "membrane", "osmosis"]


def test_each_stem_is_kept_once() -> None:
    assert content_words("cells, cell; Cell's") == ["cells"]


def test_diacritics_and_case_do_not_matter() -> None:
    assert content_words("Crème BRÛLÉE") == ["creme", "brulee"]


def test_a_question_may_have_no_content_word() -> None:
    assert content_words("What is this about?") == []
    assert content_words("?! 😀 \0") == []


def test_numbers_and_symbols_of_one_sign_tell_something() -> None:
    assert content_words("Is α larger than 5?") == ["α", "larger", "5"]


def test_a_very_long_word_is_left_alone() -> None:
    assert stem("a" * 100 + "ing") == "a" * 100 + "ing"

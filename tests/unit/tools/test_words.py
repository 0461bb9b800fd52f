import sqlite3

from tools.words import content_words, stem, stems

VOCABULARY_LIST = """
caresses ponies ties cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
falling hissing fizzed failing filing happy sky relational conditional rational valency hesitancy digitizer
conformably radically differently vilely analogously vietnamization predication operator feudalism decisiveness
hopefulness callousness formality sensitivity sensibility triplicate formative formalize electricity electrical
hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement
adjustment dependent adoption homologous communism activate angularity effective bowdlerize probate rate cease
controlling rolling osmosis membranes photosynthesis apoptosis mitochondria biology logically yes by y ψs naïve
cellular
"""
VOCABULARY = VOCABULARY_LIST.split()


def test_stems_are_the_terms_of_the_keyword_index() -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5(word, tokenize='porter unicode61 remove_diacritics 2')")
    index.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    index.executemany("INSERT INTO t(rowid, word) VALUES (?, ?)", enumerate(VOCABULARY))
    terms = dict(index.execute("SELECT doc, term FROM v"))
    index.close()

    assert {word: stems(word) for word in VOCABULARY} == {word: {terms[n]} for n, word in enumerate(VOCABULARY)}


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

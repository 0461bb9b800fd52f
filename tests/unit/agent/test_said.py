"""What learners type when they want questions: where it goes, and what it is taken to ask for."""

import pytest

from agent import rules
from agent.state import Route
from agent.wishes import Wish, wish
from tools.questions.types import Difficulty, Kind, Wanted

EASY, MEDIUM, HARD = Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD
ONE_OF, TRUE_FALSE, GAP, SHORT, OPEN = Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.GAP, Kind.SHORT_ANSWER, Kind.OPEN


@pytest.mark.parametrize(
    ("said", "wanted", "seconds"),
    [
        ("quiz me on mitosis, 10 questions in 10 minutes", Wanted(10, "mitosis"), 600),
        ("20 minute test on chapter 3", Wanted(10, "chapter 3"), 1200),
        ("timed quiz", Wanted(), 600),
        (
            "give me a multiple choice test on the nervous system, 6 questions in 5 minutes",
            Wanted(6, "the nervous system", (ONE_OF,)),
            300,
        ),
        ("a hard quiz on osmosis, 7 questions", Wanted(7, "osmosis", (), HARD), None),
        ("timed quiz on osmosis, 5 questions", Wanted(5, "osmosis"), 300),
        ("give me a 5-minute quiz about the cell cycle", Wanted(10, "the cell cycle"), 300),
        ("quiz me for half an hour on genetics", Wanted(10, "genetics"), 1800),
        ("10 questions on photosynthesis with a time limit of 90 seconds", Wanted(10, "photosynthesis"), 90),
        ("hard quiz on algorithms, 1h 30", Wanted(10, "algorithms", (), HARD), 5400),
        ("quiz me in ten mins", Wanted(), 600),
        ("quiz me on the first 3 minutes of the universe", Wanted(10, "the first 3 minutes of the universe"), None),
        ("quiz me on the story of an hour", Wanted(10, "the story of an hour"), None),
        ("can you please quiz me on cellular respiration?", Wanted(10, "cellular respiration"), None),
        ("plz quizz me on mitosis", Wanted(10, "mitosis"), None),
        ("Quiz me!", Wanted(), None),
        ("test my knowledge of enzymes", Wanted(10, "enzymes"), None),
        ("could you test me on the krebs cycle with five hard questions", Wanted(5, "the krebs cycle", (), HARD), None),
        ("I'd like a quiz on DNA replication", Wanted(10, "DNA replication"), None),
        ("i want to be quizzed on proteins", Wanted(10, "proteins"), None),
        ("I need 15 practice questions on fungi", Wanted(15, "fungi"), None),
        ("give me a test", Wanted(), None),
        (
            "give me a quiz with twenty questions about viruses, only true/false",
            Wanted(20, "viruses", (TRUE_FALSE,)),
            None,
        ),
        ("true/false only: meiosis", Wanted(10, "meiosis", (TRUE_FALSE,)), None),
        ("quiz me on the endocrine system, multiple choice only", Wanted(10, "the endocrine system", (ONE_OF,)), None),
        ("some mcqs on bacteria please", Wanted(10, "bacteria", (ONE_OF,)), None),
        ("fill in the blanks about the nervous system", Wanted(10, "the nervous system", (GAP,)), None),
        ("fill-in-the-blank quiz on neurons, 8 questions", Wanted(8, "neurons", (GAP,)), None),
        ("short answer questions about plants", Wanted(10, "plants", (SHORT,)), None),
        ("3 essay questions on evolution", Wanted(3, "evolution", (OPEN,)), None),
        ("yes/no questions about sharks", Wanted(10, "sharks", (TRUE_FALSE,)), None),
        ("quiz me only from Campbell chapter 2", Wanted(10, "Campbell, chapter 2"), None),
        ("Quiz me on chapter three, 10 questions", Wanted(10, "chapter 3"), None),
        ("20 questions from chapter 3, hard", Wanted(20, "chapter 3", (), HARD), None),
        ("quiz on chapters 2-4", Wanted(10, "chapters 2, 3, 4"), None),
        ("quiz me on enzymes in ch. 3", Wanted(10, "enzymes, chapter 3"), None),
        ("quiz me on the whole book", Wanted(), None),
        ("make a quiz out of this pdf", Wanted(), None),
        ("create an exam with 30 mixed questions from biology", Wanted(30, "biology"), None),
        ("a few easy questions on cells", Wanted(5, "cells", (), EASY), None),
        ("a dozen questions about osmosis", Wanted(12, "osmosis"), None),
        ("make it hard: quiz on algorithms", Wanted(10, "algorithms", (), HARD), None),
        ("intermediate quiz about logic", Wanted(10, "logic", (), MEDIUM), None),
        ("challenge me on photosynthesis", Wanted(10, "photosynthesis"), None),
        ("hit me with 10 questions on mitosis", Wanted(10, "mitosis"), None),
        ("do you have questions on mitosis for me?", Wanted(10, "mitosis"), None),
        ("mitosis quiz 10 questions", Wanted(10, "mitosis"), None),
        ("mitosis test, hard, 5 questions", Wanted(5, "mitosis", (), HARD), None),
        ("quiz me on mitosis - 10 questions - hard", Wanted(10, "mitosis", (), HARD), None),
        ("quiz me on mitosis (10 questions)", Wanted(10, "mitosis"), None),
        ("quiz me 10 q on mitosis", Wanted(10, "mitosis"), None),
        ("quiz on mitosis x10", Wanted(10, "mitosis"), None),
        ("quiz me on covid-19", Wanted(10, "covid-19"), None),
        ("quiz me on the 3 laws of thermodynamics", Wanted(10, "the 3 laws of thermodynamics"), None),
    ],
)
def test_a_quiz_is_understood(said: str, wanted: Wanted, seconds: int | None) -> None:
    assert rules.decide(said).route is Route.QUIZ
    asked = wish(said)
    assert (asked.wanted, asked.seconds, asked.trouble) == (wanted, seconds, "")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("ask me something", Wanted()),
        ("ask me anything about fungi", Wanted(10, "fungi")),
        ("ask me a question", Wanted(1)),
        ("ask me a hard question about viruses", Wanted(1, "viruses", (), HARD)),
        ("practise sec. 10.2 with easy questions", Wanted(10, "section 10.2", (), EASY)),
        ("lets practise photosynthesis", Wanted(10, "photosynthesis")),
        ("can we practice photosynthesis?", Wanted(10, "photosynthesis")),
        ("i want to revise photosynthesis", Wanted(10, "photosynthesis")),
        ("help me prepare for my exam on osmosis", Wanted(10, "osmosis")),
        ("make flashcards about osmosis", Wanted(10, "osmosis")),
        ("do you have any practice problems on induction", Wanted(10, "induction")),
    ],
)
def test_practice_is_understood(said: str, wanted: Wanted) -> None:
    assert rules.decide(said).route is Route.PRACTICE
    assert wish(said).wanted == wanted


@pytest.mark.parametrize(
    "said", ["repeat my mistakes", "quiz me on what I got wrong", "let me redo the ones i got wrong"]
)
def test_mistakes_are_repeated(said: str) -> None:
    assert rules.decide(said).route in (Route.QUIZ, Route.PRACTICE)
    assert wish(said) == Wish(Wanted(), "mistakes")


@pytest.mark.parametrize(
    "said",
    ["another 5", "another five questions", "5 more", "give me five more", "more like that", "one more", "again"],
)
def test_more_of_the_same_needs_something_before_it(said: str) -> None:
    assert rules.decide(said, has_wished=True).route is Route.QUIZ
    assert wish(said).again


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("what is due?", ""),
        ("due today", ""),
        ("what's due today", ""),
        ("what should I review today?", ""),
        ("let's review", ""),
        ("start my review", ""),
        ("review my due cards", ""),
        ("repeat what is due", ""),
        ("/review", ""),
        ("review Biology", "Biology"),
        ("review my due questions in Cell Biology, please", "Cell Biology"),
        ("/review this chat", "this chat"),
    ],
)
def test_what_is_due_is_asked_for_everywhere_or_somewhere(said: str, where: str) -> None:
    assert rules.decide(said).route is Route.REVIEW
    assert rules.reviewed(said) == where


@pytest.mark.parametrize("said", ["stop", "stop the quiz", "please end the test", "quit"])
def test_an_order_to_stop_goes_to_talk(said: str) -> None:
    assert rules.decide(said).route is Route.TALK
    assert rules.ends(said)


@pytest.mark.parametrize(
    "said",
    [
        "can you review my essay?",
        "review of the literature on osmosis",
        "what is a quiz?",
        "what questions did Darwin ask",
        "how many questions are there in chapter 3?",
        "What is the null hypothesis test?",
        "show me the test for convergence",
        "give me an example of osmosis",
        "the test of time",
        "no quiz, just explain mitosis",
        "why do cells practice endocytosis",
        "give me more examples",
        "summarise chapter 3",
        "what happens in the first 10 minutes of sleep?",
    ],
)
def test_what_only_sounds_like_a_wish_is_answered(said: str) -> None:
    assert rules.decide(said, has_wished=True).route is Route.ANSWER


@pytest.mark.parametrize("said", ["quiz me in 3 seconds", "quiz me on cells, 40 hours"])
def test_a_time_that_cannot_be_is_troubled_in_words(said: str) -> None:
    assert "How long" in wish(said).trouble


@pytest.mark.parametrize(
    "said",
    ["10 " * 2000, "hard " * 2000, "a 5 minute " * 700, "chapter 1, 2 and " * 500, "the " * 2000, "true false " * 700],
)
def test_endless_wishes_are_read_in_time(said: str) -> None:
    rules.decide(said, has_wished=True)
    assert wish(said)

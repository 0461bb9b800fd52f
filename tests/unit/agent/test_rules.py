import pytest

from agent import rules
from agent.state import Action, Command, Route


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ("hi", Route.TALK),
        ("Thanks a lot!", Route.TALK),
        ("what can you do?", Route.TALK),
        ("/help", Route.TALK),
        ("/nonsense", Route.TALK),
        ("quiz me on mitosis", Route.QUIZ),
        ("practice, 3 multiple choice questions", Route.PRACTICE),
        ("quiz: osmosis", Route.QUIZ),
        ("/quiz mitosis", Route.QUIZ),
        ("Give me 10 questions about cells", Route.QUIZ),
        ("practice mitosis", Route.PRACTICE),
        ("let's practise", Route.PRACTICE),
        ("What is a quiz show?", Route.ANSWER),
        ("How do cells practice endocytosis?", Route.ANSWER),
        ("What is a library in programming?", Route.ANSWER),
        ("What is the scope of a variable?", Route.ANSWER),
        ("How do I remove an edge from a graph?", Route.ANSWER),
        ("list the phases of mitosis", Route.ANSWER),
        ("What is a test cross?", Route.ANSWER),
        ("what is this book about?", Route.ANSWER),
        ("hello world program?", Route.ANSWER),
    ],
)
def test_an_utterance_goes_where_it_belongs(said: str, route: Route) -> None:
    assert rules.decide(said).route == route


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("list my books", Command(Action.LIST)),
        ("What have you read?", Command(Action.LIST)),
        ("/library", Command(Action.LIST)),
        ("is notes.pdf ready yet?", Command(Action.STATUS)),
        ("/scope", Command(Action.SHOW_SCOPE)),
        ("/scope Cell Biology", Command(Action.SET_SCOPE, "Cell Biology")),
        ("Only use Cell Biology, please", Command(Action.SET_SCOPE, "Cell Biology")),
        ("use all my books", Command(Action.SET_SCOPE)),
        ("/scope all", Command(Action.SET_SCOPE)),
        ("delete Lecture 3.pdf", Command(Action.ASK_DELETE, "Lecture 3.pdf")),
        ("please remove the book Biology.", Command(Action.ASK_DELETE, "Biology")),
    ],
)
def test_commands_to_the_library_are_understood(said: str, command: Command) -> None:
    assert rules.decide(said).command == command


def test_a_yes_deletes_only_what_waits_for_it() -> None:
    assert rules.decide("Yes, please!", "notes.pdf").command == Command(Action.DELETE, "notes.pdf")
    assert rules.decide("no", "notes.pdf").command == Command(Action.KEEP, "notes.pdf")
    assert rules.decide("yes").command is None


@pytest.mark.parametrize("said", ["what does this file say?", "and in notes.pdf?", "explain my slides"])
def test_a_question_about_a_file_is_noticed(said: str) -> None:
    assert rules.names_a_file(said)


def test_an_unclear_order_is_left_to_a_model_where_there_is_one() -> None:
    assert not rules.decide("Delete the minimum of a heap: how?").sure
    assert rules.decide("What is osmosis?").sure

"""What cannot be done with a quiz as it stands."""

from tools.errors import Conflict


class QuizOver(Conflict):
    """This quiz is over, so no more answers are taken. Its report shows how it went."""

    code = "quiz_over"


class QuizOpen(Conflict):
    """This quiz is not finished yet. Finish it first: answers and reasons come at the end."""

    code = "quiz_open"


class NothingToAsk(Conflict):
    """There is nothing to ask about in this scope that you have not met yet."""

    code = "nothing_to_ask"

"""Why a question is not asked: a closed set, so that each reason can be counted."""

from enum import StrEnum


class Fault(StrEnum):
    """One reason, in words for the log and the report of a quiz."""

    UNWANTED = "it is not of the kind or difficulty asked for"
    OFF_TOPIC = "it is not about the topic"
    NOT_ON_PAGE = "its evidence does not stand on the page"
    UNSOLVED = "the evidence does not lead to its answer"
    # of its form
    LENGTH = "the question is too short or too long"
    END = "the question does not end properly"
    BROKEN = "the text is broken"
    REFERENCE = "it refers to something that is not shown"
    PRONOUN = "a pronoun has nothing to refer to"
    FORMULA = "a formula is not closed"
    GAPS = "there is not exactly one gap"
    OPTION_COUNT = "it has too many or too few options"
    SAME_OPTIONS = "two options are the same or one is empty"
    OPTION_ON_OPTIONS = "an option speaks of other options"
    OPTION_WITHOUT_REASON = "an option has no reason"
    LONG_KEY = "the right option is conspicuously long"
    NO_ANSWER = "there is no answer"
    KEY_COUNT = "there is not exactly one right option"
    TELLS_ANSWER = "the question gives its own answer away"
    HINT_TELLS_ANSWER = "the hint gives the answer away"
    PART_MISSING = "a part of the question is missing"
    NO_RUBRIC = "an open question has no rubric"
    # beside what was asked already
    TELLS_ANOTHER = "it gives away another question"
    MET = "it was asked before"
    # sound, and put by while there may be something better
    TOPIC_AS_ANSWER = "its answer is the topic itself"
    ANOTHER_YEAR = "it asks for yet another year"
    ANSWER_AGAIN = "its answer was asked for already"
    SECOND_CHOICE = "there may be better ones"
    ENOUGH_OF_KIND = "there are enough of its kind"
    GUESSABLE = "it can be guessed"

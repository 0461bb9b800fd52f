from dataclasses import replace

from tests.unit.tools.questions.shelf import CELL, TextShelf, item
from tools.questions.faults import Fault
from tools.questions.pipeline.making import LAST_RESORT, Candidate, Reserve
from tools.questions.solve import WordSolver

SOURCE = TextShelf({"cell": CELL}).library().source("cell-1")


def held() -> Reserve:
    reserve = Reserve()
    for fault in (Fault.GUESSABLE, Fault.ANSWER_AGAIN, Fault.ENOUGH_OF_KIND):
        assert SOURCE
        reserve.put(Candidate(replace(item(), id=fault.name), SOURCE, SOURCE.page_text, WordSolver()), fault)
    return reserve


def test_the_best_of_what_was_put_by_comes_first_and_only_once() -> None:
    reserve = held()
    expected = [Fault.ENOUGH_OF_KIND, Fault.ANSWER_AGAIN, Fault.GUESSABLE]
    assert [fault for _, fault in reserve.take(lambda item, fault: True)] == expected
    assert list(reserve.take(lambda item, fault: True)) == []


def test_what_does_not_fit_yet_stays() -> None:
    reserve = held()
    assert len(list(reserve.take(lambda item, fault: fault not in LAST_RESORT))) == 2
    assert [fault for _, fault in reserve.take(lambda item, fault: True)] == [Fault.GUESSABLE]

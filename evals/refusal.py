"""How often questions are refused that a book answers or does not answer: `python -m evals.refusal`.

A question that is answered with “not sure” counts as half refused. `--fit` fits the weights of tools/refusal.py anew,
tells how each set does with those from the others, and what all together say;
`--words` tells how often an embedding model is refused that was not measured yet, so that words alone decide.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from agent.nodes.retrieve import best_spelling
from evals.corpus import corpus
from evals.encyclopedia import encyclopedia
from evals.memory_shelf import BOOKS, TEXTBOOKS, MemoryShelf, textbook
from tools import refusal
from tools.calibration import BUILT_IN, Calibration
from tools.search import HybridSearch
from tools.types import Found, ResolvedScope

HERE = Path(__file__).parent
BIOLOGY = BOOKS / "openstax-biology"
DISCRETE = "discretebook-2016-01-02"
ALGORITHMS = ("00-intro", "04-greedy", "06-dfs", "08-sssp", "10-maxflow")
FALSE_REFUSALS, FALSE_ANSWERS = 0.025, 0.03
"""The shares of a fit: of what is answerable, so much is refused; of what is foreign, so much is surely answered."""
FOREIGN_TO_AN_ARTICLE = 30
NEAR_AN_ARTICLE = {"geology", "history"}
NOT_FOREIGN_TO_MATHEMATICS = {"computing", "mathematics"}
Rates = dict[str, dict[str, float]]
_NEEDS_MORE = re.compile(r"\[\[link\]\]|following|figure|above|below|these|none of|<su", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a scope, with what was found there."""

    scope: str
    answerable: bool
    question: str
    found: Found


def searching(search: HybridSearch) -> Callable[[str, ResolvedScope], Found]:
    """As a turn searches, with misspelt words set right."""

    async def ported(question: str, scope: ResolvedScope, k: int) -> Found:
        return search.search(question, scope, k)

    return lambda question, scope: asyncio.run(best_spelling(question, scope, ported))[0]


def questions_of_small_corpus(calibration: Calibration | None) -> Iterator[Asked]:
    """Each subject is a document of a few paragraphs; the questions of the others are foreign to it."""
    shelf = MemoryShelf()
    subjects: dict[str, list[str]] = {}
    for paragraph in corpus():
        subjects.setdefault(paragraph.subject, []).append(paragraph.text)
    for subject, texts in subjects.items():
        shelf.put_texts(subject, texts)
    search = searching(shelf.searcher(calibration))
    for subject in subjects:
        for paragraph in corpus():
            for question in paragraph.questions:
                answerable = paragraph.subject == subject
                yield Asked("small corpus", answerable, question, search(question, shelf.scope(subject)))


def questions_of_encyclopedia(calibration: Calibration | None) -> Iterator[Asked]:
    """All articles as one document, and each by itself; foreign are other subjects, or the other articles."""
    shelf = MemoryShelf()
    entries = encyclopedia()
    every = {entry.article: [one for one in entries if one.article == entry.article] for entry in entries}
    shelf.put_texts("encyclopedia", [entry.text for entry in entries])
    for article, own in every.items():
        shelf.put_texts(article, [entry.text for entry in own])
    search = searching(shelf.searcher(calibration))

    def asked(name: str, scope: str, answerable: bool, questions: Sequence[str]) -> Iterator[Asked]:
        found = ((question, search(question, shelf.scope(scope))) for question in questions)
        return (Asked(name, answerable, question, one) for question, one in found)

    elsewhere = [text for one in corpus() if one.subject not in NEAR_AN_ARTICLE for text in one.questions]
    yield from asked("encyclopedia", "encyclopedia", True, [text for entry in entries for text in entry.answers])
    yield from asked("encyclopedia", "encyclopedia", False, elsewhere)
    for article, own in every.items():
        others = [text for entry in entries if entry.article != article for text in entry.answers]
        yield from asked("article", article, True, [text for entry in own for text in entry.answers])
        yield from asked("article", article, False, others[:: len(others) // FOREIGN_TO_AN_ARTICLE])


def questions_of_books(calibration: Calibration | None) -> Iterator[Asked]:
    """The books' own questions, and those of other subjects, each as searched."""
    shelf = MemoryShelf()
    for name in TEXTBOOKS:
        shelf.put(textbook(name, ".pdf"), name)
    shelf.put(BOOKS / "discrete-levin" / f"{DISCRETE}.pdf", "Discrete Mathematics")
    for name in ALGORITHMS:
        shelf.put(BOOKS / "algorithms-erickson" / f"{name}.pdf", "Algorithms")
    search = searching(shelf.searcher(calibration))
    for scope, documents, answerable, questions in _plan():
        for question in questions:
            found = search(question, shelf.scope(*documents))
            yield Asked(scope, answerable, question, found)


def _plan() -> Iterator[tuple[str, Sequence[str], bool, list[str]]]:
    short = yaml.safe_load((HERE / "answerable.yaml").read_text("utf-8"))
    foreign = yaml.safe_load((HERE / "out_of_scope.yaml").read_text("utf-8"))
    everything = [question for questions in foreign.values() for question in questions]
    elsewhere = [q for subject, some in foreign.items() if subject not in NOT_FOREIGN_TO_MATHEMATICS for q in some]
    yield "biology", ["biology"], True, exam_questions("biology")
    yield "biology, short", ["biology"], True, short["biology"]
    yield "biology", ["biology"], False, everything
    for name, other in (("psychology", "us-history"), ("us-history", "psychology")):
        yield name, [name], True, exam_questions(name)
        yield name, [name], False, exam_questions(other)
    yield "discrete mathematics", [DISCRETE], True, short[DISCRETE]
    yield "discrete mathematics", [DISCRETE], False, elsewhere + short["biology"]
    yield "algorithms", ALGORITHMS, True, [question for name in ALGORITHMS for question in short[name]]
    yield "algorithms", ALGORITHMS, False, elsewhere + short["biology"]


def exam_questions(name: str) -> list[str]:
    """The book's own questions that can be understood without a figure or a list of choices."""
    lines = textbook(name, ".questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"].replace("\n", " ").strip() for line in lines]
    return [question for question in questions if not _NEEDS_MORE.search(question) and len(question) <= 400]


def rates(asked: Sequence[Asked]) -> Rates:
    """For each scope the share of answerable and of foreign questions that are refused."""
    scores = np.array([refusal.confidence(one.found) for one in asked])
    return _rates(asked, scores, refusal.THRESHOLD, refusal.SURE)


def _rates(
    asked: Sequence[Asked], scores: NDArray[np.float64], least: float, sure: float
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for scope in dict.fromkeys(one.scope for one in asked):
        for name, answerable in (("answerable", True), ("foreign", False)):
            here = scores[[one.scope == scope and one.answerable == answerable for one in asked]]
            if len(here):
                share = float((np.mean(here < least) + np.mean(here < sure)) / 2)
                found.setdefault(scope, {})[name] = round(share, 3)
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights of a logistic model, the bias last, and the scores from which to answer and from which to be sure."""

    weights: NDArray[np.float64]
    least: float
    sure: float

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of each row, before they are shares."""
        scores: NDArray[np.float64] = _with_bias(features) @ self.weights
        return scores


def fit(asked: Sequence[Asked], features: NDArray[np.float64], steps: int = 30) -> Fit:
    """Each set, and in it what is answerable and what is foreign, weighs the same."""
    answerable = np.array([float(one.answerable) for one in asked])
    groups = [(one.scope, one.answerable) for one in asked]
    weight = np.array([300 / groups.count(group) for group in groups])
    table = _with_bias(features)
    ridge = np.diag([1.0] * features.shape[1] + [1e-6])
    weights = np.zeros(table.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (weight * (p - answerable)) + ridge @ weights
        curve = (table * (weight * p * (1 - p))[:, None]).T @ table + ridge
        weights -= np.linalg.solve(curve, slope)
    scores, is_own = table @ weights, answerable == 1
    least = _quantile(scores[is_own], weight[is_own], FALSE_REFUSALS)
    sure = _quantile(scores[~is_own], weight[~is_own], 1 - FALSE_ANSWERS)
    return Fit(weights, min(least, sure), sure)


def _with_bias(features: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([features, np.ones(len(features))])


def _quantile(scores: NDArray[np.float64], weight: NDArray[np.float64], share: float) -> float:
    order = np.argsort(scores)
    shares = np.cumsum(weight[order]) / weight.sum()
    return float(scores[order][np.searchsorted(shares, share)])


def tell_fits(asked: Sequence[Asked]) -> None:
    """Each set with a fit to the others, and the fit to all of them; the books' short questions go with the book."""
    asked = [replace(one, scope=one.scope.removesuffix(", short")) for one in asked]
    measured = [(one, found) for one in asked if (found := refusal.measures(one.found))]
    for size in sorted({len(found) for _, found in measured}):
        asked = [one for one, found in measured if len(found) >= size]
        features = np.array([found[:size] for _, found in measured if len(found) >= size])
        print(f"with {size} measures, each set by weights from the others:")
        for scope in dict.fromkeys(one.scope for one in asked):
            others = [n for n, one in enumerate(asked) if one.scope != scope]
            own = [n for n, one in enumerate(asked) if one.scope == scope]
            fitted = fit([asked[n] for n in others], features[others])
            told = _rates([asked[n] for n in own], fitted.scores(features[own]), fitted.least, fitted.sure)
            print(f"  {scope:22s} {told[scope]}")
        every = fit(asked, features)
        print(f"all together {np.round(every.weights, 2).tolist()}, from {every.least:.2f}, sure from {every.sure:.2f}")


def main() -> None:
    """Print the shares refused; ends with an error beyond the floors."""
    floors = yaml.safe_load((HERE / "floors.yaml").read_text("utf-8"))["refusal"]
    calibration = None if "--words" in sys.argv else BUILT_IN
    asked = [*questions_of_small_corpus(calibration), *questions_of_encyclopedia(calibration)]
    if BIOLOGY.exists():
        asked += questions_of_books(calibration)
    measured = rates(asked)
    print("share refused:", json.dumps(measured, indent=1))
    if "--fit" in sys.argv and BIOLOGY.exists():
        tell_fits(asked)
    if calibration is None:
        return
    missed = [scope for scope, of in measured.items() if not _is_met(of, floors[scope])]
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


def _is_met(measured: dict[str, float], floor: dict[str, float]) -> bool:
    is_kind = measured.get("answerable", 0.0) <= floor.get("answerable", 0.0)
    return is_kind and measured.get("foreign", 1.0) >= floor.get("foreign", 0.0)


if __name__ == "__main__":
    main()

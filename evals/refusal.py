"""How often questions are refused that a book answers or does not answer: `python -m evals.refusal`.

`--fit` fits the weights of tools/refusal.py anew on one half of the questions and tells how they do on the other;
`--words` tells how often an embedding model is refused that was not measured yet, so that words alone decide.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from agent.nodes.retrieve import best_spelling
from evals.corpus import corpus
from evals.memory_shelf import BOOKS, TEXTBOOKS, MemoryShelf, textbook
from tools import refusal
from tools.calibration import BUILT_IN, Calibration
from tools.search import HybridSearch
from tools.types import Found, ResolvedScope

HERE = Path(__file__).parent
BIOLOGY = BOOKS / "openstax-biology"
DISCRETE = "discretebook-2016-01-02"
ALGORITHMS = ("00-intro", "04-greedy", "06-dfs", "08-sssp", "10-maxflow")
FALSE_REFUSALS, FALSE_ANSWERS = 0.02, 0.025
SIZE, SMALL = 4, 0.5
"""The feature that holds the size of the scope, and below which value a scope is small."""
NOT_FOREIGN_TO_MATHEMATICS = {"computing", "mathematics"}
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


def rates(asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """For each scope the share of answerable and of foreign questions that are refused."""
    found: dict[str, dict[str, float]] = {}
    for scope in dict.fromkeys(one.scope for one in asked):
        for name, answerable in (("answerable", True), ("foreign", False)):
            refused = [not refusal.supports(a.found) for a in asked if a.scope == scope and a.answerable == answerable]
            if refused:
                found.setdefault(scope, {})[name] = round(sum(refused) / len(refused), 3)
    return found


def fit(features: NDArray[np.float64], answerable: NDArray[np.float64], steps: int = 100) -> NDArray[np.float64]:
    """Logistic regression with both classes weighing the same; the bias is the last weight."""
    table = np.column_stack([features, np.ones(len(features))])
    share = answerable.mean()
    weight = np.where(answerable == 1, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([1.0] * features.shape[1] + [1e-6])
    weights = np.zeros(table.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (weight * (p - answerable)) + ridge @ weights
        curve = (table * (weight * p * (1 - p))[:, None]).T @ table + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights


def calibrated(
    features: NDArray[np.float64], answerable: NDArray[np.float64], is_small: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Weights with the threshold at 0 for scopes of any size.

    A large scope refuses 2 % of what it answers, a small one 97.5 % of what it does not.
    """
    weights = fit(features, answerable)
    scores = np.column_stack([features, np.ones(len(features))]) @ weights
    large = np.quantile(scores[~is_small & (answerable == 1)], FALSE_REFUSALS)
    small = np.quantile(scores[is_small & (answerable == 0)], 1 - FALSE_ANSWERS)
    weights[SIZE] -= large - small
    weights[-1] -= small
    return weights


def cross_validated(asked: Sequence[Asked], rounds: int = 20) -> dict[str, dict[str, float]]:
    """Weights from a random half of the questions, rates on the other half; means over the rounds."""
    features = np.array([refusal.measures(one.found) for one in asked])
    answerable = np.array([float(one.answerable) for one in asked])
    scopes = np.array([one.scope for one in asked])
    is_small = features[:, SIZE] < SMALL
    random = np.random.default_rng(1)
    results: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        half = random.random(len(asked)) < 0.5
        weights = calibrated(features[half], answerable[half], is_small[half])
        scores = np.column_stack([features, np.ones(len(asked))]) @ weights
        for scope in dict.fromkeys(scopes):
            for name, value in (("answerable", 1.0), ("foreign", 0.0)):
                here = ~half & (scopes == scope) & (answerable == value)
                if here.any():
                    results.setdefault(scope, {}).setdefault(name, []).append(float(np.mean(scores[here] < 0)))
    return {scope: {name: round(float(np.mean(v)), 3) for name, v in kinds.items()} for scope, kinds in results.items()}


def main() -> None:
    """Print the shares refused; ends with an error beyond the floors."""
    floors = yaml.safe_load((HERE / "floors.yaml").read_text("utf-8"))["refusal"]
    calibration = None if "--words" in sys.argv else BUILT_IN
    asked = list(questions_of_small_corpus(calibration))
    if BIOLOGY.exists():
        asked += questions_of_books(calibration)
    measured = rates(asked)
    print("share refused:", json.dumps(measured, indent=1))
    if "--fit" in sys.argv and BIOLOGY.exists():
        print("cross-validated:", json.dumps(cross_validated(asked), indent=1))
    if calibration is None:
        return
    missed = [scope for scope, of in measured.items() if not _is_met(of, floors[scope])]
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


def _is_met(measured: dict[str, float], floor: dict[str, float]) -> bool:
    is_kind = measured.get("answerable", 0.0) <= floor.get("answerable", 0.0)
    return is_kind and measured.get("foreign", 1.0) >= floor.get("foreign", 0.0)


if __name__ == "__main__":
    main()

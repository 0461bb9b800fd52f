"""How often marking by rule agrees with a teacher's marks, and whether it says the same every time."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tools.marking import mark
from tools.questions.types import Bloom, Difficulty, Evidence, Item, Kind, Option, Point, Verdict

HERE = Path(__file__).parent
RUNS = 3

Case = tuple[str, str, Verdict, str, Verdict]
"""Stem, answer, the teacher's verdict, what the answer tries, and the verdict by rule."""


def item(entry: dict[str, Any]) -> Item:
    """The question of an entry; options are known by their words."""
    options = tuple(Option(f"option-{text}", text) for text in entry.get("options", ()))
    return Item(
        id="item",
        kind=Kind(entry["kind"]),
        stem=entry["stem"],
        options=options,
        key=tuple(f"option-{key}" if options else key for key in entry["key"]),
        rationale="",
        hint="",
        difficulty=Difficulty.MEDIUM,
        bloom=Bloom.REMEMBER,
        topic="",
        section=(),
        evidence=Evidence("d", "Book", "book.pdf", 1, "1", "page", entry["quote"], 0, len(entry["quote"])),
        writer="",
        rubric=tuple(Point(text, quote) for text, quote in entry.get("rubric", ())),
    )


def marked() -> list[Case]:
    """Mark every answer of `marking.yaml` once."""
    cases: list[Case] = []
    for entry in yaml.safe_load((HERE / "marking.yaml").read_text("utf-8")):
        terms = frozenset(entry.get("terms", ()))
        for answer, wanted, tries in entry["answers"]:
            verdict = mark(item(entry), answer, terms.__contains__).verdict
            cases.append((entry["stem"], answer, Verdict(wanted), tries, verdict))
    return cases


def agreement(cases: list[Case]) -> float:
    """The share of answers with the teacher's verdict."""
    return sum(wanted == given for _, _, wanted, _, given in cases) / len(cases)


def main() -> None:
    """Print where teacher and rules part; ends with an error below the floor or when a run differs."""
    floor = yaml.safe_load((HERE / "floors.yaml").read_text("utf-8"))["marking"]
    runs = [marked() for _ in range(RUNS)]
    cases = runs[0]
    for stem, answer, wanted, tries, given in cases:
        if wanted != given:
            print(f"{tries}: {stem} “{answer}”: {given}, the teacher says {wanted}")
    tried = Counter(tries for _, _, _, tries, _ in cases)
    agreed = Counter(tries for _, _, wanted, tries, given in cases if wanted == given)
    print("agreement by kind:", {tries: f"{agreed[tries]}/{count}" for tries, count in tried.items()})
    steered = [answer for _, answer, wanted, tries, given in cases if tries == "injection" and given != wanted]
    share, same = agreement(cases), all(run == cases for run in runs)
    print(f"{len(cases)} answers, {share:.3f} agree, the same in {RUNS} runs: {same}, steered: {len(steered)}")
    sys.exit(None if share >= floor["agreement"] and same and not steered else "below the floor: marking")


if __name__ == "__main__":
    main()

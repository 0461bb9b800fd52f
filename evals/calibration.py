"""Whether another model's cosines are read alike whatever book it was measured on: `python -m evals.calibration`.

The other model is the built-in one with a third of its dimensions, which sees less, and all cosines between 0.6 and 1.
"""

import sys
from itertools import permutations

import numpy as np
import yaml

from app.models.minilm import MiniLM
from evals.memory_shelf import BOOKS, CACHE, TEXTBOOKS, read, textbook
from evals.retrieval import FLOORS
from ingestion.embed import normalised
from tools.calibration import Calibration, measured
from tools.ports import Vectors

KEPT, SPREAD = 128, 0.4


def sentences(name: str) -> list[Vectors]:
    """The unit vectors of the sentences of each passage of a textbook."""
    embedded = read(textbook(name, ".pdf"), name, MiniLM(CACHE / "models"))[2]
    return [normalised(one.vectors.astype(np.float32)) for one in embedded]


def other(vectors: Vectors) -> Vectors:
    """The same sentences in the other model."""
    narrow = normalised(vectors[:, :KEPT]) * np.float32(SPREAD**0.5)
    return np.column_stack([narrow, np.full(len(narrow), (1 - SPREAD) ** 0.5, np.float32)])


def calibration(name: str) -> Calibration:
    """The other model's, measured on one textbook."""
    built_in = sentences(name)
    found = measured([other(vectors) for vectors in built_in], built_in)
    assert found is not None
    return found


def main() -> int:
    """1 when what was measured on one book is farther from right on another than the floor allows."""
    if not BOOKS.exists():
        return 0
    farthest = yaml.safe_load(FLOORS.read_text("utf-8"))["calibration"]["farthest"]
    found = {name: calibration(name) for name in TEXTBOOKS}
    worst = 0.0
    for one, another in permutations(TEXTBOOKS, 2):
        read_as = found[one].scaled(np.asarray(found[another].own, np.float32))
        apart = float(np.abs(read_as - np.asarray(found[another].built_in)).max())
        print(f"measured on {one}, {another} is read at most {apart:.3f} off")
        worst = max(worst, apart)
    print("within the floor" if worst <= farthest else "beyond the floor")
    return int(worst > farthest)


if __name__ == "__main__":
    sys.exit(main())

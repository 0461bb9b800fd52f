"""The built-in model's cosines on each textbook, beside those in use: `python -m evals.calibration`."""

import sys

import numpy as np
import yaml

from app.models.minilm import MiniLM
from evals.memory_shelf import BOOKS, CACHE, TEXTBOOKS, read, textbook
from evals.retrieval import FLOORS
from tools.calibration import BUILT_IN, measured


def main() -> int:
    """1 when a book's cosines are farther from those in use than the floor allows."""
    farthest = yaml.safe_load(FLOORS.read_text("utf-8"))["calibration"]["farthest"]
    missed = []
    for name in TEXTBOOKS if BOOKS.exists() else ():
        embedded = read(textbook(name, ".pdf"), name, MiniLM(CACHE / "models"))[2]
        found = measured([one.vectors.astype(np.float32) / np.float32(127) for one in embedded])
        assert found is not None
        apart = max(abs(mine - theirs) for mine, theirs in zip(found.quantiles, BUILT_IN.quantiles, strict=True))
        print(f"{name}: {found.quantiles}, at most {apart:.3f} from {BUILT_IN.quantiles}")
        missed += [name] if apart > farthest else []
    print(f"below the floor: {', '.join(missed)}" if missed else "within the floor")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())

"""Whether what was found supports an answer, decided before any model is asked."""

from tools.types import Found
from tools.words import stem, stems

THRESHOLD = 0.5


def confidence(found: Found) -> float:
    """From 0 to 1: how well the passages support an answer to the question."""
    if not found.hits:
        return 0.0
    cosine = max(max((s.cosine for s in hit.sentences), default=hit.cosine) for hit in found.hits[:8])
    seen = set[str]().union(*(stems(hit.passage.text) for hit in found.hits[:8]))
    total = sum(found.rarity.values())
    covered = sum(weight for word, weight in found.rarity.items() if stem(word) in seen)
    return max(0.0, min(1.0, 0.7 * cosine + 0.3 * (covered / total if total else 0.0)))


def supports(found: Found) -> bool:
    return confidence(found) >= THRESHOLD

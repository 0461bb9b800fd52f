"""Articles of our own, like those of an encyclopedia: paragraphs with questions and the words that answer each."""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph of an article; each answer stands in it word for word."""

    article: str
    text: str
    answers: dict[str, str]


def encyclopedia() -> list[Entry]:
    """Every paragraph of the folder's YAML files, article by article."""
    return [
        Entry(article, entry["text"].strip(), entry["questions"])
        for path in sorted(Path(__file__).parent.glob("*.yaml"))
        for article, entries in yaml.safe_load(path.read_text("utf-8")).items()
        for entry in entries
    ]

"""A small corpus of our own: short paragraphs on several subjects, each with questions that it answers."""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One encyclopedia paragraph with the questions that it answers."""

    subject: str
    text: str
    questions: tuple[str, ...]


def corpus() -> list[Paragraph]:
    """Every paragraph of the folder's YAML files, which are named for their subjects."""
    return [
        Paragraph(path.stem, entry["text"].strip(), tuple(entry["questions"]))
        for path in sorted(Path(__file__).parent.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))
    ]

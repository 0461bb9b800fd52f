"""A short course to try the product with: three handouts that lie in the repository."""

from pathlib import Path

from app.documents import Accepted
from app.persistence.library import Placement
from app.wiring import Services
from tools.types import Learner

FOLDER = Path(__file__).resolve().parent.parent / "sample"
SEMESTER = "Sample course"
HANDOUTS = {
    "How cells divide.pdf": Placement(SEMESTER, "Biology", "How cells divide"),
    "Plants and light.docx": Placement(SEMESTER, "Biology", "Plants and light"),
    "The printing press.pdf": Placement(SEMESTER, "History", "The printing press"),
}
SAMPLE_QUESTIONS = (
    "What happens to the chromosomes in metaphase and in anaphase?",
    "Why do leaves look green?",
    "Why did books become cheaper after 1450?",
)


def add_sample_course(services: Services, learner: Learner) -> list[Accepted]:
    """File and queue the handouts; doing it again recognises what is there."""
    added = []
    for filename, placement in HANDOUTS.items():
        with (FOLDER / filename).open("rb") as content:
            added.append(services.documents.accept(learner, filename, content, placement))
    return added

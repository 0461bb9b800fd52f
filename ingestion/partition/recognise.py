"""Pages without text, read by the tesseract program when it is installed."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2 as pdfium

from ingestion.partition.pdf_lines import clean
from ingestion.types import Block

DPI = 250
MAX_SIDE = 5000
SECONDS_A_PAGE = 45
LANGUAGE = "eng"


def available() -> bool:
    """Whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def blocks(document: pdfium.PdfDocument, index: int) -> list[Block]:
    """The paragraphs tesseract sees on this page (`index` from 0); none when it fails or takes too long."""
    with tempfile.TemporaryDirectory(prefix="studyrag-") as folder:
        image = Path(folder) / "page.png"
        try:
            _render(document, index, image)
            done = subprocess.run(
                ["tesseract", str(image), "stdout", "-l", LANGUAGE, "--psm", "3"],
                capture_output=True,
                timeout=SECONDS_A_PAGE,
                check=True,
            )
        except (pdfium.PdfiumError, OSError, subprocess.SubprocessError):
            return []
    return to_blocks(done.stdout.decode("utf-8", errors="ignore"))


def to_blocks(text: str) -> list[Block]:
    """One block a paragraph, with the words that a line's end had divided joined."""
    paragraphs = (clean(re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", part)) for part in re.split(r"\n\s*\n|\f", text))
    return [Block("NarrativeText", paragraph, 0) for paragraph in paragraphs if paragraph]


def _render(document: pdfium.PdfDocument, index: int, target: Path) -> None:
    page = document[index]
    try:
        scale = min(DPI / 72, MAX_SIDE / max(*page.get_size(), 1))
        bitmap = page.render(scale=scale, grayscale=True)
        bitmap.to_pil().save(target)
        bitmap.close()
    finally:
        page.close()

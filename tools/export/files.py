"""One file for each format in which questions are taken away."""

import re
from collections.abc import Mapping, Sequence

from tools.export.anki import to_apkg
from tools.export.gift import to_gift
from tools.export.markdown import to_markdown
from tools.export.moodle import to_moodle
from tools.export.table import to_csv
from tools.export.types import Exported, Format, NothingToExport, as_shown, printable
from tools.questions.types import Item

_UNSAFE = re.compile(r"[^\w]+")


def export(
    format: Format, title: str, items: Sequence[Item], orders: Mapping[str, Sequence[str]] | None = None
) -> Exported:
    """The items as one file; `orders` gives for an item id its option ids in the order shown."""
    if not items:
        raise NothingToExport
    title, questions = " ".join(printable(title).split()) or "Questions", as_shown(items, orders or {})
    match format:
        case Format.ANKI:
            return Exported(to_apkg(title, questions), "application/octet-stream", _filename(title, "apkg"))
        case Format.CSV:
            return Exported(to_csv(questions), "text/csv; charset=utf-8", _filename(title, "csv"))
        case Format.MOODLE:
            return Exported(to_moodle(title, questions), "application/xml", _filename(title, "xml"))
        case Format.GIFT:
            # Moodle takes GIFT only from a file that ends in .txt.
            return Exported(to_gift(title, questions), "text/plain; charset=utf-8", _filename(title, "gift.txt"))
        case Format.MARKDOWN:
            return Exported(to_markdown(title, questions), "text/markdown; charset=utf-8", _filename(title, "md"))
        case Format.PDF:
            # Imported here because the renderer of formulas reads its fonts when it is imported.
            from tools.export.pdf import to_pdf

            return Exported(to_pdf(title, questions), "application/pdf", _filename(title, "pdf"))


def _filename(title: str, ending: str) -> str:
    """A name every file system takes; sixty letters of any script stay under its 255 bytes."""
    return f"{_UNSAFE.sub('-', title).strip('-_')[:60] or 'questions'}.{ending}"

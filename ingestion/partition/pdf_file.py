"""Opening a PDF, with junk before its first byte or not."""

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.errors import DamagedDocument, EncryptedDocument

MARK = b"%PDF-"
MARK_WITHIN = 4096
TAIL = 2048


def open_document(path: Path) -> pdfium.PdfDocument:
    """Raises EncryptedDocument when it needs a password, DamagedDocument when it cannot be opened."""
    with path.open("rb") as file:
        junk = max(file.read(MARK_WITHIN).find(MARK), 0)
        file.seek(junk)
        source = file.read() if junk else path
    try:
        return pdfium.PdfDocument(source)
    except (pdfium.PdfiumError, FileNotFoundError) as failure:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise EncryptedDocument from failure
        raise DamagedDocument from failure


def is_cut(path: Path) -> bool:
    """Whether the end of the file is missing."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - TAIL, 0))
        tail = file.read()
    return b"%%EOF" not in tail and b"startxref" not in tail

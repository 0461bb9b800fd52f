"""Why a file could not be read, worded for the learner; each is an UnreadableDocument."""

from tools.errors import StudyError, UnreadableDocument


class Cancelled(StudyError):
    """The reading of this file was cancelled."""

    code = "cancelled"
    status = 409


class EmptyDocument(UnreadableDocument):
    """This file is empty. Please choose the file again and check that it was saved completely."""


class NoText(UnreadableDocument):
    """There is no text in this file, so there is nothing to study in it."""


class EncryptedDocument(UnreadableDocument):
    """This file is protected by a password. Remove the password and upload it again."""


class MislabelledDocument(UnreadableDocument):
    """The content of this file does not fit its name. Give it the right ending, or save it again as PDF."""


class DamagedDocument(UnreadableDocument):
    """This file is damaged or incomplete. Download or save it again, then upload it."""


class TooManyPages(UnreadableDocument):
    """This document has too many pages. Split it into smaller files and upload those."""

    code = "too_large"
    status = 413


class ZipBomb(UnreadableDocument):
    """This file unpacks to far more data than a document holds, so I did not open it. Save it again without media."""


class UnsafeDocument(UnreadableDocument):
    """This file holds parts that no document needs and that could do harm. Save it again from your word processor."""


class UnsupportedDocument(UnreadableDocument):
    """I cannot read this kind of file. Please upload a PDF, DOCX, PPTX, HTML, Markdown, EPUB or TXT."""


class ReaderStopped(UnreadableDocument):
    """Reading this file took too much time or memory, so I stopped. Save it again as PDF, or split it into parts."""

"""Every table of StudyRAG: one definition for SQLite and Postgres."""

from app.persistence.tables.base import Base, UtcDateTime, now
from app.persistence.tables.chats import CitationRow, Element, Feedback, Query, Step, Thread, ThreadDocument
from app.persistence.tables.choices import ModelUsageRow, OwnModelRow, PipelineConfigRow, PreferencesRow
from app.persistence.tables.contents import (
    ApparatusRow,
    ConceptRow,
    MeanVectors,
    PageRow,
    PassageRow,
    SentenceVectors,
    WordPostings,
    WordTotals,
)
from app.persistence.tables.library import Book, Document, LearnerRow, Semester, Subject
from app.persistence.tables.quizzes import Attempt, Mark, QuestionItem, Quiz, QuizItem, ReviewCard, ReviewLog
from app.persistence.tables.work import KeyClaim, PipelineRun, Process, Setting

__all__ = [
    "ApparatusRow",
    "Attempt",
    "Base",
    "Book",
    "CitationRow",
    "ConceptRow",
    "Document",
    "Element",
    "Feedback",
    "KeyClaim",
    "LearnerRow",
    "Mark",
    "MeanVectors",
    "ModelUsageRow",
    "OwnModelRow",
    "PageRow",
    "PassageRow",
    "PipelineConfigRow",
    "PipelineRun",
    "PreferencesRow",
    "Process",
    "Query",
    "QuestionItem",
    "Quiz",
    "QuizItem",
    "ReviewCard",
    "ReviewLog",
    "Semester",
    "SentenceVectors",
    "Setting",
    "Step",
    "Subject",
    "Thread",
    "ThreadDocument",
    "UtcDateTime",
    "WordPostings",
    "WordTotals",
    "now",
]

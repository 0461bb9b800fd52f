"""Every table of StudyRAG: one definition for SQLite and Postgres."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from tools.names import name_key, tidy
from tools.types import QueryState, QuizState


def now() -> datetime:
    """In UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets the zone of a time stamp; every one of ours is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """None stays None."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """What Python's types are in every table."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: Text,
    }


class Learner(Base):
    """Who owns rows. `identifier` is the name to sign in with."""

    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    identifier: Mapped[str] = mapped_column(String(255), unique=True)
    display_name: Mapped[str]
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class _Named:
    """What learners name. `key` follows the name, and is what names are compared by."""

    key: Mapped[str]

    @validates("name", "title")
    def _keyed(self, _field: str, name: str) -> str:
        self.key = name_key(name)
        return tidy(name)


class Semester(_Named, Base):
    """The top of the library's tree."""

    __tablename__ = "semesters"
    __table_args__ = (UniqueConstraint("owner_id", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    name: Mapped[str] = mapped_column(String(255))


class Subject(_Named, Base):
    """A subject of a semester."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("semester_id", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    semester_id: Mapped[str] = mapped_column(ForeignKey("semesters.id"))
    name: Mapped[str] = mapped_column(String(255))


class Book(_Named, Base):
    """A book of a subject; its documents are filed in it."""

    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("subject_id", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"))
    title: Mapped[str] = mapped_column(String(255))


class Document(Base):
    """A file of a learner. `book_id` is empty while it belongs to chats only; `state` is that of its last job."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("owner_id", "sha256"), Index("documents_book", "book_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    book_id: Mapped[str | None] = mapped_column(ForeignKey("books.id"))
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    storage_key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16), default="queued")
    error: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[str | None] = mapped_column(String(64))
    superseded_by: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str | None]
    author: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(16))
    page_count: Mapped[int] = mapped_column(default=0)
    passage_count: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Table of contents, empty and recognised pages, subject words, notes on damage."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]


class ThreadDocument(Base):
    """A document that was dropped into a conversation."""

    """A document that was dropped into a conversation."""

    __tablename__ = "thread_documents"

    thread_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    filename: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime] = mapped_column(default=now)


class PageRow(Base):
    """A page as it was read; `index` is its place in the file, from 1, and `label` what is printed on it."""

    __tablename__ = "pages"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    index: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    recognised: Mapped[bool] = mapped_column(default=False)


class PassageRow(Base):
    """`n` is the number by which the keyword index knows it; `text` is `page.text[start:end]`."""

    __tablename__ = "passages"
    __table_args__ = (Index("passages_document", "document_id", "page_index", "start"),)

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    page_index: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    section: Mapped[str]
    """Heading path, joined by line feeds."""
    text: Mapped[str]


class ApparatusRow(Base):
    """An entry of a document's own apparatus, as tools.apparatus has them; what is of its kind alone is in `body`."""

    __tablename__ = "apparatus"
    __table_args__ = (Index("apparatus_kind", "document_id", "kind"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    kind: Mapped[str] = mapped_column(String(16))
    section: Mapped[list[Any]]
    page_index: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    body: Mapped[dict[str, Any]]


class WordPostings(Base):
    """The passages of a document that hold a stem, packed as tools.keywords.POSTING."""

    __tablename__ = "word_postings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    postings: Mapped[bytes] = mapped_column(LargeBinary)


class WordTotals(Base):
    """How many passages of a document are searched by their words, and how many words they have."""

    __tablename__ = "word_totals"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    passages: Mapped[int]
    words: Mapped[int]


class SentenceVectors(Base):
    """For one passage and one embedding model: sentence spans as uint16 pairs, unit vectors times 127 as int8."""

    __tablename__ = "sentence_vectors"

    passage_id: Mapped[str] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    model: Mapped[str] = mapped_column(String(128), primary_key=True)
    spans: Mapped[bytes] = mapped_column(LargeBinary)
    vectors: Mapped[bytes] = mapped_column(LargeBinary)


class MeanVectors(Base):
    """What Chroma holds, in blocks of a document: passage ids joined by line feeds, unit vectors times 127 as int8."""

    __tablename__ = "mean_vectors"
    __table_args__ = (Index("mean_vectors_digest", "digest"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    model: Mapped[str] = mapped_column(String(128), primary_key=True)
    first: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its first passage."""
    digest: Mapped[str] = mapped_column(String(32), server_default="")
    """Of ids and vectors: what is kept in memory goes by it."""
    size: Mapped[int]
    passage_ids: Mapped[str]
    vectors: Mapped[bytes] = mapped_column(LargeBinary)


class PipelineRun(Base):
    """One job: the ingestion of a document. A running job whose worker is dead is taken up again."""

    __tablename__ = "pipeline_runs"
    __table_args__ = (Index("pipeline_runs_state", "state"), Index("pipeline_runs_document", "document_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    filename: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    stage: Mapped[str] = mapped_column(String(16), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str | None] = mapped_column(String(128))
    """The process that has it in hand."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Thread(Base):
    """A conversation. It has a name, and is listed, from the learner's first words on."""

    __tablename__ = "threads"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    name: Mapped[str | None]
    tags: Mapped[list[Any]] = mapped_column(default=list)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Step(Base):
    """A message or step as Chainlit shows it; `body` is its StepDict."""

    __tablename__ = "steps"
    __table_args__ = (Index("steps_thread", "thread_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    thread_id: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    body: Mapped[dict[str, Any]]


class Element(Base):
    """A file or custom element as Chainlit shows it; `body` is its ElementDict."""

    __tablename__ = "elements"
    __table_args__ = (Index("elements_thread", "thread_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    thread_id: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    for_id: Mapped[str | None] = mapped_column(String(64))
    storage_key: Mapped[str | None]
    body: Mapped[dict[str, Any]]


class Feedback(Base):
    """What the learner thinks of a message: `value` is 1 or 0."""

    __tablename__ = "feedbacks"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    for_id: Mapped[str] = mapped_column(String(64), index=True)
    thread_id: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    value: Mapped[int]
    comment: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Query(Base):
    """What was asked, found and answered. One still `running` whose holder, a process, is dead was interrupted."""

    __tablename__ = "queries"
    __table_args__ = (Index("queries_owner", "owner_id", "created_at"), Index("queries_thread", "thread_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    thread_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=QueryState.RUNNING)
    holder: Mapped[str | None] = mapped_column(String(64))
    question: Mapped[str]
    standalone: Mapped[str | None]
    route: Mapped[str | None] = mapped_column(String(16))
    scope_label: Mapped[str | None]
    passages: Mapped[list[Any]] = mapped_column(default=list)
    citations: Mapped[list[Any]] = mapped_column(default=list)
    answer: Mapped[str | None]
    refused: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float] = mapped_column(default=0.0)
    model: Mapped[str | None]
    tokens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    milliseconds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class CitationRow(Base):
    """A numbered citation of a conversation. It outlives its document: an old answer then says "source removed"."""

    __tablename__ = "citations"

    thread_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    document_id: Mapped[str] = mapped_column(String(64), index=True)
    book: Mapped[str]
    filename: Mapped[str]
    page_index: Mapped[int]
    page_label: Mapped[str]
    page_kind: Mapped[str]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]


class Process(Base):
    """A process that lives. Its row goes when it ends, or when another process finds it dead."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    birth: Mapped[str] = mapped_column(String(64))
    """When it began, in a form that no clock changes: numbers of processes are used again."""
    beats: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime] = mapped_column(default=now)


class Setting(Base):
    """Facts about this installation, such as the embedding model that serves."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]


class QuestionItem(Base):
    """A question that passed every check and was given to its learner; `body` is its Item.

    The row is the claim: its unique keys keep two processes from asking the same thing twice. A reported one is
    never asked again.
    """

    __tablename__ = "question_items"
    __table_args__ = (
        UniqueConstraint("owner_id", "stem_key"),
        UniqueConstraint("owner_id", "fact_key"),
        Index("question_items_document", "owner_id", "document_id"),
    )

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(64))
    stem_key: Mapped[str] = mapped_column(String(32))
    """Digest of the normalised stem."""
    fact_key: Mapped[str] = mapped_column(String(32))
    """Digest of evidence and answer."""
    topic: Mapped[str]
    body: Mapped[dict[str, Any]]
    reported: Mapped[str | None]
    """What the learner said is wrong with it."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Quiz(Base):
    """One quiz or practice round, with a state of its own: writing, open or finished."""

    __tablename__ = "quizzes"
    __table_args__ = (Index("quizzes_owner", "owner_id", "created_at"), Index("quizzes_thread", "thread_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    thread_id: Mapped[str | None] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=QuizState.WRITING)
    topic: Mapped[str | None]
    difficulty: Mapped[str | None] = mapped_column(String(16))
    kinds: Mapped[list[Any]] = mapped_column(default=list)
    document_ids: Mapped[list[Any]] = mapped_column(default=list)
    scope_label: Mapped[str]
    requested: Mapped[int]
    reason: Mapped[str | None]
    """Why fewer than requested were delivered, and what else the learner should know of the writing."""
    seconds_allowed: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    writer: Mapped[str | None] = mapped_column(String(64))
    """The process that writes it; a quiz in writing without one waits for one."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(64))
    """The code of what kept it from having any question."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class QuizItem(Base):
    """An item's place in a quiz; `options` is the order in which this quiz shows its options."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("quiz_id", "position"),)

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    options: Mapped[list[Any]] = mapped_column(default=list)
    flagged: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)
    hinted: Mapped[bool] = mapped_column(default=False)
    revealed: Mapped[bool] = mapped_column(default=False)
    """In practice: the learner has seen the answer."""


class Attempt(Base):
    """One answer to one item, never changed afterwards; in quiz mode the last one before the end counts."""

    __tablename__ = "attempts"

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    answer: Mapped[str]
    hinted: Mapped[bool] = mapped_column(default=False)
    after_key: Mapped[bool] = mapped_column(default=False)
    """In practice: the learner had seen the answer before, so that this one counts for nothing."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Mark(Base):
    """How an attempt was marked: `n` is 0 for the first marking, then one for each challenge; all are kept."""

    __tablename__ = "marks"
    __table_args__ = (Index("marks_item", "owner_id", "item_id"),)

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, default=0)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    verdict: Mapped[str] = mapped_column(String(16))
    score: Mapped[float]
    explanation: Mapped[str]
    points: Mapped[list[Any]] = mapped_column(default=list)
    """For each point of a rubric: its text, its quote in the book, whether the answer makes it, and where."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class ReviewCard(Base):
    """The FSRS card of a learner and an item; `body` is the package's own form. A leech is suspended."""

    __tablename__ = "review_cards"
    __table_args__ = (Index("review_cards_due", "owner_id", "due"),)

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    due: Mapped[datetime]
    lapses: Mapped[int] = mapped_column(default=0)
    suspended: Mapped[bool] = mapped_column(default=False)
    body: Mapped[dict[str, Any]]


class ReviewLog(Base):
    """One review; `source` names what led to it (a quiz, or the due date it answered), so that none counts twice."""

    __tablename__ = "review_logs"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    rating: Mapped[int]
    reviewed_at: Mapped[datetime]

"""The words of passages as tables of any database, in place of SQLite's full-text index."""

import sqlalchemy as sa
from alembic import op

from tools.keywords import postings

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FULL_TEXT = (
    """CREATE VIRTUAL TABLE passages_fts USING fts5(
        text, section, content='passages', content_rowid='n', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN
        INSERT INTO passages_fts(rowid, text, section) VALUES (new.n, new.text, new.section);
    END""",
    """CREATE TRIGGER passages_fts_delete AFTER DELETE ON passages BEGIN
        INSERT INTO passages_fts(passages_fts, rowid, text, section)
        VALUES ('delete', old.n, old.text, old.section);
    END""",
    "CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, 'row')",
    "INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')",
)
NO_FULL_TEXT = (
    "DROP TRIGGER passages_fts_insert",
    "DROP TRIGGER passages_fts_delete",
    "DROP TABLE passages_vocabulary",
    "DROP TABLE passages_fts",
)
DOCUMENTS = sa.text("SELECT DISTINCT document_id FROM passages")
PASSAGES = sa.text("SELECT n, text, section FROM passages WHERE document_id = :document_id ORDER BY n")


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for statement in NO_FULL_TEXT:
            op.execute(statement)
    held = op.create_table(
        "word_postings",
        sa.Column("document_id", sa.String(length=64), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("postings", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "stem"),
        sqlite_with_rowid=False,
    )
    totals = op.create_table(
        "word_totals",
        sa.Column("document_id", sa.String(length=64), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id"),
    )
    for (document_id,) in op.get_bind().execute(DOCUMENTS).all():
        _fill(held, totals, document_id)


def _fill(held: sa.Table, totals: sa.Table, document_id: str) -> None:
    rows = op.get_bind().execute(PASSAGES, {"document_id": document_id}).all()
    found = postings((row.n, f"{row.text}\n{row.section}") for row in rows)
    if not found:
        return
    op.bulk_insert(
        held,
        [{"document_id": document_id, "stem": stem, "postings": each.tobytes()} for stem, each in found.items()],
    )
    lengths = {entry["passage"]: int(entry["length"]) for each in found.values() for entry in each}
    op.bulk_insert(totals, [{"document_id": document_id, "passages": len(lengths), "words": sum(lengths.values())}])


def downgrade() -> None:
    op.drop_table("word_totals")
    op.drop_table("word_postings")
    if op.get_context().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)

"""Every row of a learner's data names its owner."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_THREAD = "SELECT t.owner_id FROM threads t WHERE t.id = {table}.thread_id"
OF_DOCUMENT = "SELECT d.owner_id FROM documents d WHERE d.id = {table}.document_id"
OWNERS = {
    "steps": OF_THREAD,
    "elements": OF_THREAD,
    "feedbacks": OF_THREAD,
    "pages": OF_DOCUMENT,
    "passages": OF_DOCUMENT,
    "word_postings": OF_DOCUMENT,
    "word_totals": OF_DOCUMENT,
    "mean_vectors": OF_DOCUMENT,
    "sentence_vectors": "SELECT p.owner_id FROM passages p WHERE p.id = {table}.passage_id",
    "quiz_items": "SELECT q.owner_id FROM quizzes q WHERE q.id = {table}.quiz_id",
}
"""In this order: the owner of a sentence's vector is that of its passage."""
FIRST = "SELECT id FROM learners ORDER BY created_at LIMIT 1"
"""Whose a row is that hangs on nothing any more: there has been one learner so far."""


def upgrade() -> None:
    op.execute(f"UPDATE threads SET owner_id = ({FIRST}) WHERE owner_id IS NULL")
    with op.batch_alter_table("threads") as batch:
        batch.alter_column("owner_id", existing_type=sa.String(64), nullable=False)
    for table, owner in OWNERS.items():
        is_sqlite = op.get_context().dialect.name == "sqlite"
        # An empty default, which refers to nobody, spares SQLite from copying the table; so does leaving it there.
        rule = "NOT NULL DEFAULT ''" if is_sqlite else ""
        op.execute(f"ALTER TABLE {table} ADD COLUMN owner_id VARCHAR(64) {rule} REFERENCES learners (id)")
        op.execute(f"UPDATE {table} SET owner_id = COALESCE(({owner.format(table=table)}), ({FIRST}))")
        if not is_sqlite:
            op.alter_column(table, "owner_id", nullable=False)


def downgrade() -> None:
    for table in reversed(OWNERS):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("owner_id")
    with op.batch_alter_table("threads") as batch:
        batch.alter_column("owner_id", existing_type=sa.String(64), nullable=True)

"""A quiz is written by a process that its row names, and taken up again when that is dead."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quizzes", sa.Column("writer", sa.String(length=64), nullable=True))
    op.add_column("quizzes", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("quizzes", sa.Column("error", sa.String(length=64), nullable=True))
    op.drop_column("quizzes", "touched_at")


def downgrade() -> None:
    # Not in a copy of the table: dropping the former one would take the questions along.
    touched = sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00")
    op.add_column("quizzes", touched)
    op.execute("UPDATE quizzes SET touched_at = created_at")
    for name in ("error", "attempts", "writer"):
        op.drop_column("quizzes", name)

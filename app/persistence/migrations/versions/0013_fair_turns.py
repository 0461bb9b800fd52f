"""Learners are served in turn: when work was taken, when it may be tried again, and which request asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pipeline_runs", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pipeline_runs", sa.Column("request_id", sa.String(64), nullable=True))
    op.create_index("pipeline_runs_owner", "pipeline_runs", ["owner_id", "started_at"])
    op.add_column("quizzes", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("quizzes", sa.Column("request_id", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("quizzes", "request_id")
    op.drop_column("quizzes", "taken_at")
    op.drop_index("pipeline_runs_owner", "pipeline_runs")
    op.drop_column("pipeline_runs", "request_id")
    op.drop_column("pipeline_runs", "due_at")

"""Attempts know whether they were made after the key was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Until now nobody noted this down. The key of a practice item was shown when its review was counted, when an answer was
# right or could not be marked, and after two tries.
AFTER_KEY = sa.text(
    """
    UPDATE attempts SET after_key = :yes
    WHERE quiz_id IN (SELECT id FROM quizzes WHERE mode = 'practice')
    AND (
        attempt > 2
        OR EXISTS (
            SELECT 1 FROM review_logs l
            WHERE l.owner_id = attempts.owner_id AND l.item_id = attempts.item_id
            AND l.source = 'quiz:' || attempts.quiz_id AND l.reviewed_at < attempts.created_at
        )
        OR EXISTS (
            SELECT 1 FROM marks m
            WHERE m.quiz_id = attempts.quiz_id AND m.item_id = attempts.item_id AND m.attempt < attempts.attempt
            AND m.n = 0 AND m.verdict IN ('correct', 'cannot_tell')
        )
    )
    """
).bindparams(sa.bindparam("yes", True, sa.Boolean()))


def upgrade() -> None:
    """Add the column, and fill it from what was noted down so far."""
    op.add_column("attempts", sa.Column("after_key", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.get_bind().execute(AFTER_KEY)


def downgrade() -> None:
    """Forget it; the attempts stay."""
    op.drop_column("attempts", "after_key")

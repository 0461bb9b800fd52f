"""Work names the process that has it in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("birth", sa.String(length=64), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("queries", sa.Column("holder", sa.String(length=64), nullable=True))
    op.drop_column("pipeline_runs", "heartbeat_at")


def downgrade() -> None:
    op.add_column("pipeline_runs", sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True))
    # Without a heartbeat the former version would never take them up again.
    op.execute("UPDATE pipeline_runs SET heartbeat_at = started_at WHERE state = 'running'")
    op.drop_column("queries", "holder")
    op.drop_table("processes")

"""What learners choose, what their models cost, and by which settings a document was read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        owner(),
        sa.Column("answer_length", sa.String(16), nullable=False),
        sa.Column("tutor", sa.String(16), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "own_models",
        owner(),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("model", sa.String(128), nullable=False),
        sa.Column("api_base", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "pipeline_configs",
        owner(),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "model_usage",
        owner(),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("model", sa.String(160), primary_key=True),
        sa.Column("is_own", sa.Boolean(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("calls", "read", "written")),
        sa.Column("dollars", sa.Float(), nullable=False),
    )
    op.add_column("queries", sa.Column("dollars", sa.Float(), nullable=True))
    op.add_column("documents", sa.Column("config_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("documents", "config_version")
    op.drop_column("queries", "dollars")
    for table in ("model_usage", "pipeline_configs", "own_models", "preferences"):
        op.drop_table(table)


def owner() -> sa.Column[str]:
    return sa.Column("owner_id", sa.String(64), sa.ForeignKey("learners.id"), primary_key=True)

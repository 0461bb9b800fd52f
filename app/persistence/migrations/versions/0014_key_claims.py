"""Keys of the store are claimed before anything is put there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_claims",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["learners.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("key_claims_owner", "key_claims", ["owner_id"])


def downgrade() -> None:
    op.drop_table("key_claims")

"""What is looked up by its learner is found by an index, however many learners there are."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = {
    "subjects_owner": ("subjects", ["owner_id", "key"]),
    "books_owner": ("books", ["owner_id", "key"]),
    "threads_owner": ("threads", ["owner_id", "updated_at"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)

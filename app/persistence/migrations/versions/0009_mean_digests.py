"""Blocks of vectors are known by what is in them."""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = sa.text("SELECT document_id, model, first FROM mean_vectors")
ONE = "WHERE document_id = :document_id AND model = :model AND first = :first"
BLOCK = sa.text(f"SELECT passage_ids, vectors FROM mean_vectors {ONE}")
FILL = sa.text(f"UPDATE mean_vectors SET digest = :digest {ONE}")


def upgrade() -> None:
    op.add_column("mean_vectors", sa.Column("digest", sa.String(length=32), nullable=False, server_default=""))
    connection = op.get_bind()
    for key in [row._asdict() for row in connection.execute(KEYS)]:
        block = connection.execute(BLOCK, key).one()
        connection.execute(FILL, {**key, "digest": _digest(block.passage_ids, bytes(block.vectors))})
    op.create_index("mean_vectors_digest", "mean_vectors", ["digest"])


def _digest(passage_ids: str, packed: bytes) -> str:
    key = blake2b(passage_ids.encode(), digest_size=32).digest()
    return blake2b(packed, digest_size=16, key=key).hexdigest()


def downgrade() -> None:
    op.drop_index("mean_vectors_digest", "mean_vectors")
    op.drop_column("mean_vectors", "digest")

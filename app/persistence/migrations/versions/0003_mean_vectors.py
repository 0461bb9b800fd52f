"""The vectors of passages in blocks, made from those of their sentences."""

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BLOCK = 500
DOCUMENTS = sa.text(
    "SELECT DISTINCT p.document_id, s.model FROM sentence_vectors s JOIN passages p ON p.id = s.passage_id"
)
VECTORS = sa.text(
    "SELECT p.id, s.spans, s.vectors FROM sentence_vectors s JOIN passages p ON p.id = s.passage_id "
    "WHERE p.document_id = :document_id AND s.model = :model ORDER BY p.n"
)


def upgrade() -> None:
    table = op.create_table(
        "mean_vectors",
        sa.Column("document_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("passage_ids", sa.Text(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "model", "first"),
    )
    for document_id, model in op.get_bind().execute(DOCUMENTS).all():
        _fill(table, document_id, model)


def _fill(table: sa.Table, document_id: str, model: str) -> None:
    rows = op.get_bind().execute(VECTORS, {"document_id": document_id, "model": model}).all()
    for first in range(0, len(rows), BLOCK):
        block = rows[first : first + BLOCK]
        ids = [row.id for row in block]
        means = b"".join(_mean(row.spans, row.vectors) for row in block)
        key = {"document_id": document_id, "model": model, "first": ids[0]}
        op.bulk_insert(table, [{**key, "size": len(ids), "passage_ids": "\n".join(ids), "vectors": means}])


def _mean(spans: bytes, vectors: bytes) -> bytes:
    """Spans are pairs of uint16; the unit vectors are int8, times 127."""
    mean = np.frombuffer(vectors, np.int8).reshape(len(spans) // 4, -1).astype(np.float32).mean(axis=0)
    unit = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return bytes(np.rint(unit * 127).astype(np.int8))


def downgrade() -> None:
    op.drop_table("mean_vectors")

"""The texts of the documents that the access log names by hash, without what was asked for in particular."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """A row a document."""
    op.create_table(
        "access_documents",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_access_documents_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_access_documents")),
    )


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("access_documents")

"""Which server process enforces retention, and when that was last done."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """A row a workspace."""
    op.create_table(
        "retention_runs",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_retention_runs_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_retention_runs")),
    )


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("retention_runs")

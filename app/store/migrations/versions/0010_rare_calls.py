"""Indexes by which a page of rare calls, or of none, is found: by direction, outcome, kind, and of those with notes or revenue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
VALUES = ("direction", "outcome", "kind")
SOME = ("notes", "revenue")


def upgrade() -> None:
    """Seconds for a million calls."""
    for name in VALUES:
        columns = ["workspace_id", name, "started_at", "id"]
        op.create_index(op.f(f"ix_calls_workspace_id_{name}_started_at_id"), "calls", columns)
    for name in SOME:
        told = sa.text(f"{name} IS NOT NULL")
        columns = ["workspace_id", "started_at", "id"]
        op.create_index(op.f(f"ix_calls_having_{name}"), "calls", columns, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    """Undoes it."""
    for name in SOME:
        op.drop_index(op.f(f"ix_calls_having_{name}"), "calls")
    for name in VALUES:
        op.drop_index(op.f(f"ix_calls_workspace_id_{name}_started_at_id"), "calls")

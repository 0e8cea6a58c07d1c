"""Indexes by which the few calls that fit a filter are gathered: by length, by other instants, by status, country and source."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
OF_ALL = (
    ("source_id", "started_at"),
    ("duration_seconds",),
    ("phone_country",),
    ("provider_status_key",),
    ("has_recording",),
)
OF_SOME = (
    "talk_seconds",
    "ring_seconds",
    "wait_seconds",
    "hold_seconds",
    "ended_at",
    "modified_at",
    "provider_synced_at",
)


def upgrade() -> None:
    """A few seconds for each million calls."""
    for columns in OF_ALL:
        op.create_index(_name(*columns), "calls", ["workspace_id", *columns])
    for name in OF_SOME:
        told = sa.text(f"{name} IS NOT NULL")
        op.create_index(_name(name), "calls", ["workspace_id", name], sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    """Undoes it."""
    for columns in (*OF_ALL, *[(name,) for name in OF_SOME]):
        op.drop_index(_name(*columns), "calls")


def _name(*columns: str) -> str:
    return str(op.f(f"ix_calls_workspace_id_{'_'.join(columns)}"))

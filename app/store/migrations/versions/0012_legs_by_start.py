"""Legs know their call's start, so that the calls an agent took part in are read in that order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
BEFORE, NOW = ("workspace_id", "agent_id", "call_id"), ("workspace_id", "agent_id", "call_started_at", "call_id")
STARTS = """
    UPDATE call_legs SET call_started_at = (
        SELECT started_at FROM calls WHERE calls.workspace_id = call_legs.workspace_id AND calls.id = call_legs.call_id
    )
"""


def upgrade() -> None:
    """About ten seconds for each million legs."""
    op.drop_index(_name(BEFORE), "call_legs")
    op.add_column("call_legs", sa.Column("call_started_at", sa.BigInteger()))
    op.execute(STARTS)
    with op.batch_alter_table("call_legs") as legs:
        legs.alter_column("call_started_at", existing_type=sa.BigInteger(), nullable=False)
    op.create_index(_name(NOW), "call_legs", NOW)


def downgrade() -> None:
    """Undoes it."""
    op.drop_index(_name(NOW), "call_legs")
    with op.batch_alter_table("call_legs") as legs:
        legs.drop_column("call_started_at")
    op.create_index(_name(BEFORE), "call_legs", BEFORE)


def _name(columns: tuple[str, ...]) -> str:
    return str(op.f(f"ix_call_legs_{'_'.join(columns)}"))

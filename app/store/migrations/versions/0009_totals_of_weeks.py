"""Totals by agent and week. All totals are made anew by the compactor; until then calls are counted by themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
KEYS = ("workspace_id", "week", "agent_id", "source_id", "direction", "outcome")
SPANS = ("duration", "talk", "ring", "wait", "hold")


def measures() -> list[sa.Column[int] | sa.Column[float]]:
    """The columns that all totals have, beside their keys."""
    always = ["calls", "connected", "short", *[f"{span}_n" for span in SPANS], "answered_ring_n"]
    some = [f"{span}_{part}" for span in SPANS for part in ("sum", "min", "max")]
    some += ["answered_ring_sum", "first_started_at", "last_ended_at"]
    return [
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in always],
        *[sa.Column(name, sa.BigInteger(), nullable=True) for name in some],
        *[sa.Column(name, sa.Float(), nullable=True) for name in ("billed_minutes", "charges", "revenue")],
    ]


def upgrade() -> None:
    """One table more, and no word of what totals were made with: it makes the compactor begin."""
    op.create_table(
        "agent_week_totals",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("week", sa.BigInteger(), nullable=False),
        *[sa.Column(key, KEY, nullable=False) for key in ("agent_id", "source_id")],
        *[sa.Column(word, sa.String(), nullable=False) for word in ("direction", "outcome")],
        *measures(),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f("pk_agent_week_totals")),
        sqlite_with_rowid=False,
    )
    op.execute("DELETE FROM totals_built")


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("agent_week_totals")

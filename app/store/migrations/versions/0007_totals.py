"""Totals of calls. Calls that are there already are summed up by the compactor, as if the totals' terms had changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
TOTALS = {
    "quarter_totals": ("quarter",),
    "hour_totals": ("hour",),
    "day_totals": ("day",),
    "agent_day_totals": ("day", "agent_id"),
}


def measures() -> list[sa.Column[int] | sa.Column[float]]:
    """The columns that all totals have, beside their keys."""
    counted = [sa.Column(name, sa.BigInteger(), nullable=False) for name in ("calls", "connected", "short")]
    spans = [
        sa.Column(f"{span}_{part}", sa.BigInteger(), nullable=part != "n")
        for span in ("duration", "talk", "ring", "wait", "hold")
        for part in ("n", "sum", "min", "max")
    ]
    answered = [
        sa.Column("answered_ring_n", sa.BigInteger(), nullable=False),
        sa.Column("answered_ring_sum", sa.BigInteger(), nullable=True),
    ]
    amounts = [sa.Column(name, sa.Float(), nullable=True) for name in ("billed_minutes", "charges", "revenue")]
    instants = [sa.Column(name, sa.BigInteger(), nullable=True) for name in ("first_started_at", "last_ended_at")]
    return [*counted, *spans, *answered, *amounts, *instants]


def upgrade() -> None:
    """Four tables of totals, what changed since, and what they were made with."""
    for name, (bucket, *more) in TOTALS.items():
        keys, words = (*more, "source_id"), ("direction", "outcome")
        op.create_table(
            name,
            sa.Column("workspace_id", KEY, nullable=False),
            sa.Column(bucket, sa.BigInteger(), nullable=False),
            *[sa.Column(key, KEY, nullable=False) for key in keys],
            *[sa.Column(word, sa.String(), nullable=False) for word in words],
            *measures(),
            sa.PrimaryKeyConstraint("workspace_id", bucket, *keys, *words, name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "total_marks",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_total_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_total_marks_workspace_id_quarter"), "total_marks", ["workspace_id", "quarter"])
    op.create_table(
        "totals_built",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("hour_shift", sa.Integer(), nullable=False),
        sa.Column("connected_above_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_totals_built_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_totals_built")),
    )


def downgrade() -> None:
    """Undoes it."""
    for name in ("totals_built", "total_marks", *reversed(TOTALS)):
        op.drop_table(name)

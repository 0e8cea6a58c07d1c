"""How long after the start of calls their other instants are, day by day: it bounds where the calls of a range start."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
INSTANTS = ("ended_at", "modified_at", "provider_synced_at", "synced_at")
# Days of before 1970, too, whose remainders are less than nothing.
LAGS = """
    INSERT INTO start_lags (workspace_id, instant, day, least, most)
    SELECT workspace_id, '{instant}', day, min({instant} - started_at), max({instant} - started_at) FROM (
        SELECT workspace_id, started_at, {instant},
            started_at - ((started_at % 86400000) + 86400000) % 86400000 AS day
        FROM calls WHERE {instant} IS NOT NULL
    ) AS found GROUP BY workspace_id, day
"""


def upgrade() -> None:
    """About five seconds for each million calls."""
    op.create_table(
        "start_lags",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("instant", KEY, nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "instant", "day", name=op.f("pk_start_lags")),
        sqlite_with_rowid=False,
    )
    for instant in INSTANTS:
        op.execute(LAGS.format(instant=instant))


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("start_lags")

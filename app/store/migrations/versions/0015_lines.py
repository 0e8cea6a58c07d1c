"""Numbers that stand in a call whose phone number is another one are known apart: most digits are in none of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
BESIDE = ("caller_number", "dialed_number", "destination_number")
FOUND = """
    SELECT workspace_id, {beside} AS number FROM calls
    WHERE {beside} IS NOT NULL AND (phone_number IS NULL OR phone_number <> {beside})
"""
LINES = """
    INSERT INTO line_suffixes (workspace_id, suffix, number)
    SELECT known.workspace_id, known.suffix, known.number FROM ({found}) AS found
    JOIN number_suffixes AS known ON known.workspace_id = found.workspace_id AND known.number = found.number
"""


def upgrade() -> None:
    """Up to 13 seconds for each million calls."""
    op.create_table(
        "line_suffixes",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("suffix", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "suffix", "number", name=op.f("pk_line_suffixes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_line_suffixes_workspace_id_number"), "line_suffixes", ["workspace_id", "number"])
    op.execute(LINES.format(found=" UNION ".join(FOUND.format(beside=beside) for beside in BESIDE)))


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("line_suffixes")

"""The index of the start that has whose a call is has its numbers and lengths, too: few calls have some digits, or last long."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
IN_ORDER = ("workspace_id", "started_at", "id")
PEOPLE = ("agent_id", "contact_id")
NUMBERS = ("phone_number", "caller_number", "dialed_number", "destination_number")
LENGTHS = ("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds")
BEFORE = f"ix_calls_{'_'.join((*IN_ORDER, *PEOPLE))}"
# Where numbers are, of which no more than the last signs are compared from now on: longer ones do not fit into the index.
CUT = "UPDATE {table} SET {column} = substr({column}, length({column}) - 127) WHERE length({column}) > 128"
# PostgreSQL puts into an index what the same transaction has changed, too, unless the table is written anew.
ANEW = "ALTER TABLE calls ALTER COLUMN phone_number TYPE TEXT COLLATE \"C\" USING phone_number || ''"
LONG = {
    "calls": NUMBERS,
    **dict.fromkeys(
        ("call_legs", "agents", "contact_numbers", "number_suffixes", "line_suffixes", "excluded_numbers"), ("number",)
    ),
}
OF_SQLITE, OF_POSTGRESQL = "ix_calls_looked_at", "ix_calls_looked_at_included"


def upgrade() -> None:
    """About ten seconds for each million calls."""
    cut = 0
    for table, columns in LONG.items():
        for column in columns:
            found = op.get_bind().execute(sa.text(CUT.format(table=table, column=column)))
            cut += found.rowcount if table == "calls" else 0
    if cut and not _is_sqlite():
        op.execute(ANEW)
    beside = (*PEOPLE, *NUMBERS, *LENGTHS)
    if _is_sqlite():
        op.create_index(OF_SQLITE, "calls", (*IN_ORDER, *beside))
    else:
        op.create_index(OF_POSTGRESQL, "calls", IN_ORDER, postgresql_include=beside)
    op.drop_index(op.f(BEFORE), "calls")


def downgrade() -> None:
    """Undoes it."""
    op.create_index(op.f(BEFORE), "calls", (*IN_ORDER, *PEOPLE))
    op.drop_index(OF_SQLITE if _is_sqlite() else OF_POSTGRESQL, "calls")


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"

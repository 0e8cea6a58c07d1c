"""Contacts that were renamed: of all others the name need not be kept for each of their calls, too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """At once. What is kept of calls already stays, until they are told anew."""
    renamed: sa.Column[bool] = sa.Column("is_renamed", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("contacts", renamed)


def downgrade() -> None:
    """Undoes it. Calls that were saved since are found by their contact's words alone, until they are told anew."""
    op.drop_column("contacts", "is_renamed")

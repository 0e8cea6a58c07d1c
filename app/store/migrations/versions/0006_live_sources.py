"""How sources are pulled: their state and credentials, how far each stream has been read, and who reads it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def of_sources() -> tuple[sa.Column[Any], ...]:
    """The columns that sources get."""
    return (
        sa.Column("state", sa.String(), nullable=False, server_default="MANUAL"),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("credentials", sa.JSON(), nullable=True),
        sa.Column("history_from", sa.BigInteger(), nullable=True),
        sa.Column("watermark", sa.BigInteger(), nullable=True),
        sa.Column("percent_filled", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("open_until", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("last_error_at", sa.BigInteger(), nullable=True),
    )


def upgrade() -> None:
    """Sources that are there already stay as they are: nothing pulls them."""
    for column in of_sources():
        op.add_column("sources", column)
    op.add_column("calls", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "source_streams",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("filled_from", sa.BigInteger(), nullable=False),
        sa.Column("filled_to", sa.BigInteger(), nullable=False),
        sa.Column("fill_until", sa.BigInteger(), nullable=False),
        sa.Column("swept_at", sa.BigInteger(), nullable=False),
        sa.Column("sweep_to", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_source_streams_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "source_id", "name", name=op.f("pk_source_streams")),
    )
    op.create_table(
        "source_files",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("beginning", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_source_files_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "source_id", "beginning", name=op.f("pk_source_files")),
    )
    op.create_table(
        "source_inbox",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_source_inbox_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "source_id", "id", name=op.f("pk_source_inbox")),
    )
    op.create_index(
        op.f("ix_source_inbox_workspace_id_done_at_received_at"),
        "source_inbox",
        ["workspace_id", "done_at", "received_at"],
    )
    op.create_table(
        "source_leases",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_source_leases_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "source_id", name=op.f("pk_source_leases")),
    )


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("source_leases")
    op.drop_table("source_inbox")
    op.drop_table("source_files")
    op.drop_table("source_streams")
    op.drop_column("calls", "deleted_at")
    for column in reversed(of_sources()):
        op.drop_column("sources", column.name)

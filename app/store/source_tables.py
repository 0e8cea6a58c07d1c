"""The tables of how sources are pulled: how far each list and file has been read, by whom, and what was pushed."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, String, Table

from app.store.metadata import Instant, Key, metadata


def _of_source() -> ForeignKeyConstraint:
    """A foreign key within the workspace."""
    return ForeignKeyConstraint(["workspace_id", "source_id"], ["sources.workspace_id", "sources.id"])


source_streams = Table(
    "source_streams",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    Column("name", Key, nullable=False),
    Column("watermark", Instant, nullable=False),
    Column("filled_from", Instant, nullable=False),
    Column("filled_to", Instant, nullable=False),
    Column("fill_until", Instant, nullable=False),
    Column("swept_at", Instant, nullable=False),
    Column("sweep_to", Instant),
    PrimaryKeyConstraint("workspace_id", "source_id", "name"),
    _of_source(),
)

source_files = Table(
    "source_files",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    # A digest of the file's first line: its name changes when it is rotated.
    Column("beginning", Key, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("read_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "source_id", "beginning"),
    _of_source(),
)

source_inbox = Table(
    "source_inbox",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    # The sender's id of the message, or a digest of it.
    Column("id", Key, nullable=False),
    Column("body", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    # When all that it tells was stored; its id stays for a while, so that it counts once.
    Column("done_at", Instant),
    PrimaryKeyConstraint("workspace_id", "source_id", "id"),
    _of_source(),
    Index(None, "workspace_id", "done_at", "received_at"),
)

source_leases = Table(
    "source_leases",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    # Which process pulls it, and until when it does unless it says more.
    Column("held_by", String, nullable=False),
    Column("held_until", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "source_id"),
    _of_source(),
)

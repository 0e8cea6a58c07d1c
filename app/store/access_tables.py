"""The tables of access and privacy: who may ask what, whom to forget, what to keep for how long, and who has seen what."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from app.store.metadata import Instant, Key, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("name", Key, nullable=False),
    # SHA-256 of the secret, which is shown once and kept nowhere.
    Column("digest", Key, nullable=False),
    Column("rights", JSON, nullable=False),
    Column("reach", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "digest"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

documents = Table(
    "documents",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # SHA-256 of the text, by which clients ask for it.
    Column("digest", Key, nullable=False),
    # Where it came from: a file, or the operation's name in a manifest.
    Column("name", String, nullable=False),
    Column("text", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "digest"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # A keyed hash of an erased number, or of its digits as a text may say them (see domain.privacy).
    Column("digest", Key, nullable=False),
    # Which key made it: with another one the person would not be known again.
    Column("key_id", String, nullable=False),
    # Calls of the person are not kept at all, rather than without what identifies them.
    Column("whole_calls", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "digest"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

tombstone_keys = Table(
    "tombstone_keys",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # The workspace's own random key, where the settings have none.
    Column("secret", String, nullable=False),
    PrimaryKeyConstraint("workspace_id"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

retention_rules = Table(
    "retention_rules",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # calls, recordings or payloads
    Column("kind", Key, nullable=False),
    Column("days", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "kind"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

retention_runs = Table(
    "retention_runs",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # The server process that enforces the rules just now, until when it may, and when they were last enforced.
    Column("held_by", String, nullable=False),
    Column("held_until", Instant, nullable=False),
    Column("done_at", Instant),
    PrimaryKeyConstraint("workspace_id"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

access_log = Table(
    "access_log",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("viewer_key", String, nullable=False),
    Column("viewer_name", String, nullable=False),
    # SHA-256 of the document that was answered.
    Column("document", String, nullable=False),
    Column("operation", String),
    Column("row_count", BigInteger, nullable=False),
    Column("path", String, nullable=False),
    Column("status", Integer, nullable=False),
    # Of this row and the one before it (see domain.access_log).
    Column("digest", String, nullable=False),
    PrimaryKeyConstraint("workspace_id", "position"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

access_documents = Table(
    "access_documents",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # By which the access log names it.
    Column("digest", Key, nullable=False),
    # Without string and number literals (see graphql.literals).
    Column("text", String, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "digest"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

access_log_heads = Table(
    "access_log_heads",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # How many rows the log has, and the last one's digest: a log cut off at its end does not fit them.
    Column("position", BigInteger, nullable=False),
    Column("digest", String, nullable=False),
    PrimaryKeyConstraint("workspace_id"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

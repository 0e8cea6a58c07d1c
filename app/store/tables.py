"""Every table, its keys and its indexes; migrations are made from this and `alembic check` compares them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from app.store import access_tables as access_tables  # so that whoever has the metadata has all of it
from app.store import finding_tables as finding_tables
from app.store import source_tables as source_tables
from app.store import total_tables as total_tables
from app.store.metadata import Instant, Key
from app.store.metadata import metadata as metadata


def _reference(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key within the workspace."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def _having(column: str, *by: str) -> Index:
    """An index, by other columns, of the rows that have a value in one."""
    told = text(f"{column} IS NOT NULL")
    return Index(f"ix_calls_having_{column}", "workspace_id", *by, sqlite_where=told, postgresql_where=told)


def _told(column: str, *more: str) -> Index:
    """An index of the rows that have a value in a column."""
    told = text(f"{column} IS NOT NULL")
    return Index(None, "workspace_id", column, *more, sqlite_where=told, postgresql_where=told)


def _number(role: str) -> list[Column[str]]:
    """A number as it is compared (E.164, else digits), as the vendor wrote it, and its kind; see domain.numbers."""
    return [Column(role, Key), Column(f"{role}_raw", String), Column(f"{role}_kind", String)]


workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Key, primary_key=True),
    Column("timezone", String, nullable=False),
    Column("connected_above_seconds", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("name", Key, nullable=False),
    Column("provider", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("region", String),
    Column("created_at", Instant, nullable=False),
    Column("last_success_at", Instant),
    # MANUAL, ACTIVE or PAUSED: whether it is pulled.
    Column("state", String, nullable=False, server_default="MANUAL"),
    Column("address", String),
    # Where each credential is to be found, or what it is, encrypted.
    Column("credentials", JSON),
    Column("history_from", Instant),
    # What its watermarks and its history come to, over its streams; for showing.
    Column("watermark", Instant),
    Column("percent_filled", Integer),
    # Its circuit: how often it failed in a row, and until when it is left alone for that.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("open_until", Instant),
    Column("last_error", String),
    Column("last_error_at", Instant),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "name"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

agents = Table(
    "agents",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    # What the agent was first known by (id:, number: or name:), so that two writers cannot make one agent twice.
    Column("identity", Key, nullable=False),
    Column("provider_agent_id", Key),
    Column("name", String),
    Column("name_key", Key),
    Column("code", Key),
    *_number("number"),
    Column("email", String),
    Column("tags", JSON, nullable=False),
    Column("registered_at", Instant),
    Column("modified_at", Instant),
    Column("last_call_at", Instant),
    Column("last_sync_requested_at", Instant),
    # When what is known of the agent was true: an older call never renames an agent.
    Column("told_at", Instant, nullable=False),
    Column("details", JSON, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "source_id", "identity"),
    _reference("sources", "source_id"),
    Index(None, "workspace_id", "source_id", "provider_agent_id"),
    Index(None, "workspace_id", "source_id", "number"),
    Index(None, "workspace_id", "source_id", "name_key"),
    Index(None, "workspace_id", "name_key", "id"),
)

agent_tags = Table(
    "agent_tags",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("agent_id", Key, nullable=False),
    PrimaryKeyConstraint("workspace_id", "key", "agent_id"),
    _reference("agents", "agent_id"),
    Index(None, "workspace_id", "agent_id"),
    # Here and below: a table that is little more than its key; SQLite would keep each row twice.
    sqlite_with_rowid=False,
)

contacts = Table(
    "contacts",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    # What the contact was first known by, so that two writers cannot make one contact twice.
    Column("identity", Key, nullable=False),
    Column("name", String),
    Column("name_key", Key),
    Column("email", String),
    # When what is known of the contact was true: an older call never renames a contact.
    Column("told_at", Instant, nullable=False),
    # The folded status of a contact that is a lead, for filtering; the lead itself is in the details.
    Column("lead_status_key", Key),
    Column("is_lead", Boolean, nullable=False),
    Column("details", JSON, nullable=False),
    # Whether a name was told that was another one later: then each call is findable by the name that it told itself.
    Column("is_renamed", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "identity"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
    Index(None, "workspace_id", "name_key", "id"),
)

contact_numbers = Table(
    "contact_numbers",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("number", Key, nullable=False),
    Column("contact_id", Key, nullable=False),
    Column("number_raw", String, nullable=False),
    Column("number_kind", String, nullable=False),
    PrimaryKeyConstraint("workspace_id", "number", "contact_id"),
    _reference("contacts", "contact_id"),
    Index(None, "workspace_id", "contact_id"),
    sqlite_with_rowid=False,
)

org_units = Table(
    "org_units",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    Column("kind", String, nullable=False),
    Column("provider_unit_id", Key, nullable=False),
    Column("name", String),
    Column("external_id", Key),
    Column("label", String),
    Column("parent_id", Key),
    Column("details", JSON, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "source_id", "kind", "provider_unit_id"),
    _reference("sources", "source_id"),
)

IN_ORDER = ("workspace_id", "started_at", "id")
LOOKED_AT = (
    *("agent_id", "contact_id", "phone_number", "caller_number", "dialed_number", "destination_number"),
    *("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds"),
)

calls = Table(
    "calls",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    Column("provider_call_id", Key, nullable=False),
    # What decides which of two tellings is newer: the vendor's modification time, else our time of receipt.
    Column("version", BigInteger, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("modified_at", Instant),
    Column("provider_synced_at", Instant),
    Column("synced_at", Instant, nullable=False),
    # When it was noticed that the vendor has the call no more.
    Column("deleted_at", Instant),
    Column("direction", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("provider_status", String),
    # Folded in Python, for filtering: the engines do not agree on what the small form of a letter is.
    Column("provider_status_key", Key),
    Column("duration_seconds", BigInteger),
    Column("talk_seconds", BigInteger),
    Column("ring_seconds", BigInteger),
    Column("wait_seconds", BigInteger),
    Column("hold_seconds", BigInteger),
    Column("hold_count", BigInteger),
    *_number("phone_number"),
    # The ISO 3166 country of the outside number; null where its country code serves no single one.
    Column("phone_country", Key),
    *_number("caller_number"),
    *_number("dialed_number"),
    *_number("destination_number"),
    Column("agent_id", Key),
    Column("contact_id", Key),
    Column("corporate_id", Key),
    Column("division_id", Key),
    Column("location_id", Key),
    Column("campaign_id", Key),
    # Folded names as they were on this call, for sorting.
    Column("agent_name_key", Key),
    Column("contact_name_key", Key),
    Column("organisation_key", Key),
    # The review's major, then minor id, as one number, for sorting.
    Column("review_rank", BigInteger),
    # The first label of each kind, for showing and grouping; filters use call_labels.
    Column("queue_name", Key),
    Column("department_name", Key),
    Column("ivr_name", Key),
    Column("campaign_name", Key),
    Column("broadcast_name", Key),
    Column("trunk_name", Key),
    Column("notes", String),
    Column("revenue", Float),
    Column("billed_minutes", Float),
    Column("charges", Float),
    Column("has_recording", Boolean, nullable=False),
    Column("details", JSON, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "source_id", "provider_call_id"),
    _reference("sources", "source_id"),
    _reference("agents", "agent_id"),
    _reference("contacts", "contact_id"),
    Index(None, "workspace_id", "started_at", "id"),
    # Where many calls are looked at for the few of some people, numbers or lengths, nothing else of them is read (see pace).
    # It does not replace the one before: PostgreSQL would rather go through narrower ones than this, and sort.
    Index("ix_calls_looked_at", *IN_ORDER, *LOOKED_AT, info={"engine": "sqlite"}).ddl_if(dialect="sqlite"),
    # As keys PostgreSQL would find calls of numbers by them, through all of a range of the start.
    Index("ix_calls_looked_at_included", *IN_ORDER, postgresql_include=LOOKED_AT, info={"engine": "postgresql"}).ddl_if(
        dialect="postgresql"
    ),
    Index(None, "workspace_id", "agent_id", "started_at", "id"),
    Index(None, "workspace_id", "contact_id", "started_at", "id"),
    Index(None, "workspace_id", "phone_number", "started_at", "direction"),
    Index(None, "workspace_id", "synced_at", "started_at"),
    # Calls are gathered by these where few fit a filter, or where those that do are of long ago (see finding).
    *[
        Index(None, "workspace_id", name, "started_at")
        for name in ("source_id", "duration_seconds", "phone_country", "provider_status_key", "has_recording")
    ],
    # A page of what a company has few of, or none: looked for by the start alone, all calls would be read.
    *[Index(None, "workspace_id", name, "started_at", "id") for name in ("direction", "outcome", "kind")],
    *[_having(name, "started_at", "id") for name in ("notes", "revenue")],
    # Many calls have none of these; an index in which most entries are null looks useless to SQLite.
    *[_told(name, "started_at") for name in ("caller_number", "dialed_number", "destination_number")],
    *[_told(name, "started_at") for name in ("corporate_id", "division_id", "location_id", "campaign_id")],
    *[_told(name, "started_at") for name in ("talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds")],
    *[_told(name, "started_at") for name in ("ended_at", "modified_at", "provider_synced_at")],
)

call_legs = Table(
    "call_legs",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("call_id", Key, nullable=False),
    Column("position", Integer, nullable=False),
    # The call's own start, by which the calls that an agent took part in are sorted; the leg began at `started_at`.
    Column("call_started_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("provider_kind", String),
    Column("status", String),
    Column("provider_status", String),
    Column("started_at", Instant),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("talk_seconds", BigInteger),
    Column("ring_seconds", BigInteger),
    Column("agent_id", Key),
    *_number("number"),
    Column("name", String),
    Column("provider_leg_id", String),
    Column("details", JSON, nullable=False),
    PrimaryKeyConstraint("workspace_id", "call_id", "position"),
    ForeignKeyConstraint(["workspace_id", "call_id"], ["calls.workspace_id", "calls.id"], ondelete="CASCADE"),
    _reference("agents", "agent_id"),
    Index(None, "workspace_id", "agent_id", "call_started_at", "call_id"),
)

call_labels = Table(
    "call_labels",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("kind", Key, nullable=False),
    # The label's folded name or id; a label that has both has a row for each.
    Column("key", Key, nullable=False),
    Column("call_id", Key, nullable=False),
    # What the label is shown as; null in the row of the id of a label that has a name, too. Statistics count the others.
    Column("name", String),
    PrimaryKeyConstraint("workspace_id", "kind", "key", "call_id"),
    ForeignKeyConstraint(["workspace_id", "call_id"], ["calls.workspace_id", "calls.id"], ondelete="CASCADE"),
    Index(None, "workspace_id", "call_id"),
    sqlite_with_rowid=False,
)

call_payloads = Table(
    "call_payloads",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("call_id", Key, nullable=False),
    # The vendor's record as it came: what no column has a place for is here.
    Column("payload", JSON, nullable=False),
    PrimaryKeyConstraint("workspace_id", "call_id"),
    ForeignKeyConstraint(["workspace_id", "call_id"], ["calls.workspace_id", "calls.id"], ondelete="CASCADE"),
)

excluded_numbers = Table(
    "excluded_numbers",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("number", Key, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "number"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
    sqlite_with_rowid=False,
)

rejected_records = Table(
    "rejected_records",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("source_id", Key, nullable=False),
    # Of the payload, so that a file imported twice leaves one dead letter.
    Column("digest", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "source_id", "digest"),
    _reference("sources", "source_id"),
)

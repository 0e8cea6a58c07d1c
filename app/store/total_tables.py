"""The tables of totals: calls summed up by quarter-hour, hour, day and week, and which quarter-hours have changed since."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from app.store.metadata import Instant, Key, metadata

SPANS = ("duration", "talk", "ring", "wait", "hold")
_AMOUNTS = ("billed_minutes", "charges", "revenue")
# How each measure of two buckets becomes that of both together; a measure is all that can be so put together.
MEASURES: dict[str, str] = {
    "calls": "sum",
    "connected": "sum",
    # Answered, but not long enough to be connected.
    "short": "sum",
    **{f"{span}_{part}": how for span in SPANS for part, how in (("n", "sum"), ("sum", "sum"), ("min", "min"), ("max", "max"))},
    # Of answered inbound calls, how long they waited, or rang where nothing is said of waiting: the speed of answer.
    "answered_ring_n": "sum",
    "answered_ring_sum": "sum",
    **dict.fromkeys(_AMOUNTS, "sum"),
    "first_started_at": "min",
    "last_ended_at": "max",
}  # fmt: skip
_ALWAYS = {"calls", "connected", "short", *[name for name in MEASURES if name.endswith("_n")]}


def _totals(name: str, bucket: str, *more: str) -> Table:
    """A table of totals. `bucket` is when it begins, and each key stands for the calls of one kind within it."""
    keys = (*more, "source_id", "direction", "outcome")
    types = {"direction": String(), "outcome": String()}  # as in the calls, so that both can stand in one column
    return Table(
        name,
        metadata,
        Column("workspace_id", Key, nullable=False),
        Column(bucket, Instant, nullable=False),
        *[Column(key, types.get(key, Key), nullable=False) for key in keys],
        *[Column(m, Float if m in _AMOUNTS else BigInteger, nullable=m not in _ALWAYS) for m in MEASURES],
        PrimaryKeyConstraint("workspace_id", bucket, *keys),
        sqlite_with_rowid=False,
    )


# By the quarter-hour of UTC, of which the hours and days of every zone are made.
quarter_totals = _totals("quarter_totals", "quarter")
# By the hour of the clock that `totals_built` says, which all zones have in common whose minutes are the same.
hour_totals = _totals("hour_totals", "hour")
# By the local day of the workspace's zone; once for all agents, and once for each, '' where there is none.
day_totals = _totals("day_totals", "day")
agent_day_totals = _totals("agent_day_totals", "day", "agent_id")
# The same by the week that begins on Sunday: what an agent did in months is read from a fifth of the rows.
agent_week_totals = _totals("agent_week_totals", "week", "agent_id")

# Quarter-hours whose calls have changed since they were summed up. Rows are only added and taken away, never changed.
total_marks = Table(
    "total_marks",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("quarter", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    Index(None, "workspace_id", "quarter"),
    sqlite_with_rowid=False,
)

# What the totals of a workspace were made with. Without a row that fits, every call is counted by itself.
totals_built = Table(
    "totals_built",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("timezone", String, nullable=False),
    # By how many milliseconds an hour of `hour_totals` begins before one of UTC.
    Column("hour_shift", Integer, nullable=False),
    Column("connected_above_seconds", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id"),
    ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
)

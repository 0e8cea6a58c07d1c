"""The tables that calls are found by: endings of numbers, words, and how long after their start other instants are."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from app.store.metadata import Instant, Key, metadata


def _suffixes(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("workspace_id", Key, nullable=False),
        # Every ending of a number's digits, three digits or more: "contains 555" is "an ending that begins with 555".
        Column("suffix", Key, nullable=False),
        Column("number", Key, nullable=False),
        PrimaryKeyConstraint("workspace_id", "suffix", "number"),
        Index(None, "workspace_id", "number"),
        sqlite_with_rowid=False,
    )


number_suffixes = _suffixes("number_suffixes")
# Of those numbers alone that have stood in a call whose phone number is another one: the company's own lines, and whom
# calls were passed on to. They are few, so it is soon known that only phone numbers have some digits.
line_suffixes = _suffixes("line_suffixes")

words = Table(
    "words",
    metadata,
    Column("workspace_id", Key, nullable=False),
    Column("word", Key, nullable=False),
    # CALL, AGENT, CONTACT or ORG_UNIT: what the word was said of; NOTE or INSIGHT: of a call, in a note or summary. Of the
    # name that a call tells, only what its contact lacks is said of the call (see former_names).
    Column("owner_kind", Key, nullable=False),
    Column("owner_id", Key, nullable=False),
    PrimaryKeyConstraint("workspace_id", "owner_kind", "word", "owner_id"),
    # One look for each owner: with the kind first it would be one for each kind it may be of.
    Index(None, "workspace_id", "owner_id", "word", "owner_kind"),
    sqlite_with_rowid=False,
)

# Any two different words of a contact: thousands have a common name, but only those that are looked for have both.
word_pairs = Table(
    "word_pairs",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # The first is smaller, in byte order. Both are empty, once, of a contact with so many words that no pairs are kept.
    Column("first", Key, nullable=False),
    Column("second", Key, nullable=False),
    # PROFILE where one of them is known by the profile alone, else CONTACT: who may find the contact by both.
    Column("owner_kind", Key, nullable=False),
    Column("contact_id", Key, nullable=False),
    PrimaryKeyConstraint("workspace_id", "owner_kind", "first", "second", "contact_id"),
    ForeignKeyConstraint(["workspace_id", "contact_id"], ["contacts.workspace_id", "contacts.id"], ondelete="CASCADE"),
    Index(None, "workspace_id", "contact_id"),
    sqlite_with_rowid=False,
)

# How long after the start of calls another of their instants is, at least and at most, by the UTC day that they start on.
# It says where the calls of a range of that instant start; it may say more than is true any more, never less.
start_lags = Table(
    "start_lags",
    metadata,
    Column("workspace_id", Key, nullable=False),
    # The column of calls that has the instant.
    Column("instant", Key, nullable=False),
    Column("day", Instant, nullable=False),
    # In milliseconds; less than nothing where an instant is before the start.
    Column("least", BigInteger, nullable=False),
    Column("most", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace_id", "instant", "day"),
    sqlite_with_rowid=False,
)

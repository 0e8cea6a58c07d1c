"""Who may ask what, whom to forget, what to keep for how long, who has seen what; words of notes and insights apart."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.search import words_of

revision: str = "0002"
down_revision: str | None = "0001"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """The tables of access and privacy; words that need a right to be found by get a kind of their own."""
    op.create_table(
        "access_log",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("viewer_key", sa.String(), nullable=False),
        sa.Column("viewer_name", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=True),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_access_log_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "position", name=op.f("pk_access_log")),
    )
    op.create_table(
        "access_log_heads",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_access_log_heads_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_access_log_heads")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("reach", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_api_tokens_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("workspace_id", "digest", name=op.f("uq_api_tokens_workspace_id_digest")),
    )
    op.create_table(
        "documents",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_documents_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_documents")),
    )
    op.create_table(
        "retention_rules",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_retention_rules_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "kind", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "tombstone_keys",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_tombstone_keys_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_tombstone_keys")),
    )
    op.create_table(
        "tombstones",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("whole_calls", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_tombstones_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_tombstones")),
    )
    _part_words()


def downgrade() -> None:
    """Undoes it."""
    _put_words_together()
    op.drop_table("tombstones")
    op.drop_table("tombstone_keys")
    op.drop_table("retention_rules")
    op.drop_table("documents")
    op.drop_table("api_tokens")
    op.drop_table("access_log_heads")
    op.drop_table("access_log")


_BATCH = 500
_SEARCHED = {"CAMPAIGN", "REFERENCE", "QUEUE", "DEPARTMENT"}
_calls = sa.table(
    "calls",
    sa.column("workspace_id", KEY),
    sa.column("id", KEY),
    sa.column("notes", sa.String()),
    sa.column("contact_name_key", KEY),
    sa.column("details", sa.JSON()),
)
_words = sa.table(
    "words",
    sa.column("workspace_id", KEY),
    sa.column("word", KEY),
    sa.column("owner_kind", KEY),
    sa.column("owner_id", KEY),
)


def _part_words() -> None:
    """Until now a call's words were of one kind, whatever they were said in."""
    connection = op.get_bind()
    for rows in _batches_with_secrets(connection):
        for row in rows:
            mine = (_words.c.workspace_id == row.workspace_id) & (_words.c.owner_id == row.id)
            connection.execute(_words.delete().where(mine, _words.c.owner_kind == "CALL"))
        parted = [
            {"workspace_id": row.workspace_id, "word": word, "owner_kind": kind, "owner_id": row.id}
            for row in rows
            for kind, texts in _texts(row).items()
            for word in sorted(words_of(texts))
        ]
        if parted:
            connection.execute(_words.insert(), parted)


def _batches_with_secrets(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    """The calls that have notes or summaries."""
    details, last = sa.cast(_calls.c.details, sa.String), ("", "")
    secret = sa.or_(_calls.c.notes.is_not(None), details.contains('"wrap_up"'), details.contains('"summaries"'))
    while True:
        after = sa.tuple_(_calls.c.workspace_id, _calls.c.id) > sa.tuple_(*map(sa.literal, last))
        order = (_calls.c.workspace_id, _calls.c.id)
        rows = connection.execute(sa.select(_calls).where(after, secret).order_by(*order).limit(_BATCH)).all()
        if not rows:
            return
        yield rows
        last = (rows[-1].workspace_id, rows[-1].id)


def _texts(row: sa.Row[Any]) -> dict[str, list[str | None]]:
    details = row.details
    labels = [one for one in details.get("labels") or () if one["kind"] in _SEARCHED]
    return {
        "CALL": [row.contact_name_key, *[one.get("name") or one.get("id") for one in labels]],
        "NOTE": [row.notes, (details.get("wrap_up") or {}).get("note")],
        "INSIGHT": [one.get("text") for one in details.get("summaries") or ()],
    }


def _put_words_together() -> None:
    apart = _words.c.owner_kind.in_(("NOTE", "INSIGHT"))
    there = _words.alias()
    already = sa.exists().where(
        there.c.workspace_id == _words.c.workspace_id,
        there.c.owner_kind == "CALL",
        there.c.word == _words.c.word,
        there.c.owner_id == _words.c.owner_id,
    )
    found = sa.select(_words.c.workspace_id, _words.c.word, sa.literal("CALL"), _words.c.owner_id).where(
        apart, ~already
    )
    names = ["workspace_id", "word", "owner_kind", "owner_id"]
    op.get_bind().execute(_words.insert().from_select(names, found.distinct()))
    op.get_bind().execute(_words.delete().where(apart))

"""Words of what vendors know of a contact beside its name apart, as they need a right to be found by."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.search import words_of

revision: str = "0004"
down_revision: str | None = "0003"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BATCH = 500
_contacts = sa.table(
    "contacts",
    sa.column("workspace_id", KEY),
    sa.column("id", KEY),
    sa.column("name", sa.String()),
    sa.column("email", sa.String()),
    sa.column("details", sa.JSON()),
)
_words = sa.table(
    "words",
    sa.column("workspace_id", KEY),
    sa.column("word", KEY),
    sa.column("owner_kind", KEY),
    sa.column("owner_id", KEY),
)


def upgrade() -> None:
    """Company and city get words of a kind of their own."""
    _say_anew(lambda named, placed: {"CONTACT": named, "PROFILE": placed})


def downgrade() -> None:
    """Undoes it."""
    _say_anew(lambda named, placed: {"CONTACT": [*named, *placed]})


def _say_anew(kinds: Any) -> None:
    connection = op.get_bind()
    for rows in _batches_with_profiles(connection):
        for row in rows:
            mine = (_words.c.workspace_id == row.workspace_id) & (_words.c.owner_id == row.id)
            connection.execute(_words.delete().where(mine, _words.c.owner_kind.in_(("CONTACT", "PROFILE"))))
        said = [
            {"workspace_id": row.workspace_id, "word": word, "owner_kind": kind, "owner_id": row.id}
            for row in rows
            for kind, texts in kinds(*_texts(row)).items()
            for word in sorted(words_of(texts))
        ]
        if said:
            connection.execute(_words.insert(), said)


def _texts(row: sa.Row[Any]) -> tuple[list[str | None], list[str | None]]:
    profile = row.details.get("profile") or {}
    return [row.name, row.email], [profile.get("company"), profile.get("city")]


def _batches_with_profiles(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    last = ("", "")
    known = sa.cast(_contacts.c.details, sa.String).contains('"profile"')
    while True:
        after = sa.tuple_(_contacts.c.workspace_id, _contacts.c.id) > sa.tuple_(*map(sa.literal, last))
        order = (_contacts.c.workspace_id, _contacts.c.id)
        rows = connection.execute(sa.select(_contacts).where(after, known).order_by(*order).limit(_BATCH)).all()
        if not rows:
            return
        yield rows
        last = (rows[-1].workspace_id, rows[-1].id)

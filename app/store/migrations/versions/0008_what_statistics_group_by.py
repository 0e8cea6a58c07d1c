"""What statistics group by: the country of a call's number, and the text that a label is shown as."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.domain.labels import Label, LabelKind, rows_of
from app.domain.numbers import country_of

revision: str = "0008"
down_revision: str | None = "0007"
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BATCH = 1_000
_calls = sa.table(
    "calls",
    sa.column("workspace_id", KEY),
    sa.column("id", KEY),
    sa.column("phone_number", KEY),
    sa.column("phone_country", KEY),
    sa.column("details", sa.JSON()),
)
_labels = sa.table(
    "call_labels",
    sa.column("workspace_id", KEY),
    sa.column("kind", KEY),
    sa.column("key", KEY),
    sa.column("call_id", KEY),
    sa.column("name", sa.String()),
)


def upgrade() -> None:
    """Adds the columns and fills them for the calls that are there: a batch at a time, however many there are."""
    op.add_column("calls", sa.Column("phone_country", KEY, nullable=True))
    op.add_column("call_labels", sa.Column("name", sa.String(), nullable=True))
    connection = op.get_bind()
    last = ("", "")
    while rows := _next(connection, last):
        _fill(connection, rows)
        last = (rows[-1].workspace_id, rows[-1].id)


def downgrade() -> None:
    """Undoes it."""
    op.drop_column("call_labels", "name")
    op.drop_column("calls", "phone_country")


def _next(connection: sa.Connection, last: tuple[str, str]) -> Sequence[Any]:
    here = sa.and_(_calls.c.workspace_id == last[0], _calls.c.id > last[1])
    columns = (_calls.c.workspace_id, _calls.c.id, _calls.c.phone_number, _calls.c.details)
    statement = sa.select(*columns).where(sa.or_(here, _calls.c.workspace_id > last[0]))
    return connection.execute(statement.order_by(_calls.c.workspace_id, _calls.c.id).limit(_BATCH)).all()


def _fill(connection: sa.Connection, rows: Sequence[Any]) -> None:
    placed = [
        {"of": row.workspace_id, "this": row.id, "country": country}
        for row in rows
        if row.phone_number and row.phone_number.startswith("+") and (country := country_of(row.phone_number))
    ]
    if placed:
        this = (_calls.c.workspace_id == sa.bindparam("of")) & (_calls.c.id == sa.bindparam("this"))
        connection.execute(_calls.update().where(this).values(phone_country=sa.bindparam("country")), placed)
    named = [
        {"of": row.workspace_id, "this": row.id, "sort": kind.value, "text": key, "shown": shown}
        for row in rows
        for kind, key, shown in rows_of(_labels_of(row.details))
        if shown is not None
    ]
    if named:
        of_label = sa.and_(
            _labels.c.workspace_id == sa.bindparam("of"),
            _labels.c.kind == sa.bindparam("sort"),
            _labels.c.key == sa.bindparam("text"),
            _labels.c.call_id == sa.bindparam("this"),
        )
        connection.execute(_labels.update().where(of_label).values(name=sa.bindparam("shown")), named)


def _labels_of(details: Any) -> list[Label]:
    said = (details or {}).get("labels") or []
    return [Label(LabelKind(one["kind"]), one.get("name"), one.get("id")) for one in said]

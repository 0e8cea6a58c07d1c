"""Runs migrations on the connection that `store.migrate` hands over."""

from typing import Any

from alembic import context
from sqlalchemy import Index

from app.store import views
from app.store.tables import metadata

connection = context.config.attributes["connection"]


def is_of_engine(described: Any, *_: object) -> bool:
    """Whether what the tables describe is of this engine: an index may be of one alone."""
    name = connection.dialect.name
    return not isinstance(described, Index) or described.info.get("engine", name) == name


context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    include_object=is_of_engine,
)
with context.begin_transaction():
    views.drop(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == context.script.get_current_head():
        views.create(connection)

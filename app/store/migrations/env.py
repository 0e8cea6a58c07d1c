"""Runs migrations on the connection that `store.migrate` hands over."""

from alembic import context

from app.store import views
from app.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    views.drop(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == context.script.get_current_head():
        views.create(connection)

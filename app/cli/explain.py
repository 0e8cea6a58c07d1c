"""The command that shows how the engine answers a query: its SQL, and the functions it generates."""

from typing import Annotated, Any

import msgspec
import typer

from app.cli.running import now, say
from app.domain.errors import InputError
from app.domain.scope import Scope
from app.domain.times import zone_named
from app.engine.engine import Engine
from app.engine.surprise import Surprise
from app.graphql.context import Context
from app.graphql.documents import checked
from app.graphql.graph import Declared
from app.graphql.schema import schema
from app.settings import Settings
from app.store.database import Database

_EXAMPLE = "switchboard explain '{ calls(first: 2) { nodes { startedAt agent { name } } } }'"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog=f"Example: `{_EXAMPLE}`")(explain)


def explain(
    query: Annotated[str, typer.Argument(help="The query.")],
    variables: Annotated[str, typer.Option(help="Its variables, as a JSON object.")] = "{}",
) -> None:
    """Show how a query is answered: the plan's SQL for the store of SWITCHBOARD_DATABASE, and its builders' source.

    The store is not asked anything. A query that is not compiled is answered by graphql-core; the reason is shown.
    """
    settings = Settings()
    given = _object(variables)
    document = checked(query)
    database = Database(settings.database)
    engine = Engine(Declared(), schema()._schema, database.dialect)
    context = Context(Scope(settings.workspace), zone_named(settings.timezone), database, now())
    operation = document.operation(None)
    try:
        found = engine.explained(document.digest, document.node, operation, given, context)
    except Surprise as surprise:
        say(f"It is not compiled ({surprise.reason}): graphql-core answers it, with the loaders.")
        return
    for name, text in found.statements:
        say(f"-- {name}\n{text}\n")
    say(f"# builders\n{found.source}")
    if not found.slotted:
        say("# The statements are prepared for these values of the variables alone.")


def _object(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise InputError(f"The variables are no JSON object: {error}.") from error

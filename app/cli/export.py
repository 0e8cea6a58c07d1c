"""The command that writes every row of a query's list into a file."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from app.cli.accesses import write_down
from app.cli.running import now, progress, with_store
from app.domain.errors import InputError
from app.domain.scope import Scope
from app.domain.times import zone_named
from app.engine.engine import Engine
from app.graphql.context import Context
from app.graphql.documents import LIMITS, Document, checked
from app.graphql.execution import Answer, Question, answer
from app.graphql.exporting import Ask, ExportPage, Rewritten, check_place, export_of, page_size, pages_of
from app.graphql.graph import Declared
from app.graphql.limits import Cost
from app.graphql.schema import schema
from app.settings import Settings
from app.store import sources
from app.store.database import Database
from app.web.formats import Form, form_named

_EXAMPLE = "switchboard export '{ calls { nodes { startedAt direction agent { name } } } }' --into calls.csv"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog=f"Example: `{_EXAMPLE}`")(export)


def export(
    query: Annotated[str, typer.Argument(help="A query of one list; its selection is the columns.")],
    into: Annotated[Path, typer.Option(help="The file. What is there already is only replaced by --force.")],
    format: Annotated[str, typer.Option(help="csv, ndjson or parquet.")] = "csv",
    variables: Annotated[str, typer.Option(help="The query's variables, as a JSON object.")] = "{}",
    after: Annotated[str | None, typer.Option(help="Go on after this cursor, at the end of the file.")] = None,
    cursors: Annotated[bool, typer.Option("--cursors", help="A column with each row's cursor.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write every row of a list into a file, however many there are. Should it be broken off, it says how to go on."""
    form, given = form_named(format), _object(variables)
    if into.exists() and after is None and not force:
        raise InputError(f"{into} is there already. Give --force to replace it, or --after to go on.")
    if after is not None and form.suffix == "parquet" and into.exists():
        raise InputError("A Parquet file cannot be gone on with. Write the rest --into another file.")
    made = export_of(checked(query), Question(query, None, given))
    check_place(made, after)

    async def run(database: Database, scope: Scope, settings: Settings) -> int:
        await write_down(database, scope, settings, "export", 0)
        ask = await _asking(database, scope)
        size = page_size(checked(made.question.query or ""), made, LIMITS) if made.paged else 0
        return await _write(
            pages_of(made, size, ask, after), form(made.columns, cursors, after is not None), into, after
        )

    typer.echo(f"{with_store(run):,} rows in {into}")


async def _write(pages: AsyncIterator[ExportPage], form: Form, into: Path, after: str | None) -> int:
    rows, last = 0, after
    first = await anext(pages)  # before a file is touched
    with progress() as shown, into.open("ab" if after else "wb") as file:
        task = shown.add_task("Exporting", total=None, said="")
        try:
            async for page in _again(first, pages):
                file.write(form.page(page))
                rows, last = rows + len(page.rows), page.cursors[-1] if page.cursors else last
                shown.update(task, said=f"{rows:,} rows")
            file.write(form.end())
        except BaseException:  # whatever broke it off, what is written is whole
            if last is not None:
                typer.echo(f"{rows:,} rows are written. Go on with --after {last}", err=True)
            raise
    return rows


async def _again(first: ExportPage, pages: AsyncIterator[ExportPage]) -> AsyncIterator[ExportPage]:
    yield first
    async for page in pages:
        yield page


async def _asking(database: Database, scope: Scope) -> Ask:
    """Asks for a page as somebody of this machine, who may see everything."""
    async with database.read() as connection:
        found = await sources.workspace(connection, scope)
    assert found is not None, "a store that is ready has its workspace"
    whole, zone, moment = found[0], zone_named(found[1]), now()
    documents, engine = Rewritten(), Engine(Declared(), schema()._schema, database.dialect)

    async def ask(question: Question) -> Answer:
        context = Context(whole, zone, database, moment)
        return await answer(question, documents, context, _Unhindered(), True, "export", engine)

    return ask


class _Unhindered:
    """No budget, and an access log that is written once, by the command."""

    limits = LIMITS

    def begin(self, document: Document, cost: Cost) -> None:
        """Always."""

    def worked(self, parts: int) -> None:
        """Nobody is charged."""


def _object(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise InputError(f"The variables are no JSON object: {error}.") from error

"""Commands for trusted documents: the queries that a server with SWITCHBOARD_DOCUMENTS=trusted answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from app.cli.running import now, with_store
from app.domain.errors import InputError
from app.domain.scope import Scope
from app.graphql.documents import checked
from app.store import documents as store
from app.store.database import Database

EXAMPLE = "Example: `switchboard documents add queries/*.graphql`"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Trusted documents: all that SWITCHBOARD_DOCUMENTS=trusted lets clients ask."
    )
    group.command("add", epilog=EXAMPLE)(add)
    group.command("list", epilog="Example: `switchboard documents list`")(list_)
    group.command("remove", epilog="Example: `switchboard documents remove 3f9a1c`")(remove)
    app.add_typer(group, name="documents", epilog=EXAMPLE)


def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="A document each (.graphql), or a manifest of many (.json): Apollo's, or an object of hash and text."
        ),
    ],
) -> None:
    """Register documents, just as clients send them: it is the hash of their text that counts."""
    new = [_new(name, text) for file in files for name, text in _texts(file)]

    async def run(database: Database, scope: Scope, _: Any) -> int:
        async with database.write() as connection:
            return await store.add(connection, scope, new, now())

    count = with_store(run)
    for one in new:
        typer.echo(f"{one.digest}  {one.name}")
    typer.echo(f"{count:,} registered, {len(new) - count:,} were before.")


def list_() -> None:
    """List the registered documents."""

    async def run(database: Database, scope: Scope, _: Any) -> list[store.Registration]:
        async with database.read() as connection:
            return await store.listed(connection, scope)

    found = with_store(run)
    if not found:
        typer.echo("There is no document yet. Register one: switchboard documents add query.graphql")
        return
    table = Table("sha256", "name", "registered", box=None)
    for one in found:
        table.add_row(one.digest, one.name, f"{one.created_at:%Y-%m-%d %H:%M}")
    Console(soft_wrap=True).print(table)


def remove(
    digest: Annotated[str, typer.Argument(help="The document's SHA-256, or as much of its beginning as tells it.")],
) -> None:
    """End a document's registration; running servers know it within seconds."""

    async def run(database: Database, scope: Scope, _: Any) -> store.Registration:
        async with database.write() as connection:
            return await store.remove(connection, scope, digest)

    gone = with_store(run)
    typer.echo(f"Removed {gone.name} ({gone.digest}).")


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    """The documents in a file, each with a name."""
    try:
        text = file.read_bytes().decode()
    except (OSError, UnicodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from error
    if file.suffix != ".json":
        yield file.name, text
        return
    try:
        manifest = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise InputError(f"{file} is not JSON: {error}.") from error
    found = _operations(manifest)
    if not found or not all(isinstance(part, str) for one in found for part in one):
        raise InputError(
            f'{file} is no manifest. It needs {{"operations": [{{"name": …, "body": …}}]}}, or hash: text.'
        )
    for name, body in found:
        yield f"{file.name} {name}", body


def _operations(manifest: Any) -> list[tuple[Any, Any]]:
    """The name and the text of each operation in a manifest."""
    if not isinstance(manifest, dict):
        return []
    operations = manifest.get("operations")
    if not isinstance(operations, list):
        return list(manifest.items())
    return [(one.get("name"), one.get("body")) if isinstance(one, dict) else (None, None) for one in operations]


def _new(name: str, text: str) -> store.NewDocument:
    """A document that can be answered. Raises InputError."""
    try:
        return store.NewDocument(checked(text).digest, name, text)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error

"""Commands that take records in: import, and rejected for those that could not be read."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from app.cli.running import now, progress, with_store
from app.domain.errors import FileError, InputError
from app.domain.scope import Scope
from app.domain.sources import Locale, Source
from app.domain.times import zone_named
from app.providers.contract import ProviderSpec
from app.providers.registry import provider_named, spec_of
from app.store import rejected as letters
from app.store import sources
from app.store.database import Database
from app.sync.files import payloads
from app.sync.ingest import BATCH, Counts, ingest
from app.sync.replay import replay

FAILED = 1
say = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("import", epilog="Example: `switchboard import asterisk Master.csv --source office`")(import_)
    app.command(epilog="Example: `switchboard rejected --source office --replay`")(rejected)


def import_(
    provider: Annotated[str, typer.Argument(help="voxcrow, callcap, smartflo, acefone, callyzer or asterisk.")],
    files: Annotated[
        list[str], typer.Argument(help="Response bodies (JSON), JSON lines, or CSV for asterisk; - is standard input.")
    ],
    source: Annotated[str, typer.Option(help="The account they came from; made if there is none of that name.")],
    timezone: Annotated[
        str | None, typer.Option(help="Zone of a new source's local times, such as Asia/Kolkata.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Dialling region of a new source's numbers, such as IN.")] = None,
) -> None:
    """Take a vendor's records from files. Taking the same file again changes nothing."""
    kind = provider_named(provider)
    found = [_checked(name) for name in files]

    async def run(database: Database, scope: Scope, _: Any) -> tuple[Counts, list[FileError]]:
        account = await _source(database, scope, source, spec_of(kind), timezone, region)
        total, broken = Counts(), []
        with progress() as shown:
            for name, size in found:
                task = shown.add_task(name, total=size, said="")
                try:
                    async for counts, position in _import_file(database, scope, account, spec_of(kind), name):
                        total += counts
                        shown.update(task, completed=position, said=f"{total.read:,} records")
                except FileError as error:
                    broken.append(error)
        return total, broken

    total, broken = with_store(run)
    typer.echo(said(total))
    for error in broken:
        say.print(f"Error: {error}", style="red")
    if total.rejected:
        say.print(f"See the rejected records and why: switchboard rejected --source {source}")
    if broken:
        sys.exit(FAILED)


def rejected(
    source: Annotated[str | None, typer.Option(help="Only those of this source.")] = None,
    replay_: Annotated[bool, typer.Option("--replay", help="Read them again, after the cause was mended.")] = False,
    payload: Annotated[bool, typer.Option("--payload", help="Print each with its payload, as JSON lines.")] = False,
) -> None:
    """List the records that could not be read, with the reason, or read them again."""

    async def run(database: Database, scope: Scope, _: Any) -> tuple[Counts | None, list[letters.Rejected]]:
        async with database.read() as connection:
            if source is not None:
                await sources.required(connection, scope, source)
        if replay_:
            return await replay(database, scope, source, now()), []
        async with database.read() as connection:
            return None, await letters.all_listed(connection, scope, source)

    counts, found = with_store(run)
    if counts is not None:
        typer.echo(said(counts))
    elif payload:
        for one in found:
            typer.echo(
                msgspec.json.encode({"id": one.id, "source": one.source, "reason": one.reason, "payload": one.payload})
            )
    else:
        _show(found)


def said(counts: Counts) -> str:
    """The line that an import ends with."""
    line = (
        f"read {counts.read:,}, new {counts.new:,}, updated {counts.updated:,}, "
        f"unchanged {counts.unchanged:,}, rejected {counts.rejected:,}"
    )
    return line + (f" ({counts.folded:,} were further records of the same calls)" if counts.folded else "")


def _checked(name: str) -> tuple[str, int | None]:
    """The file's name and its length, where that is known. Raises InputError before anything is taken."""
    if name == "-":
        return name, None
    path = Path(name)
    if not path.is_file():
        raise InputError(f"There is no file {name}.")
    return name, path.stat().st_size


async def _source(
    database: Database, scope: Scope, name: str, spec: ProviderSpec, timezone: str | None, region: str | None
) -> Source:
    async with database.write() as connection:
        found = await sources.named(connection, scope, name)
        if found is None:
            locale = Locale(zone_named(timezone or spec.default_zone), _region(region) or spec.default_region)
            found = await sources.add(connection, scope, name, spec.provider, locale, now())
            say.print(
                f"Made source {name!r} ({spec.title}): times are read in {locale.zone.key}, "
                f"national numbers in {locale.region or 'no region'}."
            )
    if found.provider is not spec.provider:
        raise InputError(f"The source {name!r} is of {found.provider.value.lower()}. Choose another name.")
    for option, given, has in (
        ("--timezone", timezone, found.locale.zone.key),
        ("--region", region, found.locale.region),
    ):
        if given is not None and given.casefold() != (has or "").casefold():
            raise InputError(
                f"The source {name!r} has {option} {has}; it cannot be changed by an import. Choose another name."
            )
    return found


def _region(text: str | None) -> str | None:
    if text is None:
        return None
    if len(text) != 2 or not text.isalpha():
        raise InputError(f"{text!r} is no region. Use two letters such as IN or NP.")
    return text.upper()


async def _import_file(database: Database, scope: Scope, source: Source, spec: ProviderSpec, name: str) -> Any:
    """Saves a file batch by batch; yields each batch's counts and how far into the file it came."""
    file: BinaryIO = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115, ASYNC230
    try:
        found: Iterator[Any] = payloads(file, spec, "standard input" if name == "-" else name)
        while True:
            batch, error = _batch(found)
            if batch:
                yield await ingest(database, scope, source, spec, batch, now()), 0 if name == "-" else file.tell()
            if error:
                raise error
            if len(batch) < BATCH:
                return
    finally:
        if name != "-":
            file.close()


def _batch(found: Iterator[Any]) -> tuple[list[Any], FileError | None]:
    """The next payloads; what came before a broken place is a batch, too."""
    batch: list[Any] = []
    try:
        batch.extend(islice(found, BATCH))
    except FileError as error:
        return batch, error
    return batch, None


def _show(found: list[letters.Rejected]) -> None:
    if not found:
        typer.echo("No record was rejected.")
        return
    table = Table("received", "source", "reason", "payload", box=None)
    for one in found:
        text = one.payload if isinstance(one.payload, str) else msgspec.json.encode(one.payload).decode()
        table.add_row(f"{one.received_at:%Y-%m-%d %H:%M}", one.source, one.reason, text[:80])
    Console().print(table)
    typer.echo(f"{len(found):,} rejected. Read them again with --replay; see them whole with --payload.")

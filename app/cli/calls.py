"""Commands that take records in: import, and rejected for those that could not be read."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from app.cli.accesses import write_down
from app.cli.running import now, progress, with_store
from app.domain.errors import FileError, InputError
from app.domain.regions import region_named
from app.domain.scope import Scope
from app.domain.sources import Locale
from app.domain.times import zone_named
from app.providers.contract import ProviderSpec
from app.providers.registry import PROVIDERS, names, provider_named, spec_of
from app.settings import Settings
from app.store import rejected as letters
from app.store import sources
from app.store.database import Database
from app.sync.ingest import Counts
from app.sync.replay import replay
from app.sync.taking import Account, take

FAILED = 1
say = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
_OWN_FILES = names(*(spec for spec in PROVIDERS.values() if spec.lines))


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("import", epilog="Example: `switchboard import asterisk Master.csv --source office`")(import_)
    app.command(epilog="Example: `switchboard rejected --source office --replay`")(rejected)


def import_(
    provider: Annotated[str, typer.Argument(help=f"One of {names()}.")],
    files: Annotated[
        list[str],
        typer.Argument(
            help=f"Response bodies (JSON) or JSON lines; for {_OWN_FILES}, the files it writes. - is standard input."
        ),
    ],
    source: Annotated[
        str, typer.Option(help="The account they came from; made with the first record, if there is none of that name.")
    ],
    timezone: Annotated[
        str | None, typer.Option(help="Zone of a new source's local times, such as Asia/Kolkata.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Dialling region of a new source's numbers, such as IN.")] = None,
) -> None:
    """Take a vendor's records from files. Taking the same file again changes nothing."""
    spec = spec_of(provider_named(provider))
    found = [_checked(name) for name in files]

    async def run(database: Database, scope: Scope, _: Any) -> tuple[Counts, list[FileError]]:
        account = await _account(database, scope, source.strip(), spec, timezone, region)
        done = await _import(database, scope, account, found)
        await database.optimize()
        return done

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

    async def run(database: Database, scope: Scope, settings: Settings) -> tuple[Counts | None, list[letters.Rejected]]:
        async with database.read() as connection:
            if source is not None:
                await sources.required(connection, scope, source)
        if replay_:
            return await replay(database, scope, source, now()), []
        async with database.read() as connection:
            found = await letters.all_listed(connection, scope, source)
        if found:
            await write_down(database, scope, settings, "rejected", len(found))
        return None, found

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
    if not path.exists() or path.is_dir():
        raise InputError(f"There is no file {name}.")
    return name, path.stat().st_size if path.is_file() else None


async def _account(
    database: Database, scope: Scope, name: str, spec: ProviderSpec, timezone: str | None, region: str | None
) -> Account:
    """The source of that name, or how it is to be made. Raises InputError where it is not as the options say."""
    if not name:
        raise InputError("A source has a name, such as --source office.")
    zone = zone_named(spec.default_zone if timezone is None else timezone)
    locale = Locale(zone, spec.default_region if region is None else region_named(region))
    async with database.read() as connection:
        found = await sources.named(connection, scope, name)
    if found is None:
        return Account(name, spec, locale, None)
    if found.provider is not spec.provider:
        raise InputError(f"The source {name!r} is of {found.provider.value.lower()}. Choose another name.")
    for option, given, wanted, has in (
        ("--timezone", timezone, locale.zone.key, found.locale.zone.key),
        ("--region", region, locale.region, found.locale.region),
    ):
        if given is not None and wanted != has:
            raise InputError(
                f"The source {name!r} has {option} {has}; it cannot be changed by an import. Choose another name."
            )
    return Account(name, spec, found.locale, found)


async def _import(
    database: Database, scope: Scope, account: Account, found: list[tuple[str, int | None]]
) -> tuple[Counts, list[FileError]]:
    """Saves file after file; one that cannot be read leaves the others alone."""
    total, broken = Counts(), []
    with progress() as shown:
        for name, size in found:
            task = shown.add_task(name, total=size, said="")
            before, is_new = total.read, account.source is None
            try:
                async for counts, position in _import_file(database, scope, account, name, size):
                    total += counts
                    shown.update(task, completed=position, said=f"{total.read:,} records")
                if total.read == before:
                    say.print(f"{name} holds no record of {account.spec.title}.")
            except FileError as error:
                broken.append(error)
            if is_new and account.source:
                _tell_made(account)
    return total, broken


def _tell_made(account: Account) -> None:
    say.print(
        f"Made source {account.name!r} ({account.spec.title}): times are read in {account.locale.zone.key}, "
        f"national numbers in {account.locale.region or 'no region'}."
    )


async def _import_file(
    database: Database, scope: Scope, account: Account, name: str, size: int | None
) -> AsyncIterator[tuple[Counts, int]]:
    """Saves a file batch by batch; yields each batch's counts and how far into the file it came."""
    if name == "-":
        async for counts in take(database, scope, account, sys.stdin.buffer, "standard input", now):
            yield counts, 0
        return
    with _opened(name) as file:
        async for counts in take(database, scope, account, file, name, now):
            yield counts, 0 if size is None else file.tell()


def _opened(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise FileError(f"{name} cannot be read: {error.strerror}.") from error


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

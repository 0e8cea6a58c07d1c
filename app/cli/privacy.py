"""Commands for privacy: a person's data exported or erased, how long data is kept, and who has seen what."""

import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from app.cli.accesses import write_down
from app.cli.running import now, with_store
from app.domain.access_log import BrokenChainError, Head, Link
from app.domain.errors import InputError
from app.domain.scope import Scope
from app.settings import Settings
from app.store import access_documents, access_log, privacy, retention
from app.store.access_documents import KeptDocument
from app.store.database import Database
from app.store.erasure import Erased, erase
from app.store.privacy import Person
from app.store.retention import Kind, Removed

FAILED = 1
say = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
Number = Annotated[str, typer.Argument(help="The person's number, with the country code: +9779810000078.")]
Days = Annotated[int, typer.Argument(min=1, max=36_500, help="Days from the call's start on.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    person = typer.Typer(no_args_is_help=True, help="What is kept of a person, by phone number.")
    person.command("export", epilog="Example: `switchboard person export +9779810000078 > person.json`")(export)
    person.command("erase", epilog="Example: `switchboard person erase +9779810000078 --yes`")(erase_)
    app.add_typer(person, name="person", epilog="Example: `switchboard person export +9779810000078`")
    keeping = typer.Typer(
        no_args_is_help=True, help="How long each kind of data is kept; for ever where nothing is set."
    )
    keeping.command("set", epilog="Example: `switchboard retention set recordings 90`")(set_)
    keeping.command("clear", epilog="Example: `switchboard retention clear recordings`")(clear)
    keeping.command("show", epilog="Example: `switchboard retention show`")(show)
    keeping.command("run", epilog="Example: `switchboard retention run`")(run_)
    app.add_typer(keeping, name="retention", epilog="Example: `switchboard retention set calls 730`")
    log = typer.Typer(no_args_is_help=True, help="Who asked what, and how much they were answered.")
    log.command("show", epilog="Example: `switchboard access-log show --last 50`")(show_log)
    log.command("verify", epilog="Example: `switchboard access-log verify`")(verify)
    app.add_typer(log, name="access-log", epilog="Example: `switchboard access-log verify`")


def export(number: Number) -> None:
    """Print everything kept of a person as one JSON document."""

    async def run(database: Database, scope: Scope, settings: Settings) -> tuple[Person, dict[str, Any]]:
        async with database.read() as connection:
            person = await privacy.find(connection, scope, number)
            found = await privacy.export(connection, scope, person)
        rows = sum(len(found[name]) for name in ("contacts", "calls", "agents", "org_units", "rejected"))
        await write_down(database, scope, settings, "person export", rows)
        return person, found

    person, found = with_store(run)
    typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
    _warn_of_similar(person, "exported")


def erase_(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: it cannot be undone.")] = False,
    whole_calls: Annotated[
        bool, typer.Option("--calls", help="Remove the person's calls altogether, rather than keep them as nobody's.")
    ] = False,
) -> None:
    """Erase a person, now and in whatever comes in later.

    Calls stay for the counts, without numbers, names, notes, recording and raw record; --calls removes them, too.
    """

    async def run(database: Database, scope: Scope, settings: Settings) -> tuple[Person, Erased]:
        async with database.read() as connection:
            person = await privacy.find(connection, scope, number)
            calls = await privacy.count_calls(connection, scope, person)
        what = "person erase" if yes else "person erase, asked about"
        await write_down(database, scope, settings, what, calls + len(person.contact_ids))
        if not yes:
            raise InputError(
                f"This would erase {len(person.contact_ids):,} contacts with {', '.join(person.numbers)} "
                f"from {calls:,} calls, for good. Say so: --yes"
            )
        return person, await erase(database, scope, person, now(), whole_calls)

    person, erased = with_store(run)
    typer.echo(
        f"erased: calls {erased.calls:,}, contacts {erased.contacts:,}, dead letters {erased.letters:,}, "
        f"mentions {erased.mentions:,}"
    )
    _warn_of_similar(person, "erased")


def _warn_of_similar(person: Person, done: str) -> None:
    if person.similar:
        say.print(f"Not {done}, but perhaps the same person: {', '.join(person.similar)}", style="yellow")


def set_(kind: Annotated[Kind, typer.Argument(help="What the rule is for.")], days: Days) -> None:
    """Keep a kind of data for so many days; a server removes what is older, and `retention run` does so at once."""
    _set_rule(kind, days)
    typer.echo(f"{kind.value} are kept for {days:,} days.")


def clear(kind: Annotated[Kind, typer.Argument(help="What the rule is for.")]) -> None:
    """Keep a kind of data for ever."""
    _set_rule(kind, None)
    typer.echo(f"{kind.value} are kept for ever.")


def _set_rule(kind: Kind, days: int | None) -> None:
    async def run(database: Database, scope: Scope, _: Any) -> None:
        async with database.write() as connection:
            await retention.set_rule(connection, scope, kind, days)

    with_store(run)


def show() -> None:
    """Print the rules."""

    async def run(database: Database, scope: Scope, _: Any) -> dict[Kind, int]:
        async with database.read() as connection:
            return await retention.rules(connection, scope)

    rules = with_store(run)
    for kind in Kind:
        typer.echo(f"{kind.value}: {f'{rules[kind]:,} days' if kind in rules else 'for ever'}")


def run_() -> None:
    """Remove what is older than the rules allow, now; a server does it by itself every SWITCHBOARD_RETENTION_HOURS."""

    async def run(database: Database, scope: Scope, settings: Settings) -> Removed:
        found = await retention.enforce(database, scope, now())
        if found.total:
            await write_down(database, scope, settings, "retention run", found.total)
        return found

    removed = with_store(run)
    typer.echo(f"removed: calls {removed.calls:,}, recordings {removed.recordings:,}, payloads {removed.payloads:,}")


def show_log(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows, newest last.")] = 20,
    documents: Annotated[bool, typer.Option("--documents", help="Print the documents that they name, too.")] = False,
) -> None:
    """Print the newest rows of the access log.

    --documents prints each document once, with STRING and NUMBER where it had a literal.
    """

    async def run(database: Database, scope: Scope, _: Any) -> tuple[list[Link], list[KeptDocument]]:
        async with database.read() as connection:
            links = await access_log.latest(connection, scope, last)
            named = [link.access.document for link in links if documents]
            return links, await access_documents.found(connection, scope, named)

    links, kept = with_store(run)
    if not links:
        typer.echo("Nothing was asked yet.")
        return
    for link in links:
        one = link.access
        who = one.viewer_name if one.viewer_name == one.viewer_key else f"{one.viewer_name} ({one.viewer_key})"
        what = f"{one.operation or 'unnamed'} {one.document[:12]}".rstrip()
        typer.echo(
            f"{link.position}  {one.at:%Y-%m-%d %H:%M:%S}  {who}  {what}  {one.rows:,} rows  {one.path}  {one.status}"
        )
    for document in kept:
        typer.echo(f"\n# {document.digest}, first seen {document.first_seen_at:%Y-%m-%d %H:%M:%S}\n{document.text}")


def verify() -> None:
    """Check that no row of the access log was changed, removed or put in; exit code 1 names the first that was."""

    async def run(database: Database, scope: Scope, _: Any) -> Head:
        async with database.read() as connection:
            return await access_log.verify(connection, scope)

    try:
        head = with_store(run)
    except BrokenChainError as error:
        say.print(f"The access log is broken at {error}.", style="red")
        sys.exit(FAILED)
    typer.echo(f"{head.position:,} rows, unbroken. Its end, to note elsewhere: {head.digest}")

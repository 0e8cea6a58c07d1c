"""Commands for sources: the accounts that are pulled, where their credentials are, and how fresh each is."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.access.credentials import place_of, sealed, shown
from app.cli.running import now, progress, say, with_store
from app.domain.errors import InputError
from app.domain.pulls import SourceState
from app.domain.regions import region_named
from app.domain.scope import Scope
from app.domain.sources import Locale, Source
from app.domain.times import zone_named
from app.providers.contract import ProviderSpec
from app.providers.registry import names, provider_named, spec_of
from app.settings import Settings
from app.store import circuits, rejected, source_streams, sources
from app.store.database import Database
from app.store.source_removal import count_calls, remove_calls, remove_rest
from app.sync.attempt import is_pulled
from app.sync.lease import Lease, held, new_holder
from app.web.webhooks import SECRET as WEBHOOK

Name = Annotated[str, typer.Argument(help="The source's name.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Sources: the vendors' accounts that records are pulled from.")
    example = "switchboard source add callyzer --name office --credential token=env:CALLYZER_TOKEN"
    group.command("add", epilog=f"Example: `{example}`")(add)
    group.command("list", epilog="Example: `switchboard source list`")(list_)
    group.command("show", epilog="Example: `switchboard source show office`")(show)
    group.command("pause", epilog="Example: `switchboard source pause office`")(pause)
    group.command("resume", epilog="Example: `switchboard source resume office`")(resume)
    group.command("remove", epilog="Example: `switchboard source remove office --with-calls`")(remove)
    app.add_typer(group, name="source", epilog=f"Example: `{example}`")


def add(
    provider: Annotated[str, typer.Argument(help=f"One of {names()}.")],
    name: Annotated[str, typer.Option(help="What to call the account. One that is there is set anew.")],
    credential: Annotated[
        list[str] | None,
        typer.Option(
            help="Where a credential is: token=env:VARIABLE, token=file:/path, or token=- to be asked for it, "
            "and keep it encrypted with SWITCHBOARD_CREDENTIALS_KEY. Repeat it where there are several. "
            "webhook=… is the secret of what is pushed to /webhooks/NAME, if anything is."
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Where the API is, if it is not where everybody's is; or the files are.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="The first day of history: 2024-01-31. Else 365 days ago.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of a new source's local times: Asia/Kolkata.")] = None,
    region: Annotated[str | None, typer.Option(help="Dialling region of a new source's numbers: IN.")] = None,
) -> None:
    """Add an account that records are pulled from, or set one anew. Nothing is asked of the vendor yet."""
    spec = spec_of(provider_named(provider))
    if not name.strip():
        raise InputError("A source has a name, such as --name office.")
    where = _address(spec, address)

    async def run(database: Database, scope: Scope, settings: Settings) -> Source:
        locale = Locale(
            zone_named(timezone or spec.default_zone), region_named(region) if region else spec.default_region
        )
        first_day = _first_day(since, locale)
        pulled = sources.Pulled(where, _places(spec, credential or [], settings), first_day)
        async with database.write() as connection:
            await sources.lock(connection, scope)
            found = await sources.named(connection, scope, name.strip())
            if found is None:
                return await sources.add(connection, scope, name.strip(), spec.provider, locale, now(), pulled)
            if found.provider is not spec.provider:
                raise InputError(f"The source {name!r} is of {found.provider.value.lower()}. Choose another name.")
            if (timezone or region) and found.locale != locale:
                raise InputError(
                    "The zone and region of a source that is there cannot be changed. Choose another name."
                )
            return await sources.set_pulled(connection, scope, found, pulled)

    source = with_store(run)
    then = (
        f"Pull it: switchboard sync {source.name}" if is_pulled(source) else f"Push to it: POST /webhooks/{source.name}"
    )
    say(
        f"The source {source.name!r} ({spec.title}) is there: times are read in {source.locale.zone.key}, "
        f"national numbers in {source.locale.region or 'no region'}. {then}"
    )


def list_() -> None:
    """List the sources: how fresh each is, and what is wrong with it."""

    async def run(database: Database, scope: Scope, _: Any) -> list[list[str]]:
        async with database.read() as connection:
            found = await sources.listed(connection, scope)
            counts = await rejected.counts(connection, scope, [one.id for one in found])
            lines = []
            for one in found:
                trouble = await circuits.circuit(connection, scope, one.id)
                states = await source_streams.states(connection, scope, one.id)
                filled = min((state.percent_filled for state in states.values()), default=None)
                history = "" if filled is None else f"{filled} %"
                lines.append(
                    [
                        one.name,
                        one.provider.value.lower(),
                        one.state.value.lower(),
                        _moment(one.last_success_at),
                        history,
                        f"{counts[one.id]:,}",
                        trouble.last_error or "",
                    ]
                )
        return lines

    lines = with_store(run)
    if not lines:
        say("There is no source yet. Add one: switchboard source add callyzer --name office")
        return
    table = Table("name", "vendor", "state", "last success", "history", "rejected", "last error")
    for line in lines:
        table.add_row(*line)
    Console(markup=False).print(table)


def show(name: Name) -> None:
    """Show all that is known of a source; where its credentials are, never what they are."""

    async def run(database: Database, scope: Scope, _: Any) -> list[tuple[str, str]]:
        async with database.read() as connection:
            source = await sources.required(connection, scope, name)
            trouble = await circuits.circuit(connection, scope, source.id)
            states = await source_streams.states(connection, scope, source.id)
            letters = await rejected.counts(connection, scope, [source.id])
            calls = await count_calls(connection, scope, source.id)
        lines: list[tuple[str, str]] = [
            ("name", source.name),
            ("vendor", spec_of(source.provider).title),
            ("state", source.state.value.lower()),
            ("times are read in", source.locale.zone.key),
            ("numbers are read in", source.locale.region or "no region"),
            ("address", source.address or "the vendor's own"),
            *[(f"credential {key}", shown(place)) for key, place in source.credentials.items()],
            ("history from", _moment(source.history_from)),
            ("last success", _moment(source.last_success_at)),
            ("calls", f"{calls:,}"),
            ("rejected records", f"{letters[source.id]:,}"),
        ]
        for state in states.values():
            until = f"read up to {_moment(state.watermark)}"
            lines.append((state.name, until + (f", history {state.percent_filled} %" if state.fill_until else "")))
        if trouble.last_error:
            lines.append(("last error", f"{_moment(trouble.last_error_at)}: {trouble.last_error}"))
            lines.append(("tried again at", _moment(trouble.open_until)))
        return lines

    for key, value in with_store(run):
        say(f"{key + ':':22}{value}")


def pause(name: Name) -> None:
    """Ask nothing of a source's vendor until it is resumed. Its records stay."""
    _set_state(name, SourceState.PAUSED)
    say(f"The source {name!r} is paused.")


def resume(name: Name) -> None:
    """Go on pulling a source that was paused, or that is left alone for its errors."""
    _set_state(name, SourceState.ACTIVE)
    say(f"The source {name!r} is pulled again. What it missed meanwhile is read first.")


def remove(
    name: Name,
    with_calls: Annotated[bool, typer.Option("--with-calls", help="Remove all that came from it, too.")] = False,
) -> None:
    """Remove a source, its credentials, and with --with-calls everything that came from it, for ever."""

    async def run(database: Database, scope: Scope, _: Any) -> int:
        async with database.read() as connection:
            source = await sources.required(connection, scope, name)
            calls = await count_calls(connection, scope, source.id)
        if calls and not with_calls:
            raise InputError(
                f"The source {name!r} has {calls:,} calls. Remove them with it: --with-calls. "
                f"Or only stop pulling it: switchboard source pause {name}"
            )
        removed = 0
        async with held(database, Lease(scope, source.id, new_holder())):
            with progress() as shown_:
                task = shown_.add_task(name, total=calls, said="")
                while some := await remove_calls(database, scope, source.id):
                    removed += some
                    shown_.update(task, completed=removed, said=f"{removed:,} calls")
            await remove_rest(database, scope, source.id)
        return removed

    removed = with_store(run)
    say(f"The source {name!r} is removed" + (f", with {removed:,} calls." if removed else "."))


def _set_state(name: str, state: SourceState) -> None:
    async def run(database: Database, scope: Scope, _: Any) -> None:
        async with database.write() as connection:
            source = await sources.required(connection, scope, name)
            if source.state is SourceState.MANUAL:
                raise InputError(
                    f"Nothing pulls the source {name!r}: its records come as files. Say how it is pulled: "
                    f"switchboard source add {source.provider.value.lower()} --name {name}"
                )
            await sources.set_state(connection, scope, source.id, state)

    with_store(run)


def _places(spec: ProviderSpec, said: list[str], settings: Settings) -> dict[str, str]:
    """Where each credential is. One that was not said is asked for. Raises InputError for one that nobody needs."""
    needed = spec.api.credentials if spec.api else ()
    given = {name: place or "-" for name, _, place in (one.partition("=") for one in said)}
    if unknown := given.keys() - {*needed, WEBHOOK}:
        names_ = " and ".join(needed) or "none"
        raise InputError(f"{spec.title} has no credential {min(unknown)[:20]!r}; it needs {names_}.")
    places = {}
    for name in (*needed, *([WEBHOOK] if WEBHOOK in given else [])):
        place = given.get(name, "-")
        places[name] = sealed(_asked(name, spec), settings.credentials_key) if place == "-" else place_of(place)
    return places


def _asked(name: str, spec: ProviderSpec) -> str:
    """A secret, typed without being shown, or the next line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(f"{spec.title}: {name}", hide_input=True))
    found = sys.stdin.readline().strip()
    if not found:
        raise InputError(f"Say where the credential {name!r} is: --credential {name}=env:VARIABLE")
    return found


def _address(spec: ProviderSpec, said: str | None) -> str | None:
    """Where the API is, or the files are; None for where everybody's API is. Raises InputError."""
    if spec.api is None and spec.lines is None:
        if said is not None:
            raise InputError("Nothing is pulled of a generic source: leave --address out.")
        return None
    if spec.api is None:
        if said is None:
            raise InputError(f"{spec.title} writes files: say where, with --address /path/of/a/file/or/directory")
        path = Path(said).expanduser().absolute()
        if not path.exists():
            raise InputError(f"There is nothing at {path}.")
        return str(path)
    if said is None and spec.api.address is None:
        raise InputError(f"Every customer of {spec.title} has an address of their own: say it with --address https://…")
    if said is None or said.startswith(("https://", "http://")):
        return said
    raise InputError(f"{said!r} is no address. It begins with https://")


def _first_day(said: str | None, locale: Locale) -> datetime:
    if said is None:
        return now() - timedelta(days=365)
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=locale.zone).astimezone(UTC)
    except ValueError as error:
        raise InputError(f"{said!r} is no day. Write it so: --since 2024-01-31") from error


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"

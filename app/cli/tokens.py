"""Commands for API tokens: who may ask, what they may see, and for how long."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.access.tokens import digest_of, new_secret, rights_named
from app.cli.running import now, with_store
from app.domain.errors import InputError
from app.domain.ids import new_id
from app.domain.scope import Reach, Right, Scope
from app.domain.tokens import Token
from app.graphql import ids
from app.store import sources, tokens
from app.store.database import Database

# What a token may do that says nothing: read calls and counts, with numbers, but no notes, recordings or insights.
USUAL = ("calls:read", "stats:read", "numbers:read")
Names = list[str] | None


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="API tokens: who may ask, what they may see, and for how long.")
    group.command("add", epilog="Example: `switchboard token add dashboard --scope calls:read --scope stats:read`")(add)
    group.command("list", epilog="Example: `switchboard token list`")(list_)
    group.command("revoke", epilog="Example: `switchboard token revoke dashboard`")(revoke)
    app.add_typer(group, name="token", epilog="Example: `switchboard token add dashboard`")


def add(
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    scope: Annotated[
        Names,
        typer.Option(help=f"A right; repeat it. One of {', '.join(r.value for r in Right)}. Else {', '.join(USUAL)}."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="How many days it is valid; for ever where not given.")
    ] = None,
    agent: Annotated[Names, typer.Option(help="Only calls of this agent, by node id; repeat it.")] = None,
    source: Annotated[Names, typer.Option(help="Only calls of this source, by name; repeat it.")] = None,
    org_unit: Annotated[
        Names, typer.Option(help="Only calls of this organisation unit, by node id; repeat it.")
    ] = None,
    agent_tag: Annotated[Names, typer.Option(help="Only calls of agents with this tag; repeat it.")] = None,
) -> None:
    """Make a token and print its secret, which is shown this once."""
    if not name.strip():
        raise InputError("Give the token a name: what it is for. Example: switchboard token add dashboard")
    rights = rights_named(scope or USUAL)

    async def run(database: Database, whose: Scope, _: Any) -> str:
        async with database.write() as connection:
            source_ids = None
            if source:
                source_ids = tuple([(await sources.required(connection, whose, one)).id for one in source])
            reach = Reach(
                agent_ids=_ids(whose, "Agent", agent),
                source_ids=source_ids,
                org_unit_ids=_ids(whose, "OrgUnit", org_unit),
                agent_tags=tuple(agent_tag) if agent_tag else None,
            )
            secret, at = new_secret(whose.workspace_id), now()
            expires_at = at + timedelta(days=days) if days else None
            made = Token(new_id(at), name, rights, reach, at, expires_at, None, None)
            await tokens.add(connection, whose, made, digest_of(secret))
        return secret

    typer.echo(with_store(run))
    Console(stderr=True, highlight=False).print(
        "Keep it: it is not shown again. Send it as  Authorization: Bearer <token>"
    )


def list_() -> None:
    """List the tokens: what they may, and when they were last used."""

    async def run(database: Database, whose: Scope, _: Any) -> list[Token]:
        async with database.read() as connection:
            return await tokens.listed(connection, whose)

    found = with_store(run)
    if not found:
        typer.echo("There is no token yet. Make one: switchboard token add dashboard")
        return
    table = Table("name", "scopes", "limited", "last used", "state", box=None)
    for token in found:
        scopes = " ".join(sorted(right.value for right in token.rights))
        used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
        table.add_row(token.name, scopes, "yes" if token.reach.limited else "no", used, _state(token))
    Console().print(table)


def revoke(name: Annotated[str, typer.Argument(help="The token's name.")]) -> None:
    """End a token for good; running servers know it within seconds."""

    async def run(database: Database, whose: Scope, _: Any) -> None:
        async with database.write() as connection:
            await tokens.revoke(connection, whose, name, now())

    with_store(run)
    typer.echo(f"Revoked {name}.")


def _state(token: Token) -> str:
    if token.revoked_at:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    if token.expires_at is None:
        return "valid"
    return f"valid until {token.expires_at:%Y-%m-%d}" if token.valid(now()) else f"expired {token.expires_at:%Y-%m-%d}"


def _ids(scope: Scope, type_name: str, node_ids: Sequence[str] | None) -> tuple[str, ...] | None:
    if not node_ids:
        return None
    found = []
    for node_id in node_ids:
        id = ids.decode_as(scope, type_name, node_id)
        if id is None:
            raise InputError(f"{node_id!r} is no id of this workspace's {type_name}s. Ask the graph for it.")
        found.append(id)
    return tuple(found)

"""The demo: makes a believable company's calls, on every core, and serves them."""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from functools import partial
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app import demo as company
from app.access.tokens import digest_of, new_secret
from app.cli.running import now, progress, ready_store, say
from app.cli.server import Host, Port, listening, run
from app.domain.ids import new_id
from app.domain.scope import EVERY_RIGHT, Reach, Right, Scope
from app.domain.tokens import Token
from app.settings import Settings
from app.store import tokens
from app.store.database import Database
from app.sync.compacting import compact
from app.sync.ingest import AT_ONCE, Counts, Turn
from app.web.examples import examples
from app.web.loopback import is_loopback

_VISITOR = "demo"
_MOST_WORKERS = 3  # more would only wait for each other: the store has one writer at a time
_turn: Turn = AT_ONCE  # a worker's turn to write


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: `switchboard demo --port 8080`")(demo)


def demo(
    host: Host = None,
    port: Port = None,
    database: Annotated[Path, typer.Option(help="The SQLite file of the demo.")] = Path("switchboard-demo.sqlite"),
    fill_only: Annotated[bool, typer.Option(help="Make the company's calls and stop.")] = False,
) -> None:
    """Make a believable company's calls, serve them, and print where.

    The company has 3 sources, 40 agents, 2,000 contacts and 50,000 calls of the last 90 days; made once, then kept.
    """
    settings = Settings(database=f"sqlite:///{database}", workspace="demo", timezone="Asia/Kolkata")
    moment = now()
    if not asyncio.run(prepared(settings, moment)):
        counts = fill(settings, moment)
        Console(stderr=True).print(f"Made {counts.new:,} records.", highlight=False)
    if not fill_only:
        token = asyncio.run(_new_token(settings, moment))
        served = listening(settings, host, port)
        run(served, partial(_greet, token, is_loopback(served.host)), token)


async def _new_token(settings: Settings, moment: datetime) -> str:
    """A token that sees everything of the demo; the one before it, which nobody knows any more, ends."""
    scope, secret = Scope(settings.workspace), new_secret(settings.workspace)
    made = Token(new_id(moment), _VISITOR, EVERY_RIGHT - {Right.ADMIN}, Reach(), moment, None, None, None)
    async with ready_store(settings) as store, store.write() as connection:
        if any(one.name == _VISITOR and one.valid(moment) for one in await tokens.listed(connection, scope)):
            await tokens.revoke(connection, scope, _VISITOR, moment)
        await tokens.add(connection, scope, made, digest_of(secret))
    return secret


async def prepared(settings: Settings, moment: datetime) -> bool:
    """Makes the store and the company's sources ready; whether their calls are there already."""
    scope = Scope(settings.workspace)
    async with ready_store(settings) as store:
        await company.open_sources(store, scope, moment)
        return await company.is_fresh(store, scope, moment)


def fill(settings: Settings, moment: datetime, size: company.Size = company.FULL) -> Counts:
    """Takes the company's calls up to the moment into a store that is ready, on as many cores as there are.

    Making payloads and reading them is most of the work, and needs no store.
    """
    total = Counts()
    company.calls_of(moment, size)  # made once: the workers are copies of this process, where there can be copies
    processes = _context()
    workers = min((os.cpu_count() or 1) + 1, _MOST_WORKERS)
    pool = ProcessPoolExecutor(workers, processes, _prepare_worker, (processes.Lock(),))
    waiting = [pool.submit(_take, settings, moment, size, part) for part in company.PARTS]
    with pool, progress() as shown:  # which shows itself by a thread, so it comes after the workers
        task = shown.add_task("Making the demo company", total=len(waiting), said="")
        try:
            for done in as_completed(waiting):
                total += done.result()
                shown.update(task, advance=1, said=f"{total.read:,} of {size.calls:,} calls")
        except BaseException:  # Ctrl+C, too: what was not begun is not waited for
            pool.shutdown(cancel_futures=True)
            raise
        asyncio.run(_sum_up(settings))
    return total


async def _sum_up(settings: Settings) -> None:
    async with ready_store(settings) as store:
        await compact(store, Scope(settings.workspace))


def _context() -> BaseContext:
    """How workers are started. No thread runs at that moment, so a copy is safe where the system's libraries allow it."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _prepare_worker(turn: Turn) -> None:
    """A worker leaves Ctrl+C to the command, and ends when the command does, however that ends.

    A lock can be given to a process only as it starts, so the worker keeps it for the parts that come.
    """
    global _turn
    _turn = turn
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _take(settings: Settings, moment: datetime, size: company.Size, part: company.Part) -> Counts:
    async def run() -> Counts:
        store = Database(settings.database)
        try:
            return await company.take(store, Scope(settings.workspace), moment, part, size, _turn)
        finally:
            await store.close()

    return asyncio.run(run())


def _greet(token: str, for_this_machine: bool, address: str) -> None:
    first = examples()[0].query
    if not for_this_machine:
        say(f"Token     {token}\n          GraphiQL has it on this machine; on others it asks for it.")
    say(f"\nA query to begin with; GraphiQL opens with it:\n\n{first}")
    body = f'{{"query": "{" ".join(first.split())}"}}'
    say(
        f"curl -s {address}/graphql -H 'authorization: Bearer {token}' -H 'content-type: application/json' -d '{body}'\n"
    )

"""Stores of each test's own: copies of what is made once; a PostgreSQL one is put back as it was rather than made anew.

To make and drop a database takes a tenth of a second, and on a busy machine the half of one: longer than most tests.
"""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

# Puts into a store, by its path or address, what its copies hold from the beginning.
Fill = Callable[[str], None]
# A test that left more rows than this leaves a store that is slower than a new one.
_MOST_ROWS = 2_000
# Keeps what a template holds within it, with a function that puts it back and says how many rows there were.
_KEEP = """
    CREATE SCHEMA kept;
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
      END LOOP;
    END $$;
    CREATE FUNCTION kept.restore() RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE name text; gone bigint; total bigint := 0; BEGIN
      SET LOCAL session_replication_role = replica;
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
        EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
      END LOOP;
      RETURN total;
    END $$;
"""
# Whatever a test may change but rows: tables, columns, indexes, rules, triggers, functions, and statistics.
_SHAPE = """
    SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
      SELECT concat_ws(' ', c.oid, a.attnum, a.attname, a.attnotnull, a.atthasdef, a.attisdropped) AS part
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'rule', oid, convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT concat('function ', oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgenabled) FROM pg_trigger
      UNION ALL SELECT concat('schema ', nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
      UNION ALL SELECT concat('statistics ', count(*)) FROM pg_statistic WHERE starelid >= 16384
    ) AS parts
"""
_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


class SQLiteCopies:
    """Copies of a file."""

    def __init__(self, template: Path) -> None:
        self._template = template
        self._filled: dict[object, Path] = {}

    def copy(self, path: Path, key: object = None, fill: Fill | None = None) -> None:
        """Makes a copy at a path; of one that was filled under a key, if there is something to fill with."""
        template = self._template
        if fill:
            if key not in self._filled:
                made = self._template.with_name(f"filled{len(self._filled)}.sqlite")
                shutil.copy(self._template, made)
                fill(f"sqlite:///{made}")
                self._filled[key] = made
            template = self._filled[key]
        shutil.copy(template, path)


class PostgreSQLCopies:
    """Copies of a database; a thread puts them back as they were while the next test runs."""

    def __init__(self, address_of: Callable[[str], str], template: str) -> None:
        """`address_of` says the address of a database by its name."""
        self._address_of = address_of
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._templates: dict[object, str] = {None: template}
        self._shapes: dict[str, str] = {}
        self._free: dict[str, list[str]] = defaultdict(list)
        self._returning: Future[None] | None = None
        self._do(self._keep(template))

    def copy(self, key: object = None, fill: Fill | None = None) -> tuple[str, str]:
        """A copy's template and name; of one that was filled under a key, if there is something to fill with."""
        if fill and key not in self._templates:
            made = self._do(self._made(self._templates[None]))
            self._do(self._sent(made, "DROP SCHEMA kept CASCADE"))
            fill(self._address_of(made))
            self._do(self._keep(made))
            self._templates[key] = made
        template = self._templates[key if fill else None]
        if not self._free[template] and self._returning:
            self._returning.result()
        return template, self._free[template].pop() if self._free[template] else self._do(self._made(template))

    def take_back(self, template: str, name: str) -> None:
        """Has a copy put back as it was, for a later test; dropped where a test changed more of it than rows."""
        self._returning = self._thread.submit(lambda: self._runner.run(self._taken_back(template, name)))

    def close(self) -> None:
        """Waits for what is still under way."""
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._thread.submit(lambda: self._runner.run(work)).result()

    async def _made(self, template: str) -> str:
        name = f"t{uuid4().hex}"
        await self._sent("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    async def _keep(self, template: str) -> None:
        await self._sent(template, _KEEP)
        async with self._connected(template) as connection:
            self._shapes[template] = await connection.fetchval(_SHAPE)

    async def _taken_back(self, template: str, name: str) -> None:
        if await self._restored(template, name):
            self._free[template].append(name)
        else:
            await self._sent("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _restored(self, template: str, name: str) -> bool:
        try:
            async with self._connected(name) as connection:
                await connection.fetch(_ALONE, name)
                if await connection.fetchval(_SHAPE) != self._shapes[template]:
                    return False
                return bool(await connection.fetchval("SELECT kept.restore()") <= _MOST_ROWS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    async def _sent(self, name: str, statement: str) -> None:
        async with self._connected(name) as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def _connected(self, name: str):  # type: ignore[no-untyped-def]
        connection = await asyncpg.connect(self._address_of(name))
        try:
            yield connection
        finally:
            await connection.close()

"""INSERT … ON CONFLICT: one text, and one meaning, on both engines."""

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from app.domain.sources import Provider
from app.store.call_rows import Relations, Told, row_of
from app.store.database import Database
from app.store.statements import Statement
from app.store.tables import calls, excluded_numbers
from app.store.trouble import RefusedError
from app.store.upsert import insert_all, insert_into, insert_new, put_newer
from tests.builders import a_call
from tests.conftest import NOW, SCOPE, House

KEYS = ["workspace_id", "number"]


def numbered(number: str, created_at: int) -> dict[str, Any]:
    return {"workspace_id": SCOPE.workspace_id, "number": number, "created_at": created_at}


async def kept(database: Database) -> dict[str, int]:
    statement = select(excluded_numbers.c.number, excluded_numbers.c.created_at)
    async with database.read() as connection:
        return dict((await connection.execute(statement)).all())


async def test_rows_that_are_there_stay_as_they_are(database: Database) -> None:
    for rows in ([numbered("a", 1), numbered("b", 1)], [numbered("b", 2), numbered("c", 2)], []):
        async with database.write() as connection:
            await insert_new(connection, excluded_numbers, rows)
    assert await kept(database) == {"a": 1, "b": 1, "c": 2}


async def test_row_may_come_twice_in_one_batch(database: Database) -> None:
    async with database.write() as connection:
        await insert_new(connection, excluded_numbers, [numbered("a", 1), numbered("a", 2)])
    assert await kept(database) == {"a": 1}


async def test_conflict_may_update_where_what_is_new_is_newer(database: Database) -> None:
    returned = []
    for number, created_at in (("a", 5), ("a", 4), ("a", 6), ("b", 1)):
        async with database.write() as connection:
            insert = insert_into(connection, excluded_numbers)
            upsert = insert.on_conflict_do_update(
                index_elements=KEYS,
                set_={"created_at": insert.excluded.created_at},
                where=insert.excluded.created_at > excluded_numbers.c.created_at,
            ).returning(excluded_numbers.c.number)
            returned.append((await connection.execute(upsert, [numbered(number, created_at)])).scalars().all())
    assert await kept(database) == {"a": 6, "b": 1}
    assert returned == [["a"], [], ["a"], ["b"]]


async def test_newer_version_takes_the_place_of_an_older_one_and_keeps_its_id(house: House) -> None:
    source = await house.source(Provider.SMARTFLO)

    def version(notes: str, minutes: int) -> dict[str, Any]:
        told = Told(a_call("one", notes=notes, modified_at=NOW + timedelta(minutes=minutes)), {}, NOW)
        return row_of(house.scope, source.id, f"{minutes:032}", told, Relations({}, {}, {}, {}), NOW)

    first = version("first", 1)
    for row in (first, version("stale", 0), version("newer", 2)):
        async with house.database.write() as connection:
            await put_newer(connection, calls, ("workspace_id", "source_id", "provider_call_id"), [row])
    async with house.database.read() as connection:
        kept = (await connection.execute(select(calls.c.id, calls.c.notes, calls.c.details))).all()
    assert kept == [(first["id"], "newer", msgspec.json.decode(first["details"]))]


async def test_both_engines_are_sent_the_same_text(database: Database) -> None:
    sent: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    async with database.write() as connection:
        await insert_new(connection, excluded_numbers, [numbered("a", 1)])
        insert = insert_into(connection, excluded_numbers).values([numbered("b", 1), numbered("c", 1)])
        changed = {"created_at": insert.excluded.created_at}
        await connection.execute(insert.on_conflict_do_update(index_elements=KEYS, set_=changed))
    texts = [re.sub(r"\$\d+(::\w+)?( COLLATE \"C\")?", "?", text) for text in sent if text.startswith("INSERT")]
    assert texts == [
        "INSERT INTO excluded_numbers (workspace_id, number, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        "INSERT INTO excluded_numbers (workspace_id, number, created_at) VALUES (?, ?, ?), (?, ?, ?) "
        "ON CONFLICT (workspace_id, number) DO UPDATE SET created_at = excluded.created_at",
    ]


async def test_many_new_rows_are_all_there_whatever_is_in_them(database: Database) -> None:
    rows = [numbered(f"{n} 'a\t\\N\n{chr(233)}\"", n) for n in range(700)]
    async with database.write() as connection:
        await insert_all(connection, excluded_numbers, rows)
    assert await kept(database) == {row["number"]: row["created_at"] for row in rows}


async def test_row_that_is_there_already_is_an_error_and_nothing_of_its_transaction_is_kept(database: Database) -> None:
    for count in (3, 300):
        with pytest.raises(IntegrityError):
            await added(database, [numbered("a", n) for n in range(count)])
        assert await kept(database) == {}


async def test_value_that_the_store_does_not_take_is_refused_among_many_as_alone(database: Database) -> None:
    for count in (1, 300):
        with pytest.raises(RefusedError):
            await added(database, [numbered(str(n), 2**70) for n in range(count)])
    assert await kept(database) == {}


async def test_who_watches_statements_is_told_of_many_rows_as_of_few(database: Database) -> None:
    seen: list[Statement] = []
    database.watch(seen.append)
    async with database.write() as connection:
        await insert_all(connection, excluded_numbers, [numbered(str(n), n) for n in range(64)])
    (found,) = [one for one in seen if "excluded_numbers" in one.text]
    assert (found.failed, found.text.split()[0]) == (False, "INSERT" if database.is_sqlite else "COPY")


async def added(database: Database, rows: list[dict[str, Any]]) -> None:
    """Adds rows in a transaction of their own."""
    async with database.write() as connection:
        await insert_new(connection, excluded_numbers, [numbered("first", 0)])
        await insert_all(connection, excluded_numbers, rows)

"""The short form of every fault test: the same harm for a few seconds, on real processes."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.domain.sources import Provider
from tests.faults import (
    database_restart,
    disconnect,
    frozen_database,
    full_disk,
    kill,
    kill_files,
    rolling_restart,
    slow_client,
    sqlite_writers,
)
from tests.faults.figures import Figure
from tests.faults.mistakes import MISTAKES
from tests.faults.servers import PostgreSQL, Switchboard, postgresql, switchboard

# A shared, busy machine may take longer for everything; what is counted must still be what it is.
SLACK = 2
LIMIT = 2.0


@pytest.fixture(scope="module")
def store() -> Iterator[PostgreSQL]:
    """A PostgreSQL that may be harmed."""
    with postgresql() as found:
        yield found


@pytest.fixture(scope="module")
def server(store: PostgreSQL) -> Iterator[Switchboard]:
    """A server on it."""
    with switchboard(store.url, deadline_seconds="10") as found:
        yield found


def beyond(figures: list[Figure]) -> list[Figure]:
    """The figures that are beyond their limit."""
    return [one for one in figures if one.most is not None and not float(one.value) <= one.most * SLACK]


async def test_a_database_that_restarts_is_told_as_503_and_is_served_again_by_itself(
    store: PostgreSQL, server: Switchboard
) -> None:
    found = await database_restart.measure(store, server, seconds=4.5, count=4)
    assert not beyond(found.figures)
    assert found.load.told["200"] > 0
    assert found.load.told["503"] > 0


async def test_a_frozen_database_is_told_as_503_within_seconds(store: PostgreSQL, server: Switchboard) -> None:
    found = await frozen_database.measure(store, server, seconds=8, count=6)
    assert not beyond(found.figures)
    assert found.load.told["200"] > 0
    assert found.load.told["503"] > 0


async def test_statements_end_with_the_client_that_asked(store: PostgreSQL, server: Switchboard) -> None:
    found = await disconnect.measure(store, server, count=3)
    assert not beyond(found.figures)
    assert found.waiting == 3


async def test_slow_clients_are_cut_off_and_nobody_else_notices(store: PostgreSQL) -> None:
    with switchboard(store.url, deadline_seconds=str(LIMIT)) as hasty:
        found = await slow_client.measure(hasty, LIMIT, count=8)
    assert not beyond(found.figures)
    assert {cut.status for cut in found.cuts} == {408}
    assert min(cut.seconds for cut in found.cuts) > LIMIT / 2


async def test_servers_are_replaced_without_losing_a_request(store: PostgreSQL) -> None:
    found = await rolling_restart.measure(store.url, restarts=1, count=6)
    assert not beyond(found.figures)
    assert found.load.told["200"] > 0
    assert len(found.stops) == 1


def test_eight_writers_of_one_sqlite_file_lose_no_update(tmp_path: Path) -> None:
    found = sqlite_writers.measure(tmp_path, writers=8, seconds=2)
    assert not beyond(found.figures)
    assert min(one.changes for one in found.written) > 0


async def test_a_server_says_it_is_not_ready_while_it_drains_and_answers_all_the_same(store: PostgreSQL) -> None:
    with switchboard(store.url, drain_seconds="2") as server:
        ending = asyncio.create_task(asyncio.to_thread(server.terminate))
        while " 503 " not in (answer := await ready(server)):
            assert " 200 " in answer
        assert "connection: close" in answer
        assert await ending < 10


async def ready(server: Switchboard) -> str:
    """What a server says of being ready, in small letters, to the end of the connection or of the head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.address.rsplit(":", 1)[1]))
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    writer.close()
    return answer


def test_a_full_disk_loses_nothing_acknowledged_and_leaves_questions_answered(tmp_path: Path) -> None:
    ended = full_disk.on_tmpfs(["--megabytes", "8"], 8, tmp_path)
    if ended is None:  # this machine mounts nothing for us
        assert not beyond(full_disk.with_small_files(tmp_path, 4).figures)
    else:
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        database_restart,
        frozen_database,
        disconnect,
        full_disk,
        slow_client,
        rolling_restart,
        sqlite_writers,
        kill_files,
    ],
)
def test_every_fault_test_is_a_command_with_help(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["command", "--help"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 0
    assert f"Example: python -m {command.__name__}" in capsys.readouterr().out


async def test_a_puller_that_is_killed_loses_and_doubles_nothing_on_sqlite(tmp_path: Path) -> None:
    found = await kill.measure(f"sqlite:///{tmp_path / 'store.sqlite'}", Provider.CALLYZER, count=200, kills=3, days=10)
    assert not beyond(found.figures)


async def test_a_puller_that_is_killed_loses_and_doubles_nothing_on_postgresql(store: PostgreSQL) -> None:
    found = await kill.measure(store.url, Provider.SMARTFLO, count=200, kills=3, days=10)
    assert not beyond(found.figures)


async def test_a_follower_of_files_that_is_killed_loses_and_doubles_no_row_on_sqlite(tmp_path: Path) -> None:
    found = await kill_files.measure(f"sqlite:///{tmp_path / 'store.sqlite'}", tmp_path, rows=3_200, kills=2)
    assert not beyond(found.figures)
    assert found.rotations == 2


async def test_a_follower_of_files_that_is_killed_loses_and_doubles_no_row_on_postgresql(
    store: PostgreSQL, tmp_path: Path
) -> None:
    found = await kill_files.measure(store.url, tmp_path, rows=1_800, kills=1)
    assert not beyond(found.figures)


@pytest.mark.parametrize("mistake", kill_files.MISTAKES)
async def test_what_a_follower_of_files_must_not_do_is_caught(mistake: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    found = await kill_files.measure(url, tmp_path, rows=9_000, kills=12, mistake=mistake)
    assert beyond(found.figures)


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_what_a_puller_must_not_do_is_caught(mistake: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    # A kill hits between two transactions by chance, and only while there is history left to be read. It ends with the
    # first that does.
    found = await kill.measure(url, Provider.CALLYZER, count=600, kills=45, days=200, mistake=mistake)
    assert beyond(found.figures)

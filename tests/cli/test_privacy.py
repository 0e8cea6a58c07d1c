"""The commands for privacy, as they are typed: on a store of either engine, with their exit codes."""

import asyncio
import json

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.domain.errors import InputError, StoreError
from app.store import access_documents, access_log
from app.store.access_documents import KeptDocument
from app.store.access_tables import access_log as log_rows
from app.store.database import Database
from app.store.tables import metadata
from tests.conftest import NOW, SCOPE, Filling, House
from tests.store import people
from tests.store.people import DIGITS, RAVI
from tests.store.test_access_log import access


@pytest.fixture
def fill() -> Filling:
    """Ravi's calls and the others'."""
    return people.fill


@pytest.fixture(autouse=True)
def filled(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are in the store of the settings."""
    monkeypatch.setenv("SWITCHBOARD_DATABASE", store_url)


def on_store(url: str, work: object) -> None:
    async def run() -> None:
        database = Database(url)
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
        await work(database)  # type: ignore[operator]
        await database.close()

    asyncio.run(run())


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_export_prints_one_json_document() -> None:
    result = typed("person", "export", RAVI)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["number"], len(told["calls"]), len(told["rejected"])) == (RAVI, 5, 1)
    assert "+9779650000255" in result.stderr


def test_erase_says_what_it_would_do_until_it_is_told_to() -> None:
    result = typed("person", "erase", RAVI)
    assert isinstance(result.exception, InputError)
    assert "5 calls" in str(result.exception)
    assert "--yes" in str(result.exception)
    assert len(json.loads(typed("person", "export", RAVI).stdout)["calls"]) == 5


def test_erase_erases() -> None:
    result = typed("person", "erase", RAVI, "--yes")
    assert result.stdout == "erased: calls 5, contacts 1, dead letters 1, mentions 1\n"
    told = json.loads(typed("person", "export", RAVI).stdout)
    assert (told["contacts"], told["calls"], told["rejected"]) == ([], [], [])


def test_erase_with_calls_removes_them(store_url: str) -> None:
    typed("person", "erase", RAVI, "--yes", "--calls")

    async def check(database: Database) -> None:
        assert len(await people.rows(House(database), "calls")) == 4
        assert await people.said(database, DIGITS[1]) == []

    on_store(store_url, check)


def test_retention_is_set_shown_run_and_cleared() -> None:
    assert typed("retention", "show").stdout == "calls: for ever\nrecordings: for ever\npayloads: for ever\n"
    assert typed("retention", "run").stdout == "removed: calls 0, recordings 0, payloads 0\n"
    typed("retention", "set", "payloads", "30")
    typed("retention", "set", "calls", "730")
    typed("retention", "clear", "calls")
    assert typed("retention", "show").stdout == "calls: for ever\nrecordings: for ever\npayloads: 30 days\n"
    assert typed("retention", "run").stdout == "removed: calls 0, recordings 0, payloads 11\n"


@pytest.mark.parametrize("words", [("set", "calls", "0"), ("set", "everything", "3"), ("set", "calls"), ("clear",)])
def test_a_rule_that_means_nothing_is_refused(words: tuple[str, ...]) -> None:
    assert typed("retention", *words).exit_code == 2


def test_the_access_log_is_shown_and_verified(store_url: str) -> None:
    assert typed("access-log", "show").stdout == "Nothing was asked yet.\n"
    on_store(store_url, _fill_log)
    shown = typed("access-log", "show", "--last", "2").stdout
    assert len(shown.splitlines()) == 2
    assert "dashboard" in shown
    result = typed("access-log", "verify")
    assert (result.exit_code, result.stdout[:17]) == (0, "3 rows, unbroken.")


def test_the_documents_of_the_access_log_are_shown_when_asked_for(store_url: str) -> None:
    async def fill(database: Database) -> None:
        kept = [KeptDocument("d" * 64, "{ viewer { name } }", NOW), KeptDocument("e" * 64, "{ nobody asked }", NOW)]
        async with database.write() as connection:
            await access_log.append(connection, SCOPE, [access(document="d" * 64)])
            await access_documents.add(connection, SCOPE, kept)

    on_store(store_url, fill)
    assert "viewer {" not in typed("access-log", "show").stdout
    shown = typed("access-log", "show", "--documents").stdout
    assert f"# {'d' * 64}, first seen" in shown
    assert "{ viewer { name } }" in shown
    assert "nobody asked" not in shown


@pytest.mark.parametrize("change", [update(log_rows).values(row_count=9), delete(log_rows)])
def test_a_broken_access_log_ends_with_1_and_names_the_row(store_url: str, change: object) -> None:
    on_store(store_url, _fill_log)

    async def tamper(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(change.where(log_rows.c.position == 2))  # type: ignore[attr-defined]

    on_store(store_url, tamper)
    result = typed("access-log", "verify")
    assert result.exit_code == 1
    assert "row 2" in result.stderr


async def _fill_log(database: Database) -> None:
    async with database.write() as connection:
        await access_log.append(connection, SCOPE, [access(number) for number in range(3)])


@pytest.mark.parametrize(
    "command", [("person", "export"), ("person", "erase"), ("retention", "set"), ("access-log", "verify")]
)
def test_each_command_shows_an_example(command: tuple[str, ...]) -> None:
    assert "Example: " in typed(*command, "--help").stdout


def noted() -> list[str]:
    """What the access log says of commands: their names and rows."""
    shown = typed("access-log", "show").stdout
    return [line.split("  ", 3)[3] for line in shown.splitlines() if "command:" in line]


def test_commands_on_people_are_written_down_without_whose_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "asha")
    typed("person", "export", RAVI)
    typed("person", "erase", RAVI)
    typed("person", "erase", RAVI, "--yes")
    typed("rejected", "--payload")
    typed("exclude", "add", "+9779810000078")
    typed("exclude", "list")
    typed("retention", "set", "calls", "1")
    typed("retention", "run")
    typed("retention", "run")  # which found nothing more
    assert noted() == [
        "person export  7 rows  command  0",
        "person erase, asked about  6 rows  command  0",
        "person erase  6 rows  command  0",
        "rejected  1 rows  command  0",
        "exclude list  1 rows  command  0",
        "retention run  9 rows  command  0",
    ]
    whole = typed("access-log", "show").stdout
    assert "asha (command:asha)" in whole
    assert DIGITS[1] not in whole
    assert typed("access-log", "verify").stdout.startswith("6 rows, unbroken.")


def test_a_command_that_cannot_be_written_down_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise StoreError("The store's disk is full.")

    monkeypatch.setattr("app.store.access_log.append", full)
    for words in (("person", "export", RAVI), ("person", "erase", RAVI, "--yes"), ("rejected",), ("exclude", "list")):
        result = typed(*words)
        assert isinstance(result.exception, StoreError)
        assert result.stdout == ""


def test_with_the_access_log_off_commands_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_ACCESS_LOG", "false")
    typed("person", "export", RAVI)
    assert typed("access-log", "show").stdout == "Nothing was asked yet.\n"

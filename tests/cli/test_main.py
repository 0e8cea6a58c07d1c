"""What is wrong outside the records, be it a setting, the store or the command, is one line and an exit code."""

import asyncio
import socket

import pytest
import typer
import uvicorn

from app.cli.main import app
from tests.cli.program import Program
from tests.conftest import _named, _run_on

COMMANDS = [
    [], ["demo"], ["serve"], ["migrate"], ["schema"], ["explain"], ["import"], ["rejected"], ["exclude"],
    ["exclude", "add"], ["exclude", "remove"], ["exclude", "list"],
    ["token"], ["token", "add"], ["token", "list"], ["token", "revoke"],
    ["documents"], ["documents", "add"], ["documents", "list"], ["documents", "remove"],
    ["person"], ["person", "export"], ["person", "erase"],
    ["retention"], ["retention", "set"], ["retention", "clear"], ["retention", "show"], ["retention", "run"],
    ["access-log"], ["access-log", "show"], ["access-log", "verify"],
    ["source"], ["source", "add"], ["source", "list"], ["source", "show"], ["source", "pause"], ["source", "resume"],
    ["source", "remove"], ["sync"], ["compact"], ["export"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def never_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that gets as far as serving fails rather than hangs."""

    def run(*_: object, **__: object) -> None:
        raise AssertionError("the server was started")

    monkeypatch.setattr(uvicorn.Server, "run", run)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_has_an_example(switchboard: Program, command: list[str]) -> None:
    shown = switchboard(*command, "--help")
    assert shown.code == 0
    assert f"Example: {'SWITCHBOARD_DATABASE' if command in (['serve'], ['migrate']) else 'switchboard'}" in shown.out


def test_no_command_is_left_out_of_these_tests() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert set(group.commands) == {command[0] for command in COMMANDS if command}


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["rejected"], ["exclude", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    ("setting", "text", "code", "said"),
    [
        ("DATABASE", "postgresql://u:secret@127.0.0.1:1/x", 1, "cannot be reached"),
        ("DATABASE", "sqlite:////proc/none/store.sqlite", 1, "/proc/none cannot be made"),
        ("DATABASE", "oracle://db", 2, "not in 'oracle'"),
        ("TIMEZONE", "Foo/Bar", 2, "SWITCHBOARD_TIMEZONE: 'Foo/Bar' is not a time zone. Use an IANA name"),
        ("PORT", "http", 2, "SWITCHBOARD_PORT is 'http'"),
    ],
)
def test_bad_store_or_setting_is_one_line_and_nothing_else(
    switchboard: Program, command: list[str], setting: str, text: str, code: int, said: str
) -> None:
    switchboard.setting(setting, text)
    ended = switchboard(*command)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "secret" not in ended.err


def test_server_on_a_store_that_was_never_migrated_names_the_command_that_does_it(
    switchboard: Program, postgresql: str
) -> None:
    asyncio.run(_run_on(postgresql, "CREATE DATABASE bare"))
    switchboard.setting("DATABASE", _named(postgresql, "bare"))
    ended = switchboard("serve", "--port", "0")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Error: The store is at version none")
    assert "Run: switchboard migrate" in ended.err
    assert switchboard("migrate").out.startswith("Migrated from nothing to ")
    assert switchboard("migrate").out.startswith("The store is at version ")
    asyncio.run(_run_on(postgresql, "DROP DATABASE bare WITH (FORCE)"))


def test_port_that_is_taken_is_said_before_any_address(switchboard: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = switchboard("serve", "--port", str(taken.getsockname()[1]))
    assert (ended.code, ended.out) == (2, "")
    assert "Choose another: --port 0" in ended.err


@pytest.mark.parametrize("arguments", [["imports"], ["import"], ["import", "voxcrow"], ["serve", "--port", "http"]])
def test_wrong_usage_is_told_with_the_way_to_help(switchboard: Program, arguments: list[str]) -> None:
    ended = switchboard(*arguments)
    assert ended.code == 2
    assert "--help" in ended.err

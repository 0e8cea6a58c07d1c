"""Settings: all from the environment, checked, with a default each, and all of them told by --help."""

from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from app.cli.main import app
from app.domain.errors import InputError
from app.settings import PREFIX, Settings, rows


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the tests sets nothing."""
    for name, _, _ in rows():
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_a_server_works_on_this_machine_alone() -> None:
    found = Settings()
    assert (found.database, found.host, found.port) == ("sqlite:///switchboard.sqlite", "127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("SWITCHBOARD_DATABASE", "postgresql://me@db/calls", "database", "postgresql://me@db/calls"),
        ("SWITCHBOARD_DATABASE_POOL", "20", "database_pool", 20),
        ("SWITCHBOARD_BEHIND_PGBOUNCER", "true", "behind_pgbouncer", True),
        ("SWITCHBOARD_WORKSPACE", "acme-1_x", "workspace", "acme-1_x"),
        ("SWITCHBOARD_TIMEZONE", "Asia/Kathmandu", "timezone", "Asia/Kathmandu"),
        ("SWITCHBOARD_PORT", "0", "port", 0),
        ("SWITCHBOARD_GRAPHIQL", "0", "graphiql", False),
        ("SWITCHBOARD_LOG_FORMAT", "json", "log_format", "json"),
        ("switchboard_port", "1", "port", 1),
    ],
)
def test_environment_sets_a_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, field: str, value: Any
) -> None:
    monkeypatch.setenv(name, text)
    assert getattr(Settings(), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_POOL", "0"),
        ("DATABASE_POOL", "101"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("MAX_BODY_BYTES", "10"),
        ("GRAPHIQL", "perhaps"),
        ("LOG_FORMAT", "xml"),
        ("WORKSPACE", "Acme Inc:"),
        ("WORKSPACE", ""),
    ],
)
def test_impossible_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(PREFIX + name, text)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [error["loc"] for error in caught.value.errors()] == [(name.lower(),)]


def test_zone_that_does_not_exist_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_TIMEZONE", "Foo/Bar")
    with pytest.raises(InputError, match="SWITCHBOARD_TIMEZONE: 'Foo/Bar' is not a time zone"):
        Settings()


def test_settings_do_not_change_while_a_server_runs() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_every_setting_has_a_meaning_and_the_default_that_is_told() -> None:
    told = {name: (default, meaning) for name, default, meaning in rows()}
    assert told.keys() == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, value in Settings():
        default, meaning = told[PREFIX + name.upper()]
        assert default == str(value)
        assert meaning.endswith(".")


def test_help_tells_every_setting_with_its_default() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "400", "TERMINAL_WIDTH": "400", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    for name, default, meaning in rows():
        (line,) = [line for line in shown.output.splitlines() if f"{name} = " in line]
        assert f"{name} = {default}: {meaning.replace('`', '')}" in line

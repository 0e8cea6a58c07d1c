"""`switchboard export`: a file of every row, never over another file, and gone on with where it broke off."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.domain.errors import InputError
from app.graphql import exporting

QUERY = "{ agents { nodes { name } } }"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SWITCHBOARD_DATABASE", f"sqlite:///{tmp_path}/store.sqlite")
    made = CliRunner()
    record = tmp_path / "calls.json"
    record.write_text((Path(__file__).parents[1] / "providers/voxcrow/payloads/call_log.json").read_text())
    assert made.invoke(app, ["import", "voxcrow", str(record), "--source", "office"]).exit_code == 0
    return made


def test_every_row_is_written_and_no_file_is_replaced_unasked(runner: CliRunner, tmp_path: Path) -> None:
    into = tmp_path / "agents.csv"
    done = runner.invoke(app, ["export", QUERY, "--into", str(into)])
    assert done.exit_code == 0, done.output
    head, *names = into.read_text().splitlines()
    assert head == "name"
    assert f"{len(names)} rows in" in done.output
    assert isinstance(runner.invoke(app, ["export", QUERY, "--into", str(into)]).exception, InputError)
    assert runner.invoke(app, ["export", QUERY, "--into", str(into), "--force"]).exit_code == 0


def test_an_export_that_breaks_off_says_how_to_go_on(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_SIZES", (1,))
    query, whole, into = "{ calls { nodes { id } } }", tmp_path / "whole.csv", tmp_path / "calls.csv"
    assert runner.invoke(app, ["export", query, "--into", str(whole)]).exit_code == 0
    asked, pages = exporting._asked, 0

    async def second_fails(*given: object) -> object:
        nonlocal pages
        pages += 1
        if pages == 2:
            raise exporting.ExportError("The store is gone.", "STORE")
        return await asked(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "_asked", second_fails)
    broken = runner.invoke(app, ["export", query, "--into", str(into)])
    assert broken.exit_code != 0
    cursor = broken.output.split("--after ")[1].split()[0]
    assert runner.invoke(app, ["export", query, "--into", str(into), "--after", cursor]).exit_code == 0
    assert into.read_text() == whole.read_text()


def test_an_export_that_cannot_begin_leaves_the_old_file(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> object:
        raise exporting.ExportError("The store is gone.", "STORE")

    into = tmp_path / "agents.csv"
    into.write_text("of last month")
    monkeypatch.setattr(exporting, "_asked", fails)
    assert runner.invoke(app, ["export", QUERY, "--into", str(into), "--force"]).exit_code != 0
    assert into.read_text() == "of last month"


def test_a_parquet_file_is_not_gone_on_with(runner: CliRunner, tmp_path: Path) -> None:
    into = tmp_path / "agents.parquet"
    arguments = ["export", QUERY, "--into", str(into), "--format", "parquet"]
    assert runner.invoke(app, arguments).exit_code == 0
    assert isinstance(runner.invoke(app, [*arguments, "--after", "x"]).exception, InputError)

"""`switchboard explain`: the SQL and the builders of a query, or why it is not compiled."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app

QUERY = "query ($ids: [ID!]) { calls(filter: {agentIds: $ids}) { nodes { id agent { name } } } }"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SWITCHBOARD_DATABASE", f"sqlite:///{tmp_path}/none.sqlite")
    return CliRunner()


def test_statements_and_builders_are_shown(runner: CliRunner, tmp_path: Path) -> None:
    shown = runner.invoke(app, ["explain", QUERY, "--variables", '{"ids": ["a"]}'])
    assert shown.exit_code == 0
    assert "LEFT OUTER JOIN agents" in shown.stdout
    assert "for v0, v1, v2, e0, in rows]" in shown.stdout
    assert not list(tmp_path.iterdir()), "the store is not asked"


STEPS = ("2,500", "5,000", "7,500", "10,000")


@pytest.mark.parametrize(
    ("filter", "steps", "ways"),
    [
        ("durationSeconds: {gt: 60}", (*STEPS, "15,000", "25,000", "40,000", "50,000"), ("gathered", "page")),
        ("direction: [INBOUND, OUTBOUND]", (*STEPS, "12,000"), ("gathered", "of ids", "page")),
        ('agentNames: ["Ada"]', (*STEPS, "12,000"), ("gathered", "ids", "of ids", "page")),
        ('hasRecording: true, queues: ["Sales"]', (*STEPS, "15,000", "25,000", "40,000"), ("gathered", "page")),
        (
            "weekdays: [SUNDAY]",
            (*STEPS, "12,000"),
            ("ends", "gathered", "gathered of 60 days", "gathered of 7 days", "of hours", "page"),
        ),
        (
            'search: "asha rai"',
            ("1,000", *STEPS, "15,000", "25,000", "40,000"),
            ("gathered", "met", "page", "said"),
        ),
        ("connected: true", (), ("page",)),
    ],
)
def test_statements_that_are_sent_where_few_calls_fit_are_shown_too(
    runner: CliRunner, filter: str, steps: tuple[str, ...], ways: tuple[str, ...]
) -> None:
    shown = runner.invoke(app, ["explain", f"{{ calls(filter: {{{filter}}}) {{ nodes {{ id }} }} }}"])
    every = sorted([*ways, *(f"further on by {calls}" for calls in steps)])
    assert [line for line in shown.stdout.splitlines() if "step" in line] == [f"-- step 0: {way}" for way in every]


def test_reason_is_shown_where_the_reference_path_answers(runner: CliRunner) -> None:
    shown = runner.invoke(app, ["explain", '{ node(id: "a") { id } }'])
    assert "It is not compiled (field)" in shown.stdout


def test_what_is_no_query_is_refused(runner: CliRunner) -> None:
    for wrong in (["explain", "{ calls"], ["explain", "{ nothing }"], ["explain", "{ calls { nodes { id } } }", "--variables", "[]"]):  # fmt: skip
        assert runner.invoke(app, wrong).exit_code != 0

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


@pytest.mark.parametrize(
    ("filter", "ways"),
    [
        ("durationSeconds: {gt: 60}", ["further on by 12,000", "further on by 2,500", "gathered", "page"]),
        (
            "direction: [INBOUND, OUTBOUND]",
            ["further on by 12,000", "further on by 2,500", "gathered", "of ids", "page"],
        ),
        ('agentNames: ["Ada"]', ["further on by 12,000", "further on by 2,500", "gathered", "ids", "of ids", "page"]),
        (
            'hasRecording: true, queues: ["Sales"]',
            [*(f"further on by {n}" for n in ("10,000", "2,500", "40,000", "5,000", "7,500")), "gathered", "page"],
        ),
        (
            "weekdays: [SUNDAY]",
            [
                "ends",
                "further on by 12,000",
                "further on by 2,500",
                "gathered",
                "gathered of 60 days",
                "gathered of 7 days",
                "of hours",
                "page",
            ],
        ),
        (
            'search: "asha rai"',
            [
                *(f"further on by {n}" for n in ("1,000", "10,000", "2,500", "40,000", "5,000", "7,500")),
                *("gathered", "met", "page", "said"),
            ],
        ),
        ("connected: true", ["page"]),
    ],
)
def test_statements_that_are_sent_where_few_calls_fit_are_shown_too(
    runner: CliRunner, filter: str, ways: list[str]
) -> None:
    shown = runner.invoke(app, ["explain", f"{{ calls(filter: {{{filter}}}) {{ nodes {{ id }} }} }}"])
    assert [line for line in shown.stdout.splitlines() if "step" in line] == [f"-- step 0: {way}" for way in ways]


def test_reason_is_shown_where_the_reference_path_answers(runner: CliRunner) -> None:
    shown = runner.invoke(app, ["explain", '{ node(id: "a") { id } }'])
    assert "It is not compiled (field)" in shown.stdout


def test_what_is_no_query_is_refused(runner: CliRunner) -> None:
    for wrong in (["explain", "{ calls"], ["explain", "{ nothing }"], ["explain", "{ calls { nodes { id } } }", "--variables", "[]"]):  # fmt: skip
        assert runner.invoke(app, wrong).exit_code != 0

"""`switchboard rejected` lists what could not be read, with the reason, and reads it again."""

import json
from dataclasses import replace

import pytest

from app.domain.sources import Provider
from app.providers.registry import PROVIDERS, spec_of
from tests.cli.program import Ended, Program
from tests.cli.samples import CSV, EXCHANGE, ROWS


def take(switchboard: Program, source: str, *bad: str) -> Ended:
    """Imports a good row, and one a word whose direction is that word."""
    rows = [ROWS[0], *(ROWS[1] | {"call_type": word} for word in bad)]
    return switchboard("import", "voxcrow", switchboard.file("rows.json", json.dumps(rows)), "--source", source)


def test_without_any_it_says_so(switchboard: Program) -> None:
    ended = switchboard("rejected")
    assert (ended.code, ended.out) == (0, "No record was rejected.\n")


def test_list_tells_source_reason_and_payload(switchboard: Program) -> None:
    assert "rejected 1" in take(switchboard, "desk", "sideways").out
    ended = switchboard("rejected")
    assert ended.code == 0
    (line,) = [line for line in ended.out.splitlines() if "desk" in line]
    assert "call_type is 'sideways', neither inbound nor outbound" in line
    assert '"agent_fullname"' in line
    assert ended.out.endswith("1 rejected. Read them again with --replay; see them whole with --payload.\n")


def test_list_is_of_one_source_where_it_is_named(switchboard: Program) -> None:
    take(switchboard, "desk", "sideways")
    take(switchboard, "shop", "upwards")
    assert "sideways" not in switchboard("rejected", "--source", "shop").out
    assert "2 rejected." in switchboard("rejected").out


def test_payload_is_json_lines(switchboard: Program) -> None:
    take(switchboard, "desk", "sideways", "upwards")
    found = [json.loads(line) for line in switchboard("rejected", "--payload").out.splitlines()]
    assert {one["payload"]["call_type"] for one in found} == {"sideways", "upwards"}
    assert {one["source"] for one in found} == {"desk"}
    assert all(one["reason"].startswith("call_type is ") for one in found)


def test_row_of_too_few_columns_says_how_many_there_are_and_how_many_there_should_be(switchboard: Program) -> None:
    short = CSV.splitlines()[0].rsplit(b",", 2)[0] + b"\n"
    ended = switchboard("import", "asterisk", switchboard.file("Master.csv", EXCHANGE + b"\n" + short), "--source", "a")
    assert "rejected 2" in ended.out
    reasons = sorted(json.loads(line)["reason"] for line in switchboard("rejected", "--payload").out.splitlines())
    assert reasons[0].startswith("it has 16 columns, not the 18 of Asterisk's Master.csv: set loguniqueid=yes")
    assert reasons[1] == "it has 2 columns, not the 18 of Asterisk's Master.csv"


def test_replay_before_the_cause_is_mended_keeps_them(switchboard: Program) -> None:
    take(switchboard, "desk", "sideways")
    ended = switchboard("rejected", "--replay")
    assert (ended.code, ended.out) == (0, "read 1, new 0, updated 0, unchanged 0, rejected 1\n")
    assert "1 rejected." in switchboard("rejected").out


def test_replay_after_the_cause_is_mended_takes_them(switchboard: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    take(switchboard, "desk", "sideways")
    spec = spec_of(Provider.VOXCROW)
    mended = replace(spec, records=lambda payload, locale: spec.records(payload | {"call_type": "inbound"}, locale))
    monkeypatch.setitem(PROVIDERS, Provider.VOXCROW, mended)
    assert switchboard("rejected", "--source", "desk", "--replay").out == (
        "read 1, new 1, updated 0, unchanged 0, rejected 0\n"
    )
    assert switchboard("rejected").out == "No record was rejected.\n"


@pytest.mark.parametrize("more", [[], ["--replay"], ["--payload"]])
def test_source_that_is_none_is_refused_with_those_there_are(switchboard: Program, more: list[str]) -> None:
    take(switchboard, "desk")
    ended = switchboard("rejected", "--source", "shop", *more)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "Error: There is no source 'shop'. There are: desk.\n"

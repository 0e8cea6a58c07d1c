"""The command that sums calls up: what it says, and that a second run finds nothing to do."""

import json

from tests.builders import cloudphone_record
from tests.cli.program import Program


def test_compact_sums_up_what_was_imported_once(switchboard: Program) -> None:
    told = {"results": [cloudphone_record("a"), cloudphone_record("b", date="2024-05-11")]}
    switchboard.file("calls.json", json.dumps(told))
    assert switchboard("import", "smartflo", "calls.json", "--source", "office").code == 0
    first, second = switchboard("compact"), switchboard("compact")
    assert (first.code, first.out) == (0, "summed up: days 2\n")
    assert (second.code, second.out) == (0, "summed up: days 0\n")


def test_compact_of_a_store_that_is_not_there_fails_in_one_line(switchboard: Program) -> None:
    switchboard.setting("DATABASE", "postgresql://me@127.0.0.1:1/calls")
    ended = switchboard("compact")
    assert ended.code == 1
    assert ended.err.startswith("Error: ")
    assert len(ended.err.splitlines()) == 1

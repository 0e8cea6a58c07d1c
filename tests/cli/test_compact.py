"""The command that sums calls up: what it says, and that a second run finds nothing to do."""

import json

from tests.builders import cloudphone_record
from tests.cli.program import Program


def test_compact_sums_up_what_was_imported_once(program: Program) -> None:
    told = {"results": [cloudphone_record("a"), cloudphone_record("b", date="2024-05-11")]}
    program.file("calls.json", json.dumps(told))
    assert program("import", "smartflo", "calls.json", "--source", "office").code == 0
    first, second = program("compact"), program("compact")
    assert (first.code, first.out) == (0, "summed up: days 2\n")
    assert (second.code, second.out) == (0, "summed up: days 0\n")


def test_compact_says_what_it_is_for(program: Program) -> None:
    ended = program("compact", "--help")
    assert ended.code == 0
    assert "SWITCHBOARD_COMPACT_SECONDS" in ended.out
    assert "Example: switchboard compact" in ended.out


def test_compact_of_a_store_that_is_not_there_fails_in_one_line(program: Program) -> None:
    program.setting("DATABASE", "postgresql://me@127.0.0.1:1/calls")
    ended = program("compact")
    assert ended.code == 1
    assert ended.err.startswith("Error: ")
    assert len(ended.err.splitlines()) == 1

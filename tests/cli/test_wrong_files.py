"""An import of a wrong file says what it is and what to do, and leaves neither a source nor dead letters behind."""

import json

import pytest

from app.sync import taking
from app.sync.ingest import BATCH
from tests.cli.program import Program
from tests.cli.samples import BODIES, CALLCAP, CSV, EMPTY, NOTHING, ROWS, SMARTFLO, VOXCROW, held, voxcrow


def failed(switchboard: Program, provider: str, content: str | bytes) -> str:
    """What is said of a file that fails and leaves nothing behind."""
    ended = switchboard("import", provider, switchboard.file("a.file", content), "--source", "one")
    assert (ended.code, ended.out) == (1, NOTHING)
    assert held(switchboard) == EMPTY
    assert len(ended.err.splitlines()) == 1
    return ended.err


@pytest.mark.parametrize("provider", ["asterisk", "smartflo", "voxcrow", "callyzer", "callcap"])
@pytest.mark.parametrize("of", sorted(BODIES))
def test_file_of_another_vendor_is_known_and_leaves_nothing(switchboard: Program, provider: str, of: str) -> None:
    if provider != of:
        said = failed(switchboard, provider, BODIES[of])
        assert f"a.file holds records of {of.capitalize()}, not of {provider.capitalize()}" in said
        assert f"Run: switchboard import {of} a.file --source {of}" in said


def test_lines_of_another_vendor_are_known(switchboard: Program) -> None:
    lines = "\n".join(json.dumps(row) for row in ROWS)
    assert "holds records of Voxcrow, not of Smartflo" in failed(switchboard, "smartflo", lines)


def test_file_of_another_vendor_leaves_nothing_in_a_source_there_is(switchboard: Program) -> None:
    switchboard("import", "asterisk", switchboard.file("Master.csv", CSV), "--source", "office")
    before = held(switchboard)
    ended = switchboard("import", "asterisk", switchboard.file("callcap.json", CALLCAP), "--source", "office")
    assert (ended.code, ended.out) == (1, NOTHING)
    assert held(switchboard) == before


@pytest.mark.parametrize(
    ("provider", "body", "said"),
    [
        ("voxcrow", {"message": "Invalid token"}, "error answer of Voxcrow: Invalid token. Ask"),
        (
            "callyzer",
            {"result": None, "message": "Your subscription has expired."},
            "error answer of Callyzer: Your subscription has expired. Ask",
        ),
        ("smartflo", {"success": False, "message": "No access"}, "error answer of Smartflo: No access. Ask"),
        ("callcap", {"status": "error", "message": "Bad key"}, "error answer of Callcap: Bad key. Ask"),
    ],
)
def test_error_answer_is_shown_in_the_vendors_words(
    switchboard: Program, provider: str, body: object, said: str
) -> None:
    assert said in failed(switchboard, provider, json.dumps(body))


def test_statistics_hold_no_record(switchboard: Program) -> None:
    said = failed(switchboard, "callyzer", json.dumps({"result": {"total_calls": 3}, "message": "Success"}))
    assert "a.file: the body holds no record of Callyzer. Ask for the records" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "a.file is empty."),
        (" \n", "a.file is empty."),
        ("<html>Bad gateway</html>", "a.file is not valid JSON from some point on"),
        ('[{"calldate": "2024', "Check that the file is whole and Voxcrow's."),
        ('"hello"', "a.file could not be read as Voxcrow: it is not an object."),
        (CSV, "a.file "),
    ],
)
def test_file_that_holds_nothing_readable_is_told_in_words(
    switchboard: Program, content: str | bytes, said: str
) -> None:
    assert said in failed(switchboard, "voxcrow", content)


def test_file_without_one_readable_record_says_why_and_what_to_check(switchboard: Program) -> None:
    said = failed(switchboard, "voxcrow", voxcrow("981", "982", calldate="2024-05-09 10:00:00 PDT"))
    assert "none of 2 records could be read as Voxcrow. The first: the time is said in 'PDT'" in said
    assert "Nothing was kept. Check the vendor, --timezone and --region" in said


def test_unreadable_records_of_a_source_there_is_are_kept_though_the_import_fails(switchboard: Program) -> None:
    switchboard("import", "voxcrow", switchboard.file("rows.json", VOXCROW), "--source", "desk")
    bad = switchboard.file("bad.json", voxcrow("981", calldate="never"))
    ended = switchboard("import", "voxcrow", bad, "--source", "desk")
    assert (ended.code, ended.out) == (1, "read 1, new 0, updated 0, unchanged 0, rejected 1\n")
    assert "They are kept: switchboard rejected --source desk" in ended.err
    assert held(switchboard)["rejected_records"] == 1


def test_endless_file_of_nothing_readable_is_not_read_to_its_end(
    switchboard: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_PATIENCE", 1)
    assert f"none of {BATCH} records" in failed(switchboard, "asterisk", "oops,1\n" * 3 * BATCH)


def test_wrong_file_leaves_the_others_alone(switchboard: Program) -> None:
    names = [switchboard.file("bad.json", SMARTFLO), switchboard.file("good.json", VOXCROW)]
    ended = switchboard("import", "voxcrow", *names, "--source", "desk")
    assert (ended.code, ended.out) == (1, "read 4, new 4, updated 0, unchanged 0, rejected 0\n")
    assert "Error: bad.json holds records of Smartflo" in ended.err
    assert "good.json" not in ended.err


def test_truncated_file_keeps_what_came_before(switchboard: Program) -> None:
    ended = switchboard("import", "voxcrow", switchboard.file("rows.json", VOXCROW[:-20]), "--source", "desk")
    assert (ended.code, ended.out) == (1, "read 3, new 3, updated 0, unchanged 0, rejected 0\n")
    assert "What came before it is kept" in ended.err

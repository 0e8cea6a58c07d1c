"""`switchboard import` takes files once, tells what became of them, and leaves nothing of a wrong one."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from app.providers.registry import PROVIDERS, provider_named
from app.sync import taking
from app.sync.ingest import BATCH
from tests.cli.program import Program
from tests.cli.samples import BODIES, CALLCAP, CSV, EXCHANGE, ROWS, SMARTFLO, VOXCROW, voxcrow

NOTHING = "read 0, new 0, updated 0, unchanged 0, rejected 0\n"


def held(switchboard: Program) -> dict[str, int]:
    """How many rows the store has of each."""
    with sqlite3.connect(switchboard.folder / "switchboard.sqlite") as store:
        tables = ("sources", "calls", "rejected_records")
        return {table: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


EMPTY = {"sources": 0, "calls": 0, "rejected_records": 0}

# Right files


def test_counts_are_one_line_and_the_new_source_is_told_beside_it(switchboard: Program) -> None:
    ended = switchboard("import", "asterisk", switchboard.file("Master.csv", CSV), "--source", "office")
    assert ended.code == 0
    assert ended.out == (
        "read 45, new 37, updated 0, unchanged 0, rejected 0 (8 were further records of the same calls)\n"
    )
    assert ended.err == "Made source 'office' (Asterisk): times are read in UTC, national numbers in no region.\n"


def test_same_file_again_changes_nothing(switchboard: Program) -> None:
    name = switchboard.file("rows.json", VOXCROW)
    switchboard("import", "voxcrow", name, "--source", "desk")
    before = held(switchboard)
    ended = switchboard("import", "voxcrow", name, "--source", "desk")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "read 4, new 0, updated 0, unchanged 4, rejected 0\n"
    assert held(switchboard) == before == {"sources": 1, "calls": 4, "rejected_records": 0}


def test_standard_input_is_a_file(switchboard: Program) -> None:
    ended = switchboard("import", "voxcrow", "-", "--source", "desk", stdin=VOXCROW.encode())
    assert (ended.code, ended.out) == (0, "read 4, new 4, updated 0, unchanged 0, rejected 0\n")


def test_named_pipe_is_a_file(switchboard: Program) -> None:
    reading, writing = os.pipe()
    os.write(writing, VOXCROW.encode())
    os.close(writing)
    ended = switchboard("import", "voxcrow", f"/dev/fd/{reading}", "--source", "desk")
    os.close(reading)
    assert (ended.code, ended.out) == (0, "read 4, new 4, updated 0, unchanged 0, rejected 0\n")


def test_several_files_are_counted_together(switchboard: Program) -> None:
    names = [switchboard.file(f"{place}.json", voxcrow(f"98110000{place}")) for place in (10, 11, 10)]
    ended = switchboard("import", "VoxCrow", *names, "--source", "desk")
    assert (ended.code, ended.out) == (0, "read 3, new 2, updated 0, unchanged 1, rejected 0\n")


@pytest.mark.parametrize("provider", sorted(BODIES))
def test_every_vendor_is_imported_by_its_name(switchboard: Program, provider: str) -> None:
    ended = switchboard("import", provider, switchboard.file("body.json", BODIES[provider]), "--source", "one")
    assert (ended.code, held(switchboard)["sources"]) == (0, 1)


def test_new_source_has_the_zone_and_region_of_the_options(switchboard: Program) -> None:
    name = switchboard.file("rows.json", VOXCROW)
    ended = switchboard("import", "voxcrow", name, "--source", "desk", "--timezone", "Asia/Kolkata", "--region", "in")
    assert "times are read in Asia/Kolkata, national numbers in IN" in ended.err
    assert switchboard("import", "voxcrow", name, "--source", "desk", "--region", "IN").code == 0


def test_unreadable_record_among_others_is_kept_and_shown_the_way_to(switchboard: Program) -> None:
    ended = switchboard("import", "asterisk", switchboard.file("Master.csv", EXCHANGE), "--source", "office")
    assert ended.code == 0
    assert "rejected 1" in ended.out
    assert "See the rejected records and why: switchboard rejected --source office" in ended.err


def test_readable_record_after_many_unreadable_ones_is_taken_with_them(switchboard: Program) -> None:
    rows = [{"calldate": "never", "call_type": "inbound"} for _ in range(BATCH + 1)]
    rows = [row | {"phone_number": str(place)} for place, row in enumerate(rows)]
    ended = switchboard("import", "voxcrow", switchboard.file("rows.json", json.dumps(rows + ROWS)), "--source", "desk")
    assert (ended.code, ended.out) == (0, "read 505, new 4, updated 0, unchanged 0, rejected 501\n")


@pytest.mark.parametrize("body", ["[]", '{"result": [], "message": "Nothing found"}'])
def test_answer_without_records_is_fine_and_makes_no_source(switchboard: Program, body: str) -> None:
    ended = switchboard("import", "callyzer", switchboard.file("body.json", body), "--source", "one")
    assert (ended.code, ended.out) == (0, NOTHING)
    assert ended.err == "body.json holds no record of Callyzer.\n"
    assert held(switchboard) == EMPTY


# Wrong files


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


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("voxcro", "rows.json", "--source", "desk"), "There is no provider 'voxcro'. Use one of: acefone, "),
        (("voxcrow", "none.json", "--source", "desk"), "There is no file none.json."),
        (("voxcrow", ".", "--source", "desk"), "There is no file .."),
        (("voxcrow", "rows.json", "none.json", "--source", "desk"), "There is no file none.json."),
        (("voxcrow", "rows.json", "--source", ""), "A source has a name, such as --source office."),
        (("voxcrow", "rows.json", "--source", "  "), "A source has a name"),
        (("voxcrow", "rows.json", "--source", "desk", "--region", "UK"), "'UK' is no dialling region. Write GB."),
        (("voxcrow", "rows.json", "--source", "desk", "--region", "XX"), "'XX' is no dialling region. Use two"),
        (("voxcrow", "rows.json", "--source", "desk", "--region", ""), "'' is no dialling region"),
        (("voxcrow", "rows.json", "--source", "desk", "--timezone", "localtime"), "'localtime' is not a time zone"),
        (("voxcrow", "rows.json", "--source", "desk", "--timezone", ""), "'' is not a time zone"),
        (("voxcrow", "rows.json", "--source", "desk", "--timezone", "NPT"), "'NPT' is not a time zone"),
    ],
)
def test_wrong_usage_is_one_line_before_anything_is_taken(
    switchboard: Program, arguments: tuple[str, ...], said: str
) -> None:
    switchboard.file("rows.json", VOXCROW)
    ended = switchboard("import", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Error: {said}")
    assert held(switchboard) == EMPTY


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("smartflo",), "The source 'desk' is of voxcrow. Choose another name."),
        (("voxcrow", "--timezone", "UTC"), "has --timezone Asia/Kathmandu"),
        (("voxcrow", "--region", "IN"), "has --region NP"),
    ],
)
def test_source_there_is_stays_what_it_is(switchboard: Program, arguments: tuple[str, ...], said: str) -> None:
    name = switchboard.file("rows.json", VOXCROW)
    switchboard("import", "voxcrow", name, "--source", "desk")
    ended = switchboard("import", *arguments, name, "--source", "desk")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_file_that_may_not_be_read_fails_in_words(switchboard: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    name = switchboard.file("rows.json", VOXCROW)
    monkeypatch.setattr(Path, "open", refused)
    ended = switchboard("import", "voxcrow", name, "--source", "desk")
    assert (ended.code, ended.err) == (1, "Error: rows.json cannot be read: Permission denied.\n")


def test_help_lists_the_vendors_of_the_registry(switchboard: Program) -> None:
    said = " ".join(switchboard("import", "--help").out.split())
    assert all(spec.provider is provider_named(spec.provider.value) for spec in PROVIDERS.values())
    assert "One of voxcrow, callcap, smartflo, acefone, callyzer or asterisk." in said

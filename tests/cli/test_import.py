"""`switchboard import` takes files once and tells what became of them; wrong usage is told before it begins."""

import json
import os
from pathlib import Path

import pytest

from app.providers.registry import PROVIDERS
from app.sync.ingest import BATCH
from tests.builders import callyzer_call
from tests.cli.program import Program
from tests.cli.samples import BODIES, CSV, EMPTY, EXCHANGE, NOTHING, ROWS, VOXCROW, held, voxcrow

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


def test_account_in_dubai_says_its_zone_by_the_customary_word(switchboard: Program) -> None:
    call = callyzer_call("a", synced_at="2023-09-13 17:50:00 GST", modified_at="2023-09-13 17:58:53 GST")
    name = switchboard.file("calls.json", json.dumps({"result": [call]}))
    ended = switchboard("import", "callyzer", name, "--source", "dubai", "--timezone", "Asia/Dubai")
    assert (ended.code, ended.out) == (0, "read 1, new 1, updated 0, unchanged 0, rejected 0\n")


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
    *others, last = [spec.provider.value.lower() for spec in PROVIDERS.values()]
    said = " ".join(switchboard("import", "--help").out.replace("│", " ").split())
    assert f"One of {', '.join(others)} or {last}." in said

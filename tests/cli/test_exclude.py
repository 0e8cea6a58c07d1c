"""`switchboard exclude` keeps a list of numbers as calls have them, and guesses none."""

import pytest

from tests.cli.program import Program
from tests.cli.samples import voxcrow

NEPAL, INDIA = "+9779810000078", "+919810000078"
NATIONAL = "9810000078"  # of either country


def take(switchboard: Program, name: str, region: str, *numbers: str) -> None:
    """Imports calls with the numbers into a source of the region."""
    file = switchboard.file(f"{name}.json", voxcrow(*numbers))
    assert switchboard("import", "voxcrow", file, "--source", name, "--region", region).code == 0


def test_numbers_are_added_listed_and_removed(switchboard: Program) -> None:
    assert switchboard("exclude", "list").out == ""
    assert switchboard("exclude", "add", NEPAL, INDIA).out == "2 added.\n"
    assert switchboard("exclude", "add", "00977 981-0000078").out == "0 added.\n"
    assert switchboard("exclude", "list").out == f"{INDIA}\n{NEPAL}\n"
    assert switchboard("exclude", "remove", INDIA).out == "1 removed.\n"
    assert switchboard("exclude", "remove", INDIA).out == "0 removed.\n"
    assert switchboard("exclude", "list").out == f"{NEPAL}\n"


def test_country_code_before_a_hyphen_is_one(switchboard: Program) -> None:
    assert switchboard("exclude", "add", "977-9810000078").code == 0
    assert switchboard("exclude", "list").out == f"{NEPAL}\n"


@pytest.mark.parametrize("text", [NATIONAL, "hello", "+", "+12", "1990", "", "unknown", "*98"])
def test_number_that_is_not_whole_is_refused_with_what_to_write(switchboard: Program, text: str) -> None:
    ended = switchboard("exclude", "add", NEPAL, text)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"Error: {text!r} is no whole phone number. Write it with its country code, such as +9779810000078.\n"
    )
    assert switchboard("exclude", "list").out == ""


def test_national_number_is_of_the_only_region_there_is(switchboard: Program) -> None:
    take(switchboard, "np", "NP", "9810000001")
    assert switchboard("exclude", "add", NATIONAL).out == "1 added.\n"
    assert switchboard("exclude", "list").out == f"{NEPAL}\n"


def test_national_number_of_several_regions_is_refused_with_each_it_may_be(switchboard: Program) -> None:
    take(switchboard, "np", "NP", "9810000001")
    take(switchboard, "in", "IN", "9810000002")
    ended = switchboard("exclude", "add", NATIONAL)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"Error: '{NATIONAL}' may be {INDIA} or {NEPAL}. Write the one that you mean.\n"


def test_national_number_is_the_only_one_that_calls_have(switchboard: Program) -> None:
    take(switchboard, "np", "NP", NATIONAL)
    take(switchboard, "in", "IN", "9810000002")
    assert switchboard("exclude", "add", NATIONAL).out == "1 added.\n"
    assert switchboard("exclude", "list").out == f"{NEPAL}\n"


def test_national_number_that_calls_have_in_two_countries_is_refused(switchboard: Program) -> None:
    take(switchboard, "np", "NP", NATIONAL)
    take(switchboard, "in", "IN", NATIONAL)
    assert switchboard("exclude", "add", NATIONAL).code == 2


def test_short_number_can_be_excluded_once_a_call_has_it(switchboard: Program) -> None:
    take(switchboard, "np", "NP", "1990")
    assert switchboard("exclude", "add", "1990").out == "1 added.\n"
    assert switchboard("exclude", "list").out == "1990\n"


def test_national_number_is_removed_where_the_list_has_one_that_it_may_be(switchboard: Program) -> None:
    take(switchboard, "np", "NP", "9810000001")
    take(switchboard, "in", "IN", "9810000002")
    switchboard("exclude", "add", INDIA)
    assert switchboard("exclude", "remove", NATIONAL).out == "1 removed.\n"
    assert switchboard("exclude", "list").out == ""

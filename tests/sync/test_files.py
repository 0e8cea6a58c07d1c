"""Files are cut into payloads as they stream by; what is broken in one takes as little with it as can be."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import FileError
from app.domain.sources import Provider
from app.providers.registry import spec_of
from app.sync.clean import cleaned
from app.sync.files import Recordless, Unreadable, payloads
from tests.builders import callcap_call, callyzer_call, cloudphone_record, voxcrow_row
from tests.sync.bodies import payload_files, recorded_bodies

ROWS = [voxcrow_row(phone_number=str(9_811_000_000 + place)) for place in range(2_000)]
LINES = [json.dumps(row).encode() for row in ROWS[:6]]
BOM = b"\xef\xbb\xbf"


def read(data: bytes, provider: Provider = Provider.VOXCROW) -> list[Any]:
    return list(payloads(io.BytesIO(data), spec_of(provider), "a file"))


def broken(data: bytes, provider: Provider = Provider.VOXCROW) -> tuple[list[Any], str]:
    """What came before the place from which on a file cannot be read, and what is said of it."""
    found = []
    with pytest.raises(FileError) as caught:  # noqa: PT012 - what came before the error is wanted, too
        for item in payloads(io.BytesIO(data), spec_of(provider), "a file"):
            found.append(item)
    return found, str(caught.value)


# JSON bodies

STATISTICS = {"daywise-analytics", "hourly-analytics", "summary"}
JSON_BODIES = [
    pytest.param(provider, path, id=f"{provider.value.lower()}-{path.stem}")
    for provider in Provider
    for path in payload_files(provider)
    if path.suffix == ".json" and path.stem not in STATISTICS | {"refused"}
]


@pytest.mark.parametrize(("provider", "path"), JSON_BODIES)
def test_streamed_body_gives_the_items_of_the_whole_body(provider: Provider, path: Path) -> None:
    assert read(path.read_bytes(), provider) == list(spec_of(provider).items(json.loads(path.read_bytes())))


@pytest.mark.parametrize(("provider", "path"), JSON_BODIES)
@pytest.mark.parametrize("indent", [None, 2])
def test_way_a_body_is_written_changes_nothing(indent: int | None, provider: Provider, path: Path) -> None:
    body = json.loads(path.read_bytes())
    written = json.dumps(body, indent=indent, ensure_ascii=indent is None).encode()
    assert read(BOM + b"\r\n " + written, provider) == list(spec_of(provider).items(body))


BODIES: list[tuple[Provider, Callable[[list[Any]], Any], Callable[[str], Any]]] = [
    (Provider.VOXCROW, lambda found: found, lambda key: voxcrow_row(phone_number=key)),
    (Provider.SMARTFLO, lambda found: {"count": 1, "results": found, "page": 1}, cloudphone_record),
    (Provider.ACEFONE, lambda found: {"results": found}, cloudphone_record),
    (Provider.CALLYZER, lambda found: {"result": found, "message": "Success"}, callyzer_call),
    (Provider.CALLYZER, lambda found: {"data": found}, callyzer_call),
    (Provider.CALLCAP, lambda found: {"search": {"timezone": "US/Central"}, "call": found}, callcap_call),
]


@pytest.mark.parametrize(("provider", "body", "record"), BODIES)
def test_memory_that_a_body_takes_does_not_grow_with_its_size(
    provider: Provider, body: Callable[[list[Any]], Any], record: Callable[[str], Any], tmp_path: Path
) -> None:
    def memory(size: int) -> int:
        path = tmp_path / f"{size}.json"
        path.write_text(json.dumps(body([record(str(9_811_000_000 + place)) for place in range(size)])))
        tracemalloc.start()
        try:
            with path.open("rb") as file:
                assert sum(1 for _ in payloads(file, spec_of(provider), "a file")) == size
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    memory(400)  # what is made once
    assert memory(1_600) < 1.2 * memory(400)


def test_truncated_body_keeps_what_came_before() -> None:
    found, said = broken(json.dumps(ROWS).encode()[:-100])
    assert found == ROWS[:-1]
    assert "not valid JSON" in said
    assert "What came before it is kept" in said


def test_body_that_is_broken_in_the_middle_keeps_what_came_before() -> None:
    found, _ = broken(json.dumps(ROWS).encode().replace(b'"9811001000"', b"98oops"))
    assert found == ROWS[:1_000]


def test_body_with_something_after_it_keeps_the_body() -> None:
    found, _ = broken(json.dumps(ROWS[:3]).encode() + b" oops")
    assert found == ROWS[:3]


def test_bodies_one_after_the_other_are_all_read() -> None:
    bodies = [json.dumps(part, indent=1) for part in (ROWS[:3], ROWS[3:5])]
    assert read("\n".join(bodies).encode()) == ROWS[:5]
    assert read("".join(bodies).encode()) == ROWS[:5]


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", BOM, b"\0\0\0"])
def test_empty_file_is_said_to_be_empty(data: bytes) -> None:
    assert broken(data) == ([], "a file is empty.")
    assert broken(data, Provider.ASTERISK) == ([], "a file is empty.")


@pytest.mark.parametrize(
    "data", [b"hello", b"<html></html>", b"a,b\n1,2\n", b"\x1f\x8b\x08\0", '[{"a":1}]'.encode("utf-16"), b'[{"a":NaN}]']
)
def test_file_of_another_kind_is_refused_in_words(data: bytes) -> None:
    found, said = broken(data)
    assert found == []
    assert said.startswith("a file is not valid JSON from some point on: ")
    assert "b'" not in said


@pytest.mark.parametrize("body", ["[]", '{"count": 0, "results": []}', '{"results": null}'])
def test_body_without_records_has_none(body: str) -> None:
    assert read(body.encode(), Provider.SMARTFLO) == []


def test_body_that_nests_without_end_is_refused_before_it_fills_the_memory() -> None:
    found, said = broken(b"[" * 300_000)
    assert found == []
    assert "nested" in said


# Values that are none


def written(odd: bytes, way: str) -> bytes:
    """Three rows, the second of them with an odd value as its wrap-up note, as a body or as lines."""
    rows = [json.dumps(row).encode() for row in ROWS[:3]]
    rows[1] = b'{"wrapup_note": ' + odd + b", " + rows[1][1:].replace(b'"wrapup_note"', b'"other"')
    return b"[" + b",\n".join(rows) + b"]" if way == "body" else b"\n".join(rows)


@pytest.mark.parametrize("way", ["body", "lines"])
@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        (b"9223372036854775808", str(2**63)),
        (b"-" + b"9" * 40, "-" + "9" * 40),
        (b"1e400", "1E+400"),
        (b"1.5", "1.5"),
        (b"-1.5E3", "-1500.0"),
        (b'"Jos\xe9"', "Jos\ufffd"),
        (b'"\xff\xfe"', "\ufffd\ufffd"),
    ],
)
def test_value_that_no_machine_holds_takes_neither_its_record_nor_another_along(
    odd: bytes, kept: str, way: str
) -> None:
    found = read(written(odd, way))
    assert [found[0], found[2]] == [ROWS[0], ROWS[2]]
    assert str(cleaned(found[1])["wrapup_note"]) == kept


def test_integer_of_thousands_of_digits_is_kept_in_lines_and_ends_a_body_in_words() -> None:
    assert read(written(b"9" * 5_000, "lines"))[1]["wrapup_note"] == "9" * 5_000
    assert "not valid JSON from some point on" in broken(written(b"9" * 5_000, "body"))[1]


@pytest.mark.parametrize("name", ["é", "日本", "\U0001f600"])
def test_character_that_lies_across_two_pieces_stays_whole(name: str) -> None:
    rows = [voxcrow_row(agent_fullname=name * 50_000 + "x" * shift) for shift in range(3)]
    assert read(json.dumps(rows, ensure_ascii=False).encode()) == rows


# Error answers


@pytest.mark.parametrize(
    ("provider", "body", "said"),
    [
        (Provider.VOXCROW, {"message": "Invalid token"}, "Voxcrow: Invalid token"),
        (Provider.CALLYZER, {"result": None, "message": "Your subscription has expired."}, "Callyzer: Your subscr"),
        (Provider.SMARTFLO, {"success": False, "message": "Unauthorized"}, "Smartflo: Unauthorized"),
        (Provider.CALLCAP, {"status": "error", "error": {"code": 3, "message": "No such key"}}, "Callcap: No such key"),
        (Provider.ACEFONE, {"errors": [{"message": "one"}, "two"]}, "Acefone: one: two"),
    ],
)
def test_error_answer_is_said_in_the_vendors_words(provider: Provider, body: Any, said: str) -> None:
    (found,) = read(json.dumps(body).encode(), provider)
    assert isinstance(found, Recordless)
    assert found.reason.startswith(f"the body is an error answer of {said}")
    assert json.loads(found.text) == body


@pytest.mark.parametrize("name", sorted(STATISTICS))
def test_body_of_statistics_is_said_to_hold_no_record(name: str) -> None:
    (path,) = (path for path in payload_files(Provider.CALLYZER) if path.stem == name)
    (found,) = read(path.read_bytes(), Provider.CALLYZER)
    assert isinstance(found, Recordless)
    assert found.reason == "the body holds no record of Callyzer."


def test_error_answer_among_lines_takes_no_other_along() -> None:
    found = read(LINES[0] + b'\n{"message": "Invalid token"}\n' + LINES[1])
    assert [isinstance(item, Recordless) for item in found] == [False, True, False]


@pytest.mark.parametrize(
    "body",
    [[], {"result": [], "message": "Nothing found"}, {"result": None, "message": "Success"}, {"result": {"data": []}}],
)
def test_answer_without_records_is_no_error(body: Any) -> None:
    assert read(json.dumps(body).encode(), Provider.CALLYZER) in ([], [body])


# Callcap's zone


def zoned(zone: str, *keys: str, first: bool = True) -> dict[str, Any]:
    search, calls = {"search": {"timezone": zone}}, {"call": [callcap_call(key) for key in keys]}
    return search | calls if first else calls | search


def zones_of(data: bytes) -> list[Any]:
    return [(item["call_id"], item.get("search.timezone")) for item in read(data, Provider.CALLCAP)]


def test_zone_of_the_search_reaches_every_record_that_is_streamed() -> None:
    keys = [str(place) for place in range(1_000)]
    data = json.dumps(zoned("Asia/Tokyo", *keys)).encode()
    assert zones_of(data) == [(key, "Asia/Tokyo") for key in keys]


def test_zone_that_is_said_after_the_records_reaches_them_too() -> None:
    keys = [str(place) for place in range(1_000)]
    data = json.dumps(zoned("Asia/Tokyo", *keys, first=False)).encode()
    assert zones_of(data) == [(key, "Asia/Tokyo") for key in keys]


def test_zone_that_is_said_far_behind_reaches_the_records() -> None:
    padded = {"pagination": {"note": "x" * 100_000}} | zoned("Asia/Tokyo", "a")
    assert zones_of(json.dumps(padded).encode()) == [("a", "Asia/Tokyo")]


def test_each_of_several_bodies_has_its_own_zone() -> None:
    bodies = [zoned("Asia/Tokyo", "a"), zoned("Europe/Paris", "b")]
    assert zones_of("\n".join(json.dumps(body) for body in bodies).encode()) == [
        ("a", "Asia/Tokyo"),
        ("b", "Europe/Paris"),
    ]
    assert zones_of("\n".join(json.dumps(body, indent=1) for body in bodies).encode()) == [
        ("a", "Asia/Tokyo"),
        ("b", "Europe/Paris"),
    ]


def test_zone_of_one_body_is_never_taken_for_that_of_the_next() -> None:
    bodies = [zoned("Asia/Tokyo", "a"), zoned("Europe/Paris", "b", first=False)]
    found, said = broken("\n".join(json.dumps(body, indent=1) for body in bodies).encode(), Provider.CALLCAP)
    assert [item["call_id"] for item in found] == ["a"]
    assert "search.timezone" in said


# JSON lines


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n  \n"])
@pytest.mark.parametrize("start", [b"", BOM, b"\n"])
def test_json_lines_are_records_or_bodies(start: bytes, end: bytes) -> None:
    assert read(start + end.join(LINES) + end) == ROWS[:6]
    bodies = [json.dumps({"results": [cloudphone_record("a")]}), json.dumps(cloudphone_record("b"))]
    found = read(start + end.join(line.encode() for line in bodies), Provider.SMARTFLO)
    assert [item["call_id"] for item in found] == ["a", "b"]


@pytest.mark.parametrize("place", range(len(LINES)))
@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[:40],
        lambda line: b"oops",
        lambda _: b"[" * 5_000,
    ],
    ids=["cut off", "text", "deep"],
)
def test_broken_line_is_rejected_alone(damage: Callable[[bytes], bytes], place: int) -> None:
    lines = list(LINES)
    lines[place] = damage(lines[place])
    found = read(b"\n".join(lines))
    (bad,) = [item for item in found if isinstance(item, Unreadable)]
    assert found.index(bad) == place
    assert bad.text == lines[place].decode(errors="replace")
    assert bad.reason.startswith("it is not JSON")
    assert [item for item in found if item is not bad] == ROWS[:place] + ROWS[place + 1 : 6]


def test_list_with_a_record_a_line_is_a_body() -> None:
    assert read(b"[\n" + b",\n".join(LINES) + b"\n]") == ROWS[:6]
    assert read(b"[\n" + LINES[0] + b"\n]") == ROWS[:1]


# CSV


def test_csv_rows_are_payloads_and_broken_ones_are_told() -> None:
    data = payload_files(Provider.ASTERISK)[0].with_name("exchange.csv").read_bytes()
    found = read(data, Provider.ASTERISK)
    assert [isinstance(item, Unreadable) for item in found] == [False] * 6 + [True]
    assert "2 columns" in found[-1].reason
    assert found[-1].text.startswith('"a line that was cut off"')


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", [b"", BOM])
def test_csv_may_begin_with_a_byte_order_mark_and_end_lines_either_way(start: bytes, end: str) -> None:
    plain = payload_files(Provider.ASTERISK)[0].with_name("smallcdr.csv").read_text()
    data = start + plain.replace("\r\n", "\n").replace("\n", end).encode()
    expected = dict(recorded_bodies(Provider.ASTERISK))["smallcdr.csv"]
    assert read(data, Provider.ASTERISK) == expected


def test_csv_line_with_foreign_bytes_or_nul_takes_no_other_line_along() -> None:
    lines = payload_files(Provider.ASTERISK)[0].with_name("smallcdr.csv").read_bytes().splitlines(keepends=True)[:5]
    found = read(b"".join([*lines[:2], b"\0\xff oops\n", *lines[2:]]), Provider.ASTERISK)
    assert [isinstance(item, Unreadable) for item in found] == [False, False, True, False, False, False]


def test_csv_of_a_heading_alone_holds_no_record() -> None:
    heading = payload_files(Provider.ASTERISK)[0].with_name("exchange.csv").read_bytes().splitlines()[0]
    assert broken(heading, Provider.ASTERISK) == ([], "a file holds no record of Asterisk.")


# Anything


class Dripping(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._pieces: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = next(self._pieces, b"")
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_pipe_that_drips_is_read_to_its_end(size: int) -> None:
    stream: Any = Dripping(json.dumps(ROWS[:50]).encode(), size)
    assert list(payloads(stream, spec_of(Provider.VOXCROW), "a pipe")) == ROWS[:50]


@given(st.binary(max_size=200) | st.text('[]{}":,0123 \n\0ab\\').map(str.encode), st.sampled_from(list(Provider)))
def test_any_bytes_are_payloads_or_a_file_that_cannot_be_read(data: bytes, provider: Provider) -> None:
    try:
        read(data, provider)
    except FileError as error:
        assert str(error).startswith("a file ")  # noqa: PT017 - either outcome is right

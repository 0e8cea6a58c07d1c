"""Records of one's own: every field there and back, and what is wrong is told by its place."""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import numbers
from app.domain.agents import AgentRecord
from app.domain.calls import CallRecord
from app.domain.contacts import ContactRecord
from app.domain.errors import RecordError
from app.domain.numbers import NumberKind, PhoneNumber
from app.domain.sources import Locale, Provider
from app.providers.generic.wire import SPEC, items, records
from app.store import calls
from tests.conftest import House

UTC_LOCALE = Locale(ZoneInfo("UTC"), "NP")
CALL = {"provider_call_id": "1", "started_at": "2024-05-20T08:00:00Z", "direction": "INBOUND", "outcome": "MISSED"}
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
# Before it, offsets had seconds, which no text of a time has.
FIRST = datetime(1990, 1, 1)  # noqa: DTZ001  # hypothesis adds the zone
aware = st.datetimes(timezones=st.just(UTC)) | st.datetimes(FIRST, timezones=st.just(ZoneInfo("Asia/Kathmandu")))
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**31) + 1, 2**31 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    dict: st.dictionaries(texts, texts | st.integers(0, 9), max_size=2),
    Any: texts | st.booleans() | st.none(),
    PhoneNumber: st.sampled_from(
        ("+9779810000078", "204", "*98", "withheld", "9810000079", "Extension-06040000219")
    ).map(lambda text: numbers.parse(text, "NP")),
}


@cache
def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the domain."""
    arguments = get_args(kind)
    if NoneType in arguments:
        (inner,) = (one for one in arguments if one is not NoneType)
        return st.none() | any_of(inner)
    if get_origin(kind) is tuple:
        return st.lists(any_of(arguments[0]), max_size=2).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if (known := BY_TYPE.get(get_origin(kind) or kind)) is not None:
        return known
    if not is_dataclass(kind):
        return aware
    hints = get_type_hints(kind)
    parts = {field.name: any_of(hints[field.name]) for field in fields(kind)}
    for name in parts:
        if name.endswith("_seconds"):
            parts[name] = st.none() | st.integers(0, 2**31 - 1)
    for field in fields(kind):
        if field.default is MISSING and field.default_factory is MISSING and hints[field.name] is str:
            parts[field.name] = texts.filter(bool)
    return st.builds(kind, **parts)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.sampled_from((("call", CallRecord), ("agent", AgentRecord), ("contact", ContactRecord))), st.data())
def test_every_field_goes_there_and_back(kind: tuple[str, type], data: st.DataObject) -> None:
    key, of = kind
    record = data.draw(any_of(of))
    if isinstance(record, AgentRecord) and not record.known:
        return
    if isinstance(record, ContactRecord) and not any(number.key for number in record.numbers):
        return
    written = json.loads(msgspec.json.encode({key: record}))
    assert records(written, UTC_LOCALE) == (record,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"provider_call_id": None}, "call.provider_call_id is missing"),
        ({"provider_call_id": ""}, "call.provider_call_id is missing"),
        ({"provider_call_id": 7}, "call.provider_call_id is not a text"),
        ({"started_at": "2024-05-20T08:00:00"}, "without its zone"),
        ({"started_at": "yesterday"}, "call.started_at is 'yesterday'; write it as"),
        ({"started_at": 1716192000}, "call.started_at is 1716192000; write it as"),
        ({"direction": "IN"}, "call.direction is 'IN'; it is one of INBOUND, OUTBOUND, INTERNAL"),
        ({"talk_seconds": -1}, "call.talk_seconds is not a whole number of seconds"),
        ({"talk_seconds": "12"}, "call.talk_seconds is not a whole number of seconds"),
        ({"talk_seconds": True}, "call.talk_seconds is not a whole number of seconds"),
        ({"hold_count": 2**31}, "call.hold_count is not a whole number of 32 bits"),
        ({"revenue": "1"}, "call.revenue is not a number"),
        ({"legs": [{"kind": "QUEUE"}, {"kind": "X"}]}, "call.legs[1].kind is 'X'"),
        ({"legs": {}}, "call.legs is not a list"),
        ({"phone_number": 9810000078}, "call.phone_number is not a number, or an object with its raw"),
        ({"phone_number": {"raw": "1", "e164": "1"}}, "call.phone_number.e164 is not"),
        ({"details": {"recording": {"voicemail": "no"}}}, "call.details.recording.voicemail is not true or false"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        records({"call": {**CALL, **change}}, UTC_LOCALE)
    assert reason in str(caught.value)


def test_numbers_may_be_texts_which_are_read_in_the_source_s_region() -> None:
    (call,) = records({"call": {**CALL, "phone_number": "9810000078", "caller_number": "withheld"}}, UTC_LOCALE)
    assert isinstance(call, CallRecord)
    assert call.phone_number is not None
    assert call.caller_number is not None
    assert call.phone_number.e164 == "+9779810000078"
    assert call.caller_number.kind is NumberKind.WITHHELD


@pytest.mark.parametrize("payload", [{}, {"calls": []}, {"agent": {}}, {"contact": {"name": "Jo"}}, {"call": []}])
def test_what_tells_of_nothing_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        records(payload, UTC_LOCALE)


@pytest.mark.parametrize("body", [{"call": CALL}, [{"call": CALL}], {"records": [{"call": CALL}]}])
def test_a_body_is_an_object_a_list_or_has_records(body: Any) -> None:
    assert list(items(body)) == [{"call": CALL}]


async def test_what_is_not_known_is_kept_and_what_is_wrong_stops_nothing(house: House) -> None:
    body = [{"call": {**CALL, "colour": "red"}, "ticket": "T-9"}, {"call": {**CALL, "outcome": "LOST"}}]
    counts = await house.take(Provider.GENERIC, body)
    assert (counts.new, counts.rejected) == (1, 1)
    async with house.database.read() as connection:
        source = await house.source(Provider.GENERIC)
        (kept,) = (await calls.payloads(connection, house.scope, source.id, ["1"])).values()
    assert kept == body[0]


def test_nothing_of_it_is_pulled() -> None:
    assert SPEC.api is None
    assert SPEC.lines is None

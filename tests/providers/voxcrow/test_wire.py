"""Voxcrow's rows as calls: one sentence of the mapping per test."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.details import WrapUp
from app.domain.errors import RecordError
from app.domain.labels import Label, LabelKind
from app.domain.numbers import NumberKind
from app.domain.sources import Locale
from app.providers.voxcrow.client import LOG
from app.providers.voxcrow.wire import SPEC, items, records
from tests.providers.voxcrow.fields import FIELDS

PAYLOADS = Path(__file__).parent / "payloads"
NEPAL = Locale(ZoneInfo("Asia/Kathmandu"), "NP")
ENDPOINTS = {"call_log.json": "CallLogAPI", "call_log_count.json": "CallLogCountAPI"}


def load(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text())


OUTBOUND, INBOUND = load("call_log.json")


def call(row: dict[str, Any], **changes: Any) -> CallRecord:
    (found,) = records(row | changes, NEPAL)
    return found


def refusal(row: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(RecordError) as caught:
        records(row | changes, NEPAL)
    return str(caught.value)


# Times


def test_calldate_is_read_in_the_zone_of_the_source() -> None:
    assert call(OUTBOUND).started_at == datetime(2024, 5, 6, 5, 36, 23, tzinfo=UTC)
    (elsewhere,) = records(OUTBOUND, Locale(ZoneInfo("Asia/Kolkata"), "NP"))
    assert elsewhere.started_at - call(OUTBOUND).started_at == timedelta(minutes=15)


def test_a_new_source_is_in_nepal_as_the_epoch_in_the_recorded_link_confirms() -> None:
    (found,) = records(OUTBOUND, Locale(ZoneInfo(SPEC.default_zone), SPEC.default_region))
    in_link = datetime.fromtimestamp(float(OUTBOUND["recording_link"].split("-")[-1].removesuffix(".1108.wav")), UTC)
    assert abs(found.started_at - in_link) < timedelta(minutes=1)


def test_call_ends_its_whole_duration_after_its_start() -> None:
    found = call(OUTBOUND)
    assert found.duration_seconds == 16
    assert found.ended_at == found.started_at + timedelta(seconds=16)


def test_duration_may_come_as_text() -> None:
    assert call(OUTBOUND, duration="16") == call(OUTBOUND)


@pytest.mark.parametrize("blank", [None, ""])
def test_call_without_duration_has_no_known_end(blank: str | None) -> None:
    assert (call(OUTBOUND, duration=blank).duration_seconds, call(OUTBOUND, duration=blank).ended_at) == (None, None)


# Identity


def test_id_is_made_of_what_tells_rows_apart_and_can_be_read() -> None:
    found = call(OUTBOUND).provider_call_id
    assert len(found) == 32
    assert "9810000078" not in found


@pytest.mark.parametrize(
    "later",
    [
        {"recording_link": "yourcompany.getdesk.net/a.wav"},
        {"wrapup_name": "Sold"},
        {"duration": 17},
        {"disposition": ""},
    ],
)
def test_id_stays_when_the_row_is_sent_again_with_more(later: dict[str, Any]) -> None:
    assert call(OUTBOUND, **later).provider_call_id == call(OUTBOUND).provider_call_id


def test_id_does_not_depend_on_numbers_being_sent_as_text() -> None:
    assert (
        call(OUTBOUND, agent_extension=2003, phone_number=9810000078).provider_call_id
        == call(OUTBOUND).provider_call_id
    )


@pytest.mark.parametrize("field", ["calldate", "call_type", "agent_extension", "phone_number", "trunk"])
def test_rows_that_differ_in_one_telling_field_are_different_calls(field: str) -> None:
    other = "inbound" if field == "call_type" else "2024-05-06 11:21:24" if field == "calldate" else "5550"
    assert call(OUTBOUND, **{field: other}).provider_call_id != call(OUTBOUND).provider_call_id


# Direction and outcome


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("inbound", CallDirection.INBOUND),
        ("Inbound", CallDirection.INBOUND),
        ("incoming", CallDirection.INBOUND),
        ("outbound", CallDirection.OUTBOUND),
        ("outgoing", CallDirection.OUTBOUND),
        ("internal", CallDirection.INTERNAL),
    ],
)
def test_call_type_is_the_direction(word: str, direction: CallDirection) -> None:
    assert call(OUTBOUND, call_type=word).direction is direction


@pytest.mark.parametrize(
    ("word", "inbound", "outbound"),
    [
        ("ANSWERED", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("ANSWER", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("NO ANSWER", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("NOANSWER", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("no_answer", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("BUSY", CallOutcome.BUSY, CallOutcome.BUSY),
        ("FAILED", CallOutcome.FAILED, CallOutcome.FAILED),
        ("CONGESTION", CallOutcome.FAILED, CallOutcome.FAILED),
        ("CHANUNAVAIL", CallOutcome.FAILED, CallOutcome.FAILED),
        ("CANCEL", CallOutcome.MISSED, CallOutcome.CANCELED),
        ("DONTCALL", CallOutcome.REJECTED, CallOutcome.REJECTED),
        ("VOICEMAIL", CallOutcome.VOICEMAIL, CallOutcome.VOICEMAIL),
        ("SOMETHING NEW", CallOutcome.UNKNOWN, CallOutcome.UNKNOWN),
    ],
)
def test_disposition_is_the_outcome_seen_from_the_company(
    word: str, inbound: CallOutcome, outbound: CallOutcome
) -> None:
    found = call(INBOUND, disposition=word)
    assert (found.outcome, found.provider_status) == (inbound, word)
    assert call(OUTBOUND, disposition=word).outcome is outbound


def test_unanswered_call_has_no_talk_time() -> None:
    assert call(OUTBOUND).talk_seconds == 0


def test_talk_time_of_an_answered_call_is_unknown_because_the_duration_includes_ringing() -> None:
    assert (call(INBOUND).duration_seconds, call(INBOUND).talk_seconds) == (145, None)


def test_call_without_disposition_is_of_unknown_outcome_and_talk() -> None:
    found = call(OUTBOUND, disposition="")
    assert (found.outcome, found.provider_status, found.talk_seconds) == (CallOutcome.UNKNOWN, None, None)


# Numbers


def keys(found: CallRecord) -> list[str | None]:
    parties = (found.phone_number, found.caller_number, found.dialed_number, found.destination_number)
    return [number.key if number else None for number in parties]


def test_inbound_call_came_in_on_the_trunk_and_rang_the_agent() -> None:
    assert keys(call(INBOUND)) == ["+9779820000011", "+9779820000011", "+97715970000", "2007"]


def test_outbound_call_shows_the_trunk_as_caller() -> None:
    assert keys(call(OUTBOUND)) == ["+9779810000078", "+97715970000", "+9779810000078", "+9779810000078"]


def test_internal_call_has_no_outside_party() -> None:
    assert keys(call(OUTBOUND, call_type="internal", phone_number="2009")) == [None, "2003", "2009", "2009"]


def test_trunk_with_a_name_is_a_label_and_no_number() -> None:
    found = call(INBOUND, trunk="ntc-pri-1")
    assert found.dialed_number is None
    assert Label(LabelKind.TRUNK, "ntc-pri-1") in found.details.labels


def test_hidden_caller_is_withheld() -> None:
    number = call(INBOUND, phone_number="anonymous").phone_number
    assert number is not None
    assert number.kind is NumberKind.WITHHELD


# Agent, recording, wrap-up


def test_agent_has_a_name_and_an_extension() -> None:
    agent = call(OUTBOUND).agent
    assert agent is not None
    assert agent.number is not None
    assert (agent.name, agent.number.digits, agent.number.kind) == ("Anita", "2003", NumberKind.INTERNAL)


def test_call_that_reached_no_agent_has_none() -> None:
    assert call(INBOUND, agent_fullname="", agent_extension=None).agent is None


def test_recording_link_gets_the_scheme_it_lacks() -> None:
    recording = call(OUTBOUND).details.recording
    assert recording is not None
    assert recording.url == "https://" + OUTBOUND["recording_link"]


@pytest.mark.parametrize("link", ["http://a.example/1.wav", "HTTPS://a.example/1.wav"])
def test_recording_link_with_a_scheme_stays(link: str) -> None:
    recording = call(OUTBOUND, recording_link=link).details.recording
    assert recording is not None
    assert recording.url == link


def test_wrap_up_is_kept_and_can_be_filtered_by() -> None:
    details = call(OUTBOUND).details
    assert details.wrap_up == WrapUp(name="Not reachable", note="Try again in the evening")
    assert Label(LabelKind.WRAP_UP, "Not reachable") in details.labels


def test_blank_texts_mean_nothing() -> None:
    details = call(INBOUND).details
    assert (details.recording, details.wrap_up) == (None, None)
    assert details.labels == (Label(LabelKind.TRUNK, "+97715970000"),)


# What is no call


def test_row_of_counts_is_refused_with_the_way_to_have_the_counts() -> None:
    message = refusal(load("call_log_count.json")[0])
    assert "CallLogCountAPI" in message
    assert "callCounts" in message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"calldate": ""}, "calldate is missing"),
        ({"calldate": "yesterday"}, "'yesterday' is not a date and time"),
        ({"call_type": None}, "call_type is missing"),
        ({"call_type": "sideways"}, "'sideways', neither inbound nor outbound"),
        ({"duration": "long"}, "duration is 'long'"),
        ({"duration": -1}, "duration is -1"),
        ({"calldate": "9999-12-31 23:59:00", "duration": 86_400}, "after the year 9999"),
        ({"duration": 10**15}, "duration is 1000000000000000"),
    ],
)
def test_unreadable_row_is_refused_with_the_reason(changes: dict[str, Any], says: str) -> None:
    assert says in refusal(OUTBOUND, **changes)


# Bodies


def test_body_is_a_list_of_rows_or_one_row() -> None:
    body = load("call_log.json")
    assert list(items(body)) == body
    assert list(items(body[0])) == [body[0]]


def test_what_is_no_object_comes_out_to_be_rejected_by_name() -> None:
    assert list(items([OUTBOUND, "broken", None, 5])) == [OUTBOUND, "broken", None, 5]
    assert list(items("no data")) == ["no data"]


@pytest.mark.parametrize("body", [[], {"message": "No data found"}, [{"status": 200, "message": "Nothing"}]])
def test_answer_without_interactions_holds_no_rows(body: Any) -> None:
    assert list(items(body)) == []


def test_error_in_place_of_rows_is_not_taken_for_no_calls() -> None:
    assert LOG.listed({"message": "No record found"}) == []
    assert LOG.listed({"error_message": "Invalid token"}) is None


def test_error_answer_is_not_taken_for_an_empty_one() -> None:
    assert list(items({"error": "Invalid token"})) == [{"error": "Invalid token"}]


# The whole document, and anything else


def leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path


def test_field_table_has_every_field_of_the_recorded_bodies_and_no_other() -> None:
    recorded = {leaf for name, endpoint in ENDPOINTS.items() for leaf in leaves(load(name), endpoint)}
    assert recorded == FIELDS.keys()
    assert {path.name for path in PAYLOADS.iterdir()} == ENDPOINTS.keys()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([2**63, "N.A.", -1])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
CHANGES = st.dictionaries(st.sampled_from(sorted(OUTBOUND)), VALUES)


# A busy machine is slow, which says nothing of the mapping.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_calls_or_reason(payload: dict[str, Any]) -> None:
    """Nothing but a RecordError may come out instead of calls."""
    with suppress(RecordError):
        (found,) = records(payload, NEPAL)
        assert isinstance(found, CallRecord)
        assert len(found.provider_call_id) == 32


@unhurried
@given(row=st.sampled_from([OUTBOUND, INBOUND]), changes=CHANGES, dropped=st.sets(st.sampled_from(sorted(OUTBOUND))))
def test_any_row_gives_a_call_or_the_reason_why_not(
    row: dict[str, Any], changes: dict[str, Any], dropped: set[str]
) -> None:
    assert_calls_or_reason({key: value for key, value in (row | changes).items() if key not in dropped})


@unhurried
@given(payload=st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(OUTBOUND)), VALUES))
def test_any_object_gives_a_call_or_the_reason_why_not(payload: dict[str, Any]) -> None:
    assert_calls_or_reason(payload)


@unhurried
@given(body=VALUES | st.lists(st.just(OUTBOUND) | VALUES))
def test_any_body_is_cut_into_objects_and_the_rest(body: Any) -> None:
    for row in items(body):
        if isinstance(row, dict):
            assert_calls_or_reason(row)

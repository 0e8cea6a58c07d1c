"""Acefone's records as calls: what its own sample shows; the family's rules are tested with Smartflo's."""

import json
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind, LegStatus
from app.domain.errors import RecordError
from app.domain.sources import Locale, Provider
from app.providers.acefone.wire import SPEC
from tests.providers.acefone.fields import FIELDS, SAMPLE
from tests.providers.domain_paths import leaves, shown
from tests.providers.field_table import Shown

PAYLOADS = Path(__file__).parent / "payloads"
DEFAULT = Locale(ZoneInfo(SPEC.default_zone), SPEC.default_region)


def load(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text())


ANSWER = load("records.json")
RECORD: dict[str, Any] = ANSWER["results"][0]
RESENT: dict[str, Any] = load("resent.json")


def call(record: dict[str, Any] = RECORD, locale: Locale = DEFAULT, **changes: Any) -> CallRecord:
    (found,) = SPEC.records(deepcopy(record) | changes, locale)
    assert isinstance(found, CallRecord)
    return found


def legs(found: CallRecord, kind: LegKind) -> list[CallLeg]:
    return [leg for leg in found.legs if leg.kind is kind]


def test_it_is_a_vendor_of_its_own() -> None:
    assert SPEC.provider is Provider.ACEFONE


def test_new_source_reads_indian_times_as_the_sample_s_epochs_confirm() -> None:
    assert call().started_at == datetime.fromtimestamp(int(RECORD["call_id"].split(".")[0]), UTC)


def test_epoch_of_the_flow_wins_where_the_source_is_set_to_london() -> None:
    found = call(locale=Locale(ZoneInfo("Europe/London"), "IN"))
    assert found.started_at == datetime(2024, 5, 2, 13, 50, 3, tzinfo=UTC)


def test_epochs_of_one_flow_come_as_text_and_as_number() -> None:
    first, second = call().legs[:2]
    assert first.started_at == second.started_at == datetime(2024, 5, 2, 13, 50, 3, tzinfo=UTC)


def test_call_was_outgoing_and_answered() -> None:
    found = call()
    assert (found.direction, found.outcome) == (CallDirection.OUTBOUND, CallOutcome.ANSWERED)
    assert found.phone_number is not None
    assert found.phone_number.e164 == "+917000003233"


def test_duration_is_not_end_minus_start() -> None:
    found = call()
    assert found.ended_at == datetime(2024, 5, 2, 13, 50, 57, tzinfo=UTC)
    assert found.duration_seconds == 54
    assert (found.ended_at - found.started_at).total_seconds() == 58


def test_answer_s_own_step_has_no_type_and_tells_when_the_talk_began_and_ended() -> None:
    found = call()
    (answer,) = legs(found, LegKind.UNKNOWN)
    assert (answer.provider_kind, answer.status) == (None, LegStatus.ANSWERED)
    assert (answer.started_at, answer.ended_at) == (found.answered_at, found.ended_at)
    assert found.answered_at == datetime(2024, 5, 2, 13, 50, 17, tzinfo=UTC)
    assert found.talk_seconds == 40


def test_number_that_a_click_to_call_dials_is_no_agent() -> None:
    dialed, picked_up = legs(call(), LegKind.AGENT)
    assert dialed.agent is not None
    assert dialed.agent.provider_agent_id == "050100000016"
    assert picked_up.agent is None
    assert picked_up.number is not None
    assert picked_up.number.digits == "20607017000003"


def test_click_to_call_step_names_its_trunk() -> None:
    (leg,) = legs(call(), LegKind.CLICK_TO_CALL)
    assert leg.name == "SIP/+20607017000003@TATA-BLR-UNLIMITED-8069000000_6163f23800001"


def test_agent_works_a_mobile_phone_and_has_the_id_of_the_step() -> None:
    agent = call().agent
    assert agent is not None
    assert agent.number is not None
    assert (agent.provider_agent_id, agent.number.e164) == ("050100000016", "+919888000999")


def test_dialler_contact_and_hangup_data_may_be_null() -> None:
    found = call()
    assert (found.details.dialer, found.details.contact_card, found.wait_seconds) == (None, None, None)
    assert legs(found, LegKind.AGENT_HANGUP) == []
    assert found.contact is not None
    assert found.contact.name is None


def test_ring_time_may_be_not_available() -> None:
    assert RECORD["agent_ring_time"] == "N.A."
    assert call().ring_seconds is None


def test_agent_of_a_missed_transfer_may_be_named_by_a_text() -> None:
    (leg,) = legs(call(RESENT), LegKind.TRANSFER_MISSED_AGENT)
    assert leg.agent is not None
    assert leg.agent.number is not None
    assert (leg.agent.name, leg.agent.number.e164) == ("Indu Example", "+919888000997")


def test_record_is_found_in_every_kind_of_body() -> None:
    for body in (ANSWER, ANSWER["results"], RECORD):
        assert list(SPEC.items(body)) == [RECORD]


@pytest.mark.parametrize("path", [path for path, place in FIELDS.items() if isinstance(place, Shown)])
def test_field_of_the_document_is_shown(path: str) -> None:
    place = FIELDS[path]
    assert isinstance(place, Shown)
    assert place.value in shown(call(load(SAMPLE)), place.path)


def test_every_recorded_field_is_in_the_table() -> None:
    recorded = {*leaves(ANSWER), *leaves(RESENT, "results[]")}
    assert recorded - FIELDS.keys() == set()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


def reads_or_refuses(payload: dict[str, Any]) -> None:
    with suppress(RecordError):
        (found,) = SPEC.records(payload, DEFAULT)
        assert isinstance(found, CallRecord)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RESENT)), JSON, min_size=1, max_size=4))
def test_any_change_of_a_record_is_read_or_refused(changes: dict[str, Any]) -> None:
    reads_or_refuses(RESENT | changes)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(range(len(RECORD["call_flow"]))),
    st.dictionaries(st.sampled_from(["time", "anstime", "type", "number", "dialst"]), JSON),
)
def test_any_change_of_a_step_is_read_or_refused(position: int, changes: dict[str, Any]) -> None:
    record = deepcopy(RECORD)
    record["call_flow"][position] |= changes
    reads_or_refuses(record)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=6), JSON))
def test_any_object_is_read_or_refused(payload: dict[str, Any]) -> None:
    reads_or_refuses(payload)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_body_falls_apart_into_items(body: Any) -> None:
    assert not any(isinstance(item, list) for item in SPEC.items(body))

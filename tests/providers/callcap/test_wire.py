"""Callcap's calls as domain records: one sentence of the mapping per test."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallKind, CallOutcome, CallRecord
from app.domain.details import Person, Scorecard, Summary, Verdict
from app.domain.errors import RecordError
from app.domain.labels import Label, LabelKind
from app.domain.org_units import OrgUnitKind
from app.domain.sources import Locale
from app.providers.callcap.wire import SPEC, items, records
from tests.providers.callcap.fields import FIELDS

PAYLOADS = Path(__file__).parent / "payloads"
CHICAGO = Locale(ZoneInfo(SPEC.default_zone), SPEC.default_region)


def load(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text())


(SEARCHED,) = items(load("search.json"))
(BLANK,) = items(load("search_with_blanks.json"))
(BASIC,) = items(load("resource_without_details.json"))


def changed(payload: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with other values at dotted paths, in lists at the first element."""
    made = copy.deepcopy(payload)
    for path, value in changes.items():
        *way, last = [path] if path in made else path.replace("[]", ".0").split(".")
        inner: Any = made
        for key in way:
            inner = inner[int(key) if isinstance(inner, list) else key]
        inner[int(last) if isinstance(inner, list) else last] = value
    return made


def call(payload: dict[str, Any] = SEARCHED, changes: dict[str, Any] | None = None) -> CallRecord:
    (found,) = records(changed(payload, changes or {}), CHICAGO)
    return found


def names(found: CallRecord, kind: LabelKind) -> list[str | None]:
    return [label.name for label in found.details.labels if label.kind is kind]


# Times


def test_times_are_read_in_the_zone_that_the_body_names() -> None:
    (eastern,) = items(load("search.json") | {"search": {"timezone": "US/Eastern"}})
    assert call().started_at == datetime(2020, 9, 1, 14, 7, 15, tzinfo=UTC)
    assert call(eastern).started_at == datetime(2020, 9, 1, 13, 7, 15, tzinfo=UTC)


def test_every_time_of_a_call_is_in_that_zone() -> None:
    found = call(SEARCHED, {"search.timezone": "US/Hawaii"})
    assert found.ended_at == datetime(2020, 9, 1, 19, 47, 15, tzinfo=UTC)
    assert found.modified_at == datetime(2021, 11, 2, 5, 10, 46, tzinfo=UTC)
    assert found.details.rescue is not None
    assert found.details.rescue.rescued_at == datetime(2020, 6, 13, 2, 46, 33, tzinfo=UTC)


def test_without_a_named_zone_the_zone_of_the_source_counts() -> None:
    (bare,) = items([load("search.json")["call"][0]])
    (found,) = records(bare, Locale(ZoneInfo("America/Denver"), "US"))
    assert found.started_at == datetime(2020, 9, 1, 15, 7, 15, tzinfo=UTC)


def test_summer_and_winter_have_their_own_offsets() -> None:
    assert call(SEARCHED, {"start_datetime": "2020-12-01 09:07:15"}).started_at.hour == 15
    assert call().started_at.hour == 14


def test_duration_is_the_vendors_and_not_end_minus_start() -> None:
    found = call()
    assert found.ended_at is not None
    assert ((found.ended_at - found.started_at).seconds, found.duration_seconds) == (2400, 570)


def test_talk_time_of_an_answered_call_is_unknown() -> None:
    assert call().talk_seconds is None


@pytest.mark.parametrize("action", ["missed", "busy", "blocked"])
def test_unanswered_call_has_no_talk_time(action: str) -> None:
    assert call(SEARCHED, {"action": action}).talk_seconds == 0


def test_call_in_progress_has_not_ended_whatever_the_record_says() -> None:
    assert call(SEARCHED, {"action": "inprogress", "end_datetime": "0000-00-00 00:00:00"}).ended_at is None


# Direction and outcome


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("inbound", CallDirection.INBOUND),
        ("Outbound", CallDirection.OUTBOUND),
        ("internal", CallDirection.INTERNAL),
        ("", CallDirection.INBOUND),
        ("both", CallDirection.INBOUND),
    ],
)
def test_direction_is_the_campaigns_and_inbound_where_unknown(word: str, direction: CallDirection) -> None:
    assert call(SEARCHED, {"accounts.campaign.direction": word}).direction is direction


@pytest.mark.parametrize(
    ("action", "inbound", "outbound"),
    [
        ("Answer", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("ans", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("ANSWERED", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("missed", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("Hangup", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("hung-up", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("No Answer", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("Busy", CallOutcome.BUSY, CallOutcome.BUSY),
        ("busy signal", CallOutcome.BUSY, CallOutcome.BUSY),
        ("blocked", CallOutcome.BLOCKED, CallOutcome.BLOCKED),
        ("In Progress", CallOutcome.IN_PROGRESS, CallOutcome.IN_PROGRESS),
        ("inprogress", CallOutcome.IN_PROGRESS, CallOutcome.IN_PROGRESS),
        ("Transferred to the moon", CallOutcome.UNKNOWN, CallOutcome.UNKNOWN),
    ],
)
def test_action_is_the_outcome_seen_from_the_company(action: str, inbound: CallOutcome, outbound: CallOutcome) -> None:
    found = call(SEARCHED, {"action": action})
    assert (found.outcome, found.provider_status) == (inbound, action)
    assert call(SEARCHED, {"action": action, "accounts.campaign.direction": "outbound"}).outcome is outbound


def test_call_without_action_is_of_unknown_outcome() -> None:
    assert (call(BASIC, {"action": ""}).outcome, call(BASIC, {"action": ""}).provider_status) == (
        CallOutcome.UNKNOWN,
        None,
    )


@pytest.mark.parametrize(
    ("word", "kind"), [(None, CallKind.CALL), ("call", CallKind.CALL), ("text", CallKind.TEXT), ("Text", CallKind.TEXT)]
)
def test_text_conversation_is_said_to_be_one(word: str | None, kind: CallKind) -> None:
    assert call(SEARCHED, {"conversation_type": word}).kind is kind


# Numbers


def keys(found: CallRecord) -> list[str | None]:
    parties = (found.phone_number, found.caller_number, found.dialed_number, found.destination_number)
    return [number.key if number else None for number in parties]


def test_inbound_call_is_from_the_caller_to_the_campaigns_numbers() -> None:
    assert keys(call()) == ["+13165550133", "+13165550133", "+18665550146", "+13165550155"]


def test_outbound_call_is_to_the_destination() -> None:
    outbound = {"accounts.campaign.direction": "outbound"}
    assert keys(call(SEARCHED, outbound)) == ["+13165550155", "+13165550133", "+18665550146", "+13165550155"]
    without = call(SEARCHED, outbound | {"accounts.campaign.destination_number": ""})
    assert keys(without)[0] == "+18665550146"


def test_internal_call_has_no_outside_party() -> None:
    assert keys(call(SEARCHED, {"accounts.campaign.direction": "internal"}))[0] is None


# Caller and contact


def test_caller_is_the_contact_and_is_kept_as_seen_on_the_call() -> None:
    found = call()
    assert found.contact is not None
    assert [number.e164 for number in found.contact.numbers] == ["+13165550133"]
    assert found.contact.name == "Jonas Doe"
    assert found.contact.profile == found.details.caller_profile
    assert found.details.caller_profile is not None
    assert found.details.caller_profile.kind == "Residential"


def test_nf_means_that_nothing_was_found() -> None:
    assert BLANK["caller"]["address"] == "NF"
    profile = call(BLANK).details.caller_profile
    assert profile is not None
    assert (profile.address, profile.city) == (None, "Wichita")
    assert call(BLANK, {"caller.caller_id": "NF"}).caller_number is None


def test_caller_of_an_outbound_call_is_not_taken_for_the_outside_person() -> None:
    found = call(SEARCHED, {"accounts.campaign.direction": "outbound"})
    assert found.contact is None
    assert found.details.caller_profile is not None
    assert found.details.caller_profile.name == "Jonas Doe"


def test_hidden_caller_is_nobodys_contact() -> None:
    found = call(SEARCHED, {"caller.caller_id": "anonymous"})
    assert found.phone_number is not None
    assert found.contact is None


# Reviews, rescues, call takers


def test_call_taker_is_the_agent() -> None:
    found = call(SEARCHED, {"callsurance.csr": {"id": 42, "name": "Frida Smith"}})
    assert found.agent == AgentRecord(provider_agent_id="42", name="Frida Smith")


def test_call_taker_with_id_zero_is_an_agent_by_name_only() -> None:
    found = call()
    assert found.agent == AgentRecord(name="Administrator")
    assert found.details.review is not None
    assert found.details.review.call_taker == Person(id="0", name="Administrator")


def test_call_taker_with_neither_id_nor_name_is_no_agent() -> None:
    assert call(SEARCHED, {"callsurance.csr": {"id": 0, "name": ""}}).agent is None


def test_requested_change_is_kept_beside_the_review_and_what_it_replaced() -> None:
    review = call().details.review
    assert review is not None
    assert review.change is not None
    assert review.minor == Verdict(id="54800000", label="Appointment Booked")
    assert review.change.minor == Verdict(id="12345000", label="Appointment Booked", tag="appointmentBooked")
    assert review.change.original_minor == Verdict(id="7654000", label="No sale", tag="noSale")
    assert review.change.customer == Person(name="Melanie Chang", email="melanie@example.com")


@pytest.mark.parametrize(
    ("number", "name", "worked"),
    [
        (1, "POSITIVE", True),
        (2, "NEGATIVE", True),
        ("3", "NEUTRAL", True),
        (4, "FILTERED", False),
        (0, "UNWORKED", False),
        (9, "BRAND NEW", True),
    ],
)
def test_major_verdict_is_a_label_and_says_whether_anybody_worked_on_the_call(
    number: int | str, name: str, worked: bool
) -> None:
    found = call(SEARCHED, {"callsurance.major": {"id": number, "label": "Brand new"}})
    assert Label(LabelKind.REVIEW, name, str(number)) in found.details.labels
    assert ("REVIEW" in names(found, LabelKind.FEATURE)) is worked


def test_major_verdict_is_known_by_its_word_where_the_id_is_missing() -> None:
    found = call(SEARCHED, {"callsurance.major": {"label": "Negative"}})
    assert Label(LabelKind.REVIEW, "NEGATIVE", "2") in found.details.labels


@pytest.mark.parametrize("callsurance", [{}, [], None, {"major": {"id": 0, "label": "Unworked"}}])
def test_call_without_verdict_is_unworked_and_has_no_review(callsurance: Any) -> None:
    found = call(SEARCHED, {"callsurance": callsurance})
    assert names(found, LabelKind.REVIEW) == ["UNWORKED"]
    assert found.details.review is None


def test_payload_without_review_details_says_nothing_of_reviews() -> None:
    assert names(call(BASIC), LabelKind.REVIEW) == []


@pytest.mark.parametrize("status", ["Approved", "denied", "PENDING"])
def test_state_of_a_change_request_is_a_label(status: str) -> None:
    found = call(SEARCHED, {"callsurance.change_request.status": status})
    assert names(found, LabelKind.REVIEW_CHANGE) == [status.upper()]


@pytest.mark.parametrize(("number", "name"), [(1, "SAVED"), (2, "LOST")])
def test_outcome_of_a_rescue_is_a_label(number: int, name: str) -> None:
    found = call(SEARCHED, {"callsaver.outcome": {"id": number, "label": "whatever"}})
    assert Label(LabelKind.RESCUE, name, str(number)) in found.details.labels


def test_rescue_says_who_followed_up_and_why_it_ended_so() -> None:
    rescue = call().details.rescue
    assert rescue is not None
    assert rescue.user == Person(name="Janet Smith", email="janet@example.com")
    assert (rescue.reason, rescue.opportunity) == (Verdict(id="111", label="Customer repaired problem"), True)


# Features, labels, accounts


def test_features_are_what_the_call_has() -> None:
    assert names(call(), LabelKind.FEATURE) == ["REVIEW", "RESCUE", "WEB_VISIT"]
    assert names(call(BASIC), LabelKind.FEATURE) == []


@pytest.mark.parametrize(
    ("said", "clicked"), [(True, True), ("1", True), ({"id": 5}, True), (False, False), ("0", False), ({}, False)]
)
def test_click_to_call_is_a_feature_only_where_the_payload_says_so(said: Any, clicked: bool) -> None:
    assert ("CLICK_TO_CALL" in names(call(SEARCHED, {"callconnect": said}), LabelKind.FEATURE)) is clicked


def test_reference_campaign_and_medium_are_labels() -> None:
    labels = call().details.labels
    assert Label(LabelKind.REFERENCE, None, "abc123_xyz") in labels
    assert Label(LabelKind.CAMPAIGN, "Website number", "111111") in labels
    assert Label(LabelKind.MEDIUM, "Website") in labels


def test_accounts_are_a_tree_from_the_top_down() -> None:
    units = call().org_units
    assert [unit.kind for unit in units] == list(OrgUnitKind)
    assert [unit.provider_unit_id for unit in units] == ["1", "1669", "222222", "111111"]
    assert [unit.campaign is not None for unit in units] == [False, False, False, True]


def test_level_without_id_is_left_out() -> None:
    units = call(SEARCHED, {"accounts.division": {"id": None, "name": "Midwest"}}).org_units
    assert [unit.provider_unit_id for unit in units] == ["1", "222222", "111111"]


def test_campaign_keeps_its_costs_and_memos() -> None:
    campaign = call().org_units[-1].campaign
    assert campaign is not None
    assert (campaign.cost_per_piece, campaign.estimated_cost_per_piece, campaign.default_revenue) == (0.01, 0.02, 25)
    assert (campaign.line_memo, campaign.additional_line_memo) == ("Memo", "Second memo")
    assert campaign.tracking_number is not None
    assert campaign.tracking_number.e164 == "+18665550144"


# Insights


def test_notes_stay_as_they_are() -> None:
    assert call().notes == SEARCHED["notes"]
    assert SEARCHED["notes"].startswith("-----{Callsurance update:")


def test_summaries_and_scorecards_keep_the_vendors_order() -> None:
    details = call().details
    assert [summary.kind for summary in details.summaries] == ["Outcome Focused", "Agent Focused"]
    answers = [[answer.entry for answer in result.answers] for result in details.scorecards[0].results]
    assert answers == [["true"], ["Widgets", "Gadgets"]]


def test_empty_summaries_and_scorecards_are_left_out() -> None:
    details = call(SEARCHED, {"summaries": [{}, {"text": "Hi"}], "scorecards": [{}, {"name": "A"}]}).details
    assert details.summaries == (Summary(text="Hi"),)
    assert details.scorecards == (Scorecard(name="A"),)


def test_blanks_of_the_documents_sample_mean_nothing() -> None:
    details = call(BLANK).details
    assert details.demographics is None
    assert details.sentiment is not None
    assert (details.sentiment.frustrated_reason, details.sentiment.frustrated) == (None, False)
    assert details.web_visit is not None
    assert (details.web_visit.ad_group, details.web_visit.traffic_type) == (None, "organic")


def test_visit_with_nothing_but_blanks_is_none() -> None:
    found = call(SEARCHED, {"webmatch": {"search": "", "visitor": {"os": {"name": ""}}}})
    assert found.details.web_visit is None
    assert "WEB_VISIT" not in names(found, LabelKind.FEATURE)


def test_call_without_details_has_its_basic_fields_only() -> None:
    found = call(BASIC)
    assert (found.outcome, found.duration_seconds, found.details.rings) == (CallOutcome.MISSED, 0, 6)
    assert (found.agent, found.contact, found.org_units, found.details.recording) == (None, None, (), None)
    assert found.details.labels == ()


# What is no call


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"call_id": None}, "call_id is missing"),
        ({"start_datetime": ""}, "start_datetime is missing"),
        ({"start_datetime": "soon"}, "'soon' is not a date and time"),
        ({"end_datetime": "2020-13-01 00:00:00"}, "'2020-13-01 00:00:00' is not a date and time"),
        ({"duration": "long"}, "duration is 'long'"),
        ({"search.timezone": "Mars/Olympus"}, "search.timezone is 'Mars/Olympus'"),
    ],
)
def test_unreadable_call_is_refused_with_the_reason(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordError) as caught:
        call(SEARCHED, changes)
    assert says in str(caught.value)


# Bodies


def test_body_gives_each_call_the_zone_that_the_body_names() -> None:
    body = load("search.json")
    assert list(items(body)) == [{"search.timezone": "US/Central", **body["call"][0]}]
    assert list(items([body, body])) == list(items(body)) * 2


def test_single_call_in_place_of_the_list_is_taken() -> None:
    body = load("search.json")
    assert list(items(body | {"call": body["call"][0]})) == [SEARCHED]


def test_call_by_itself_comes_out_as_it_is() -> None:
    assert list(items(SEARCHED)) == [SEARCHED]
    assert list(items([SEARCHED, BASIC])) == [SEARCHED, BASIC]


def test_what_is_no_object_comes_out_to_be_rejected_by_name() -> None:
    assert list(items({"call": [None, "broken"], "search": {"timezone": "UTC"}})) == [None, "broken"]
    assert list(items([5, []])) == [5, []]


@pytest.mark.parametrize("body", [{"status": "success", "call": None}, {"status": "success"}, [], "recorded"])
def test_answer_without_calls_holds_none(body: Any) -> None:
    assert list(items(load("search_without_calls.json") if body == "recorded" else body)) == []


def test_failed_answer_is_not_taken_for_an_empty_one() -> None:
    assert list(items({"status": "error", "message": "Login failed"})) == [
        {"status": "error", "message": "Login failed"}
    ]


def test_streamed_elements_find_their_zone_in_the_envelope() -> None:
    assert (SPEC.item_paths, SPEC.envelope_paths) == (("call.item", "item"), ("search.timezone",))


# The whole document, and anything else


def places(value: Any, path: str = "") -> Iterator[str]:
    """The fields of a body, at any depth; an empty object or list names none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{path}.{key}" if path else key)
            yield f"{path}.{key}" if path else key
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner, f"{path}[]")


def in_table(path: str) -> bool:
    return any(path == key or path.startswith((f"{key}.", f"{key}[]")) for key in FIELDS)


def test_field_table_has_every_field_of_the_recorded_bodies_and_no_other() -> None:
    recorded = {path for file in PAYLOADS.iterdir() for path in places(json.loads(file.read_text()))}
    # A path that others go on from is an object or a list, and its parts are the fields.
    fields = {path for path in recorded if not any(other.startswith((f"{path}.", f"{path}[]")) for other in recorded)}
    fields -= {"call"}
    assert {path for path in fields if not in_table(path)} == set()
    assert FIELDS.keys() - recorded == set()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([2**63, "N.A.", "2020-09-01 09:07:15", "US/Central", "9999-12-31 23:59:59"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
PATHS = sorted(set(places(SEARCHED)))
# A busy machine is slow, which says nothing of the mapping.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_call_or_reason(payload: dict[str, Any]) -> None:
    """Nothing but a RecordError may come out instead of a call."""
    with suppress(RecordError):
        (found,) = records(payload, CHICAGO)
        assert isinstance(found, CallRecord)
        assert found.provider_call_id


@unhurried
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_any_value_in_any_place_gives_a_call_or_the_reason_why_not(path: str, value: Any) -> None:
    assert_call_or_reason(changed(SEARCHED, {path: value}))


@unhurried
@given(payload=st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(SEARCHED)), VALUES))
def test_any_object_gives_a_call_or_the_reason_why_not(payload: dict[str, Any]) -> None:
    assert_call_or_reason(payload)
    assert_call_or_reason({"call_id": "1", "start_datetime": "2020-09-01 09:07:15"} | payload)


@unhurried
@given(body=VALUES | st.fixed_dictionaries({"call": VALUES, "search": VALUES}) | st.lists(st.just(SEARCHED) | VALUES))
def test_any_body_is_cut_into_objects_and_the_rest(body: Any) -> None:
    for item in items(body):
        if isinstance(item, dict):
            assert_call_or_reason(item)

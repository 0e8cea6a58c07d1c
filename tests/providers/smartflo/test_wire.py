"""Smartflo's records as calls: who, with whom, how it ended; Acefone's differ only in their samples."""

from typing import Any

import pytest

from app.domain.calls import CallDirection, CallOutcome
from app.domain.details import ContactCard
from app.domain.labels import Label, LabelKind
from app.domain.numbers import NumberKind
from tests.providers.smartflo.samples import RECORD, RESENT, RESET, call, labels, refusal

# Identity


def test_call_is_known_by_its_call_id() -> None:
    assert call().provider_call_id == "1715235734.129662"
    assert call().details.provider_record_id == RECORD["id"]
    assert call().details.provider_trigger_id == RECORD["uuid"]


def test_record_sent_again_is_the_same_call() -> None:
    assert call(RESENT).provider_call_id == call(RECORD).provider_call_id


def test_record_without_call_id_is_refused() -> None:
    assert refusal(call_id=None) == "call_id is missing"
    assert refusal(call_id=RESET) == "call_id is missing"


# Direction and numbers


@pytest.mark.parametrize("word", ["inbound", "Inbound", "INBOUND"])
def test_direction_is_read_in_any_case(word: str) -> None:
    assert call(direction=word).direction is CallDirection.INBOUND


def test_dialler_tells_the_direction_where_the_record_does_not() -> None:
    assert call(direction=None, dialer={"call_type": "outbound"}).direction is CallDirection.OUTBOUND


@pytest.mark.parametrize(
    ("caller_id", "direction"), [("+919650000255", CallDirection.INBOUND), ("+918069000170", CallDirection.OUTBOUND)]
)
def test_caller_id_tells_the_direction_where_nothing_else_does(caller_id: str, direction: CallDirection) -> None:
    assert call(direction="sideways", dialer_call_details=None, caller_id_num=caller_id).direction is direction


def test_call_of_no_direction_is_refused() -> None:
    assert refusal(direction=None, dialer_call_details=None, caller_id_num=None) == "direction is missing"
    assert "'sideways'" in refusal(direction="sideways", dialer_call_details=None, caller_id_num=None)


def test_incoming_call_comes_from_the_client_to_the_did_and_rings_the_agent() -> None:
    found = call()
    assert found.phone_number == found.caller_number
    assert found.caller_number is not None
    assert found.caller_number.e164 == "+919650000255"
    assert found.dialed_number is not None
    assert found.dialed_number.e164 == "+918069000170"
    assert found.destination_number is not None
    assert found.destination_number.raw == "Extension-06040000219"


def test_outgoing_call_goes_from_the_caller_id_to_the_client() -> None:
    found = call(direction="outbound", caller_id_num="+918069000999")
    assert found.caller_number is not None
    assert found.caller_number.e164 == "+918069000999"
    assert found.phone_number == found.dialed_number == found.destination_number
    assert found.phone_number is not None
    assert found.phone_number.e164 == "+919650000255"


def test_did_is_the_caller_of_an_outgoing_call_without_caller_id() -> None:
    found = call(direction="outbound", caller_id_num=None)
    assert found.caller_number is not None
    assert found.caller_number.e164 == "+918069000170"


def test_extension_is_no_indian_number_though_its_digits_would_make_one() -> None:
    found = call(agent_number="Extension-06040000219").agent
    assert found is not None
    assert found.number is not None
    assert (found.number.kind, found.number.e164, found.number.digits) == (NumberKind.INTERNAL, None, "06040000219")


# Outcome


@pytest.mark.parametrize(
    ("status", "direction", "outcome"),
    [
        ("answered", "inbound", CallOutcome.ANSWERED),
        ("Answered", "outbound", CallOutcome.ANSWERED),
        ("missed", "inbound", CallOutcome.MISSED),
        ("missed", "outbound", CallOutcome.NO_ANSWER),
        ("abandoned by moon", "inbound", CallOutcome.UNKNOWN),
        (None, "inbound", CallOutcome.UNKNOWN),
    ],
)
def test_outcome_is_the_status_seen_from_the_company(status: str | None, direction: str, outcome: CallOutcome) -> None:
    found = call(status=status, direction=direction)
    assert (found.outcome, found.provider_status) == (outcome, status)


@pytest.mark.parametrize(
    ("code", "inbound", "outbound"),
    [
        (16, CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        (17, CallOutcome.BUSY, CallOutcome.BUSY),
        ("17", CallOutcome.BUSY, CallOutcome.BUSY),
        (18, CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        (19, CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        (21, CallOutcome.REJECTED, CallOutcome.REJECTED),
        (26, CallOutcome.MISSED, CallOutcome.NO_ANSWER),
    ],
)
def test_hangup_code_refines_an_unanswered_call(code: Any, inbound: CallOutcome, outbound: CallOutcome) -> None:
    for direction, outcome in (("inbound", inbound), ("outbound", outbound)):
        assert call(status="missed", direction=direction, dialer={"hangup_cause": code}).outcome is outcome


@pytest.mark.parametrize("code", [17, 18, 19, 21, 26])
def test_hangup_code_never_makes_an_answered_call_unanswered(code: int) -> None:
    assert call(status="answered", dialer={"hangup_cause": code}).outcome is CallOutcome.ANSWERED


@pytest.mark.parametrize("code", [16, 26])
def test_normal_end_and_answered_elsewhere_say_nothing_of_an_unknown_status(code: int) -> None:
    assert call(status="odd", dialer={"hangup_cause": code}).outcome is CallOutcome.UNKNOWN


def test_no_answer_code_tells_that_a_call_of_unknown_status_was_missed() -> None:
    assert call(status="odd", dialer={"hangup_cause": 19}).outcome is CallOutcome.MISSED


def test_unanswered_call_with_a_voicemail_is_a_voicemail() -> None:
    found = call(status="missed", voicemail_recording=True)
    assert found.outcome is CallOutcome.VOICEMAIL
    assert found.details.recording is not None
    assert found.details.recording.voicemail is True


def test_unanswered_call_of_a_blocked_number_was_blocked() -> None:
    assert call(status="missed", blocked_number_id=7001).outcome is CallOutcome.BLOCKED
    assert call(status="answered", blocked_number_id=7001).outcome is CallOutcome.ANSWERED


# Agent and contact


def test_agent_has_the_id_of_the_step_with_the_same_number() -> None:
    agent = call().agent
    assert agent is not None
    assert (agent.provider_agent_id, agent.name) == ("05040000422", "Asha Example")


def test_agent_has_the_id_of_the_step_with_the_same_name_where_no_number_is_told() -> None:
    agent = call(agent_number=None).agent
    assert agent is not None
    assert agent.provider_agent_id == "05040000422"


def test_agent_of_no_step_has_no_id() -> None:
    agent = call(agent_number="Extension-1", agent_name="Somebody Else").agent
    assert agent is not None
    assert (agent.provider_agent_id, agent.name) == (None, "Somebody Else")


def test_call_without_agent_name_and_number_has_no_agent() -> None:
    assert call(agent_number=None, agent_name="").agent is None


def test_contact_has_the_address_book_s_name_and_the_call_s_number() -> None:
    contact = call().contact
    assert contact is not None
    assert (contact.name, contact.provider_contact_id) == ("ravi", "35860001")
    assert [number.e164 for number in contact.numbers] == ["+919650000255"]


def test_address_book_entry_keeps_its_fields_in_their_order_and_place() -> None:
    entry = {"field_2": "Traders", "field_10": "last", "id": 5, "field_0": "+919650000255", "field_1": None}
    assert call(contact_details=entry).details.contact_card == ContactCard(
        id="5", fields=("+919650000255", "", "Traders", "last")
    )


def test_another_number_of_the_entry_is_the_contact_s_too() -> None:
    contact = call(contact_details={"field_0": "+919650000999"}).contact
    assert contact is not None
    assert [number.e164 for number in contact.numbers] == ["+919650000255", "+919650000999"]


def test_withheld_number_makes_no_contact() -> None:
    found = call(client_number="anonymous", contact_details=None)
    assert found.contact is None
    assert found.phone_number is not None
    assert found.phone_number.kind is NumberKind.WITHHELD


# Labels and details


def test_services_are_separated_by_commas() -> None:
    assert labels(call(service="Click to Call, Dialer,,"), LabelKind.SERVICE) == [
        ("Click to Call", None),
        ("Dialer", None),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (LabelKind.QUEUE, [("AHMM", "10060"), ("Second line", "10061")]),
        (LabelKind.IVR, [("Welcome", "301")]),
        (LabelKind.DEPARTMENT, [("Sales", "401")]),
        (LabelKind.BROADCAST, [(None, "3432")]),
        (LabelKind.CAMPAIGN, [("spring dialer", "53273")]),
        (LabelKind.LIST, [("spring list", "149897")]),
        (LabelKind.DISPOSITION, [("Undisposed", "UNDIS"), ("Not tried", "NT")]),
        (LabelKind.HANGUP_CAUSE, [("Normal clearing", "16")]),
        (LabelKind.CIRCLE, [("Delhi", None)]),
        (LabelKind.CARRIER, [("Airtel India", None)]),
        (LabelKind.LEAD, [(None, "624159950000000000000002")]),
        (LabelKind.ACCOUNT, [("Example.test", None)]),
    ],
)
def test_what_calls_are_sorted_by_is_a_label_once(
    kind: LabelKind, expected: list[tuple[str | None, str | None]]
) -> None:
    assert labels(call(RESENT), kind) == expected


def test_department_that_no_step_names_is_a_label_by_its_name_alone() -> None:
    assert labels(call(department_name="Support"), LabelKind.DEPARTMENT) == [("Support", None)]


@pytest.mark.parametrize("nothing", [None, {}, "", []])
def test_dialler_and_circle_may_be_missing(nothing: Any) -> None:
    details = call(dialer_call_details=nothing, circle=nothing).details
    assert (details.dialer, details.disposition, details.circle) == (None, None, None)
    assert Label(LabelKind.SERVICE, "Dialer") in details.labels


@pytest.mark.parametrize(("word", "short"), [("Yes", True), ("No", False), (True, True), (None, None), ("maybe", None)])
def test_yes_and_no_are_true_and_false(word: Any, short: bool | None) -> None:
    dialer = call(dialer={"is_short_call": word}).details.dialer
    assert dialer is not None
    assert dialer.short_call is short


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("Call back", "Call back"),
        ({"a": "Call back", "b": {"c": ["soon", 5, ""]}}, "Call back\nsoon"),
        (["Call", "back"], "Call\nback"),
        (None, None),
        ({}, None),
        (" ", None),
    ],
)
def test_notes_are_text_or_the_texts_of_an_object(notes: Any, expected: str | None) -> None:
    assert call(notes=notes).notes == expected


def test_call_without_url_id_and_voicemail_has_no_recording() -> None:
    assert (
        call(recording_url=None, aws_call_recording_identifier="", voicemail_recording=False).details.recording is None
    )


def test_account_has_two_names_in_the_document() -> None:
    assert call(accountid=RESET, account_id="Other").details.provider_account == "Other"


@pytest.mark.parametrize("ids", [["81", "82"], "81,82", ["81, 82"]])
def test_sip_agents_come_as_a_list_or_a_text(ids: Any) -> None:
    assert call(sip_agent_ids=ids).details.sip_agent_ids == ("81", "82")

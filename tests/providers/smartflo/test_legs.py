"""The steps of Smartflo's call flow, and the agents whom only other lists name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.calls import LegKind, LegStatus
from tests.providers.smartflo.samples import RESENT, call, legs

# Legs


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("init", LegKind.START),
        ("Inbound Queue", LegKind.QUEUE),
        ("queue", LegKind.QUEUE),
        ("Department", LegKind.DEPARTMENT),
        ("IVR", LegKind.IVR),
        ("Customer", LegKind.CONTACT),
        ("Agent", LegKind.AGENT),
        ("Agent-Hangup", LegKind.AGENT_HANGUP),
        ("Hangup", LegKind.HANGUP),
        ("hangup", LegKind.HANGUP),
        ("ClickToCall", LegKind.CLICK_TO_CALL),
        ("Transfer", LegKind.TRANSFER),
        ("Voicemail", LegKind.VOICEMAIL),
        ("Teleport", LegKind.UNKNOWN),
        (None, LegKind.UNKNOWN),
    ],
)
def test_kind_of_a_step_is_its_type_in_any_case(word: str | None, kind: LegKind) -> None:
    leg = call(call_flow=[{"type": word, "time": 1715235734}]).legs[0]
    assert (leg.kind, leg.provider_kind) == (kind, word)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Answered", LegStatus.ANSWERED),
        ("Dialed", LegStatus.DIALED),
        ("Missed", LegStatus.MISSED),
        ("No Answer", LegStatus.MISSED),
        ("Busy", LegStatus.BUSY),
        ("Failed", LegStatus.FAILED),
        ("Rejected", LegStatus.REJECTED),
        ("Puzzled", LegStatus.UNKNOWN),
        (None, None),
    ],
)
def test_status_of_a_step_is_its_dialling_status(word: str | None, status: LegStatus | None) -> None:
    leg = call(call_flow=[{"type": "Agent", "name": "Asha Example", "dialst": word}]).legs[0]
    assert (leg.status, leg.provider_status) == (status, word)


def test_flow_keeps_its_order_and_nothing_of_it_is_told_twice() -> None:
    assert [leg.kind for leg in call().legs] == [
        LegKind.START,
        LegKind.QUEUE,
        LegKind.CONTACT,
        LegKind.AGENT,
        LegKind.AGENT,
        LegKind.AGENT_HANGUP,
        LegKind.HANGUP,
        LegKind.AGENT_HANGUP,  # agent_hangup_data
    ]


def test_queue_step_tells_the_queue_and_the_application_that_ran_it() -> None:
    (queue,) = legs(call(), LegKind.QUEUE)
    assert (queue.name, queue.provider_leg_id, queue.status) == ("AHMM", "10060", LegStatus.ANSWERED)
    assert (queue.application, queue.application_id, queue.application_data) == (
        "Dialer Campaign",
        "53273",
        "spring dialer",
    )
    assert (queue.provider_ring_status, queue.ring_seconds, queue.agent) == ("1", None, None)


def test_name_and_number_of_an_agent_who_hung_up_come_in_one_text() -> None:
    leg = call().legs[-1]
    assert leg.agent is not None
    assert leg.agent.number is not None
    assert (leg.agent.name, leg.agent.number.digits) == ("Asha Example", "06040000219")
    assert (leg.status, leg.provider_status) == (LegStatus.ANSWERED, "ANSWERED")


def test_agent_s_hangup_has_the_time_group() -> None:
    assert [(leg.time_group_id, leg.time_group) for leg in call(RESENT).legs[-1:]] == [("501", "Office hours")]


def test_agents_who_missed_the_call_are_legs_once_though_two_lists_name_them() -> None:
    (missed,) = legs(call(RESENT), LegKind.MISSED_AGENT)
    assert missed.agent is not None
    assert (missed.agent.provider_agent_id, missed.agent.name) == ("05040000423", "Bela Example")
    assert missed.started_at == datetime(2024, 5, 9, 6, 22, 20, 500000, tzinfo=UTC)


def test_agents_of_a_transfer_who_missed_it_are_legs_of_their_own_kind() -> None:
    found = legs(call(RESENT), LegKind.TRANSFER_MISSED_AGENT)
    assert [leg.agent.name for leg in found if leg.agent] == ["Devi Example", "Chetan Example"]


def test_queue_and_agent_of_a_transfer_are_legs() -> None:
    found = call(RESENT)
    assert [leg.name for leg in legs(found, LegKind.QUEUE)] == ["AHMM", "Second line"]
    assert "Esha Example" in [leg.agent.name for leg in legs(found, LegKind.AGENT) if leg.agent]


@pytest.mark.parametrize(
    ("entry", "name", "digits"),
    [
        ("Bela Example", "Bela Example", None),
        ("Extension-06040000220", None, "06040000220"),
        ("Bela Example(Extension-06040000220)", "Bela Example", "06040000220"),
        ("Bela (Sales)", "Bela (Sales)", None),
        ({"agent_name": "Bela Example", "agent_number": "1002"}, "Bela Example", "1002"),
        ({"name": "Bela Example", "number": 1002}, "Bela Example", "1002"),
    ],
)
def test_agent_who_missed_the_call_may_be_named_in_any_shape(entry: Any, name: str | None, digits: str | None) -> None:
    (leg,) = legs(call(missed_agents=[entry]), LegKind.MISSED_AGENT)
    assert leg.status is LegStatus.MISSED
    assert leg.agent is not None
    assert (leg.agent.name, leg.agent.number.digits if leg.agent.number else None) == (name, digits)


def test_agent_who_missed_the_call_twice_is_told_twice() -> None:
    entry = {"id": "1", "name": "Bela Example", "dialst": "Missed"}
    flow = [{"type": "Agent", "time": 1715235740} | entry]
    queue = {"missed_by": [{"time": 1715235740} | entry, {"time": 1715235760} | entry]}
    found = call(call_flow=flow, dialer={"dialer_queue_details": [queue]}, missed_agents=[entry])
    assert [leg.kind for leg in found.legs if leg.status is LegStatus.MISSED] == [LegKind.AGENT, LegKind.MISSED_AGENT]


def test_agent_may_miss_both_the_call_and_its_transfer() -> None:
    entry = {"id": "1", "name": "Bela Example"}
    found = call(missed_agents=[entry], transfer_missed_agent=[entry])
    assert len(legs(found, LegKind.MISSED_AGENT)) == len(legs(found, LegKind.TRANSFER_MISSED_AGENT)) == 1

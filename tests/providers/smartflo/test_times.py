"""When a call of Smartflo's began, was answered and ended, and how long it lasted."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.details import HoldTime
from app.domain.sources import Locale
from tests.providers.smartflo.samples import RESENT, call, refusal, without_flow

# Times


def test_date_and_time_are_indian_and_stand_to_the_second_when_the_flow_agrees() -> None:
    assert call().started_at == datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)


@pytest.mark.parametrize("time", ["1715235734.438", 1715235734.438, 1715235734, "1715235734"])
def test_epoch_of_a_step_may_be_text_or_number(time: Any) -> None:
    found = call(call_flow=[{"type": "init", "time": time}])
    assert found.legs[0].started_at in (
        datetime(2024, 5, 9, 6, 22, 14, 438000, tzinfo=UTC),
        datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC),
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Asia/Dubai", "America/New_York"])
def test_epoch_of_the_flow_wins_over_texts_read_in_a_wrong_zone(zone: str) -> None:
    found = call(locale=Locale(ZoneInfo(zone), "IN"), call_id="1")
    assert found.started_at == datetime(2024, 5, 9, 6, 22, 14, 438000, tzinfo=UTC)


def test_wrong_zone_is_put_right_for_the_record_s_other_texts_too() -> None:
    flow = [{"type": "init", "time": 1715235734.438}, {"type": "ivr", "readableTime": "09-05-2024 11:52:20"}]
    found = call(locale=Locale(ZoneInfo("UTC"), "IN"), call_id="1", call_flow=flow)
    assert found.legs[1].started_at == datetime(2024, 5, 9, 6, 22, 20, tzinfo=UTC)
    assert found.ended_at == datetime(2024, 5, 9, 6, 23, 2, tzinfo=UTC)


def test_first_step_with_an_epoch_stands_in_for_a_missing_init() -> None:
    flow = [{"type": "Customer"}, {"type": "Agent", "time": 1715300000}]
    assert call(call_flow=flow, call_id="1").started_at == datetime.fromtimestamp(1715300000, UTC)


def test_call_id_confirms_texts_that_a_late_flow_contradicts() -> None:
    late = [{"type": "init", "time": 1715235734 + 3600}]
    assert call(call_flow=late).started_at == datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)


def test_step_without_epoch_is_timed_by_its_text() -> None:
    found = call(call_flow=[{"type": "ivr", "readableTime": "09-05-2024 11:52:20"}])
    assert found.legs[0].started_at == datetime(2024, 5, 9, 6, 22, 20, tzinfo=UTC)


def test_call_without_date_starts_with_its_flow() -> None:
    assert call(date=None).started_at == datetime(2024, 5, 9, 6, 22, 14, 438000, tzinfo=UTC)


def test_call_without_any_start_is_refused() -> None:
    assert "date and time are missing" in refusal(date=None, time=None, call_flow=[])


def test_call_ends_at_its_last_hangup() -> None:
    assert call().ended_at == datetime(2024, 5, 9, 6, 23, 2, 812000, tzinfo=UTC)


def test_earlier_hangup_of_another_branch_does_not_end_the_call() -> None:
    flow = [{"type": "Hangup", "time": 1715235740}, {"type": "hangup", "time": "1715235750"}]
    assert call(call_flow=flow).ended_at == datetime.fromtimestamp(1715235750, UTC)


def test_end_stamp_is_the_end_where_no_hangup_is_told() -> None:
    assert without_flow().ended_at == datetime(2024, 5, 9, 6, 23, 2, tzinfo=UTC)


def test_incoming_call_is_answered_when_the_agent_picks_up_and_not_when_the_caller_is_let_in() -> None:
    found = call()
    assert found.answered_at == datetime(2024, 5, 9, 6, 22, 31, 901000, tzinfo=UTC)
    assert found.ended_at is not None
    assert found.answered_at is not None
    assert round((found.ended_at - found.answered_at).total_seconds()) == found.talk_seconds


def test_outgoing_call_is_answered_when_the_customer_picks_up() -> None:
    assert call(direction="outbound").answered_at == datetime(2024, 5, 9, 6, 22, 14, 541000, tzinfo=UTC)


def test_missed_call_was_never_answered_whatever_its_flow_says() -> None:
    assert call(status="missed").answered_at is None


# Durations


def test_duration_is_the_vendor_s_count_and_not_end_minus_start() -> None:
    found = call(call_duration=54)
    assert found.duration_seconds == 54
    assert found.ended_at is not None
    assert found.ended_at - found.started_at < timedelta(seconds=49)


@pytest.mark.parametrize(
    ("field", "attribute"), [("call_duration", "duration_seconds"), ("answered_seconds", "talk_seconds")]
)
def test_durations_may_come_as_text(field: str, attribute: str) -> None:
    assert getattr(call(**{field: "31"}), attribute) == 31


def test_unanswered_call_has_no_talk_time() -> None:
    assert call(status="missed", answered_seconds=0).talk_seconds == 0


def test_duration_that_is_no_number_is_refused_rather_than_counted_as_zero() -> None:
    assert refusal(call_duration="long") == "call_duration is 'long', not a number of seconds"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("N.A.", None), (None, None), ("12", 12), (12, 12), ("12 sec", 12), ("0:12", 12), ("0:01:12", 72)],
)
def test_ring_time_is_text_that_may_say_nothing(written: Any, seconds: int | None) -> None:
    assert call(agent_ring_time=written).ring_seconds == seconds


def test_waiting_and_holding_are_the_dialler_s() -> None:
    found = call(RESENT)
    assert (found.wait_seconds, found.hold_seconds, found.hold_count) == (18, 5, 1)


def test_hold_time_is_told_by_agent() -> None:
    dialer = call(RESENT).details.dialer
    assert dialer is not None
    assert dialer.hold_times == (HoldTime(provider_agent_id="05040000422", seconds=5, count=1),)

"""Asterisk's rows as calls: one sentence of the mapping per test."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from app.domain.calls import CallOutcome, LegKind, LegStatus
from app.domain.labels import LabelKind
from app.providers.asterisk.rows import COLUMNS
from tests.providers.asterisk.fields import FIELDS, SAMPLE
from tests.providers.asterisk.samples import (
    AMERICA,
    NOT_ANSWERED,
    OUTGOING,
    PAYLOADS,
    call,
    calls_of,
    digits,
    labels,
    one,
    row,
)
from tests.providers.domain_paths import shown
from tests.providers.field_table import Shown

# Rows to calls


def test_two_rows_of_one_uniqueid_are_one_call_of_two_attempts() -> None:
    found = calls_of("smallcdr.csv")["1498559927.9"]
    assert [leg.kind for leg in found.legs] == [LegKind.ATTEMPT, LegKind.ATTEMPT]
    assert [leg.status for leg in found.legs] == [LegStatus.MISSED, LegStatus.ANSWERED]
    assert (found.outcome, found.talk_seconds) == (CallOutcome.ANSWERED, 8)


def test_real_file_makes_as_many_calls_as_it_has_uniqueids() -> None:
    found = calls_of("cdr.csv")
    assert len(found) == 174
    assert sum(len(one.legs) for one in found.values()) == 218 - 8  # eight rows stand twice


def test_outcomes_of_the_real_file_are_counted_by_hand() -> None:
    with (PAYLOADS / "cdr.csv").open(newline="") as file:
        words = defaultdict(set)
        for cells in csv.reader(file):
            words[cells[16]].add(cells[14])
    answered = sum("ANSWERED" in said for said in words.values())
    busy = sum(said == {"BUSY"} for said in words.values())
    counted = Counter(found.outcome for found in calls_of("cdr.csv").values())
    assert counted == {
        CallOutcome.ANSWERED: answered,
        CallOutcome.BUSY: busy,
        CallOutcome.MISSED: len(words) - answered - busy,
    }


def test_exact_duplicate_of_a_row_changes_nothing() -> None:
    assert call(row(), row()) == call(row())


def test_order_of_the_rows_changes_nothing() -> None:
    missed = row(**NOT_ANSWERED, dstchannel="SIP/1002-0000001c")
    assert call(row(), missed) == call(missed, row())


def test_call_lasts_from_the_first_start_to_the_last_end() -> None:
    found = call(
        row(**NOT_ANSWERED, end="2024-05-09 06:22:34", duration="20"),
        row(start="2024-05-09 06:22:34", answer="2024-05-09 06:22:40", end="2024-05-09 06:23:10"),
    )
    assert found.started_at == datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)
    assert found.answered_at == datetime(2024, 5, 9, 6, 22, 40, tzinfo=UTC)
    assert found.ended_at == datetime(2024, 5, 9, 6, 23, 10, tzinfo=UTC)
    assert found.duration_seconds == 56


def test_times_are_read_in_the_zone_of_the_source() -> None:
    assert one().started_at == datetime(2024, 5, 9, 6, 22, 14, tzinfo=UTC)
    assert call(row(), locale=AMERICA).started_at == datetime(2024, 5, 9, 10, 22, 14, tzinfo=UTC)


def test_length_is_right_over_a_change_of_the_clock() -> None:
    found = call(row(start="2024-11-03 00:59:00", end="2024-11-03 03:01:00"), locale=AMERICA)
    assert found.duration_seconds == 3 * 3600 + 120


def test_row_without_end_ends_after_its_duration() -> None:
    assert one(end="").ended_at == datetime(2024, 5, 9, 6, 22, 50, tzinfo=UTC)


def test_row_that_ends_before_it_starts_lasts_as_long_as_it_says() -> None:
    assert one(end="2024-05-09 06:22:00").duration_seconds == 36


def test_ringing_is_what_the_talk_leaves_of_the_duration() -> None:
    assert one().ring_seconds == 6


# Outcome


@pytest.mark.parametrize(
    ("word", "inbound", "outbound"),
    [
        ("ANSWERED", CallOutcome.ANSWERED, CallOutcome.ANSWERED),
        ("NO ANSWER", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("NOANSWER", CallOutcome.MISSED, CallOutcome.NO_ANSWER),
        ("BUSY", CallOutcome.BUSY, CallOutcome.BUSY),
        ("FAILED", CallOutcome.FAILED, CallOutcome.FAILED),
        ("CONGESTION", CallOutcome.FAILED, CallOutcome.FAILED),
        ("CANCEL", CallOutcome.MISSED, CallOutcome.CANCELED),
        ("PUZZLED", CallOutcome.UNKNOWN, CallOutcome.UNKNOWN),
        ("", CallOutcome.UNKNOWN, CallOutcome.UNKNOWN),
    ],
)
def test_outcome_is_the_disposition_seen_from_the_company(
    word: str, inbound: CallOutcome, outbound: CallOutcome
) -> None:
    found = one(disposition=word)
    assert (found.outcome, found.provider_status) == (inbound, word or None)
    assert one(disposition=word, **OUTGOING).outcome is outbound


def test_answered_call_may_have_no_talk_time() -> None:
    found = calls_of("smallcdr.csv")["1498579358.76"]
    assert (found.outcome, found.talk_seconds, found.duration_seconds) == (CallOutcome.ANSWERED, 0, 0)


def test_unanswered_call_has_no_talk_time_though_its_row_counts_some() -> None:
    found = calls_of("cdr.csv")["1498136032.47"]
    assert (found.outcome, found.talk_seconds, found.answered_at) == (CallOutcome.MISSED, 0, None)
    assert [leg.talk_seconds for leg in found.legs] == [25]


def test_last_attempt_tells_how_an_unanswered_call_ended() -> None:
    busy = row(**NOT_ANSWERED | {"disposition": "BUSY"}, start="2024-05-09 06:23:00", end="2024-05-09 06:23:01")
    assert call(busy, row(**NOT_ANSWERED)).outcome is CallOutcome.BUSY


def test_longest_of_several_answers_is_the_talk_and_the_first_its_beginning() -> None:
    short = row(answer="2024-05-09 06:22:16", billsec="2", dstchannel="SIP/1002-0000001c")
    found = call(row(), short)
    assert (found.talk_seconds, digits(found.destination_number)) == (30, "1001")
    assert found.answered_at == datetime(2024, 5, 9, 6, 22, 16, tzinfo=UTC)


# Labels and details


def test_trunk_is_at_the_outside_party_s_end() -> None:
    assert labels(one(), LabelKind.TRUNK) == ["northtrunk"]
    assert labels(one(**OUTGOING), LabelKind.TRUNK) == ["northtrunk"]


def test_extension_local_channel_and_internal_call_have_no_trunk() -> None:
    assert labels(one(channel="SIP/1005-0000001a"), LabelKind.TRUNK) == []
    assert labels(one(channel="Local/outside@queue-00000003;2"), LabelKind.TRUNK) == []
    assert labels(one(**OUTGOING | {"dst": "1002"}), LabelKind.TRUNK) == []


def test_context_account_and_queue_are_labels_once() -> None:
    found = call(
        row(accountcode="sales", lastapp="Queue", lastdata="support,t,,,60"), row(accountcode="sales", billsec="1")
    )
    assert labels(found, LabelKind.CONTEXT) == ["default"]
    assert labels(found, LabelKind.ACCOUNT) == ["sales"]
    assert labels(found, LabelKind.QUEUE) == ["support"]


def test_attempt_tells_the_application_and_the_channel() -> None:
    (leg,) = one().legs
    assert (leg.application, leg.application_data) == ("Dial", "SIP/1001,20")
    assert (leg.name, leg.provider_leg_id) == ("1001", "SIP/1001-0000001b")
    assert (leg.talk_seconds, leg.ring_seconds) == (30, 6)


# The field table


@pytest.mark.parametrize("column", COLUMNS)
def test_column_is_shown(column: str) -> None:
    place = FIELDS[column]
    assert isinstance(place, Shown)
    first = next(iter(calls_of(SAMPLE).values()))
    assert shown(first, place.path) == [place.value]


def test_every_column_is_in_the_table_and_nothing_else() -> None:
    assert tuple(FIELDS) == COLUMNS

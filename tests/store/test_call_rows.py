"""A call's rows: what is written the quick way is what the plain way would write, and lies in the right columns."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import CallLeg, CallRecord, LegKind, LegStatus
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails, WrapUp
from app.domain.labels import Label, LabelKind
from app.domain.times import to_ms
from app.store import call_rows, upsert
from app.store.call_rows import Relations, Told, labels_of, legs_of, row_of, words_of_call
from app.store.database import Database
from app.store.finding_tables import words
from app.store.plain import plain
from app.store.search import words_of
from app.store.tables import call_labels, call_legs, call_payloads, calls, metadata
from app.store.total_tables import total_marks
from tests.builders import a_call, a_number, an_agent
from tests.conftest import NOW, SCOPE

SEARCHED = {LabelKind.CAMPAIGN, LabelKind.REFERENCE, LabelKind.QUEUE, LabelKind.DEPARTMENT}
WORDS = st.text(max_size=8) | st.sampled_from(["Sales", "sales ", "Night  shift"])
LABELS = st.builds(Label, st.sampled_from(LabelKind), st.none() | WORDS, st.none() | WORDS)
DETAILS = st.builds(
    lambda labels, account, rings: CallDetails(labels=tuple(labels), provider_account=account, rings=rings),
    st.lists(LABELS, max_size=5),
    st.none() | WORDS,
    st.none() | st.integers(0, 9),
)


@given(DETAILS, st.none() | WORDS, st.none() | WORDS)
def test_details_and_words_are_those_of_the_plain_way(
    details: CallDetails, name: str | None, known: str | None
) -> None:
    record = replace(a_call("one", phone_number="+13168325555"), details=details, contact=ContactRecord(name=name))
    told = Told(record, {}, NOW)
    written = told.written
    assert msgspec.json.decode(written.details) == msgspec.json.decode(msgspec.json.encode(plain(details)))
    labels = words_of(one.name or one.id for one in details.labels if one.kind in SEARCHED)
    relations = Relations({}, {"+13168325555": "asha"}, {}, {"asha": known} if known else {})
    assert {*words_of_call(told, relations)["CALL"]} == labels | words_of((name,)) - words_of((known,))


@pytest.mark.parametrize(
    "change",
    [
        {"notes": "other"},
        {"legs": ()},
        {"talk_seconds": 9},
        {"agent": None},
        {"phone_number": None},
        {"details": CallDetails(labels=(Label(LabelKind.LEAD, None, "7"),))},
        {"details": CallDetails(wrap_up=WrapUp(note="x"))},
    ],
)
def test_content_hash_tells_whatever_is_told_apart(change: dict[str, Any]) -> None:
    assert hash_of(_CALL) == hash_of(replace(_CALL))
    assert hash_of(_CALL) != hash_of(replace(_CALL, **change))


def test_content_hash_is_of_the_raw_record_in_any_order_and_of_who_is_referred_to() -> None:
    assert hash_of(_CALL, {"a": 1, "b": 2}) == hash_of(_CALL, {"b": 2, "a": 1}) != hash_of(_CALL, {"a": 1})
    assert _CALL.agent is not None
    assert hash_of(_CALL, agents={_CALL.agent: "1"}) != hash_of(_CALL, agents={_CALL.agent: "2"})


def test_row_has_every_column_of_a_call() -> None:
    row = row_of(SCOPE, "source", "id", Told(_CALL, {}, NOW), Relations({}, {}, {}, {}), NOW)
    assert row.keys() == set(calls.columns.keys())


def test_values_of_a_leg_and_of_a_label_lie_in_the_order_of_the_columns() -> None:
    told, leg = Told(_CALL, {}, NOW), _CALL.legs[0]
    assert leg.agent
    (values,) = legs_of(SCOPE, "call", told, Relations({leg.agent: "agent"}, {}, {}, {}))
    row = dict(zip(call_legs.columns.keys(), values, strict=True))
    moments = {"started_at": to_ms(NOW), "answered_at": None, "ended_at": to_ms(NOW + timedelta(seconds=5))}
    number = {"number": "+12025550142", "number_raw": "202-555-0142", "number_kind": "EXTERNAL"}
    assert row == moments | number | {
        "workspace_id": SCOPE.workspace_id,
        "call_id": "call",
        "position": 0,
        "call_started_at": to_ms(_CALL.started_at),
        "kind": "AGENT",
        "provider_kind": "agent",
        "status": "MISSED",
        "provider_status": "missed",
        "talk_seconds": 1,
        "ring_seconds": 2,
        "agent_id": "agent",
        "name": "Desk",
        "provider_leg_id": "9",
        "details": '{"value":"v"}',
    }
    (label,) = labels_of(SCOPE, "call", told)
    assert dict(zip(call_labels.columns.keys(), label, strict=True)) == {
        "workspace_id": SCOPE.workspace_id,
        "kind": "QUEUE",
        "key": "sales",
        "call_id": "call",
        "name": "Sales",
    }


def test_columns_of_a_statement_are_in_the_order_of_the_table(database: Database) -> None:
    for table in (calls, call_legs, call_labels, call_payloads, words, total_marks):
        prepared = upsert._prepared(database.dialect, metadata.tables[table.name], None)
        assert list(prepared.columns) == table.columns.keys()


def test_every_kind_of_label_of_a_column_is_shown_there_the_first_of_each() -> None:
    labels = tuple(Label(kind, name) for name in ("first", "second") for kind in LabelKind)
    shown = Told(replace(a_call("one"), details=CallDetails(labels=labels)), {}, NOW).written.labelled.shown
    assert dict(shown) == dict.fromkeys(call_rows._SHOWN_LABELS.values(), "first")


def hash_of(record: CallRecord, payload: dict[str, Any] | None = None, agents: dict[Any, str] | None = None) -> str:
    """The content hash of a telling."""
    told = Told(record, payload or {}, NOW)
    return str(row_of(SCOPE, "source", "id", told, Relations(agents or {}, {}, {}, {}), NOW)["content_hash"])


_LEG = CallLeg(
    kind=LegKind.AGENT,
    provider_kind="agent",
    status=LegStatus.MISSED,
    provider_status="missed",
    started_at=NOW,
    ended_at=NOW + timedelta(seconds=5),
    talk_seconds=1,
    ring_seconds=2,
    agent=an_agent(),
    number=a_number("202-555-0142"),
    name="Desk",
    provider_leg_id="9",
    value="v",
)
_CALL = a_call("one", legs=(_LEG,), agent=an_agent(), labels={"queue": "Sales"}, notes="said")

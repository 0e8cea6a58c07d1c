"""Smartflo's recorded payloads, and the call that each makes with some of its values changed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import CallLeg, CallRecord, LegKind
from app.domain.errors import RecordError
from app.domain.labels import LabelKind
from app.domain.sources import Locale
from app.providers.smartflo.wire import SPEC

PAYLOADS = Path(__file__).parent / "payloads"
INDIA = Locale(ZoneInfo("Asia/Kolkata"), "IN")
RESET: Any = object()  # a key to leave out


def load(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text())


ANSWER = load("records.json")
RECORD: dict[str, Any] = ANSWER["results"][0]
RESENT: dict[str, Any] = load("resent.json")


def changed(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of the record with these values; those of `dialer` go into its dialler's object."""
    dialer = changes.pop("dialer", {})
    copy = deepcopy(record) | changes
    if dialer:
        copy["dialer_call_details"] |= dialer
    return {key: value for key, value in copy.items() if value is not RESET}


def call(record: dict[str, Any] = RECORD, locale: Locale = INDIA, **changes: Any) -> CallRecord:
    (found,) = SPEC.records(changed(record, **changes), locale)
    assert isinstance(found, CallRecord)
    return found


def refusal(record: dict[str, Any] = RECORD, **changes: Any) -> str:
    with pytest.raises(RecordError) as caught:
        call(record, **changes)
    return str(caught.value)


def legs(found: CallRecord, kind: LegKind) -> list[CallLeg]:
    return [leg for leg in found.legs if leg.kind is kind]


def labels(found: CallRecord, kind: LabelKind) -> list[tuple[str | None, str | None]]:
    return [(one.name, one.id) for one in found.details.labels if one.kind is kind]


def without_flow(**changes: Any) -> CallRecord:
    return call(call_flow=[], dialer_call_details=None, agent_hangup_data=None, **changes)

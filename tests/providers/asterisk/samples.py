"""A made-up row, Asterisk's recorded files, and the calls they make."""

import csv
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import CallRecord
from app.domain.errors import RecordError
from app.domain.labels import LabelKind
from app.domain.numbers import PhoneNumber
from app.domain.sources import Locale
from app.providers.asterisk.rows import COLUMNS
from app.providers.asterisk.wire import SPEC

PAYLOADS = Path(__file__).parent / "payloads"
DEFAULT = Locale(ZoneInfo(SPEC.default_zone), SPEC.default_region)
AMERICA = Locale(ZoneInfo("America/New_York"), "US")
Payload = dict[str, Any]

assert SPEC.lines is not None
assert SPEC.merge is not None
LINES, MERGE = SPEC.lines, SPEC.merge

# A made-up row: a call from outside that rings extension 1001 and is answered.
ROW = {
    "accountcode": "",
    "src": "+14155550123",
    "dst": "4155550100",
    "dcontext": "default",
    "clid": '"Ada Example" <+14155550123>',
    "channel": "PJSIP/northtrunk-0000001a",
    "dstchannel": "SIP/1001-0000001b",
    "lastapp": "Dial",
    "lastdata": "SIP/1001,20",
    "start": "2024-05-09 06:22:14",
    "answer": "2024-05-09 06:22:20",
    "end": "2024-05-09 06:22:50",
    "duration": "36",
    "billsec": "30",
    "disposition": "ANSWERED",
    "amaflags": "DOCUMENTATION",
    "uniqueid": "1715235734.1",
    "userfield": "",
}
OUTGOING = {
    "src": "1001",
    "dst": "+14155550177",
    "channel": "SIP/1001-0000001b",
    "dstchannel": "PJSIP/northtrunk-0000001a",
}
NOT_ANSWERED = {"answer": "", "billsec": "0", "disposition": "NO ANSWER"}


def row(**changes: Any) -> list[Any]:
    return list((ROW | changes).values())


def written(**changes: Any) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(row(**changes))
    return line.getvalue()


def call(*rows: list[Any], locale: Locale = DEFAULT) -> CallRecord:
    (found,) = SPEC.records({"rows": list(rows)}, locale)
    assert isinstance(found, CallRecord)
    return found


def one(**changes: Any) -> CallRecord:
    return call(row(**changes))


def refusal(*rows: Any) -> str:
    with pytest.raises(RecordError) as caught:
        call(*rows)
    return str(caught.value)


def lines_of(name: str) -> list[Any]:
    with (PAYLOADS / name).open(newline="") as file:
        return list(LINES(file))


def calls_of(name: str) -> dict[str, CallRecord]:
    """The calls of a file as ingest makes them: payloads of one call folded through `merge`."""
    folded: dict[str, Payload] = {}
    for payload in lines_of(name):
        if isinstance(payload, dict):
            key = payload["rows"][0][COLUMNS.index("uniqueid")]
            folded[key] = MERGE(folded[key], payload) if key in folded else payload
    return {key: call(*payload["rows"]) for key, payload in folded.items()}


def digits(number: PhoneNumber | None) -> str | None:
    return number.digits if number else None


def labels(found: CallRecord, kind: LabelKind) -> list[str | None]:
    return [label.name for label in found.details.labels if label.kind is kind]

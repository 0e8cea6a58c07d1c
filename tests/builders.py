"""Small builders: domain records, and vendors' payloads, of which a test says only what it is about."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallOutcome, CallRecord, Record
from app.domain.details import CallDetails
from app.domain.labels import Label, LabelKind, label
from app.domain.numbers import PhoneNumber, parse
from app.domain.sources import Provider
from app.providers.contract import ProviderSpec
from app.sync.ingest import Counts, ingest
from tests.conftest import NOW, House, _named, _run_on

_numbered = count(1)
_DETAILS = {field.name for field in fields(CallDetails)}

# Domain records


def a_number(text: str, region: str | None = "US") -> PhoneNumber:
    """The number of a text, read in the United States unless said otherwise."""
    found = parse(text, region)
    assert found is not None, text
    return found


def an_agent(name: str | None = "Ada Strom", **changes: Any) -> AgentRecord:
    """An agent who is known by name, or by what the changes say; a number may be a text."""
    return AgentRecord(name=name, **{key: _number(key, value) for key, value in changes.items()})


def a_call(key: str | None = None, **changes: Any) -> CallRecord:
    """An answered inbound call of an hour ago, with these changes.

    `key` is the vendor's id of it. Numbers may be texts, and details (`recording`, `review`) stand beside the fields
    of a call. `labels` says one a kind: `{"queue": "Support", "campaign": ("Spring", "7")}`, a name, or name and id.
    """
    labels = tuple(one for kind, said in changes.pop("labels", {}).items() for one in _labels(kind, said))
    details = {name: changes.pop(name) for name in list(changes) if name in _DETAILS}
    values: dict[str, Any] = {
        "provider_call_id": key or f"call-{next(_numbered)}",
        "started_at": NOW - timedelta(hours=1),
        "direction": CallDirection.INBOUND,
        "outcome": CallOutcome.ANSWERED,
        "duration_seconds": 60,
        "talk_seconds": 50,
        "phone_number": "316-555-0133",
    }
    values |= changes
    outward = values["direction"] is CallDirection.OUTBOUND
    values.setdefault("dialed_number" if outward else "caller_number", values["phone_number"])
    numbered = {name: _number(name, value) for name, value in values.items()}
    return CallRecord(details=CallDetails(labels=labels, **details), **numbered)


def _number(name: str, value: Any) -> Any:
    return a_number(value) if isinstance(value, str) and name.endswith("number") else value


def _labels(kind: str, said: Any) -> tuple[Label, ...]:
    name, id = said if isinstance(said, tuple) else (said, None)
    return label(LabelKind[kind.upper()], name, id)


async def save(
    house: House, *records: Record, provider: Provider = Provider.SMARTFLO, source: str | None = None
) -> Counts:
    """Saves domain records as one batch of a source, the way that a vendor's payloads take."""
    found = await house.source(provider, source)
    # A vendor whose payloads are the places of the records.
    spec = ProviderSpec(
        provider=provider,
        title="Records",
        default_zone="UTC",
        default_region=None,
        records=lambda payload, _: (records[payload["place"]],),
        items=iter,
    )
    payloads = [{"place": place} for place in range(len(records))]
    counts = await ingest(house.database, house.scope, found, spec, payloads, house.now)
    assert counts.rejected == 0
    return counts


@contextmanager
def a_shared_store(engine_name: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a migrated, empty store that the tests of a module share; `store_url` is one test's own."""
    if engine_name == "sqlite":
        path = folder / "shared.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgresql"), f"shared_{uuid4().hex}"
    template = request.getfixturevalue("postgresql_template")
    asyncio.run(_run_on(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield _named(server, name)
    asyncio.run(_run_on(server, f"DROP DATABASE {name} WITH (FORCE)"))


# Vendors' payloads: the least that makes a call, with these changes


def voxcrow_row(**changes: Any) -> dict[str, Any]:
    """A row of CallLogAPI."""
    row = {
        "agent_fullname": "Anita",
        "phone_number": "9811000001",
        "agent_extension": "2003",
        "trunk": "+97715970000",
        "calldate": "2024-05-06 11:21:23",
        "duration": 16,
        "disposition": "ANSWERED",
        "call_type": "inbound",
        "recording_link": "",
        "wrapup_name": "",
        "wrapup_note": None,
    }
    return row | changes


def cloudphone_record(call_id: str, **changes: Any) -> dict[str, Any]:
    """A record of Smartflo or Acefone; `dialer` goes into its dialler's object, and `steps` makes its flow."""
    dialer, steps = changes.pop("dialer", None), changes.pop("steps", ())
    record = {
        "call_id": call_id,
        "direction": "inbound",
        "status": "answered",
        "service": "Dialer",
        "date": "2024-05-09",
        "time": "11:52:14",
        "call_duration": 48,
        "answered_seconds": 31,
        "agent_number": "Extension-06040000219",
        "agent_name": "Jatin Verma",
        "client_number": "919650000255",
        "did_number": "+918069000170",
        "call_flow": [{"type": kind, "id": id, "name": name} for kind, id, name in steps],
        "dialer_call_details": dialer,
    }
    return record | changes


def callyzer_call(call_id: str, **changes: Any) -> dict[str, Any]:
    """A call of the history report."""
    call = {
        "id": call_id,
        "emp_name": "Gita Menon",
        "emp_code": "111",
        "emp_number": "9000000107",
        "emp_country_code": "91",
        "emp_tags": ["field"],
        "client_name": "Rohan Kapoor",
        "client_country_code": "91",
        "client_number": "9100000207",
        "duration": 10,
        "call_type": "Incoming",
        "call_date": "2023-09-13",
        "call_time": "17:49:41",
        "synced_at": "2023-09-13 17:52:53 IST",
        "modified_at": "2023-09-13 17:58:53 IST",
    }
    return call | changes


def callcap_call(call_id: str, **changes: Any) -> dict[str, Any]:
    """A call of the search; `corporate`, `division`, `location`, `campaign` and `caller` go into their objects."""
    accounts: dict[str, dict[str, Any]] = {
        "campaign": {"id": 111111, "name": "Website number", "dialed_number": "866-555-0146", "direction": "inbound"},
    }
    for level in ("corporate", "division", "location", "campaign"):
        if level in changes:
            accounts[level] = accounts.get(level, {}) | changes.pop(level)
    call = {
        "call_id": call_id,
        "action": "Answer",
        "start_datetime": "2020-09-01 09:07:15",
        "last_modified": "2020-09-01 10:00:00",
        "duration": 570,
        "revenue": 0,
        "callsurance": {},
        "caller": {"caller_id": "316-555-0133"} | changes.pop("caller", {}),
        "accounts": accounts,
    }
    return call | changes

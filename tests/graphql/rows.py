"""A made-up vendor whose rows say only what a test is about, so that any shape of call can be had through `ingest`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from app.domain import numbers
from app.domain.agents import AgentRecord
from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind
from app.domain.contacts import ContactRecord
from app.domain.details import CallDetails, Review, Verdict, WrapUp
from app.domain.errors import RecordError
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.scope import Scope
from app.domain.sources import Locale, Provider, Source
from app.providers.contract import Payload, ProviderSpec
from app.store import sources
from app.store.database import Database
from app.sync.ingest import BATCH, Counts, ingest
from tests.conftest import NOW, House

MORNING = datetime(2024, 5, 20, 8, 0, tzinfo=UTC)  # within the 30 days before the tests' now
UTC_LOCALE = Locale(ZoneInfo("UTC"), "NP")
_workspaces = count(1)


def row(id: str, **said: Any) -> Payload:
    """A row. `minute` after MORNING, `caller`, `agent`, `contact`, `duration`, `organisation`, `review`, `legs`, `notes`."""
    return {"id": id, "minute": 0, "caller": "+9779811000001", **said}


def records(payload: Payload, _: Locale) -> tuple[CallRecord, ...]:
    """A row's call. Raises RecordError for one that says it is broken."""
    if "broken" in payload:
        raise RecordError("it is broken")
    outside = numbers.parse(payload["caller"], None)
    agent = AgentRecord(name=payload["agent"]) if payload.get("agent") else None
    started_at = MORNING + timedelta(minutes=payload["minute"])
    call = CallRecord(
        provider_call_id=payload["id"],
        started_at=started_at,
        direction=CallDirection[payload.get("direction", "INBOUND")],
        outcome=CallOutcome[payload.get("outcome", "ANSWERED")],
        duration_seconds=payload.get("duration"),
        phone_number=outside,
        caller_number=outside,
        agent=agent,
        contact=ContactRecord(name=payload.get("contact")),
        legs=tuple(CallLeg(kind=LegKind.AGENT, agent=agent) for _ in range(payload.get("legs", 0))),
        org_units=_units(payload.get("organisation")),
        notes=payload.get("notes"),
        details=_details(payload),
    )
    return (call,)


def _units(name: str | None) -> tuple[OrgUnitRecord, ...]:
    kinds = OrgUnitKind if name else ()
    return tuple(OrgUnitRecord(kind=kind, provider_unit_id=f"{kind.value} {name}", name=name) for kind in kinds)


def _details(payload: Payload) -> CallDetails:
    review = Review(major=Verdict(id=payload["review"])) if payload.get("review") else None
    return CallDetails(review=review, wrap_up=WrapUp(name=payload["wrap_up"]) if payload.get("wrap_up") else None)


SPEC = ProviderSpec(
    provider=Provider.VOXCROW,
    title="Made up",
    default_zone="UTC",
    default_region="NP",
    records=records,
    items=lambda body: iter(body),
)


async def fill(house: House, rows: Sequence[Payload], source: str = "phones") -> Counts:
    """Takes rows in as the named source's."""
    found = await _source(house.database, house.scope, source)
    counts = Counts()
    for start in range(0, len(rows), BATCH):
        counts += await ingest(house.database, house.scope, found, SPEC, rows[start : start + BATCH], NOW)
    return counts


async def _source(database: Database, scope: Scope, name: str) -> Source:
    async with database.write() as connection:
        found = await sources.named(connection, scope, name)
        return found or await sources.add(connection, scope, name, SPEC.provider, UTC_LOCALE, NOW)


async def empty_house(house: House) -> House:
    """Another workspace of the same store: as good as a new store, and made in a moment."""
    scope = Scope(f"w{next(_workspaces)}", regions=house.scope.regions)
    async with house.database.write() as connection:
        await sources.ensure_workspace(connection, scope, "UTC", NOW)
    return House(house.database, scope)


async def crowd(house: House, size: int) -> House:
    """A workspace with `size` of everything: sources, agents, contacts, calls and their legs, organisation units."""
    made = await empty_house(house)
    async with house.database.write() as connection:
        for number in range(size):
            await sources.add(connection, made.scope, f"source {number}", SPEC.provider, UTC_LOCALE, NOW)
    for place in range(min(size, 4)):
        told = [_one_of_a_crowd(number) for number in range(place, size, 4)]
        await fill(made, [*told, {"id": "x", "broken": True}], source=f"source {place}")
    return made


def _one_of_a_crowd(number: int) -> Payload:
    said = {"agent": f"Agent {number}", "contact": f"Contact {number}", "organisation": f"Unit {number}"}
    caller = f"+97798110{number:05}"
    return row(f"c{number}", minute=number, caller=caller, legs=2, review="1", wrap_up="w", notes="n", **said)

"""A made-up vendor whose rows say only what a test is about, so that any shape of call can be had through `ingest`."""

from collections.abc import Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from app.domain import numbers
from app.domain.agents import AgentDevice, AgentRecord, AgentSettings
from app.domain.calls import CallDirection, CallLeg, CallOutcome, CallRecord, LegKind
from app.domain.contacts import ContactProfile, ContactRecord, Lead
from app.domain.details import CallDetails, Review, Verdict
from app.domain.errors import RecordError
from app.domain.org_units import CampaignDetails, OrgUnitKind, OrgUnitRecord
from app.domain.pulls import StreamState
from app.domain.scope import Scope
from app.domain.sources import Locale, Provider, Source
from app.graphql.mirror import members
from app.providers.contract import Payload, ProviderSpec
from app.store import source_streams, sources
from app.store.database import Database
from app.sync.ingest import BATCH, Counts, ingest
from tests.conftest import NOW, House

MORNING = datetime(2024, 5, 20, 8, 0, tzinfo=UTC)  # within the 30 days before the tests' now
UTC_LOCALE = Locale(ZoneInfo("UTC"), "NP")
_workspaces = count(1)


def row(id: str, **said: Any) -> Payload:
    """A row. `minute` after MORNING, `caller`, `agent`, `contact`, `duration`, `organisation`, `review`, `legs`,
    `notes`, `direction`, `outcome`; `everything` for details in which nothing is missing."""
    return {"id": id, "minute": 0, "caller": "+9779811000001", **said}


def records(payload: Payload, _: Locale) -> tuple[CallRecord, ...]:
    """A row's call. Raises RecordError for one that says it is broken."""
    if "broken" in payload:
        raise RecordError("it is broken")
    outside = numbers.parse(payload["caller"], None)
    agent = None
    if payload.get("agent"):
        more = {
            "number": numbers.extension(payload["id"]),
            "device": complete(AgentDevice),
            "settings": complete(AgentSettings),
        }
        agent = AgentRecord(name=payload["agent"], **(more if payload.get("everything") else {}))
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
        contact=_contact(payload),
        legs=tuple(CallLeg(kind=LegKind.AGENT, agent=agent) for _ in range(payload.get("legs", 0))),
        org_units=_units(payload),
        notes=payload.get("notes"),
        details=_details(payload),
    )
    return (call,)


def _contact(payload: Payload) -> ContactRecord:
    name = payload.get("contact")
    if not payload.get("everything"):
        return ContactRecord(name=name)
    return ContactRecord(name=name, profile=complete(ContactProfile), lead=complete(Lead))


def _units(payload: Payload) -> tuple[OrgUnitRecord, ...]:
    name = payload.get("organisation")
    campaign = complete(CampaignDetails) if payload.get("everything") else None
    kinds = OrgUnitKind if name else ()
    return tuple(
        OrgUnitRecord(kind=kind, provider_unit_id=f"{kind.value} {name}", name=name, campaign=campaign)
        for kind in kinds
    )


def _details(payload: Payload) -> CallDetails:
    if payload.get("everything"):
        return complete(CallDetails)
    review = Review(major=Verdict(id=payload["review"])) if payload.get("review") else None
    return CallDetails(review=review)


def complete(annotation: Any) -> Any:
    """A value of a domain type in which nothing is missing."""
    origin, inner = get_origin(annotation), [part for part in get_args(annotation) if part is not NoneType]
    if origin in (Union, UnionType):
        return complete(inner[0])
    if origin is tuple:
        return (complete(inner[0]),)
    if origin is dict or annotation in (dict, Any):
        return {"said": "so"}
    if annotation is numbers.PhoneNumber:
        return numbers.parse("+9779811000001", None)
    if is_dataclass(annotation):
        return annotation(**{member.name: complete(member.annotation) for member in members(annotation)})
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    return {str: "said", datetime: MORNING}.get(annotation) or annotation(1)


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
            source = await sources.add(connection, made.scope, f"source {number}", SPEC.provider, UTC_LOCALE, NOW)
            for name in ("history", "leads"):
                state = StreamState(name, NOW, NOW, NOW, NOW, NOW)
                await source_streams.put(connection, made.scope, source.id, state)
    for place in range(min(size, 4)):
        told = [_one_of_a_crowd(number) for number in range(place, size, 4)]
        await fill(made, [*told, {"id": "x", "broken": True}], source=f"source {place}")
    return made


async def missed_crowd(house: House, size: int) -> House:
    """A crowd of which each called an hour before in vain, was dialled in vain, and was talked to by another agent."""
    made = await crowd(house, size)
    for place in range(min(size, 4)):
        told = [one for number in range(place, size, 4) for one in _missed_one(number)]
        await fill(made, told, source=f"source {place}")
    return made


def _missed_one(number: int) -> tuple[Payload, ...]:
    said = {"agent": f"Agent {number}", "contact": f"Contact {number}", "caller": f"+97798110{number:05}"}
    missed = row(f"m{number}", minute=-60, outcome="MISSED", **said)
    attempt = row(f"o{number}", minute=-61, outcome="NO_ANSWER", direction="OUTBOUND", **said)
    talk = row(f"t{number}", minute=-59, duration=60, **(said | {"agent": "Other agent"}))
    return missed, attempt, talk


def _one_of_a_crowd(number: int) -> Payload:
    said = {"agent": f"Agent {number}", "contact": f"Contact {number}", "organisation": f"Unit {number}"}
    caller = f"+97798110{number:05}"
    return row(f"c{number}", minute=number, caller=caller, legs=2, notes="n", everything=True, **said)

"""Random call filters, and the dataset that they are asked of."""

import dataclasses
from datetime import time, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain.calls import CallDirection, CallKind, CallOutcome
from app.domain.filters import (
    CallFeature,
    CallFilter,
    DateTimeRange,
    IntRange,
    LabelMatch,
    NumberMatch,
    OrgUnitMatch,
    ReviewVerdict,
    TimeOfDayRange,
    Weekday,
)
from app.domain.labels import LabelKind
from app.domain.org_units import OrgUnitKind
from app.domain.sources import Provider
from app.store import excluded
from tests.builders import save
from tests.conftest import House
from tests.store.plain_filter import EXCLUDED, MEANT, MOMENTS, PARTS, WITHOUT, ZONES, dataset

DATASET = dataset()


async def fill(house: House, *providers: Provider) -> None:
    """Saves the dataset, or some vendors' part of it, each vendor's in a source of its own."""
    for provider in providers or (Provider.SMARTFLO, Provider.CALLCAP):
        records = [known.call for known in DATASET if known.provider is provider]
        assert (await save(house, *records, provider=provider)).new == len(records)
    async with house.database.write() as connection:
        await excluded.add(connection, house.scope, EXCLUDED, house.now)


_SECONDS = st.sampled_from([0, 2, 3, 5, 18, 60])
_INT_RANGES = st.builds(IntRange, **{bound: st.none() | _SECONDS for bound in ("gt", "gte", "lt", "lte", "ne")})
_INSTANTS = st.none() | st.sampled_from([moment + timedelta(milliseconds=ms) for moment in MOMENTS for ms in (0, 1)])
_RANGES = st.builds(DateTimeRange, from_=_INSTANTS, to=_INSTANTS)
_TYPED = st.sampled_from(sorted(MEANT))
_MATCHES = st.builds(
    NumberMatch,
    equals=st.none() | _TYPED,
    in_=st.none() | st.lists(_TYPED, max_size=2).map(tuple),
    starts_with=st.none() | st.sampled_from(PARTS),
    ends_with=st.none() | st.sampled_from(PARTS),
    contains=st.none() | st.sampled_from(PARTS),
    shown_as=st.none() | st.sampled_from(["3168325555", "+13168325555", "100"]),
)
_HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 45]))


def some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of these values, or none of them."""
    return st.lists(st.sampled_from(values), max_size=3).map(tuple)


_IDS = ("1", "7", "9", "0")
STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("started_at", "ended_at", "modified_at", "provider_synced_at"), _RANGES),
    **dict.fromkeys(("duration_seconds", "talk_seconds", "ring_seconds", "wait_seconds", "hold_seconds"), _INT_RANGES),
    **dict.fromkeys(("phone_number", "caller_number", "dialed_number", "destination_number"), _MATCHES),
    **dict.fromkeys(("connected", "include_excluded_numbers", "broadcast"), st.booleans()),
    **dict.fromkeys(("has_recording", "has_notes", "revenue_entered"), st.booleans()),
    "timezone": st.sampled_from(ZONES),
    "weekdays": some(*Weekday),
    "time_of_day": st.builds(TimeOfDayRange, from_=_HOURS, to=_HOURS).filter(lambda hours: hours.from_ != hours.to),
    "direction": some(*CallDirection),
    "outcome": some(*CallOutcome),
    "kind": some(*CallKind),
    "provider_statuses": some("answered", "Missed", "ÉCHEC", "échec"),
    "phone_numbers": st.lists(_TYPED, max_size=2).map(tuple),
    "agent_numbers": st.lists(_TYPED, max_size=2).map(tuple),
    "agent_tags": some("FIELD", "north", "west"),
    "agent_codes": some("X1", "X2", "x2"),
    "agent_names": some("ada strøm", "BO WEISS", "Cleo "),
    "provider_agent_ids": some("a1", "a2", "a3"),
    "providers": some(*Provider),
    "provider_call_ids": some("c1", "c2", "C3", "nothing"),
    "org_unit": st.builds(
        OrgUnitMatch,
        kinds=st.none() | some(*OrgUnitKind),
        provider_ids=st.none() | some(*_IDS),
        external_ids=st.none() | some("x1", "north"),
    ),
    "org_unit_provider_ids": some(*_IDS),
    "org_unit_external_ids": some("x1", "north", "NORTH"),
    "label": st.builds(
        LabelMatch,
        kind=st.sampled_from([LabelKind.QUEUE, LabelKind.CAMPAIGN]),
        names=some("support", "10060", "Sales", "7", "SPRING"),
    ),
    "references": some("ZYX_1", "zyx"),
    "queues": some("support", "10060", "Sales"),
    "campaigns": some("SPRING", "7", "autumn"),
    "broadcasts": some("3432"),
    "features": some(*CallFeature),
    "reviews": some(*ReviewVerdict),
    "countries": some("NP", "US", "GG"),
    "without": some(*WITHOUT),
    "search": st.sampled_from(
        ["leak", "STRASSE", "zoë", "ada", "weiss", "316832", "981", "98", "abc123_xyz", "sink lea", "north", "zzz", " "]
    ),
}


@st.composite
def simple_filters(draw: st.DrawFn) -> CallFilter:
    chosen = draw(st.lists(st.sampled_from(sorted(STRATEGIES)), max_size=3, unique=True))
    return CallFilter(**{name: draw(STRATEGIES[name]) for name in chosen})


def composed(parts: st.SearchStrategy[CallFilter]) -> st.SearchStrategy[CallFilter]:
    several = st.none() | st.lists(parts, max_size=3).map(tuple)
    return st.builds(dataclasses.replace, simple_filters(), and_=several, or_=several, not_=st.none() | parts)


FILTERS = st.recursive(simple_filters(), composed, max_leaves=6)

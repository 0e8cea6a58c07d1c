"""Filters as predicates: one function a noun, and one table that says which column or label a field means."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, exists, false, func, not_, or_, select, true, union_all

from app.domain.errors import InputError
from app.domain.filters import (
    AgentFilter,
    CallFilter,
    ContactFilter,
    DateTimeRange,
    Filter,
    IntRange,
    NumberMatch,
)
from app.domain.labels import fold
from app.domain.scope import Scope
from app.store import absence, clock, search
from app.store.call_search import calls_said
from app.store.labelled import by_label
from app.store.lookups import LOOKED_UP, NUMBERS, VALUES, columns_of, ids_of, sources_of, tagged
from app.store.numbers import keys_of, matches
from app.store.slots import milliseconds
from app.store.tables import (
    agents,
    call_legs,
    calls,
    contact_numbers,
    contacts,
    excluded_numbers,
)
from app.store.visibility import LEVELS
from app.store.way import ANY, START, Way, alone, looked_at, met
from app.store.weight import check_parts

Predicate = ColumnElement[bool]
MAX_DEPTH = 8  # of and/or/not within each other: deeper ones say nothing that a flatter one cannot

_RANGES: dict[str, Column[Any]] = {
    "started_at": calls.c.started_at,
    "ended_at": calls.c.ended_at,
    "modified_at": calls.c.modified_at,
    "provider_synced_at": calls.c.provider_synced_at,
    "synced_at": calls.c.synced_at,
    "duration_seconds": calls.c.duration_seconds,
    "talk_seconds": calls.c.talk_seconds,
    "ring_seconds": calls.c.ring_seconds,
    "wait_seconds": calls.c.wait_seconds,
    "hold_seconds": calls.c.hold_seconds,
}


def predicate_of(scope: Scope, filter: Filter | None, way: Way = ANY) -> Predicate:
    """The predicate of any noun's filter; true for no filter. Only calls are come by in several ways."""
    if isinstance(filter, CallFilter):
        return call_predicate(scope, filter, way)
    if isinstance(filter, AgentFilter):
        return agent_predicate(scope, filter)
    if isinstance(filter, ContactFilter):
        return contact_predicate(scope, filter)
    return true()


def connected(scope: Scope) -> Predicate:
    """Answered, and talked on for more than the workspace's threshold; where only the whole length is known, that counts."""
    talked = func.coalesce(calls.c.talk_seconds, calls.c.duration_seconds, 0)
    return and_(calls.c.outcome == "ANSWERED", talked > scope.connected_above_seconds)


def call_predicate(scope: Scope, given: CallFilter, way: Way = ANY, depth: int = 0) -> Predicate:
    """Which calls a filter selects. `period` and `timezone` have been worked out before (see graphql/filters.py)."""
    if depth > MAX_DEPTH:
        raise InputError(f"and, or and not go at most {MAX_DEPTH} deep in a filter.")
    if depth == 0:
        check_parts(given)
    held = [
        *_by_nothing(given),
        *_by_value(scope, given, way),
        *_by_range(given, way),
        *[matches(scope, c, m, way) for name, c in NUMBERS.items() if (m := _match(given, name)) is not None],
        *by_label(scope, given, way),
        *_by_relation(scope, given, way),
        *_by_flag(scope, given, way),
    ]
    if given.without is not None:
        held.append(or_(false(), *[absence.none_of(scope, part) for part in given.without]))
    if given.weekdays is not None or given.time_of_day is not None:
        held.append(clock.local_time(scope, given, way))
    if given.search is not None:
        held.append(calls_said(scope, given.search, way))
    if given.and_ is not None:
        held += [call_predicate(scope, part, way, depth + 1) for part in given.and_]
    if given.or_ is not None:
        held.append(or_(false(), *[call_predicate(scope, part, way, depth + 1) for part in given.or_]))
    if given.not_ is not None:
        # A missing value makes a comparison unknown, and NOT unknown selects nothing: unknown counts as false first.
        held.append(not_(func.coalesce(call_predicate(scope, given.not_, way, depth + 1), false())))
    return and_(true(), *held)


def agent_predicate(scope: Scope, given: AgentFilter) -> Predicate:
    """Which agents a filter selects."""
    held: list[Predicate] = []
    if given.ids is not None:
        held.append(agents.c.id.in_(given.ids))
    if given.source_ids is not None:
        held.append(agents.c.source_id.in_(given.source_ids))
    if given.providers is not None:
        held.append(agents.c.source_id.in_(sources_of(scope, [p.value for p in given.providers])))
    if given.names is not None:
        held.append(agents.c.name_key.in_([fold(name) for name in given.names]))
    if given.codes is not None:
        held.append(agents.c.code.in_(given.codes))
    if given.numbers is not None:
        held.append(agents.c.number.in_(keys_of(scope, given.numbers)))
    if given.number is not None:
        held.append(matches(scope, agents.c.number, given.number))
    if given.tags is not None:
        held.append(agents.c.id.in_(tagged(scope, given.tags)))
    if given.provider_agent_ids is not None:
        held.append(agents.c.provider_agent_id.in_(given.provider_agent_ids))
    if given.search is not None:
        held.append(search.agents_said(scope, given.search))
    return and_(true(), *held)


def contact_predicate(scope: Scope, given: ContactFilter) -> Predicate:
    """Which contacts a filter selects."""
    held: list[Predicate] = []
    if given.ids is not None:
        held.append(contacts.c.id.in_(given.ids))
    if given.names is not None:
        held.append(contacts.c.name_key.in_([fold(name) for name in given.names]))
    if given.phone_numbers is not None:
        held.append(
            contacts.c.id.in_(_numbered(scope, contact_numbers.c.number.in_(keys_of(scope, given.phone_numbers))))
        )
    if given.phone_number is not None:
        held.append(contacts.c.id.in_(_numbered(scope, matches(scope, contact_numbers.c.number, given.phone_number))))
    if given.lead_statuses is not None:
        held.append(contacts.c.lead_status_key.in_([fold(status) for status in given.lead_statuses]))
    if given.has_lead is not None:
        held.append(contacts.c.is_lead.is_(given.has_lead))
    if given.search is not None:
        held.append(search.contacts_said(scope, given.search))
    return and_(true(), *held)


def _by_nothing(given: CallFilter) -> list[Predicate]:
    """None of no values is any call's: said first, so that nobody looks through all calls for it."""
    lists = (getattr(given, field.name) for field in fields(given) if field.name != "and_")
    return [false()] if () in lists else []


def _by_value(scope: Scope, given: CallFilter, way: Way) -> list[Predicate]:
    held: list[Predicate] = [
        (column if len(values) == 1 else met(column, way)).in_([getattr(value, "value", value) for value in values])
        for name, column in VALUES.items()
        if (values := getattr(given, name)) is not None
    ]
    if given.provider_call_ids is not None:  # known by the source, too, in the index
        held += [calls.c.provider_call_id.in_(given.provider_call_ids), calls.c.source_id.in_(sources_of(scope))]
    if given.countries is not None:
        held.append(looked_at(calls.c.phone_country, way).in_([country.strip().upper() for country in given.countries]))
    if given.provider_statuses is not None:
        status = looked_at(calls.c.provider_status_key, way)
        held.append(status.in_([fold(one) for one in given.provider_statuses]))
    return held


def _by_range(given: CallFilter, way: Way) -> list[Predicate]:
    held: list[Predicate] = []
    for name, column in _RANGES.items():
        match getattr(given, name):
            case DateTimeRange(from_=first, to=end):
                at = _instant(name, column, way, bounded=bool(first or end))
                held.append(at.is_not(None))
                held += [at >= milliseconds(first)] if first else []
                held += [at < milliseconds(end)] if end else []
            case IntRange() as bounds:
                held.append(_within(looked_at(column, way), bounds))
    return held


def _instant(name: str, column: Column[Any], way: Way, bounded: bool) -> ColumnElement[Any]:
    if name == "started_at":
        return column if way.is_any else START
    if way.along or (way.gathers and bounded):
        # By no index: calls are met along the start, or gathered by narrower bounds that stand beside (see start_lags).
        return alone(column)
    return column if name == "synced_at" else looked_at(column, way)


def _within(column: ColumnElement[Any], bounds: IntRange) -> Predicate:
    held: list[Predicate] = [column.is_not(None)]
    held += [column > bounds.gt] if bounds.gt is not None else []
    held += [column >= bounds.gte] if bounds.gte is not None else []
    held += [column < bounds.lt] if bounds.lt is not None else []
    held += [column <= bounds.lte] if bounds.lte is not None else []
    held += [column != bounds.ne] if bounds.ne is not None else []
    return and_(*held)


def _match(given: CallFilter, name: str) -> NumberMatch | None:
    found: NumberMatch | None = getattr(given, name)
    return found


def _by_relation(scope: Scope, given: CallFilter, way: Way) -> list[Predicate]:
    held: list[Predicate] = []
    if given.phone_numbers is not None:
        held.append(calls.c.phone_number.in_(keys_of(scope, given.phone_numbers)))
    for name in LOOKED_UP:
        if getattr(given, name) is not None:
            found = ids_of(scope, given, name)
            held.append(or_(false(), *[met(column, way).in_(found) for column in columns_of(given, name)]))
    if given.involved_agent_ids is not None:
        held.append(_involved(scope, given.involved_agent_ids, way))
    if given.org_unit_ids is not None:
        held.append(or_(*[met(level, way).in_(given.org_unit_ids) for level in LEVELS.values()]))
    return held


def _involved(scope: Scope, agent_ids: Sequence[str], way: Way) -> Predicate:
    of_a_leg = select(call_legs.c.call_id).where(
        call_legs.c.workspace_id == scope.workspace_id, call_legs.c.agent_id.in_(agent_ids)
    )
    if way.along:
        its = exists(of_a_leg.where(call_legs.c.call_id == calls.c.id).correlate(calls))
        return or_(met(calls.c.agent_id, way).in_(agent_ids), its)
    if way.gathers:
        one = calls.alias()
        of_call = select(one.c.id).where(one.c.workspace_id == scope.workspace_id, one.c.agent_id.in_(agent_ids))
        return calls.c.id.in_(union_all(of_call, of_a_leg))
    return or_(calls.c.agent_id.in_(agent_ids), calls.c.id.in_(of_a_leg))


def _by_flag(scope: Scope, given: CallFilter, way: Way) -> list[Predicate]:
    flags: dict[str, Predicate] = {
        "connected": connected(scope),
        "has_recording": looked_at(calls.c.has_recording, way).is_(True),
        "has_notes": and_(calls.c.notes.is_not(None), calls.c.notes != ""),
        "revenue_entered": and_(calls.c.revenue.is_not(None), calls.c.revenue != 0),
    }
    held: list[Predicate] = [
        test if wanted else not_(test) for name, test in flags.items() if (wanted := getattr(given, name)) is not None
    ]
    if given.include_excluded_numbers is False:
        held.append(
            not_(
                exists().where(
                    excluded_numbers.c.workspace_id == scope.workspace_id,
                    excluded_numbers.c.number == calls.c.phone_number,
                )
            )
        )
    return held


def _numbered(scope: Scope, test: Predicate) -> Select[Any]:
    return select(contact_numbers.c.contact_id).where(contact_numbers.c.workspace_id == scope.workspace_id, test)

"""Filters select what they say on both engines: compared with plain Python, and with the algebra of sets."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings

from app.domain.calls import CallLeg, LegKind
from app.domain.contacts import ContactRecord, Lead
from app.domain.errors import InputError
from app.domain.filters import (
    AgentFilter,
    CallFilter,
    ContactFilter,
    DateTimeRange,
    IntRange,
    NumberMatch,
    OrgUnitMatch,
    ReviewVerdict,
)
from app.domain.labels import LabelKind
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.sources import Provider
from app.store import rows
from app.store.filters import MAX_DEPTH
from tests.builders import a_call, a_number, an_agent, save
from tests.conftest import NOW, House
from tests.store.both import Both, in_both, names
from tests.store.plain_filter import TESTS, selects
from tests.store.random_filters import DATASET, FILTERS, STRATEGIES, fill, simple_filters

ALL = {known.key for known in DATASET}
# The fields that one label each is filtered by.
LABELS = {
    "references": LabelKind.REFERENCE,
    "queues": LabelKind.QUEUE,
    "departments": LabelKind.DEPARTMENT,
    "ivrs": LabelKind.IVR,
    "campaigns": LabelKind.CAMPAIGN,
    "lists": LabelKind.LIST,
    "broadcasts": LabelKind.BROADCAST,
    "services": LabelKind.SERVICE,
    "trunks": LabelKind.TRUNK,
    "mediums": LabelKind.MEDIUM,
    "dispositions": LabelKind.DISPOSITION,
    "wrap_ups": LabelKind.WRAP_UP,
    "hangup_causes": LabelKind.HANGUP_CAUSE,
    "crm_statuses": LabelKind.CRM_STATUS,
    "lead_ids": LabelKind.LEAD,
    "circles": LabelKind.CIRCLE,
    "carriers": LabelKind.CARRIER,
    "accounts": LabelKind.ACCOUNT,
    "contexts": LabelKind.CONTEXT,
}
# The fields that one label of a fixed list each is filtered by.
CHOICES = {
    "features": LabelKind.FEATURE,
    "reviews": LabelKind.REVIEW,
    "review_changes": LabelKind.REVIEW_CHANGE,
    "rescues": LabelKind.RESCUE,
}
# Fields that hang on our own ids, on the moment of saving, or on the request's now.
BY_THEMSELVES = {"agent_ids", "contact_ids", "source_ids", "org_unit_ids", "involved_agent_ids", "synced_at", "period"}


def lists_of(kind: type) -> list[str]:
    """The fields of a filter that are lists of values."""
    return [name for name, hint in get_type_hints(kind).items() if get_origin(get_args(hint)[0]) is tuple]


def value_of(kind: type, name: str, place: int = 0) -> Any:
    """A value of an enum that a filter's list is of."""
    return list(get_args(get_args(get_type_hints(kind)[name])[0])[0])[place]


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The dataset in a store of each engine."""
    with in_both(request, tmp_path_factory.mktemp("filters"), fill) as found:
        yield found


# All fields, at random


def test_every_field_of_a_call_filter_is_tried() -> None:
    fields = {field.name for field in dataclasses.fields(CallFilter)}
    assert fields == STRATEGIES.keys() | BY_THEMSELVES | LABELS.keys() | CHOICES.keys() | {"and_", "or_", "not_"}
    assert STRATEGIES.keys() == TESTS.keys() | {"providers", "timezone", "weekdays", "time_of_day"}


def test_every_kind_of_label_can_be_filtered_by() -> None:
    assert {*LABELS.values(), *CHOICES.values()} == {*LabelKind}


@settings(max_examples=100)
@given(FILTERS)
def test_filter_selects_the_calls_that_plain_python_selects(both: Both, filter: CallFilter) -> None:
    assert both.names(filter) == {known.key for known in DATASET if selects(filter, known)}


@pytest.mark.parametrize("name", sorted(STRATEGIES.keys() - {"timezone"}))
def test_field_and_its_opposite_select_the_calls_that_plain_python_selects(both: Both, name: str) -> None:
    sizes = set()

    @settings(max_examples=6, derandomize=True)
    @given(STRATEGIES[name])
    def alone(value: Any) -> None:
        one = CallFilter(**{name: value})
        selected = {known.key for known in DATASET if selects(one, known)}
        assert both.names(one) == selected
        assert both.names(CallFilter(not_=one)) == ALL - selected
        sizes.add(len(selected))

    alone()
    assert any(0 < size < len(ALL) for size in sizes), "no value tells calls apart: the field is not tried"


@settings(max_examples=20)
@given(simple_filters(), simple_filters())
def test_and_or_and_not_are_intersection_union_and_complement(both: Both, one: CallFilter, other: CallFilter) -> None:
    first, second = both.names(one), both.names(other)
    assert both.names(CallFilter(and_=(one, other))) == first & second
    assert both.names(CallFilter(or_=(one, other))) == first | second
    assert both.names(CallFilter(not_=one)) == ALL - first


# Composition


async def test_filter_without_anything_selects_everything(house: House) -> None:
    await save(house, a_call("one"), a_call("two"))
    for filter in (
        CallFilter(),
        CallFilter(and_=()),
        CallFilter(and_=(CallFilter(),)),
        CallFilter(or_=(CallFilter(),)),
    ):
        assert await names(house, filter) == {"one", "two"}


async def test_opposite_of_a_comparison_selects_calls_without_the_value(house: House) -> None:
    await save(house, a_call("short", ring_seconds=2), a_call("long", ring_seconds=20), a_call("unknown"))
    long = CallFilter(ring_seconds=IntRange(gt=10))
    assert await names(house, long) == {"long"}
    assert await names(house, CallFilter(not_=long)) == {"short", "unknown"}
    assert await names(house, CallFilter(not_=CallFilter(not_=long))) == {"long"}
    assert await names(house, CallFilter(ring_seconds=IntRange(ne=20))) == {"short"}


async def test_filters_nest_up_to_a_depth_that_the_error_names(house: House) -> None:
    await save(house, a_call("one"))
    nested = CallFilter(provider_call_ids=("one",))
    for _ in range(MAX_DEPTH):
        nested = CallFilter(and_=(nested,))
    assert await names(house, nested) == {"one"}
    with pytest.raises(InputError, match=f"at most {MAX_DEPTH} deep"):
        await names(house, CallFilter(not_=nested))


@pytest.mark.parametrize("name", sorted({*lists_of(CallFilter)} - {"and_"}))
def test_empty_list_selects_no_call(both: Both, name: str) -> None:
    assert both.names(CallFilter(**{name: ()})) == set()
    assert both.names(CallFilter(not_=CallFilter(**{name: ()}))) == ALL


@pytest.mark.parametrize(
    "filter",
    [
        *(CallFilter(org_unit=OrgUnitMatch(**{name: ()})) for name in lists_of(OrgUnitMatch)),
        CallFilter(phone_number=NumberMatch(in_=())),
    ],
    ids=str,
)
def test_empty_list_within_a_match_selects_no_call(both: Both, filter: CallFilter) -> None:
    assert both.names(filter) == set()


async def test_empty_list_selects_no_agent_and_no_contact(house: House) -> None:
    await save(house, a_call("one", agent=an_agent("Ada")))
    assert await names(house, AgentFilter(), "agents") == {"Ada"}
    assert await names(house, ContactFilter(), "contacts") == {None}
    for name in lists_of(AgentFilter):
        assert await names(house, AgentFilter(**{name: ()}), "agents") == set(), name
    for name in lists_of(ContactFilter):
        assert await names(house, ContactFilter(**{name: ()}), "contacts") == set(), name


# Single fields


async def test_label_is_selected_by_its_name_or_id_in_any_case_and_by_no_other_kinds(house: House) -> None:
    kinds = [kind.value.lower() for kind in LABELS.values()]
    that = {kind: (f"Straße {kind}", f"7a-{kind}") for kind in kinds}
    await save(
        house, a_call("that", labels=that), a_call("other", labels=dict.fromkeys(kinds, "Straße")), a_call("none")
    )
    for name, kind in LABELS.items():
        own = kind.value.lower()
        for said in (f"Straße {own}", f"STRASSE  {own.upper()} ", f"7A-{own}"):
            assert await names(house, CallFilter(**{name: (said, "nothing")})) == {"that"}, (name, said)
        others = tuple(f"7a-{kind}" for kind in kinds if kind != own)
        assert await names(house, CallFilter(**{name: others})) == set(), name


async def test_label_of_a_fixed_list_is_selected_by_its_name(house: House) -> None:
    for place in (0, 1):
        labels = {kind.value.lower(): value_of(CallFilter, name, place).value for name, kind in CHOICES.items()}
        await save(house, a_call(f"call {place}", labels=labels))
    for name in CHOICES:
        for place in (0, 1):
            wanted = (value_of(CallFilter, name, place),)
            assert await names(house, CallFilter(**{name: wanted})) == {f"call {place}"}, wanted


async def test_call_without_any_review_is_unworked(house: House) -> None:
    await save(
        house,
        a_call("judged", labels={"review": "NEUTRAL"}),
        a_call("unworked", labels={"review": "UNWORKED"}),
        a_call("unheard"),
    )
    assert await names(house, CallFilter(reviews=(ReviewVerdict.UNWORKED,))) == {"unworked", "unheard"}
    assert await names(house, CallFilter(reviews=(ReviewVerdict.UNWORKED, ReviewVerdict.NEUTRAL))) == {
        "judged", "unworked", "unheard",
    }  # fmt: skip


async def test_ids_of_ours_select_what_hangs_on_them(house: House) -> None:
    unit = OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="7")
    leg = CallLeg(kind=LegKind.MISSED_AGENT, agent=an_agent("Bo"))
    that = a_call("that", agent=an_agent("Ada"), phone_number="+13168325555", org_units=(unit,))
    await save(house, that)
    await save(
        house,
        a_call("other", agent=an_agent("Ada"), legs=(leg,)),
        a_call("none"),
        source="second",
        provider=Provider.CALLCAP,
    )
    row = await row_of(house, "that")
    for name, column in (
        ("agent_ids", "agent_id"),
        ("contact_ids", "contact_id"),
        ("source_ids", "source_id"),
        ("org_unit_ids", "division_id"),
        ("involved_agent_ids", "agent_id"),
    ):
        assert await names(house, CallFilter(**{name: (row[column], "nothing")})) == {"that"}, name


async def test_involved_agents_are_those_of_the_call_and_of_every_step(house: House) -> None:
    leg = CallLeg(kind=LegKind.MISSED_AGENT, agent=an_agent("Bo"))
    await save(
        house,
        a_call("taken", agent=an_agent("Bo")),
        a_call("missed", agent=an_agent("Ada"), legs=(leg, leg)),
        a_call("none"),
    )
    bo = (await row_of(house, "taken"))["agent_id"]
    assert await names(house, CallFilter(agent_ids=(bo,))) == {"taken"}
    assert await names(house, CallFilter(involved_agent_ids=(bo,))) == {"taken", "missed"}


async def test_moment_of_saving_selects_what_was_saved_then(house: House) -> None:
    await save(house, a_call("before"))
    house.now = NOW + timedelta(hours=1)
    await save(house, a_call("after"))
    assert await names(house, CallFilter(synced_at=DateTimeRange(from_=house.now))) == {"after"}
    assert await names(house, CallFilter(synced_at=DateTimeRange(to=house.now))) == {"before"}


async def test_what_two_calls_say_of_one_unit_is_said_of_both(house: House) -> None:
    def unit(**said: str) -> OrgUnitRecord:
        return OrgUnitRecord(kind=OrgUnitKind.DIVISION, provider_unit_id="7", **said)

    told = (unit(external_id="north"), unit(name="Midwest"), unit())
    await save(house, *[a_call(str(place), org_units=(one,)) for place, one in enumerate(told)])
    assert await names(house, CallFilter(org_unit_external_ids=("north",))) == {"0", "1", "2"}
    assert await names(house, CallFilter(search="midwest north")) == {"0", "1", "2"}


async def test_unit_is_told_apart_by_its_level(house: House) -> None:
    def unit(kind: OrgUnitKind) -> OrgUnitRecord:
        return OrgUnitRecord(kind=kind, provider_unit_id="7", external_id="x")

    await save(house, *[a_call(kind.value, org_units=(unit(kind),)) for kind in OrgUnitKind], a_call("none"))
    every = {kind.value for kind in OrgUnitKind}
    assert await names(house, CallFilter(org_unit_provider_ids=("7",))) == every
    assert await names(house, CallFilter(org_unit=OrgUnitMatch())) == every
    for kind in OrgUnitKind:
        for match in (
            OrgUnitMatch(kinds=(kind,)),
            OrgUnitMatch(kinds=(kind,), provider_ids=("7",), external_ids=("x",)),
        ):
            assert await names(house, CallFilter(org_unit=match)) == {kind.value}


# Agents and contacts


async def test_agent_filter_selects_its_agents_only(house: House) -> None:
    ada = an_agent("Ada Strøm", code="X1", number="+13168325555", tags=("North",), provider_agent_id="a1")
    bo = an_agent("Bo", code="X2", number="+13168335555", tags=("South",), provider_agent_id="a2")
    await save(house, ada, bo)
    await save(house, an_agent("Ada Other", provider_agent_id="b1"), provider=Provider.CALLYZER)
    for filter in (
        AgentFilter(names=("ADA  STRØM",)),
        AgentFilter(codes=("X1",)),
        AgentFilter(numbers=("316-832-5555",)),
        AgentFilter(number=NumberMatch(contains="832-5")),
        AgentFilter(tags=("NORTH", "west")),
        AgentFilter(provider_agent_ids=("a1",)),
        AgentFilter(providers=(Provider.SMARTFLO,), search="ada"),
        AgentFilter(search="strøm x1 3168"),
    ):
        assert await names(house, filter, "agents") == {"Ada Strøm"}, filter


async def test_contact_filter_selects_its_contacts_only(house: House) -> None:
    numbers = (a_number("+13168325555"), a_number("+13168325556"))
    zoe = ContactRecord(name="Zoë Leaman", numbers=numbers, lead=Lead(status="Interested"))
    await save(house, zoe, ContactRecord(name="Zeno", numbers=(a_number("+13168335555"),)))
    for filter in (
        ContactFilter(names=("zoë  LEAMAN",)),
        ContactFilter(phone_numbers=("316-832-5555",)),
        ContactFilter(phone_number=NumberMatch(ends_with="832-5556")),
        ContactFilter(phone_number=NumberMatch(starts_with="+1 316 832")),
        ContactFilter(lead_statuses=("interested",)),
        ContactFilter(has_lead=True),
        ContactFilter(search="zoë leam"),
        ContactFilter(search="832-5556"),
    ):
        assert await names(house, filter, "contacts") == {"Zoë Leaman"}, filter
    assert await names(house, ContactFilter(has_lead=False), "contacts") == {"Zeno"}


async def row_of(house: House, key: str) -> dict[str, Any]:
    """The row of a call, by the vendor's id."""
    columns = ("agent_id", "contact_id", "source_id", "division_id", "provider_call_id")
    async with house.database.read() as connection:
        found = await rows.all_rows(connection, house.scope, "calls", columns, ("id",))
    return next(row for row in found if row["provider_call_id"] == key)

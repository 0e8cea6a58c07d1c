"""Types made from domain dataclasses: the same fields, the same texts, and every value on its way through."""

import dataclasses
from enum import Enum
from typing import Annotated, Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_enum_type, is_leaf_type

from app.domain import details, filters
from app.domain.agents import AgentDevice, AgentSettings
from app.domain.calls import CallDirection, CallOutcome
from app.domain.contacts import ContactProfile, Lead
from app.domain.org_units import CampaignDetails
from app.graphql.mirror import camel, members
from app.graphql.schema import schema
from tests.conftest import House
from tests.graphql.rows import fill, row

TYPES = schema()._schema.type_map
INPUTS = [kind for kind in vars(filters).values() if dataclasses.is_dataclass(kind) and isinstance(kind, type)]
OUTPUTS = [kind for kind in vars(details).values() if dataclasses.is_dataclass(kind) and isinstance(kind, type)]
OUTPUTS = [
    *(kind for kind in OUTPUTS if kind is not details.CallDetails),
    AgentDevice,
    AgentSettings,
    Lead,
    CampaignDetails,
]


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_input_has_the_fields_and_texts_of_its_domain_type(kind: type) -> None:
    made = TYPES[kind.__name__]
    assert isinstance(made, GraphQLInputObjectType)
    assert made.description == kind.__doc__
    assert {name: field.description for name, field in made.fields.items()} == {
        member.graph_name: member.text for member in members(kind)
    }


# Where the graph shows something else than the domain has, and says so: a link of ours for the vendor's.
OF_ITS_OWN = {(details.Recording, "url")}


@pytest.mark.parametrize("kind", OUTPUTS, ids=lambda kind: kind.__name__)
def test_output_has_the_fields_and_texts_of_its_domain_type(kind: type) -> None:
    made = TYPES[kind.__name__]
    assert isinstance(made, GraphQLObjectType)
    assert made.description == kind.__doc__
    texts = {member.graph_name: member.text for member in members(kind)}
    assert made.fields.keys() == texts.keys()
    told = {name: field.description for name, field in made.fields.items() if (kind, name) not in OF_ITS_OWN}
    assert told == {name: text for name, text in texts.items() if (kind, name) not in OF_ITS_OWN}


@pytest.mark.parametrize("kind", [CallDirection, CallOutcome, filters.Weekday, filters.CallOrderField])
def test_enum_has_the_words_of_its_domain_type(kind: type[Enum]) -> None:
    made = TYPES[kind.__name__]
    assert is_enum_type(made)
    assert list(made.values) == [word.name for word in kind]
    assert made.description == kind.__doc__


def test_fields_that_only_python_writes_otherwise_have_their_plain_names() -> None:
    assert camel("include_excluded_numbers") == "includeExcludedNumbers"
    assert [member.graph_name for member in members(filters.DateTimeRange)] == ["from", "to"]
    assert [member.graph_name for member in members(filters.CallFilter)][-3:] == ["and", "or", "not"]


def test_field_without_a_text_is_a_mistake_of_ours() -> None:
    @dataclasses.dataclass
    class Silent:
        told: Annotated[str, "It is."]
        untold: str

    with pytest.raises(TypeError, match=r"Silent\.untold has no text"):
        members(Silent)


def selection(type_name: str) -> str:
    """Everything of a type, all the way down."""
    fields = TYPES[type_name].fields  # type: ignore[attr-defined]
    return " ".join(
        name if is_leaf_type(kind := get_named_type(field.type)) else f"{name} {{ {selection(kind.name)} }}"
        for name, field in fields.items()
    )


def flat(value: Any) -> list[Any]:
    """Every value within a value."""
    if isinstance(value, dict | list):
        return [inner for item in (value.values() if isinstance(value, dict) else value) for inner in flat(item)]
    return [value]


async def test_every_detail_that_a_vendor_may_tell_comes_out_of_the_graph(house: House) -> None:
    await fill(house, [row("a", agent="Anna", organisation="Shop", everything=True)])
    told = {name: get_named_type(TYPES["Call"].fields[name].type) for name in details_of_calls()}  # type: ignore[attr-defined]
    fields = " ".join(
        name if is_leaf_type(kind) else f"{name} {{ {selection(kind.name)} }}" for name, kind in told.items()
    )
    (call,) = (await house.ask(f"{{ calls {{ nodes {{ {fields} }} }} }}"))["calls"]["nodes"]
    assert call.keys() == told.keys()
    missing = [value for value in flat(call) if value is None or value == []]
    assert missing == []


def details_of_calls() -> list[str]:
    return [member.graph_name for member in members(details.CallDetails)]


WAYS = [
    ("agents { nodes { device { %s } } }", AgentDevice),
    ("agents { nodes { settings { %s } } }", AgentSettings),
    ("contacts { nodes { profile { %s } } }", ContactProfile),
    ("contacts { nodes { lead { %s } } }", Lead),
    ("calls { nodes { campaign { campaign { %s } } } }", CampaignDetails),
]


async def test_every_detail_of_agents_contacts_and_units_comes_out_of_the_graph(house: House) -> None:
    await fill(house, [row("a", agent="Anna", organisation="Shop", everything=True)])
    for way, kind in WAYS:
        values = flat(await house.ask("{ " + way % selection(kind.__name__) + " }"))
        assert len(values) >= len(members(kind))
        assert None not in values, kind


async def test_null_in_an_input_means_not_given(house: House) -> None:
    await fill(house, [row("a"), row("b", direction="OUTBOUND")])
    query = "query Q($f: CallFilter, $o: CallOrder) { calls(filter: $f, orderBy: $o) { totalCount } }"
    nothing = {member.graph_name: None for member in members(filters.CallFilter)}
    for filter in (None, {}, nothing, {"startedAt": {"from": None, "to": None}}, {"and": []}, {"and": [{}]}):
        assert (await house.ask(query, f=filter, o=None))["calls"]["totalCount"] == 2, filter

"""Anything by its id: `node`, `nodes`, and the root field of each type."""

import pytest

from app.graphql.queries import MAX_IDS, NOUNS
from tests.conftest import House
from tests.graphql.rows import crowd, empty_house

# Where one id of each type is to be had.
SOME = """{
  calls(first: 1) { nodes { id campaign { id } } }
  agents(first: 1) { nodes { id } }
  contacts(first: 1) { nodes { id } }
  sources { id }
}"""
NODE = "query Q($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
# A field that each type has, so that its own fragment is read.
OWN = """query Q($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Call { providerCallId } ... on Agent { code tags } ... on Contact { isLead: lead { status } }
  ... on Source { provider } ... on OrgUnit { kind }
} }"""


async def ids_of(house: House) -> dict[str, str]:
    found = await house.ask(SOME)
    call = found["calls"]["nodes"][0]
    return {
        "Call": call["id"],
        "OrgUnit": call["campaign"]["id"],
        "Agent": found["agents"]["nodes"][0]["id"],
        "Contact": found["contacts"]["nodes"][0]["id"],
        "Source": found["sources"][0]["id"],
    }


@pytest.fixture
async def filled(house: House) -> House:
    """A workspace with two of everything."""
    return await crowd(house, 2)


async def test_every_type_with_an_id_is_found_by_it(filled: House) -> None:
    ids = await ids_of(filled)
    assert ids.keys() == NOUNS.keys()
    for type_name, id in ids.items():
        assert (await filled.ask(NODE, id=id))["node"] == {"__typename": type_name, "id": id}


async def test_nodes_come_in_the_order_of_the_ids_with_null_for_nothing(filled: House) -> None:
    ids = await ids_of(filled)
    asked = [ids["Agent"], "nothing", ids["Call"], ids["Agent"], "", ids["Source"]]
    found = (await filled.ask(NODES, ids=asked))["nodes"]
    assert [one and one["id"] for one in found] == [ids["Agent"], None, ids["Call"], ids["Agent"], None, ids["Source"]]


async def test_each_node_answers_the_fragment_of_its_type(filled: House) -> None:
    ids = await ids_of(filled)
    found = (await filled.ask(OWN, ids=[ids[name] for name in ("Call", "Agent", "Contact", "Source", "OrgUnit")]))[
        "nodes"
    ]
    assert found == [
        {"providerCallId": "c1"},
        {"code": None, "tags": []},
        {"isLead": {"status": "said"}},
        {"provider": "VOXCROW"},
        {"kind": "CAMPAIGN"},
    ]


async def test_root_field_finds_its_type_by_id(filled: House) -> None:
    ids = await ids_of(filled)
    for type_name in ("Call", "Agent", "Contact"):
        name = type_name.lower()
        query = f"query Q($id: ID!) {{ {name}(id: $id) {{ id }} }}"
        assert (await filled.ask(query, id=ids[type_name]))[name] == {"id": ids[type_name]}
        for nothing in ("nothing", ids[type_name][:-4] + "AAAA"):
            assert (await filled.ask(query, id=nothing))[name] is None


async def test_id_of_another_type_is_refused(filled: House) -> None:
    ids = await ids_of(filled)
    found = await filled.answer("query Q($id: ID!) { call(id: $id) { id } }", id=ids["Agent"])
    assert found["data"] == {"call": None}
    (error,) = found["errors"]
    assert error["message"] == f"'{ids['Agent']}' is the id of a Agent, not of a Call."
    assert (error["path"], error["extensions"]) == (["call"], {"code": "BAD_USER_INPUT"})


async def test_nothing_is_found_from_another_workspace(filled: House) -> None:
    ids, stranger = await ids_of(filled), await empty_house(filled)
    assert (await stranger.ask(NODES, ids=list(ids.values())))["nodes"] == [None] * len(ids)
    for type_name in ("Call", "Agent", "Contact"):
        query = f"query Q($id: ID!) {{ {type_name.lower()}(id: $id) {{ id }} }}"
        assert (await stranger.ask(query, id=ids[type_name])) == {type_name.lower(): None}
    for field in ("agentIds", "contactIds", "sourceIds"):
        query = f"query Q($id: ID!) {{ calls(filter: {{ {field}: [$id] }}) {{ totalCount }} }}"
        assert (await stranger.ask(query, id=ids[field[:-3].capitalize()]))["calls"]["totalCount"] == 0
        assert (await filled.ask(query, id=ids[field[:-3].capitalize()]))["calls"]["totalCount"] > 0


async def test_at_most_five_hundred_ids_at_once(house: House) -> None:
    assert await house.ask(NODES, ids=["x"] * MAX_IDS) == {"nodes": [None] * MAX_IDS}
    (error,) = (await house.answer(NODES, ids=["x"] * (MAX_IDS + 1)))["errors"]
    assert error["message"] == "ids has 501 values; at most 500 are allowed. Ask in several queries."
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_contact_is_found_by_any_of_its_numbers(filled: House) -> None:
    query = "query Q($number: PhoneNumber!) { contact(phoneNumber: $number) { name } }"
    for number in ("+9779811000001", "9811000001", "00977 981-100 0001", "(981) 100-0001"):
        assert await filled.ask(query, number=number) == {"contact": {"name": "Contact 1"}}
    assert await filled.ask(query, number="+9779811999999") == {"contact": None}


async def test_contact_is_asked_for_by_id_or_by_number(house: House) -> None:
    for arguments in ("", "(id: null)", '(id: "x", phoneNumber: "+9779811000001")'):
        (error,) = (await house.answer(f"{{ contact{arguments} {{ id }} }}"))["errors"]
        assert error["message"] == "Give either id or phoneNumber."
        assert error["extensions"] == {"code": "BAD_USER_INPUT"}

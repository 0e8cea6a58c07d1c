"""Relay connections: walked in any way they give exactly the sorted list, also while it grows."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.domain.filters import CallOrder, CallOrderField
from app.domain.labels import fold
from app.domain.scope import Right
from app.graphql.pagination import window_of
from app.providers.contract import Payload
from tests.conftest import SCOPE, House
from tests.graphql.rows import empty_house, fill, row

PAGE = """query Page($filter: CallFilter, $order: CallOrder, $first: Int, $after: String, $last: Int, $before: String) {
  calls(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor node { providerCallId } }
    nodes { providerCallId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
IDS = "{ calls(first: 1000) { nodes { id providerCallId } } }"
OF_AGENTS = """query OfAgents($filter: CallFilter, $order: CallOrder, $first: Int, $after: String, $last: Int, $before: String) {
  agents(first: 9) {
    nodes {
      name
      calls(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes { providerCallId }
      }
    }
  }
}"""
# What each sort field sorts a row of tests/graphql/rows.py by; a row without the value comes first upwards.
KEYS: dict[str, Any] = {
    "STARTED_AT": lambda r: r["minute"],
    "CALLER_NUMBER": lambda r: r["caller"],
    "CALLER_NAME": lambda r: fold(r["contact"] or ""),
    "AGENT_NAME": lambda r: fold(r["agent"] or ""),
    "DURATION": lambda r: -1 if r["duration"] is None else r["duration"],
    "ORGANISATION": lambda r: r["organisation"] or "",
    "REVIEW": lambda r: int(r["review"] or -1),
}
FILTERS: list[tuple[Any, Any]] = [
    (None, lambda r: True),
    ({"direction": ["OUTBOUND"]}, lambda r: r["direction"] == "OUTBOUND"),
    ({"durationSeconds": {"gt": 0}}, lambda r: (r["duration"] or 0) > 0),
    ({"not": {"agentNames": ["ANNA"]}}, lambda r: r["agent"] != "Anna"),
    ({"or": [{"agentNames": ["anna"]}, {"direction": ["INBOUND"]}]}, lambda r: r["agent"] == "Anna" or r["direction"] == "INBOUND"),
]  # fmt: skip
NAMES = [None, "Anna", "anton", "Zoë", "Ärzte", "नेपाल", "😀", "a b"]
VALUES: dict[str, list[Any]] = {
    "minute": [0, 1, 2],
    "caller": ["+9779811000001", "+9779811000002", "98"],
    "agent": NAMES,
    "contact": NAMES,
    "duration": [None, 0, 7],
    "organisation": [None, "A", "B"],
    "review": [None, "0", "2", "10"],
    "direction": ["INBOUND", "OUTBOUND"],
}
SAID = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
SIZES = st.integers(1, 31)
many = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(many, max_examples=6)


@dataclass(frozen=True)
class Way:
    """One way to walk a list."""

    field: str
    direction: str
    filter: Any
    holds: Any
    backwards: bool

    def window(self, size: int, cursor: str | None) -> dict[str, Any]:
        """The variables of the next page."""
        window = {"last": size, "before": cursor} if self.backwards else {"first": size, "after": cursor}
        return {"filter": self.filter, "order": {"field": self.field, "direction": self.direction}, **window}

    def cut(self, ids: list[str], size: int) -> list[str]:
        """The page that a window of that size has of a list."""
        return ids[max(0, len(ids) - size) :] if self.backwards else ids[:size]

    def past(self, ids: list[str], seen: str | None) -> list[str]:
        """What of a list is still to come when the row `seen` was the last of a page."""
        if seen is None:
            return ids
        return ids[: ids.index(seen)] if self.backwards else ids[ids.index(seen) + 1 :]


WAYS = st.builds(
    lambda field, direction, filter, backwards: Way(field, direction, *filter, backwards),
    st.sampled_from(sorted(KEYS)),
    st.sampled_from(["ASC", "DESC"]),
    st.sampled_from(FILTERS),
    st.booleans(),
)


@dataclass
class Model:
    """A workspace, and its lists as they have to be: worked out in Python."""

    house: House
    rows: list[Payload] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    async def add(self, said: list[dict[str, Any]]) -> None:
        """Takes rows in, and learns the ids that decide between equal ones."""
        new = [row(f"c{len(self.rows) + place}", **one) for place, one in enumerate(said)]
        await fill(self.house, new)
        self.rows += new
        found = (await self.house.ask(IDS))["calls"]["nodes"]
        self.ids = {call["providerCallId"]: urlsafe_b64decode(call["id"] + "==").decode() for call in found}

    def listed(self, way: Way, agent: str | None = None) -> list[str]:
        """The whole list, or an agent's."""
        rows = [r for r in self.rows if way.holds(r) and (agent is None or r["agent"] == agent)]
        rows.sort(key=lambda r: (KEYS[way.field](r), self.ids[r["id"]]), reverse=way.direction == "DESC")
        return [r["id"] for r in rows]


@pytest.fixture
async def model(house: House) -> Model:
    """A filled workspace with many equal values; it is read in many ways and never written again."""
    made, chance = Model(house), Random(7)
    await made.add([{name: chance.choice(values) for name, values in VALUES.items()} for _ in range(30)])
    return made


def ids_of(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["providerCallId"] for node in nodes]


async def walk(model: Model, way: Way, size: int, added: list[list[dict[str, Any]]]) -> list[str]:
    """Walks page by page to the end, rows being added between the pages; every page has to be the model's."""
    cursor, seen, walked = None, None, []
    while True:
        page = (await model.house.ask(PAGE, **way.window(size, cursor)))["calls"]
        rest = way.past(model.listed(way), seen)
        found, edges, info = ids_of(page["nodes"]), page["edges"], page["pageInfo"]
        assert found == way.cut(rest, size) == ids_of([edge["node"] for edge in edges])
        assert page["totalCount"] == len(model.listed(way))
        ahead, behind = ("hasPreviousPage", "hasNextPage") if way.backwards else ("hasNextPage", "hasPreviousPage")
        assert (info[ahead], info[behind]) == (len(rest) > size, cursor is not None)
        ends = [edges[0]["cursor"], edges[-1]["cursor"]] if edges else [None, None]
        assert [info["startCursor"], info["endCursor"]] == ends
        walked = [*found, *walked] if way.backwards else [*walked, *found]
        if not info[ahead]:
            return walked
        cursor, seen = (ends[0], found[0]) if way.backwards else (ends[1], found[-1])
        if added:
            await model.add(added.pop())


def test_every_sort_field_is_walked() -> None:
    assert KEYS.keys() == {field.value for field in CallOrderField}


@many
@given(way=WAYS, size=SIZES)
async def test_walking_gives_exactly_the_sorted_list(model: Model, way: Way, size: int) -> None:
    assert await walk(model, way, size, []) == model.listed(way)


@few
@given(way=WAYS, said=st.lists(SAID, min_size=5, max_size=8), size=st.integers(1, 3), added=st.lists(st.lists(SAID, max_size=3), min_size=1, max_size=3))  # fmt: skip
async def test_rows_added_while_walking_appear_at_their_place_and_nowhere_else(
    house: House, way: Way, said: Any, size: int, added: Any
) -> None:
    model = Model(await empty_house(house))
    await model.add(said)
    before = model.listed(way)
    walked = await walk(model, way, size, added)
    assert len(walked) == len(set(walked))
    assert set(before) <= set(walked)
    assert walked == [id for id in model.listed(way) if id in walked]


@many
@given(way=WAYS, size=st.integers(0, 6), at=st.none() | st.integers(0, 29))
async def test_nested_pages_are_the_pages_of_each_parents_own_list(
    model: Model, way: Way, size: int, at: int | None
) -> None:
    edges = (await model.house.ask(PAGE, **way.window(1000, None)))["calls"]["edges"]
    seen = edges[at] if at is not None and at < len(edges) else {"cursor": None, "node": {"providerCallId": None}}
    to_come = set(way.past(model.listed(way), seen["node"]["providerCallId"]))
    found = await model.house.ask(OF_AGENTS, **way.window(size, seen["cursor"]))
    for agent in found["agents"]["nodes"]:
        own = model.listed(way, agent["name"])
        assert ids_of(agent["calls"]["nodes"]) == way.cut([id for id in own if id in to_come], size)
        assert agent["calls"]["totalCount"] == len(own)
    assert {agent["name"] for agent in found["agents"]["nodes"]} == set(NAMES) - {None}


@many
@given(way=WAYS, first=st.integers(0, 29), last=st.integers(0, 29), size=st.integers(0, 31))
async def test_page_between_two_cursors_is_what_lies_between_them(
    model: Model, way: Way, first: int, last: int, size: int
) -> None:
    edges = (await model.house.ask(PAGE, **way.window(1000, None)))["calls"]["edges"]
    first, last = min(first, len(edges) - 1), min(last, len(edges) - 1)
    window = {"after": edges[first]["cursor"], "before": edges[last]["cursor"]}
    page = await model.house.ask(PAGE, **way.window(size, None) | window)
    assert ids_of(page["calls"]["nodes"]) == way.cut(model.listed(way)[first + 1 : last], size)


async def test_page_of_no_rows_still_says_whether_there_are_any(house: House) -> None:
    await fill(house, [row("a"), row("b")])
    for window, more in (({"first": 0}, "hasNextPage"), ({"last": 0}, "hasPreviousPage")):
        page = (await house.ask(PAGE, **window))["calls"]
        assert (page["nodes"], page["edges"], page["totalCount"]) == ([], [], 2)
        assert page["pageInfo"][more] is True
        assert page["pageInfo"]["startCursor"] is page["pageInfo"]["endCursor"] is None


async def test_page_has_fifty_rows_unless_told_otherwise_and_at_most_a_thousand(house: House) -> None:
    await fill(house, [row(f"c{number}", minute=number) for number in range(60)])
    for window, size in (({}, 50), ({"first": 1000}, 60), ({"first": None, "last": 1000}, 60), ({"last": 51}, 51)):
        assert len((await house.ask(PAGE, **window))["calls"]["nodes"]) == size


async def test_impossible_window_is_refused(house: House) -> None:
    await fill(house, [row("a", agent="Anna")])
    for window, message in (
        ({"first": 1001}, "first is 1001; it must be from 0 to 1000"),
        ({"last": 1001}, "last is 1001; it must be from 0 to 1000"),
        ({"first": -1}, "first is -1; it must be from 0 to 1000"),
        ({"last": -1}, "last is -1; it must be from 0 to 1000"),
        ({"first": 1, "last": 1}, "Give first or last, not both."),
        ({"first": 0, "last": 0}, "Give first or last, not both."),
    ):
        for query, path in ((PAGE, ["calls"]), (OF_AGENTS, ["agents", "nodes", 0, "calls"])):
            (error,) = (await house.answer(query, **window))["errors"]
            assert error["message"].startswith(message)
            assert (error["path"], error["extensions"]) == (path, {"code": "BAD_USER_INPUT"})


async def test_cursor_of_another_order_is_refused(house: House) -> None:
    await fill(house, [row("a", duration=3)])
    by_length = {"field": "DURATION"}
    cursor = (await house.ask(PAGE, order=by_length))["calls"]["pageInfo"]["endCursor"]
    (error,) = (await house.answer(PAGE, after=cursor))["errors"]
    assert error["message"] == "after is a cursor of a list sorted by DURATION, this list is sorted by STARTED_AT."
    assert (error["path"], error["extensions"]) == (["calls"], {"code": "BAD_USER_INPUT"})
    assert (await house.ask(PAGE, order=by_length, after=cursor))["calls"]["nodes"] == []


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


IMPOSSIBLE = [
    "x", "a b", "🙂", "====", "null", encoded("[]"), encoded("null"), encoded('["STARTED_AT"]'), encoded('["STARTED_AT", "x", "y"]'),
    encoded('["STARTED_AT", 1.5, "y"]'), encoded('["STARTED_AT", 1, 2]'), encoded('["STARTED_AT", 9223372036854775808, "y"]'),
    encoded('["STARTED_AT", true, "y"]'), encoded('["STARTED_AT", null, "y"]'), encoded("[" * 5000), encoded('["STARTED_AT", 1, "\ud800"]'),
    encoded(r'["STARTED_AT", 1, "\ud800"]'), encoded(r'["STARTED_AT", 1, "a\u0000b"]'),
]  # fmt: skip


@pytest.mark.parametrize("cursor", IMPOSSIBLE)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InputError, match=r"^after is no cursor\. Take one from pageInfo or an edge\.$"):
        window_of(SCOPE, CallOrder(), None, cursor, None, None)
    with pytest.raises(InputError, match=r"^before is no cursor"):
        window_of(SCOPE, CallOrder(), None, None, 1, cursor)


@given(
    cursor=st.text() | st.binary().map(lambda b: urlsafe_b64encode(b).decode()), field=st.sampled_from(CallOrderField)
)
def test_any_text_is_a_cursor_or_is_refused(cursor: str, field: CallOrderField) -> None:
    with suppress(InputError):
        window = window_of(SCOPE, CallOrder(field=field), 1, cursor, None, None)
        assert (window.after is None) == (not cursor)


async def test_made_up_cursor_that_the_store_could_not_compare_is_refused(house: House) -> None:
    for cursor in IMPOSSIBLE:
        (error,) = (await house.answer(PAGE, after=cursor))["errors"]
        assert (error["path"], error["extensions"]) == (["calls"], {"code": "BAD_USER_INPUT"})


async def test_who_sees_no_numbers_pages_through_names_that_are_some_by_cursors_that_say_none(house: House) -> None:
    names = ["9811000001", "Anna", "9811000002", "Flat 12", "9811000001", "Zoe 981"]
    await fill(
        house, [row(f"c{n}", minute=n, contact=name, caller=f"+97798110000{n:02}") for n, name in enumerate(names)]
    )
    viewer = replace(house, scope=replace(house.scope, rights=frozenset({Right.CALLS_READ})))
    by_name = {"field": "CALLER_NAME", "direction": "ASC"}
    in_one = ids_of((await viewer.ask(PAGE, order=by_name))["calls"]["nodes"])
    assert in_one == ids_of((await house.ask(PAGE, order=by_name))["calls"]["nodes"])
    for way, place in (("after", "endCursor"), ("before", "startCursor")):
        found, cursor = [], None
        while nodes := (page := (await viewer.ask(PAGE, order=by_name, **_one(way, cursor)))["calls"])["nodes"]:
            found += ids_of(nodes)
            cursor = page["pageInfo"][place]
            said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[1]
            assert said in (None, "anna")
        assert found == (in_one if way == "after" else in_one[::-1])
    (error,) = (await viewer.answer(PAGE, order=by_name, after=encoded('["CALLER_NAME", "98110", ""]')))["errors"]
    assert error["message"].startswith("after is no cursor.")


def _one(way: str, cursor: str | None) -> dict[str, Any]:
    return {"first" if way == "after" else "last": 1, way: cursor}


async def test_cursor_says_nothing_but_a_place(house: House) -> None:
    """A cursor stays valid when the row it was taken from has moved on or gone: it names a place, not a row."""
    await fill(house, [row(f"c{number}", minute=number) for number in range(3)])
    place = encoded('["STARTED_AT", 0, ""]')
    page = await house.ask(PAGE, after=place, order={"direction": "ASC"})
    assert ids_of(page["calls"]["nodes"]) == ["c0", "c1", "c2"]

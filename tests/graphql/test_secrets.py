"""What a viewer has no right to know is told by no field, filter, order or cursor: it makes no difference to any answer."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
from graphql import get_named_type

from app.domain.scope import EVERY_RIGHT, Right
from tests.conftest import House
from tests.graphql.told import Told, a_house_told, ids_in
from tests.graphql.walk import LISTS, Ids, counted, everything, guesses, leaves, object_fields, plain, sorted_lists

HIDDEN = (Right.NUMBERS_READ, Right.NOTES_READ, Right.INSIGHTS_READ, Right.RECORDINGS_READ)
ALL = EVERY_RIGHT - {Right.ADMIN}
TOLD = Told()
# What is no vendor's word: of the viewer, of the page, or of the number as a whole.
OURS = {
    *(
        "Viewer.name",
        "Viewer.workspace",
        "Viewer.scopes",
        "Source.region",
        "SourceStream.name",
        "Number.country",
        "CallNumber.country",
        "CallStatsKey.country",
        "Recording.url",
    ),
    *("PageInfo.startCursor", "PageInfo.endCursor", "CallEdge.cursor", "AgentEdge.cursor", "ContactEdge.cursor"),
    *("NeverAttendedEdge.cursor", "NotPickedUpEdge.cursor", "UnreturnedCallsEdge.cursor"),
    *("ActivityDay.date", "ActivitySlot.from", "ActivitySlot.to", "CallDay.date", "DaySlot.from", "DaySlot.to"),
    *("UniqueContactEdge.cursor", "AgentSummaryEdge.cursor", "ExcludedNumberEdge.cursor"),
}
# What no engine has a part in.
on_one_engine = pytest.mark.parametrize("engine_name", ["sqlite"])
Question = Callable[[Ids], tuple[str, dict[str, Any]]]


def questions(right: Right) -> list[Question]:
    """Everything there is, every list in every order, every filter with every guess at what a right lets one know."""

    def filtered(noun: str) -> Question:
        def make(ids: Ids) -> tuple[str, dict[str, Any]]:
            if right is not Right.NUMBERS_READ:
                return counted(noun, guesses(noun, ids, [TOLD.words[right]], []))
            found = guesses(noun, ids, [TOLD.dialled, f"call {TOLD.dialled[:4]}"], [TOLD.dialled])
            return counted(noun, [one for one in found if TOLD.dialled[:4] in str(one)])

        return make

    return [
        lambda ids: (everything(ids, [TOLD.dialled]), {}),
        lambda ids: (sorted_lists(), {}),
        *[filtered(noun) for noun in LISTS if right is not Right.RECORDINGS_READ],
    ]


async def asked(house: House, rights: frozenset[Right], question: Question) -> Any:
    """What a viewer with these rights is answered, as far as two workspaces can agree on it."""
    document, variables = question(await ids_in(house))
    viewer = replace(house, scope=replace(house.scope, rights=rights))
    return plain(await viewer.answer(document, **variables), {house.scope.workspace_id: "the workspace"})


@dataclass
class Twins:
    """Two workspaces that differ in nothing but what one right lets one know."""

    right: Right
    one: House
    other: House


@pytest.fixture(params=HIDDEN, ids=lambda right: right.value)
async def twins(request: pytest.FixtureRequest, house: House) -> Twins:
    """Workspaces whose every text tells a number, and notes, insights and recordings, where one tells others or none."""
    right: Right = request.param
    return Twins(right, await a_house_told(house, TOLD), await a_house_told(house, TOLD.without(right)))


async def test_what_is_hidden_makes_no_difference_to_any_answer(twins: Twins) -> None:
    everything_there_is, *others = questions(twins.right)
    viewers = (ALL - set(HIDDEN), frozenset({Right.CALLS_READ, Right.STATS_READ}))
    for rights, question in [*product([ALL - {twins.right}], others), *product(viewers, [everything_there_is])]:
        one, other = [await asked(house, rights, question) for house in (twins.one, twins.other)]
        assert one == other


@on_one_engine
async def test_who_may_know_is_told_by_fields_and_filters(twins: Twins) -> None:
    everything_there_is, _, *filtered = questions(twins.right)
    for question in (everything_there_is, *filtered[:1]):
        rights = frozenset({Right.CALLS_READ, twins.right})
        one, other = [await asked(house, rights, question) for house in (twins.one, twins.other)]
        assert one != other


@on_one_engine
async def test_every_text_of_the_graph_is_one_that_tells(house: House) -> None:
    made = await a_house_told(house, TOLD)
    data = await made.ask(everything(await ids_in(made), [TOLD.dialled]))
    telling = {path for path, value in leaves(data) if tells(value)}
    texts = {
        path for path, field in object_fields() if get_named_type(field.type).name in ("String", "JSON", "PhoneNumber")
    }
    assert texts - telling == OURS


def tells(value: Any) -> bool:
    said = json.dumps(value)
    return TOLD.dialled[-5:-1] in re.sub(r"\D", "", said) or any(word in said for word in TOLD.words.values())


@on_one_engine
async def test_no_more_than_three_digits_of_a_number_are_shown(house: House) -> None:
    made = await a_house_told(house, TOLD)
    rights = ALL - {Right.NUMBERS_READ}
    for question in questions(Right.NUMBERS_READ)[:2]:
        said = json.dumps(await asked(made, rights, question), ensure_ascii=False)
        assert not [start for start in range(len(TOLD.dialled) - 3) if TOLD.dialled[start:][:4] in said]
    viewer = replace(made, scope=replace(made.scope, rights=rights))
    assert (await viewer.ask("{ calls(first: 1) { nodes { phoneNumber } } }"))["calls"]["nodes"][0] == {
        "phoneNumber": "••••••••••836"
    }

"""What is another workspace's, or beyond a viewer's limit, is not there: asked for by any name, it is as if nobody had it."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.scope import EVERY_RIGHT, Reach, Right
from app.store.database import Database
from tests.builders import a_shared_store
from tests.conftest import UNHURRIED, House
from tests.graphql.neighbours import (
    ID_SLOTS,
    KINDS,
    NUMBER_SLOTS,
    TEXT_SLOTS,
    THEIRS,
    Neighbours,
    beyond_a_limit,
    emptied,
    filled,
    in_another_workspace,
)
from tests.graphql.told import ids_in
from tests.graphql.walk import LISTS, counted, everything, guesses, orders, plain, sorted_lists

EVERYWHERE = ["another workspace's", *KINDS]
FILTERS = {
    noun: [one for one in guesses(noun, ID_SLOTS, TEXT_SLOTS, NUMBER_SLOTS, together=True) if "«" in str(one)]
    for noun in LISTS
}
MASKED = EVERY_RIGHT - {Right.ADMIN, Right.NUMBERS_READ, Right.NOTES_READ}
Question = tuple[str, dict[str, Any]]


class Street:
    """The neighbours of one engine's store, asked by tests that are no coroutines."""

    def __init__(self, runner: asyncio.Runner, all: dict[str, Neighbours]) -> None:
        self._runner, self.all = runner, all

    def answer(self, house: House, question: Question) -> Any:
        """The whole answer."""
        return self._runner.run(house.answer(question[0], **question[1]))

    def ids(self, house: House) -> Any:
        """A node id of each type that the viewer sees."""
        return self._runner.run(ids_in(house))

    def same_as_nobodys(
        self, kind: str, question: Question, rights: frozenset[Right] = EVERY_RIGHT, reach: Reach | None = None
    ) -> bool:
        """Asks for theirs and for what nobody has: whether the answers are alike, apart from what they repeat."""
        found = self.all[kind]
        scope = replace(found.viewer.scope, rights=rights, reach=reach or found.viewer.scope.reach)
        viewer, answers = replace(found.viewer, scope=scope), []
        for things in (found.theirs, found.nobodys):
            asked = filled(question[0], things), json.loads(filled(json.dumps(question[1], ensure_ascii=False), things))
            answers.append(emptied(plain(self.answer(viewer, asked)), things))
        return bool(answers[0] == answers[1])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def street(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A store with neighbours of every kind."""
    folder: Path = tmp_path_factory.mktemp("street")
    with a_shared_store(request.param, request, folder) as url, asyncio.Runner() as runner:
        house = House(Database(url, patience=UNHURRIED))
        made = {kind: runner.run(beyond_a_limit(house, kind)) for kind in KINDS}
        yield Street(runner, {EVERYWHERE[0]: runner.run(in_another_workspace(house)), **made})
        runner.run(house.database.close())


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_answers_are_those_of_a_workspace_in_which_theirs_never_was(street: Street, kind: str) -> None:
    found = street.all[kind]
    for make in (everything, lambda *_: sorted_lists()):
        answers = [
            plain(
                street.answer(house, (make(street.ids(house), [THEIRS.dialled]), {})), {house.scope.workspace_id: "it"}
            )
            for house in (found.viewer, found.alone)
        ]
        assert "errors" not in answers[0]
        assert answers[0] == answers[1]
        assert 'edges": [{' in json.dumps(answers[0]), "there is something to see"
        assert THEIRS.dialled not in re.sub(r"\D", "", json.dumps(answers[0]).replace(THEIRS.dialled, "", 1))


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_every_filter_by_something_of_theirs_finds_what_it_finds_by_nobodys(street: Street, kind: str) -> None:
    for noun, filters in FILTERS.items():
        assert street.same_as_nobodys(kind, counted(noun, filters))


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_not_limited_tells_theirs_from_nobodys(street: Street, kind: str) -> None:
    assert not street.same_as_nobodys(kind, counted("calls", FILTERS["calls"]), reach=Reach())
    assert not street.same_as_nobodys(kind, (f'{{ node(id: "{ID_SLOTS["Call"]}") {{ id }} }}', {}), reach=Reach())


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_every_id_of_theirs_is_one_of_nothing(street: Street, kind: str) -> None:
    for slot in ID_SLOTS.values():
        asked = " ".join(f'{field}: {field}(id: "{slot}") {{ id }}' for field in ("node", "call", "agent", "contact"))
        assert street.same_as_nobodys(kind, (f'{{ {asked} nodes(ids: ["{slot}"]) {{ id }} }}', {}))


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_a_cursor_of_theirs_is_a_place_like_any_other(street: Street, kind: str) -> None:
    ways = [(noun, order, way) for noun in LISTS for order in orders(noun) for way in ("after", "before")]
    for unsaid, rights in (("", EVERY_RIGHT), (" unsaid", MASKED)):
        lists = [
            f'l{place}: {noun}(orderBy: {{field: {order}}}, {way}: "«{noun} {order}{unsaid}»") {{ totalCount nodes {{ id }} }}'
            for place, (noun, order, way) in enumerate(ways)
        ]
        assert street.same_as_nobodys(kind, ("{ " + " ".join(lists) + " }", {}), rights)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A list with a filter, an order and a place, what hangs on its rows, a row by its id, counts by number."""
    noun = draw(st.sampled_from(list(LISTS)))
    order = draw(st.sampled_from(orders(noun)))
    way = draw(st.sampled_from(["first: 2, after", "last: 2, before", "first: 0, before"]))
    unsaid = draw(st.sampled_from(["", " unsaid"]))
    place = draw(st.sampled_from(["", f', {way}: "«{noun} {order}{unsaid}»"']))
    below = (
        "id" if noun == "calls" else "id callCount(filter: $g) { total } calls(filter: $g) { totalCount nodes { id } }"
    )
    slot = draw(st.sampled_from(list(ID_SLOTS.values())))
    kind = {"calls": "Call", "agents": "Agent", "contacts": "Contact"}[noun]
    document = f"""query($f: {kind}Filter, $g: CallFilter) {{
        {noun}(filter: $f, orderBy: {{field: {order}}}{place}) {{ totalCount nodes {{ {below} }} }}
        node(id: "{slot}") {{ id }} nodes(ids: ["{slot}", "{slot}"]) {{ id }}
        sources {{ id callCount(filter: $g) {{ total }} }}
        callCounts(phoneNumbers: ["«number»"], filter: $g) {{ total }} }}"""
    calls = st.recursive(st.sampled_from(FILTERS["calls"]), _composed, max_leaves=4)
    mine = calls if noun == "calls" else st.sampled_from(FILTERS[noun])
    return document, {"f": draw(mine), "g": draw(calls)}


def _composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.builds(lambda one: {"not": one}, inner) | several.flatmap(
        lambda found: st.sampled_from([{"and": found}, {"or": found}])
    )


@pytest.mark.parametrize("kind", EVERYWHERE)
@settings(max_examples=5)
@given(question=questions(), rights=st.sampled_from([EVERY_RIGHT, MASKED]))
def test_no_question_tells_theirs_from_nobodys(
    street: Street, kind: str, question: Question, rights: frozenset[Right]
) -> None:
    assert street.same_as_nobodys(kind, question, rights)

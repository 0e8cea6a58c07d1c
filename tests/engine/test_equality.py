"""The engine answers whatever it answers as the reference path does: random valid questions on both engines' stores."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.filters import CallOrderField
from app.domain.scope import EVERY_RIGHT, Reach, Right, Scope
from app.engine.surprise import Surprise
from app.graphql.ids import decode
from tests.conftest import House, compiled_answer
from tests.engine.questions import Question, questions
from tests.graphql.rows import crowd, fill, row

EXAMPLES = int(os.environ.get("SWITCHBOARD_EXAMPLES", "150"))
IDS = "{ calls { nodes { id agent { id } contact { id } source { id } campaign { id } } } }"
# Calls that lack what the others have, and several of one agent, some at the same moment.
SOME_MISSING = [
    row("lone", minute=3),
    row("again", minute=3, agent="Agent 1", contact="Contact 2", duration=0),
    *[row(f"more{n}", minute=n // 2, agent="Agent 1", duration=n, direction="OUTBOUND") for n in range(5)],
]
NESTED = """query ($size: Int!, $by: CallOrder!) {{ agents {{ nodes {{ name calls({side}: $size, orderBy: $by) {{
  totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  edges {{ cursor node {{ providerCallId agent {{ name }} contact {{ name }} campaign {{ name }} legs {{ kind }} }} }}
}} }} }} calls({side}: $size, orderBy: $by) {{ pageInfo {{ hasNextPage hasPreviousPage }} nodes {{ providerCallId
  agent {{ name calls(first: 2) {{ nodes {{ providerCallId }} }} }} contact {{ callCount {{ total }} }} }} }} }}"""
# All that is had beside something else.
RELATED = """{ calls { totalCount nodes { providerCallId agent { name agentTags: tags } contact { name phoneNumber
  calls(first: 2) { nodes { providerCallId } } callCount { total } } source { name } campaign { name } legs { kind agent { name } } } }
  agents { nodes { name source { name } calls(first: 2) { nodes { providerCallId contact { name } } } } }
  contacts { totalCount nodes { name phoneNumber numbers { __typename } } } sources { name } }"""
# Around a place in the first page of everything.
AROUND = """query ($size: Int!, $by: CallOrder!, $at: String) {{ calls({side}: $size, {place}: $at, orderBy: $by) {{
  totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} nodes {{ providerCallId agent {{ name }} }}
}} agents {{ nodes {{ name calls({side}: $size, {place}: $at, orderBy: $by) {{
  pageInfo {{ hasNextPage hasPreviousPage startCursor }} edges {{ cursor node {{ providerCallId }} }} }} }} }} }}"""
CURSORS = "query ($by: CallOrder!) { calls(orderBy: $by) { edges { cursor } } }"
_ids: dict[str, list[str]] = {}
_scopes: list[Scope] = []
_paths: Counter[str] = Counter()


@pytest.fixture
async def full(house: House) -> AsyncIterator[House]:
    """A house with a little of everything; its ids are in the questions."""
    made = await crowd(house, 6)
    await fill(made, SOME_MISSING, source="source 1")
    for call in (await made.ask(IDS))["calls"]["nodes"]:
        if call["agent"] is None or call["campaign"] is None:
            continue
        for kind in ("agent", "contact", "source", "campaign"):
            _ids.setdefault(kind, []).append((call["campaign"] if kind == "unit" else call[kind])["id"])
        _ids.setdefault("call", []).append(call["id"])
    _scopes[:] = _viewers(made.scope)
    yield made
    asked = sum(_paths.values())
    assert asked < EXAMPLES // 3 or _paths["compiled"] > 0.15 * asked, (
        f"too little is compiled to say anything: {_paths}"
    )
    _ids.clear()
    _paths.clear()


def _viewers(scope: Scope) -> list[Scope]:
    """Viewers of everything, of some calls, and of no numbers."""
    agent, source, unit = ((decode(scope, _ids[kind][0]) or ("", ""))[1] for kind in ("agent", "source", "campaign"))
    reaches = [
        Reach(agent_ids=(agent,)),
        Reach(source_ids=(source,)),
        Reach(org_unit_ids=(unit,)),
        Reach(agent_tags=("tag",)),
    ]
    masked = replace(scope, rights=EVERY_RIGHT - {Right.ADMIN, Right.NUMBERS_READ})
    limited = [replace(scope, reach=reach) for reach in reaches]
    return [scope, scope, masked, *limited, replace(masked, reach=reaches[1])]


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_both_paths_answer_the_same(full: House, data: st.DataObject) -> None:
    question: Question = data.draw(questions(_ids))
    full.scope = data.draw(st.sampled_from(_scopes))
    await full.answer(question.query, **question.variables)  # which compares the two, of every test's questions
    compiled = await compiled_answer(full, question.query, question.variables)  # by what is kept from before
    _paths[compiled.reason if isinstance(compiled, Surprise) else "compiled"] += 1


@settings(max_examples=EXAMPLES // 6, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_both_paths_hide_the_same_from_limited_viewers(full: House, data: st.DataObject) -> None:
    limited = data.draw(st.sets(st.sampled_from(("agent", "source", "campaign")), min_size=1, max_size=2))
    some = {name: st.lists(st.sampled_from(_ids[name]), max_size=2) for name in limited}
    picked = {name: tuple([_ours(full, id) for id in data.draw(ids)]) for name, ids in some.items()}
    reach = Reach(picked.get("agent"), picked.get("source"), picked.get("campaign"))
    viewer = replace(full, scope=replace(full.scope, reach=reach))
    question: Question = data.draw(questions(_ids))
    await viewer.answer(question.query, **question.variables)
    await viewer.ask(RELATED)
    compiled = await compiled_answer(viewer, RELATED, {})
    assert not isinstance(compiled, Surprise), compiled.reason
    _paths["compiled"] += 1


def _ours(house: House, node_id: str) -> str:
    found = decode(house.scope, node_id)
    assert found is not None
    return found[1]


@settings(max_examples=EXAMPLES // 3, suppress_health_check=list(HealthCheck))
@given(
    side=st.sampled_from(("first", "last")),
    size=st.integers(0, 8),
    order=st.sampled_from(CallOrderField),
    direction=st.sampled_from(("ASC", "DESC")),
    viewer=st.integers(0, 7),
)
async def test_both_paths_cut_the_same_pages(
    full: House, side: str, size: int, order: CallOrderField, direction: str, viewer: int
) -> None:
    masked = Right.NUMBERS_READ not in _scopes[viewer].rights
    full.scope = _scopes[0 if masked and order is CallOrderField.CALLER_NUMBER else viewer]
    by = {"field": order.name, "direction": direction}
    await full.ask(NESTED.format(side=side), size=size, by=by)
    compiled = await compiled_answer(full, NESTED.format(side=side), {"size": size, "by": by})
    assert not isinstance(compiled, Surprise), compiled.reason
    _paths["compiled"] += 1


@settings(max_examples=EXAMPLES // 5, suppress_health_check=list(HealthCheck))
@given(
    side=st.sampled_from(("first", "last")),
    place=st.sampled_from(("after", "before")),
    size=st.integers(0, 4),
    at=st.integers(0, 12),
    order=st.sampled_from(CallOrderField),
    direction=st.sampled_from(("ASC", "DESC")),
)
async def test_both_paths_turn_the_same_pages(
    full: House, side: str, place: str, size: int, at: int, order: CallOrderField, direction: str
) -> None:
    by = {"field": order.name, "direction": direction}
    cursors = [edge["cursor"] for edge in (await full.ask(CURSORS, by=by))["calls"]["edges"]]
    query, variables = AROUND.format(side=side, place=place), {"size": size, "by": by, "at": cursors[at % len(cursors)]}
    await full.ask(query, **variables)
    compiled = await compiled_answer(full, query, variables)
    assert not isinstance(compiled, Surprise), compiled.reason
    _paths["compiled"] += 1

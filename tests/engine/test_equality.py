"""The engine answers whatever it answers as the reference path does: random valid questions on both engines' stores."""

import os
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.surprise import Surprise
from tests.conftest import House, compiled_answer
from tests.engine.questions import Question, questions
from tests.graphql.rows import crowd

EXAMPLES = int(os.environ.get("SWITCHBOARD_EXAMPLES", "150"))
IDS = "{ calls { nodes { id agent { id } contact { id } source { id } campaign { id } } } }"
_ids: dict[str, list[str]] = {}
_paths: Counter[str] = Counter()


@pytest.fixture
async def full(house: House) -> AsyncIterator[House]:
    """A house with a little of everything; its ids are in the questions."""
    made = await crowd(house, 6)
    for call in (await made.ask(IDS))["calls"]["nodes"]:
        for kind in ("agent", "contact", "source", "campaign"):
            _ids.setdefault(kind, []).append((call["campaign"] if kind == "unit" else call[kind])["id"])
        _ids.setdefault("call", []).append(call["id"])
    yield made
    assert _paths["compiled"] > 0.3 * sum(_paths.values()), f"too little is compiled to say anything: {_paths}"
    _ids.clear()
    _paths.clear()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_both_paths_answer_the_same(full: House, data: st.DataObject) -> None:
    question: Question = data.draw(questions(_ids))
    await full.answer(question.query, **question.variables)  # which compares the two, of every test's questions
    compiled = await compiled_answer(full, question.query, question.variables)  # by what is kept from before
    _paths[compiled.reason if isinstance(compiled, Surprise) else "compiled"] += 1

"""Which agent a record means: by id, else number, else name, and never somebody it cannot be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agents import AgentRecord
from app.domain.labels import fold
from app.domain.matching import AgentIndex, identity_of
from app.domain.numbers import extension, parse

IDS = st.none() | st.sampled_from(["7", "8"])
NUMBERS = st.none() | st.sampled_from(["2001", "2002"])
NAMES = st.none() | st.sampled_from(["Smith", "smith ", "Jones"])


def record(id: str | None = None, number: str | None = None, name: str | None = None) -> AgentRecord:
    return AgentRecord(provider_agent_id=id, number=extension(number) if number else None, name=name)


RECORDS = st.builds(record, IDS, NUMBERS, NAMES).filter(lambda one: one.known)


def known(place: str = "one", **said: Any) -> dict[str, Any]:
    """An agent as a row has it, who was first known by what is said of them."""
    told = record(**said)
    return {
        "id": place,
        "identity": identity_of(told),
        "provider_agent_id": told.provider_agent_id,
        "number": told.number.key if told.number else None,
        "name_key": fold(told.name) if told.name else None,
    }


def found(index: AgentIndex, **said: Any) -> str | None:
    agent = index.find(record(**said))
    return agent["id"] if agent else None


def test_id_is_stronger_than_number_and_number_than_name() -> None:
    index = AgentIndex([known("named", name="Smith"), known("numbered", number="2001"), known("identified", id="7")])
    assert found(index, id="7", number="2001", name="Smith") == "identified"
    assert found(index, number="2001", name="Smith") == "numbered"
    assert found(index, name="Smith") == "named"


def test_agent_with_another_id_is_somebody_else_whatever_number_and_name_they_share() -> None:
    index = AgentIndex([known(id="7", number="2001", name="Smith")])
    assert found(index, id="8", number="2001", name="Smith") is None


def test_agent_with_another_number_is_somebody_else_of_that_name() -> None:
    index = AgentIndex([known(number="2001", name="Smith")])
    assert found(index, number="2002", name="Smith") is None


def test_agent_known_without_id_is_found_by_a_record_that_has_one() -> None:
    assert found(AgentIndex([known(number="2001")]), id="7", number="2001") == "one"
    assert found(AgentIndex([known(name="Smith")]), id="7", name="Smith") == "one"


def test_second_agent_of_a_name_is_found_where_the_first_cannot_be_meant() -> None:
    index = AgentIndex([known("first", number="2001", name="Smith"), known("second", name="Smith")])
    assert found(index, number="2002", name="Smith") == "second"


def test_second_agent_of_a_number_is_found_where_the_first_cannot_be_meant() -> None:
    index = AgentIndex([known("first", id="7", number="2001"), known("second", number="2001")])
    assert found(index, id="8", number="2001") == "second"


def test_of_several_who_could_be_meant_the_first_known_is() -> None:
    index = AgentIndex([known("first", number="2001", name="Smith"), known("second", number="2002", name="Smith")])
    assert found(index, name="Smith") == "first"


def test_agent_who_was_first_known_by_the_bare_name_is_meant_by_it() -> None:
    numbered = known("numbered", name="Smith") | {"number": "2002"}
    assert found(AgentIndex([known("other", number="2001", name="Smith"), numbered]), name="Smith") == "numbered"


def test_agent_who_got_another_name_is_still_found_by_the_first_one() -> None:
    renamed = known(name="Smith") | {"name_key": "jones", "number": "2001"}
    assert found(AgentIndex([renamed]), name="Smith") == "one"


def test_agent_who_got_another_number_is_found_by_the_first_one_but_not_for_a_new_colleague() -> None:
    moved = known(number="2001", name="Smith") | {"number": "2002", "provider_agent_id": "7"}
    assert found(AgentIndex([moved]), number="2001") == "one"
    assert found(AgentIndex([moved]), number="2001", name="Smith") == "one"
    assert found(AgentIndex([moved]), number="2001", name="Jones") is None


@pytest.mark.parametrize("name", ["SMITH", " smith", "Smith  "])
def test_case_and_blanks_of_a_name_do_not_matter(name: str) -> None:
    assert found(AgentIndex([known(name="Smith")]), name=name) == "one"


def test_withheld_number_matches_nobody() -> None:
    withheld = AgentRecord(number=parse("anonymous", "US"), name="Smith")
    assert not AgentRecord(number=withheld.number).known
    assert identity_of(withheld) == "name:smith"
    assert AgentIndex([known(number="2001")]).find(withheld) is None


@given(RECORDS, RECORDS)
def test_what_both_know_and_differ_in_rules_a_match_out(one: AgentRecord, other: AgentRecord) -> None:
    row = known(id=one.provider_agent_id, number=one.number.raw if one.number else None, name=one.name)
    match = AgentIndex([row]).find(other)
    if one.provider_agent_id and other.provider_agent_id:
        assert bool(match) == (one.provider_agent_id == other.provider_agent_id)
    elif one.number and other.number:
        assert bool(match) == (one.number.key == other.number.key)
    else:
        assert bool(match) == bool(one.name and other.name and fold(one.name) == fold(other.name))


@given(RECORDS, st.lists(RECORDS))
def test_record_is_always_found_again_whoever_else_is_known(one: AgentRecord, others: list[AgentRecord]) -> None:
    def row(place: int, told: AgentRecord) -> dict[str, Any]:
        number = told.number.raw if told.number else None
        return known(str(place), id=told.provider_agent_id, number=number, name=told.name)

    assert AgentIndex([row(place, told) for place, told in enumerate([*others, one])]).find(one)

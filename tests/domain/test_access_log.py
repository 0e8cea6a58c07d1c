"""Any row of the access log that is changed, removed, put in or put elsewhere is found."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.access_log import GENESIS, Access, BrokenChainError, Head, Link, checked, linked
from app.domain.times import to_ms

AT = datetime(2024, 6, 1, tzinfo=UTC)
texts = st.text(max_size=4)
accesses = st.builds(
    Access,
    at=st.integers(0, 3).map(lambda n: AT + timedelta(milliseconds=n)),
    viewer_key=texts,
    viewer_name=texts,
    document=texts,
    operation=st.none() | texts,
    rows=st.integers(0, 3),
    path=texts,
    status=st.sampled_from([200, 400]),
)
chains = st.lists(accesses, min_size=1, max_size=6).map(lambda found: list(linked(Head(), found)))


def first_broken(links: list[Link], head: Head) -> int | None:
    """The first bad row; None where the links end as the kept head says."""
    try:
        return None if checked(Head(), links) == head else len(links) + 1
    except BrokenChainError as error:
        return error.position


def head_of(links: list[Link]) -> Head:
    return Head(links[-1].position, links[-1].digest)


@given(accesses)
def test_a_row_is_hashed_as_a_list_in_json(access: Access) -> None:
    (link,) = linked(Head(), [access])
    row = [1, GENESIS, to_ms(access.at), *[access[place] for place in range(1, len(Access._fields))]]
    text = json.dumps(row, separators=(",", ":"))
    assert link.digest == hashlib.sha256(text.encode()).hexdigest()


@given(chains)
def test_a_chain_as_it_was_written_is_whole(links: list[Link]) -> None:
    assert first_broken(links, head_of(links)) is None


@given(chains, st.data())
def test_batches_make_the_same_chain_as_one_row_at_a_time(links: list[Link], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(links)))
    head = head_of(links[:cut]) if cut else Head()
    assert links[:cut] + list(linked(head, [link.access for link in links[cut:]])) == links


@given(chains, accesses, st.data())
def test_a_changed_row_is_the_one_that_is_named(links: list[Link], other: Access, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    assume(other != links[place].access)
    changed = [*links[:place], replace(links[place], access=other), *links[place + 1 :]]
    assert first_broken(changed, head_of(links)) == place + 1


@given(chains, accesses, st.data())
def test_a_changed_row_with_a_fitting_digest_breaks_the_next(links: list[Link], other: Access, data: Any) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    assume(other != links[place].access)
    before = head_of(links[:place]) if place else Head()
    changed = [*links[:place], *linked(before, [other]), *links[place + 1 :]]
    assert first_broken(changed, head_of(links)) == place + 2


@given(chains, st.data())
def test_a_removed_row_is_found_in_the_middle_and_at_the_end(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    assert first_broken(links[:place] + links[place + 1 :], head_of(links)) == place + 1


@given(chains, st.data())
def test_swapped_rows_are_found(links: list[Link], data: st.DataObject) -> None:
    one, two = (
        data.draw(st.tuples(*[st.integers(0, len(links) - 1)] * 2).filter(lambda pair: pair[0] < pair[1]))
        if len(links) > 1
        else (0, 0)
    )
    assume(one < two)
    swapped = list(links)
    swapped[one] = replace(links[two], position=one + 1)
    swapped[two] = replace(links[one], position=two + 1)
    assert first_broken(swapped, head_of(links)) == one + 1


@given(chains, accesses, st.data())
def test_an_inserted_row_is_found(links: list[Link], other: Access, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links)))
    before = head_of(links[:place]) if place else Head()
    moved = [replace(link, position=link.position + 1) for link in links[place:]]
    assert first_broken([*links[:place], *linked(before, [other]), *moved], head_of(links)) is not None


def test_no_two_rows_have_one_text() -> None:
    row = Access(AT, "a", "bc", "d", None, 1, "p", 200)
    others = [row._replace(viewer_key="ab", viewer_name="c"), row._replace(operation=""), row._replace(rows=12)]
    digests = {link.digest for one in (row, *others) for link in linked(Head(), [one])}
    assert len(digests) == 4


def test_a_break_says_where_and_how() -> None:
    links = list(linked(Head(), [Access(AT, "a", "b", "d", None, 1, "p", 200)] * 3))
    with pytest.raises(BrokenChainError, match="row 2: a row is missing"):
        checked(Head(), [links[0], links[2]])

"""How the rows of a whole list's page are found: of a few values, along the nearest hours, or in one attempt after another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeGuard, TypeVar

from app.domain.filters import CallFilter, Filter, Order
from app.domain.pages import Window
from app.domain.scope import Scope
from app.store import hours
from app.store.finding import (
    Attempt,
    are_sooner_gathered,
    attempts,
    further,
    has_words,
    is_by_start,
    is_downwards,
    is_placed,
    may_be_few,
)
from app.store.lists import are_few
from app.store.lookups import given_of, only, only_lookup, only_values, only_word, values_of
from app.store.said import Need, Place, Said, seen_of
from app.store.search import needs_of

Row = TypeVar("Row", covariant=True)


class Reader(Protocol[Row]):
    """Sends the statements of a page (see lists and hours)."""

    def values(self, parts: Sequence[Any]) -> Sequence[Any]:
        """The values of parts of the filter."""

    async def ids(self, filter: CallFilter, name: str) -> list[Any]:
        """The ids that a field of the filter names."""

    async def of_values(self, filter: CallFilter, name: str, values: list[Any]) -> Sequence[Row]:
        """The page of the calls that have one of the values."""

    async def ends(self, filter: CallFilter) -> tuple[int, int] | None:
        """When the page's first call began, at whatever hour, and the last one there is; None where there is none."""

    async def of_hours(self, filter: CallFilter, within: list[int]) -> Sequence[Row]:
        """The page of the calls of some hours."""

    async def counts(self, filter: CallFilter, needs: Sequence[Need]) -> Sequence[int]:
        """How many have each of the words of a search, in each place (see owners)."""

    async def few_numbers(self, filter: CallFilter) -> bool:
        """Whether few numbers have the digits that are asked for."""

    async def attempted(self, attempt: Attempt) -> Sequence[Row]:
        """What an attempt finds."""

    async def goes_on(self, near: int) -> bool:
        """Whether there are calls beyond so many, in the same view as what was found of these."""


async def rows_of(
    reader: Reader[Row], scope: Scope, filter: Filter | None, order: Order, window: Window, wanted: int
) -> Sequence[Row]:
    """The rows of a page, as many as are wanted if there are as many."""
    if is_by_start(order) and isinstance(filter, CallFilter):
        found = await _of_few(reader, scope, filter)
        if found is None and hours.only_hours(filter) and hours.may_be_read(scope):
            found = await _of_hours(reader, filter, is_downwards(order, window), wanted)
        if found is not None:
            return found
    said = await _said(reader, scope, filter) if may_be_said(filter, order) else None
    if (
        said is not None
        and said.is_only_of(Place.AGENT)
        and isinstance(filter, CallFilter)
        and (word := only_word(filter))
    ):
        agents = await reader.ids(filter, word)
        if are_few(scope, filter, word, agents, sparing=True):
            return await reader.of_values(filter, word, agents)
    return await _first_full(reader, scope, filter, order, window, wanted, said)


async def _first_full(
    reader: Reader[Row],
    scope: Scope,
    filter: Filter | None,
    order: Order,
    window: Window,
    wanted: int,
    said: Said | None,
) -> Sequence[Row]:
    """The rows of the first attempt that finds as many as are wanted, or else of one that finds all there are."""
    first, *more = attempts(scope, filter, order, said)
    rows = await reader.attempted(first)
    if len(rows) >= wanted or not more:
        return rows
    if first.near is not None:
        if is_placed(filter, window) and not await reader.goes_on(first.near):
            return rows
        more = [one.knowing(said) for one in await _after_a_look(reader, scope, filter, len(rows), window.limit, said)]
    for attempt in more:
        rows = await reader.attempted(attempt)
        if len(rows) >= wanted or (attempt.near is not None and not await reader.goes_on(attempt.near)):
            break
    return rows


async def _after_a_look(
    reader: Reader[Any], scope: Scope, filter: Filter | None, found: int, limit: int, said: Said | None
) -> Sequence[Attempt]:
    """What is tried after a first look that did not find enough."""
    on = further(scope, filter, found, limit, said)
    if are_sooner_gathered(scope, filter, on) and isinstance(filter, CallFilter) and await reader.few_numbers(filter):
        return on[-1:]
    return on


def may_be_said(filter: Filter | None, order: Order) -> TypeGuard[CallFilter]:
    """Whether it is looked who has the words of a search before calls are looked for."""
    return may_be_few(filter, order) and has_words(filter)


async def _said(reader: Reader[Any], scope: Scope, filter: CallFilter) -> Said:
    needs = needs_of(filter.search or "")
    said = seen_of(needs, iter(await reader.counts(filter, needs)))
    in_index = only(filter) == "search" and not scope.reach.limited and said.are_told
    # Of three words a page is seldom full after so many calls, which were then looked at in vain.
    return replace(said, together=in_index and len(needs) == 2 and said.are_many)


async def _of_few(reader: Reader[Row], scope: Scope, filter: CallFilter) -> Sequence[Row] | None:
    """The rows where just a few values of a column are asked for and nothing else; these may have to be looked up."""
    if name := only_values(filter):
        values = values_of(name, reader.values(given_of(filter, name)))
    elif name := only_lookup(filter):
        values = await reader.ids(filter, name)
    else:
        return None
    if values is None or not are_few(scope, filter, name, values):
        return None
    return await reader.of_values(filter, name, values)


async def _of_hours(reader: Reader[Row], filter: CallFilter, downwards: bool, wanted: int) -> Sequence[Row] | None:
    """The rows where the nearest hours fill the page, or there are no more."""
    if (ends := await reader.ends(filter)) is None:
        return []
    within, are_all = hours.nearest_ends(filter, *ends, downwards)
    rows = await reader.of_hours(filter, within) if within else []
    return rows if are_all or len(rows) >= wanted else None

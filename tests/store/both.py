"""One dataset in a store of each engine, filled once for many questions; the engines have to agree on every answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.domain.filters import AgentOrder, CallFilter, CallOrder, ContactOrder, Filter
from app.domain.pages import Window
from app.store import pages
from app.store.database import Database
from tests.builders import a_shared_store
from tests.conftest import House

Answer = TypeVar("Answer")
_KEYS = {"calls": "provider_call_id", "agents": "name", "contacts": "name"}
_ORDERS = {"calls": CallOrder(), "agents": AgentOrder(), "contacts": ContactOrder()}


async def names(house: House, filter: Filter, noun: str = "calls") -> set[str]:
    """The rows that a filter selects: calls by the vendor's id, agents and contacts by name."""
    async with house.database.read() as connection:
        page = await pages.page(connection, house.scope, noun, {_KEYS[noun]}, filter, _ORDERS[noun], Window(1000))
    return {row[_KEYS[noun]] for row in page.rows}


class Both:
    """A house of each engine, for tests that are no coroutines: hypothesis asks often, and waits for the answer."""

    def __init__(self, runner: asyncio.Runner, houses: dict[str, House]) -> None:
        self._runner, self._houses = runner, houses

    def names(self, filter: CallFilter) -> set[str]:
        """The calls that a filter selects, by the vendor's id."""
        return self.asked(lambda house: names(house, filter))

    def asked(self, question: Callable[[House], Coroutine[Any, Any, Answer]], same: bool = True) -> Answer:
        """What a question is answered in one house, which is the same in the other."""
        first, second = (self._runner.run(question(house)) for house in self._houses.values())
        assert first == second or not same
        return first

    def each(self, ask: Callable[[House], Awaitable[Answer]]) -> list[Answer]:
        """What each house answers."""

        async def asked(house: House) -> Answer:
            return await ask(house)

        return [self._runner.run(asked(house)) for house in self._houses.values()]


@contextmanager
def in_both(request: pytest.FixtureRequest, folder: Path, fill: Callable[[House], Awaitable[None]]) -> Iterator[Both]:
    """Both houses, filled; they close with the context."""
    with ExitStack() as stack:
        urls = {name: stack.enter_context(a_shared_store(name, request, folder)) for name in ("sqlite", "postgresql")}
        runner = stack.enter_context(asyncio.Runner())
        houses = {name: House(Database(url)) for name, url in urls.items()}
        for house in houses.values():
            stack.callback(lambda house=house: runner.run(house.database.close()))
            runner.run(fill(house))
        yield Both(runner, houses)

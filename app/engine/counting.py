"""The steps that count calls: of each of many parents, and of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import ClauseElement

from app.domain.filters import CallFilter, Filter
from app.domain.scope import Scope
from app.engine.declared import Counted, NumbersCounted
from app.engine.question import MOST_PARENTS, Build, Question
from app.engine.run import Run
from app.store.counts import by_direction, counted, summed, summed_each
from app.store.numbers import keys_by, known_keys
from app.store.slots import Slot, Values, slots_of_parents, taken_by, together


@dataclass(slots=True)
class Count:
    """How many calls each parent has, by direction."""

    number: int
    question: Question
    declared: Counted
    build: Build | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("counts",)

    def asked(self, run: Run) -> Filter:
        """Which calls its arguments ask for."""
        found: Filter = run.asked(self, lambda context, given: run.graph.counted(context, self.declared, given))
        return found

    def statements(self, scope: Scope, asked: Filter, size: int) -> dict[str, ClauseElement]:
        """The statement for so many parents."""
        return {"counts": by_direction(scope, self.declared.key, slots_of_parents(size), asked)}

    async def fetch(self, run: Run, ids: list[str]) -> Mapping[str, Any]:
        """The count of each parent."""
        self.asked(run)
        found = counted(chain.from_iterable(await run.read_for(self, "counts", ids, MOST_PARENTS)))
        assert self.build is not None
        return {id: self.build(summed(found, [id])) for id in ids}


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What numbers a shape asks for, and of which calls."""

    read: Values
    # The same as they were typed: to read a number leaves it as it is, where it is one.
    as_typed: Values
    # Which of the free values they are made of.
    takes: frozenset[int]
    filter: CallFilter

    @classmethod
    def of(cls, numbers: Sequence[Any], filter: CallFilter) -> "_Numbers":
        """Of numbers, or slots for them."""
        as_typed = [replace(one, reads=()) if isinstance(one, Slot) else one for one in numbers]
        return cls(together(numbers), together(as_typed), taken_by(numbers), filter)


@dataclass(slots=True)
class NumberCounts:
    """How many calls there were with each of some numbers, at the root."""

    number: int
    question: Question
    declared: NumbersCounted
    build: Build | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its statements."""
        return ("counts",)

    def asked(self, run: Run) -> _Numbers:
        """The numbers, and the calls that are counted."""
        found: _Numbers = run.asked(
            self, lambda context, given: _Numbers.of(*run.graph.numbers_counted(context, given))
        )
        return found

    def statements(self, scope: Scope, asked: _Numbers, size: int) -> dict[str, ClauseElement]:
        """The statement for so many keys of numbers."""
        return {"counts": by_direction(scope, "phone_number", slots_of_parents(size), asked.filter)}

    def takes(self, run: Run) -> frozenset[int]:
        """Which of the free values it takes beside those of its statement."""
        return self.asked(run).takes

    async def root(self, run: Run) -> Any:
        """A count for each number, as it was typed."""
        asked = self.asked(run)
        numbers: Sequence[str] = run.together(asked.as_typed, asked.takes)
        keys = known_keys(run.scope, numbers)
        if keys is None:  # those that are known were read then
            numbers = run.together(asked.read, asked.takes)
            known = keys_by(run.scope, numbers)
            keys = [known[number] for number in numbers]
        wanted = list(dict.fromkeys(chain.from_iterable(keys)))
        if not wanted:
            run.look_at(self, "counts")  # a filter that is wrong is wrong without any numbers, too
        found = counted(chain.from_iterable(await run.read_for(self, "counts", wanted, MOST_PARENTS)))
        assert self.build is not None
        return self.build(summed_each(found, keys, numbers))

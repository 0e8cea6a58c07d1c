"""One run of a plan: the request's values, and the statements of their shape, which are prepared once and kept."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy import ClauseElement, Dialect

from app.domain.filters import Order
from app.domain.scope import Scope
from app.engine.asking import Asking
from app.engine.declared import Graph
from app.store.quick import Rows, Send
from app.store.slots import Prepared, Values, prepared, taken_by, together
from app.store.weight import current_allowance

if TYPE_CHECKING:
    from app.engine.steps import Step, Work


Make = Callable[[], ClauseElement]
_AGAIN_AFTER = 10.0  # seconds
_MOST_NAMED = 200  # statements of one shape
# By measurement.
_LEAST_BYTES, _BYTES_OF_LETTER = 10_000, 20


@dataclass(slots=True)
class Shape:
    """What the arguments of one shape ask for, step by step, and the statements for it."""

    variables: VariableValues | None
    # Whether the free values have slots in the statements; else they are for just these values.
    slotted: bool
    asked: dict[int, Any] = field(default_factory=dict)
    prepared: dict[tuple[int, str, int], Prepared] = field(default_factory=dict)
    # Those of them that a step does not make of itself, in their order.
    named: list[tuple[int, str, int]] = field(default_factory=list)
    # What makes the values that a step looks for, which are no parameters of a statement; and which of the free ones it takes.
    values: dict[int, tuple[Values, frozenset[int]]] = field(default_factory=dict)
    # What the conditions of each weigh.
    weights: dict[tuple[int, str, int], int] = field(default_factory=dict)
    # Whether there were several statements from the first on: what one finds may say what the next looks for, in one view.
    several: bool = False
    # How often in a row it took longer than others may be kept waiting for, and until when it is not tried that way.
    strikes: int = 0
    slow_until: float = 0.0

    def keep(self, key: tuple[int, str, int]) -> None:
        """Notes a statement of a name of its own; the first of many is forgotten: with what is stored the names change."""
        self.named.append(key)
        if len(self.named) > _MOST_NAMED:
            gone = self.named.pop(0)
            self.prepared.pop(gone, None)
            self.weights.pop(gone, None)

    @property
    def size(self) -> int:
        """About how many bytes it takes up, with what is still to be prepared for more parents."""
        return _LEAST_BYTES + _BYTES_OF_LETTER * sum([len(one.text) for one in self.prepared.values()])

    def struck(self) -> None:
        """It took too long. Once may be a cold cache."""
        self.strikes += 1
        if self.strikes > 1:
            self.slow_until = time.monotonic() + _AGAIN_AFTER


class Run:
    """A request's way through a plan."""

    __slots__ = ("_asking", "_dialect", "_free", "_request", "_sender", "_shape", "_taken", "graph", "scope")

    def __init__(
        self, graph: Graph, dialect: Dialect, request: Any, shape: Shape, free: Sequence[Any], send: Send
    ) -> None:
        self.graph = graph
        self.scope: Scope = request.scope
        self._dialect = dialect
        self._request = request
        self._sender = send
        self._shape = shape
        self._free = free
        self._taken: set[int] = set()
        self._asking: Asking | None = None

    @property
    def momentary(self) -> bool:
        """Whether the moment of the request was looked at, so that what came of it is true for this request only."""
        return self._asking is not None and self._asking.momentary

    def _context(self) -> Asking:
        if self._asking is None:
            self._asking = Asking(self._request, self._dialect, self._shape.slotted)
        return self._asking

    def asked(self, step: "Step", ask: Callable[[Any, Mapping[str, Any]], Any]) -> Any:
        """What a step's arguments ask for; worked out once a shape."""
        known = self._shape.asked
        if step.number not in known:
            question = step.question  # type: ignore[union-attr]  # steps without one do not ask
            values = get_argument_values(question.field, question.node, self._shape.variables)
            known[step.number] = ask(self._context(), self.graph.arguments(question.type_name, question.name, values))
        return known[step.number]

    def together(self, read: Values, takes: frozenset[int]) -> tuple[Any, ...]:
        """Values that are no parameters of a statement, and which of the free values they are made of."""
        self._taken |= takes
        return read(self._free, (), self._request.now)

    def values_of(self, step: "Step", parts: Sequence[Any]) -> tuple[Any, ...]:
        """The values of a step's own parts, slots among them; how they are put together is worked out once a shape."""
        known = self._shape.values
        if step.number not in known:
            known[step.number] = together(parts), taken_by(parts)
        return self.together(*known[step.number])

    @property
    def left(self) -> bool:
        """Whether there are free values that no statement took: nobody has looked at those."""
        return len(self._taken) < len(self._free)

    async def worked(self, step: "Work") -> Any:
        """The values that a step works out for the request."""
        variables = self._shape.variables or VariableValues({}, {})
        question = step.question
        values = get_argument_values(question.field, question.node, variables)
        arguments = self.graph.arguments(question.type_name, question.name, values)
        return await step.declared.work(self._request, arguments, step.below(variables), step.key)

    @property
    def is_bound(self) -> bool:
        """Whether the variables have their values, and no slots."""
        return not (self._shape.slotted and self._free)

    def look_at(self, step: "Step", name: str) -> None:
        """Reads the values of a statement that is not sent."""
        self._values(self.statement(step, name, 1), (None,))

    def told(self, tell: Callable[[Any], Any]) -> Any:
        """What is told of the request."""
        return tell(self._context())

    def cursor(self, order: Order) -> Callable[[Any, str], str]:
        """What makes the cursors of a list."""
        return lambda value, id: self.graph.cursor(self.scope, order, value, id)

    def read(self, step: "Step", name: str, make: Make | None = None, values: Sequence[Any] = ()) -> Awaitable[Rows]:
        """The rows of a statement without parents; `make` makes one that is none of the step's own, if it comes to it.

        `values` are what it takes in the place of parents.
        """
        return self._send(self.statement(step, name, 0, make), values)

    async def read_for(self, step: "Step", name: str, ids: Sequence[Any], most: int) -> list[Rows]:
        """The rows of a statement for many parents, sent for at most so many at a time.

        A statement has room for a few more, so that few statements serve any number; what is left of the room is taken
        by null, which no row has.
        """
        found = []
        for start in range(0, len(ids), most):
            some = list(ids[start : start + most])
            room = _room_of(len(some))
            found.append(await self._send(self.statement(step, name, room), [*some, *[None] * (room - len(some))]))
        return found

    def statement(self, step: "Step", name: str, size: int, make: Make | None = None) -> Prepared:
        """A step's statement for so many parents; prepared once a shape."""
        key = (step.number, name, size)
        found = self._shape.prepared.get(key)
        if found is not None:
            if weight := self._shape.weights[key]:
                current_allowance().take(weight)
            return found
        asked: Any = step.asked(self)
        given = current_allowance()
        left = given.left
        made = {name: make()} if make else step.statements(self.scope, asked, size)
        if make:
            self._shape.keep(key)
        for other, statement in made.items():
            self._shape.prepared[step.number, other, size] = prepared(statement, self._dialect)
            self._shape.weights[step.number, other, size] = (left - given.left) // len(made)
        return self._shape.prepared[key]

    def _send(self, statement: Prepared, parents: Sequence[Any]) -> Awaitable[Rows]:
        return self._sender(statement.text, self._values(statement, parents))

    def _values(self, statement: Prepared, parents: Sequence[Any]) -> tuple[Any, ...]:
        self._taken |= statement.takes
        return statement.values(self._free, parents, self._request.now)


def _room_of(count: int) -> int:
    """As many parents as a statement for so many has room for: in steps, a quarter more at most."""
    step = 1 << max(0, (count - 1).bit_length() - 3)
    return -(-count // step) * step

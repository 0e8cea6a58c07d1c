"""Places for values in statements that are prepared once: a statement's text is made without them, and sent with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ClauseElement, Dialect

from app.domain.times import to_ms

Read = Callable[[Any], Any]
# SQL parameters of the values given, the parents' ids, and the moment of the request.
Values = Callable[[Sequence[Any], Sequence[Any], datetime], tuple[Any, ...]]


class Origin(Enum):
    """Where a slot's value comes from."""

    GIVEN = "given"  # the n-th free value of the request's variables
    PARENT = "parents"  # the n-th of the rows whose children are read
    NOW = "now"  # the moment of the request


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """Stands for a value wherever a statement's condition takes one. It compares with nothing and has no order.

    Who works with values rather than passing them on breaks at it, and is asked again with the value itself.
    """

    origin: Origin
    number: int = 0
    reads: tuple[Read, ...] = ()

    def then(self, read: Read) -> "Slot":
        """The slot of what a function makes of the value."""
        return replace(self, reads=(*self.reads, read))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        raise TypeError("a slot has no value to compare yet")

    def __hash__(self) -> int:
        raise TypeError("a slot has no value to be known by yet")


def slots_of_parents(size: int) -> list[Slot]:
    """Slots for the ids of so many parents."""
    return [Slot(Origin.PARENT, number) for number in range(size)]


def milliseconds(instant: datetime) -> Any:
    """An instant as the tables have it; of a slot, a slot."""
    return instant.then(to_ms) if isinstance(instant, Slot) else to_ms(instant)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement's text in the dialect's own form, and what its parameters are made of."""

    text: str
    values: Values
    # Which of the given values it takes.
    takes: frozenset[int]


def prepared(statement: ClauseElement, dialect: Dialect) -> Prepared:
    """Compiles a statement for the driver. Its lists have the length that they have here."""
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    given = compiled.construct_params(escape_names=False)
    processors = compiled._bind_processors
    parts = [_processed(given[name], processors.get(name)) for name in compiled.positiontup or ()]
    return Prepared(str(compiled), together(parts), taken_by(parts))


def taken_by(parts: Sequence[Any]) -> frozenset[int]:
    """Which of the given values the slots among some parts take."""
    return frozenset(part.number for part in parts if isinstance(part, Slot) and part.origin is Origin.GIVEN)


def _processed(value: Any, process: Read | None) -> Any:
    """A parameter as the driver takes it: what SQLAlchemy's type makes of it."""
    if process is None:
        return value
    return value.then(process) if isinstance(value, Slot) else process(value)


def together(parts: Sequence[Any]) -> Values:
    """A function that puts values and those of slots together, made of one expression: it runs for every request."""
    names: dict[str, Any] = {}
    items = []
    for at, part in enumerate(parts):
        if isinstance(part, Slot):
            items.append(_expression(part, names))
        else:
            names[f"k{at}"] = part
            items.append(f"k{at}")
    source = f"lambda given, parents, now: ({''.join(item + ', ' for item in items)})"
    made: Values = eval(source, names)  # noqa: S307  # of our own names alone
    return made


def _expression(slot: Slot, names: dict[str, Any]) -> str:
    text = slot.origin.value if slot.origin is Origin.NOW else f"{slot.origin.value}[{slot.number}]"
    for read in slot.reads:
        name = f"read{len(names)}"
        names[name] = read
        text = f"{name}({text})"
    return text

"""How much work the arguments of a request are, beside the objects that answer it: values to read, conditions to make."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import ArgumentNode, ListValueNode, ObjectValueNode, StringValueNode, ValueNode, VariableNode

# What is more work than reading a value, by the name of the input's field: a local time has a step for every change of the
# clocks, in a text of kilobytes, and each word that is searched for is looked for in a dozen places.
_OF_FIELD = {"weekdays": 2_000, "timeOfDay": 2_000}
_TEXT = frozenset({str})
_SEARCH, _OF_WORD = "search", 2_400


@dataclass(frozen=True, slots=True)
class Work:
    """What the arguments of a field are: so much by what is written there, and what these variables have.

    A variable stands beside the name of the field of an input that takes it.
    """

    written: int = 0
    named: Sequence[tuple[str, str]] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        """The work with these variables."""
        return self.written + sum([work_of(variables.get(name), key) for name, key in self.named])

    @property
    def of_plain(self) -> float:
        """The work with variables that are no lists and no objects; without an end where one is searched for."""
        searches = any(key == _SEARCH for _, key in self.named)
        return math.inf if searches else self.written + sum(_OF_FIELD.get(key, 1) for _, key in self.named)


NO_WORK = Work()


def work_of(value: Any, key: str = "") -> int:
    """The work of a value, as JSON has it, that an input takes by the name of `key`."""
    if isinstance(value, str) and key != _SEARCH:  # most are
        return _OF_FIELD.get(key, 1)
    total, waiting = 0, [(key, value)]
    while waiting:
        name, one = waiting.pop()
        total += _of(name, one)
        if isinstance(one, dict):
            waiting += one.items()
        elif isinstance(one, list) and _TEXT.issuperset(map(type, one)):
            total += len(one)
        elif isinstance(one, list):
            within = [inner for inner in one if not isinstance(inner, str)]
            total += len(one) - len(within)  # most lists are of texts
            waiting += [("", inner) for inner in within]
    return total


def work_of_arguments(arguments: Sequence[ArgumentNode]) -> Work:
    """The work of arguments as a document has them."""
    written, named = 0, []
    waiting: list[tuple[str, ValueNode]] = [(argument.name.value, argument.value) for argument in arguments]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, VariableNode):
            named.append((node.name.value, name))
            continue
        written += _of(name, node.value if isinstance(node, StringValueNode) else None)
        if isinstance(node, ObjectValueNode):
            waiting += [(field.name.value, field.value) for field in node.fields]
        elif isinstance(node, ListValueNode):
            waiting += [("", inner) for inner in node.values]
    return Work(written, tuple(named)) if arguments else NO_WORK


def _of(name: str, value: Any) -> int:
    words = len(value.split()) if name == _SEARCH and isinstance(value, str) else 0
    return _OF_FIELD.get(name, 1) + words * _OF_WORD

"""The source of a plan's builders: Python text of our own names alone, which a debugger can show."""

import linecache
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import msgspec

_numbers = count()


class Source:
    """Functions as text, and the values that they refer to by name."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}
        self._functions: list[str] = []
        self._made: Mapping[str, Any] = {}

    def name(self, prefix: str, value: Any) -> str:
        """The name by which generated text refers to a value."""
        for known, other in self._names.items():
            if other is value:
                return known
        made = f"{prefix}{len(self._names)}"
        self._names[made] = value
        return made

    def struct(self, type_name: str, keys: Sequence[str]) -> str:
        """The name of a struct that is written as a JSON object with these keys."""
        fields = [(f"f{number}", Any) for number in range(len(keys))]
        rename = {field: key for (field, _), key in zip(fields, keys, strict=True)}
        made: Any = msgspec.defstruct(type_name, fields, rename=rename, gc=False)
        name = f"{type_name}_{len(self._names)}"
        self._names[name] = made
        return name

    def function(self, parameters: Sequence[str], expression: str) -> Callable[..., Any]:
        """A function that returns an expression. It can be called once the plan is made."""
        name = f"build_{len(self._functions)}"
        self._functions.append(f"def {name}({', '.join(parameters)}):\n    return {expression}\n")
        return lambda *values: self._made[name](*values)

    def built(self, name: int) -> Callable[..., Any]:
        """The generated function of that number."""
        found: Callable[..., Any] = self._made[f"build_{name}"]
        return found

    @property
    def text(self) -> str:
        """All functions."""
        return "\n".join(self._functions)

    def compile(self) -> None:
        """Makes the functions."""
        file = f"<plan {next(_numbers)}>"
        made = dict(self._names)
        exec(compile(self.text, file, "exec"), made)  # noqa: S102  # of our own names alone
        linecache.cache[file] = (len(self.text), None, self.text.splitlines(keepends=True), file)
        self._made = made

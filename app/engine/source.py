"""The source of a plan's builders: Python text of our own names alone, which a debugger can show."""

import linecache
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

import msgspec

_numbers = count()


@lru_cache(maxsize=2_048)  # many plans have objects of the same fields, and a type is large
def _struct(type_name: str, keys: tuple[str, ...]) -> Any:
    fields = [(f"f{number}", Any) for number in range(len(keys))]
    rename = {field: key for (field, _), key in zip(fields, keys, strict=True)}
    return msgspec.defstruct(type_name, fields, rename=rename, gc=False)


class Source:
    """Functions as text, and the values that they refer to by name."""

    def __init__(self) -> None:
        # The functions' globals: what a function refers to is there before it is called.
        self._names: dict[str, Any] = {}
        self._functions: list[str] = []
        self._file = f"<plan {next(_numbers)}"

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
        made = _struct(type_name, tuple(keys))
        name = f"{type_name}_{len(self._names)}"
        self._names[name] = made
        return name

    def function(self, parameters: Sequence[str], expression: str) -> Callable[..., Any]:
        """A function that returns an expression."""
        number = len(self._functions)
        name, file = f"build_{number}", f"{self._file}.{number}>"
        text = f"def {name}({', '.join(parameters)}):\n    return {expression}\n"
        self._functions.append(text)
        found: dict[str, Any] = {}  # not among the names, which would hold the function that holds them
        exec(compile(text, file, "exec"), self._names, found)  # noqa: S102  # of our own names alone
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        made: Callable[..., Any] = found[name]
        return made

    @property
    def text(self) -> str:
        """All functions."""
        return "\n".join(self._functions)

    def forget(self) -> None:
        """Takes the text away from debuggers, for whom it would stay for ever."""
        for number in range(len(self._functions)):
            linecache.cache.pop(f"{self._file}.{number}>", None)

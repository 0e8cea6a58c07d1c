"""Frozen dataclasses that are made as quickly as others: a record has dozens of fields, and a company millions of records."""

from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def quick(cls: type[Made]) -> type[Made]:
    """A class decorator, put over `@dataclass(frozen=True, slots=True, kw_only=True)`; what it makes is as frozen as before.

    A frozen dataclass sets each of its fields through `object.__setattr__`, which takes Python five times as long as an
    assignment does. Here an object is of a class that may be assigned to for as long as it is being made. What a class does
    after that (`__post_init__`) would not be done, and is refused.
    """
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} has a __post_init__, which is not called here.")
    assignable = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    names: dict[str, Any] = {
        "_set": object.__setattr__,
        "_missing": MISSING,
        "_open": type(cls.__name__, (cls,), assignable),
        "_frozen": cls,
    }
    text = _text(fields(cls), names)  # type: ignore[arg-type]
    exec(compile(text, f"<{cls.__qualname__}>", "exec"), names)  # noqa: S102  # of the fields' names alone
    names["__init__"].__annotations__ = cls.__init__.__annotations__
    cls.__init__ = names["__init__"]  # type: ignore[method-assign]
    return cls


def _text(made_of: tuple[Field[Any], ...], names: dict[str, Any]) -> str:
    """The text of `__init__`. The fields' defaults go into `names`."""
    parameters, body = [], []
    for field in made_of:
        name, value = field.name, field.name
        if field.default_factory is not MISSING:
            names[f"_new_{name}"] = field.default_factory
            parameters.append(f"{name}=_missing")
            value = f"_new_{name}() if {name} is _missing else {name}"
        elif field.default is not MISSING:
            names[f"_default_{name}"] = field.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        body.append(f"    self.{name} = {value}\n")
    head = f"def __init__(self, *, {', '.join(parameters)}):\n    _set(self, '__class__', _open)\n"
    return head + "".join(body) + "    self.__class__ = _frozen\n"

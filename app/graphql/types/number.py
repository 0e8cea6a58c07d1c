"""Phone numbers as objects: each number of a call or contact, kept four ways."""

from enum import Enum
from typing import Any

import strawberry

from app.domain.numbers import NumberKind, PhoneNumber, country_of, digits_of
from app.domain.pages import Row
from app.engine.declared import Valued
from app.graphql import mirror
from app.graphql.context import Context
from app.graphql.masking import shown


class NumberRole(Enum):
    """What a number was in a call."""

    OUTSIDE = "OUTSIDE"
    CALLER = "CALLER"
    DIALED = "DIALED"
    DESTINATION = "DESTINATION"


# The column that holds the number of each role.
ROLE_COLUMNS = {
    NumberRole.OUTSIDE: "phone_number",
    NumberRole.CALLER: "caller_number",
    NumberRole.DIALED: "dialed_number",
    NumberRole.DESTINATION: "destination_number",
}


def _value(kind: Any, key: str, text: str) -> Any:
    """A field that is a value of the number's plain object."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root.get(key)

    declared = Valued(lambda value, scope: value.get(key))
    return _field(resolve, kind, text, declared)


def _hidden(kind: Any, key: str, text: str) -> Any:
    """A field that is the number itself: masked for who may not see numbers."""

    def resolve(root: strawberry.Parent[Any], info: strawberry.Info[Context, None]) -> Any:
        return shown(info.context.scope, root.get(key))

    return _field(resolve, kind, text, Valued(lambda value, scope: shown(scope, value.get(key))))


def _field(resolve: Any, kind: Any, text: str, declared: Valued) -> Any:
    return strawberry.field(
        resolver=resolve, graphql_type=kind, description=text, metadata={mirror.DECLARATION: declared}
    )


def _country(root: strawberry.Parent[Any]) -> Any:
    return country_of(root["e164"]) if root.get("e164") else None


@strawberry.type(description="A phone number, kept four ways.")
class Number:
    """The graph's domain.numbers.PhoneNumber."""

    raw = _hidden(str, "raw", "The number as the vendor wrote it.")
    e164 = _hidden(
        str | None,
        "e164",
        "The number in E.164 (`+9779810000078`); null where it is no possible number of the source's region.",
    )
    digits = _hidden(str, "digits", "The digits alone; empty for a withheld number or a name.")
    kind = _value(
        mirror.enum(NumberKind), "kind", "External, internal (an extension), short (a service code), or withheld."
    )
    country = _field(
        _country,
        str | None,
        "ISO 3166 code of the number's country; null without an E.164 form.",
        Valued(lambda value, scope: _country(value)),
    )


@strawberry.type(description="One of the numbers of a call.")
class CallNumber(Number):
    """A number with its role."""

    role = _value(mirror.enum(NumberRole), "role", "What the number was in the call.")


# Wherever a domain value within the JSON details is a number, the graph shows this type.
mirror.shown_as(PhoneNumber, Number)


def number_columns(column: str) -> tuple[str, str, str]:
    """The columns that keep a number."""
    return column, f"{column}_raw", f"{column}_kind"


def number_of(row: Row, column: str) -> dict[str, Any] | None:
    """The values of a number from its columns; None where there is no number."""
    key, raw, kind = (row[name] for name in number_columns(column))
    if raw is None:
        return None
    e164 = key if key and key.startswith("+") else None
    digits = "" if kind == NumberKind.WITHHELD.value else digits_of(key or "")
    return {"raw": raw, "e164": e164, "digits": digits, "kind": kind}


def call_numbers(row: Row, _: object) -> list[dict[str, Any]]:
    """The numbers of a call, with their roles."""
    found = ((role, number_of(row, column)) for role, column in ROLE_COLUMNS.items())
    return [{"role": role.value, **values} for role, values in found if values]


def single_number(column: str) -> Any:
    """How a number column becomes a Number."""

    return lambda row, _: number_of(row, column)

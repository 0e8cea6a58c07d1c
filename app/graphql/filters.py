"""The inputs that filter and sort, and their way into domain values: ids decoded, periods worked out."""

import dataclasses
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args
from zoneinfo import ZoneInfo

from strawberry import UNSET

from app.domain import filters
from app.domain.errors import InputError
from app.domain.filters import INSIGHTS, CallFeature, CallFilter, DateTimeRange, Filter, Order
from app.domain.labels import LabelKind
from app.domain.periods import Period
from app.domain.scope import Right, Scope
from app.graphql import ids, mirror
from app.graphql.context import Context
from app.graphql.masking import shown_name, shown_text
from app.graphql.rights import LABEL_RIGHTS, demand
from app.store.slots import Slot

MAX_LIST = 500  # values in one list of a filter

if TYPE_CHECKING:  # the inputs are made while the program runs, field by field from the domain
    CallFilterInput: TypeAlias = Any
    AgentFilterInput: TypeAlias = Any
    ContactFilterInput: TypeAlias = Any
    CallOrderInput: TypeAlias = Any
    AgentOrderInput: TypeAlias = Any
    ContactOrderInput: TypeAlias = Any
else:
    CallFilterInput = mirror.input_type(filters.CallFilter)
    AgentFilterInput = mirror.input_type(filters.AgentFilter)
    ContactFilterInput = mirror.input_type(filters.ContactFilter)
    CallOrderInput = mirror.input_type(filters.CallOrder)
    AgentOrderInput = mirror.input_type(filters.AgentOrder)
    ContactOrderInput = mirror.input_type(filters.ContactOrder)

# What each kind of id names in the graph.
ID_TYPES: dict[Any, str] = {
    filters.AgentId: "Agent",
    filters.ContactId: "Contact",
    filters.SourceId: "Source",
    filters.OrgUnitId: "OrgUnit",
}
_INSTANTS = [member.name for member in mirror.members(CallFilter) if DateTimeRange in get_args(member.annotation)]
# What a viewer has to have the right to see in order to filter by it: fields, and values of others.
_RIGHTS: dict[str, Right] = {
    **dict.fromkeys(
        ("phone_numbers", "phone_number", "caller_number", "dialed_number", "destination_number", "agent_numbers"),
        Right.NUMBERS_READ,
    ),
    **dict.fromkeys(("numbers", "number"), Right.NUMBERS_READ),
    **dict.fromkeys(("has_notes", "wrap_ups"), Right.NOTES_READ),
    **dict.fromkeys(("reviews", "review_changes", "rescues"), Right.INSIGHTS_READ),
}
_ORDER_RIGHTS = {
    filters.CallOrderField.CALLER_NUMBER: Right.NUMBERS_READ,
    filters.CallOrderField.REVIEW: Right.INSIGHTS_READ,
}
# Labels that tell what a viewer may not see, by their kinds: of features, some do.
_LABEL_RIGHTS = LABEL_RIGHTS | {LabelKind.FEATURE: Right.INSIGHTS_READ}
# Names, which may be short numbers as a whole; any text may hold a long one.
_NAMES = {"names", "agentNames", "trunks"}
_NOBODY = ""  # an id that no row has: what an id of nothing here selects
_Order = TypeVar("_Order", bound=Order)
_Filter = TypeVar("_Filter", bound=Filter)


def order_of(context: Context, kind: type[_Order], given: Any) -> _Order:
    """The order that an input asks for, or the kind's own. A cursor holds what was sorted by, so that needs the right."""
    if given and given.field in _ORDER_RIGHTS:
        demand(context.scope, _ORDER_RIGHTS[given.field])
    return kind(field=given.field, direction=given.direction) if given else kind()


def filter_of(context: Context, kind: type[_Filter], given: Any) -> _Filter:
    """The domain's filter of an input; an empty one for none. Raises InputError."""
    return _domain(context, kind, given) if given else kind()


def calls_of(context: Context, given: Any, recent_only: bool = False) -> CallFilter:
    """The calls that an input selects, with its periods worked out for the request's moment.

    `recent_only` means `LAST_30_DAYS` where the input says no range of time, as counts and a contact's history do.
    """
    found = filter_of(context, CallFilter, given)
    if recent_only and not _says_when(found):
        found = dataclasses.replace(found, period=Period.LAST_30_DAYS)
    return resolved(context, found, context.zone)


def numbers_counted(context: Context, numbers: list[Any], given: Any) -> tuple[list[Any], CallFilter]:
    """The numbers that calls are counted for, and which calls. Raises InputError and ForbiddenError."""
    demand(context.scope, Right.NUMBERS_READ)
    if len(numbers) > MAX_LIST:
        raise InputError(f"phoneNumbers has {len(numbers)} values; at most {MAX_LIST} are allowed.")
    return numbers, calls_of(context, given, recent_only=True)


def _says_when(given: CallFilter) -> bool:
    """Whether the filter, or one within it, has a period or a range of any instant."""
    if given.period is not None or any(getattr(given, name) is not None for name in _INSTANTS):
        return True
    parts = (*(given.and_ or ()), *(given.or_ or ()), *((given.not_,) if given.not_ else ()))
    return any(_says_when(part) for part in parts)


def resolved(context: Context, given: CallFilter, zone: ZoneInfo) -> CallFilter:
    """The filter without `period`, and with a zone; the filters within it take its zone unless they say their own."""
    zone = given.timezone or zone
    change: dict[str, Any] = {"timezone": zone, "period": None}
    if given.period is not None:
        first, end = context.ends_of(given.period, zone)
        change["started_at"] = _both(DateTimeRange(from_=first, to=end), given.started_at)
    for name in ("and_", "or_"):
        if (parts := getattr(given, name)) is not None:
            change[name] = tuple(resolved(context, part, zone) for part in parts)
    if given.not_ is not None:
        change["not_"] = resolved(context, given.not_, zone)
    return dataclasses.replace(given, **change)


def _both(one: DateTimeRange, other: DateTimeRange | None) -> DateTimeRange:
    if other is None:
        return one
    starts = [at for at in (one.from_, other.from_) if at is not None]
    ends = [at for at in (one.to, other.to) if at is not None]
    first, end = max(starts), min(ends)
    return DateTimeRange(from_=first, to=max(first, end + timedelta()))


def _domain(context: Context, kind: Any, given: Any) -> Any:
    for name, right in _RIGHTS.items():
        if getattr(given, name, None) not in (None, UNSET):
            demand(context.scope, right)
    values = {
        member.name: _value(context, member.annotation, member.graph_name, value)
        for member in mirror.members(kind)
        if (value := getattr(given, member.name)) is not None and value is not UNSET
    }
    return kind(**values)


def _value(context: Context, annotation: Any, name: str, value: Any) -> Any:
    """A value of an input as the domain has it; `annotation` is the domain's."""
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise InputError(f"{name} has {len(value)} values; at most {MAX_LIST} are allowed. Ask in several queries.")
        element = mirror.element(annotation)
        return tuple(_value(context, element, name, item) for item in value)
    wanted = inner[0] if inner else annotation
    if isinstance(value, Slot):
        return value.then(lambda later: _value(context, annotation, name, later)) if wanted in ID_TYPES else value
    if isinstance(value, str) and "\0" in value:  # PostgreSQL knows no NUL
        raise InputError(f"{name} has a NUL character, which no record has.")
    if wanted is str:
        _demand_sight(context.scope, name, value)
    if isinstance(value, CallFeature) and value.value in INSIGHTS:
        demand(context.scope, Right.INSIGHTS_READ, f"{name}: {value.value}")
    if isinstance(value, LabelKind) and value in _LABEL_RIGHTS:
        demand(context.scope, _LABEL_RIGHTS[value], f"{name}: {value.value}")
    if wanted in ID_TYPES:
        return ids.decode_as(context.scope, ID_TYPES[wanted], value) or _NOBODY
    if dataclasses.is_dataclass(value) and not isinstance(value, Enum):
        return _domain(context, wanted, value)
    return value


def _demand_sight(scope: Scope, name: str, text: str) -> None:
    """Refuses a text that the viewer would not see if a record said it: whether one does tells a number.

    Free text finds words by their beginnings, so there the first digit begins to tell.
    """
    if name == "search":
        hidden = any(c.isdigit() for c in text)
    else:
        hidden = (shown_name if name in _NAMES else shown_text)(scope, text) != text
    if hidden:
        demand(scope, Right.NUMBERS_READ, f"{name} with a number in it")

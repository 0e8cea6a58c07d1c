"""The root fields that measure calls: how their arguments become a question, and their selection what is read."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

import strawberry
from graphql import FieldNode, GraphQLObjectType, get_argument_values
from strawberry import UNSET, argument

from app.domain.errors import InputError
from app.domain.scope import Right
from app.domain.statistics import MOST_GROUPS, CallGrouping, CallStatsOrder, MeasureRange
from app.engine.declared import Worked
from app.engine.selected import Below
from app.graphql import filters, mirror
from app.graphql.call_groups import Asked, CallGroup, Wanted, call_groups
from app.graphql.context import Context
from app.graphql.declare import CallFilterArgument, Info, root
from app.graphql.ready.compared import CompareArgument
from app.graphql.rights import demand
from app.graphql.selection import below, fields_below
from app.graphql.types.call_stats import COLUMNS, OF_SECONDS, CallStats
from app.store.measures import DURATIONS
from app.store.statistics import PERCENTILES

MOST_GROUPINGS, MOST_THRESHOLDS, LONGEST_THRESHOLD = 5, 10, 86_400
_PERCENTILES = {f"p{percent}" for percent in PERCENTILES}

if TYPE_CHECKING:  # made while the program runs, from the domain
    CallStatsOrderInput: TypeAlias = Any
    MeasureRangeInput: TypeAlias = Any
    GroupingEnum: TypeAlias = CallGrouping
else:
    CallStatsOrderInput = mirror.input_type(CallStatsOrder)
    MeasureRangeInput = mirror.input_type(MeasureRange)
    GroupingEnum = mirror.enum(CallGrouping)
GroupByArgument = Annotated[
    list[GroupingEnum] | None,
    argument(
        description="What calls are grouped by, at most 5 things; all calls are one group where nothing is given."
    ),
]
TimezoneArgument = Annotated[
    ZoneInfo | None,
    argument(description="The zone of hours and days; else the filter's, else the workspace's."),
]
HavingArgument = Annotated[
    list[MeasureRangeInput] | None, argument(description="Only groups whose measures are within all of these bounds.")
]
OrderArgument = Annotated[
    CallStatsOrderInput | None,
    argument(description="How groups are sorted: in the order of time where they are of time, else by most calls."),
]
FirstGroupsArgument = Annotated[
    int | None, argument(description="How many groups, 0 to 1,000; all where not given, of which there may be as many.")
]


async def _stats(context: Context, arguments: Mapping[str, Any], selected: Below, name: str) -> list[CallGroup]:
    """The groups of the field's arguments, those not given left out or UNSET."""
    given = filters.calls_of(context, arguments.get("filter", UNSET), recent_only=True)
    order_by = arguments.get("order_by")
    asked = Asked(
        given,
        _groupings(context, arguments.get("group_by") or []),
        arguments.get("timezone") or given.timezone or context.zone,
        tuple(_plain(MeasureRange, one) for one in arguments.get("having") or []),
        _plain(CallStatsOrder, order_by) if order_by else None,
        _first(arguments.get("first")),
        arguments.get("compare_to") or None,
    )
    return await call_groups(context, asked, wanted_of(selected), name)


@strawberry.type
class Statistics:
    """The root fields that measure calls."""

    @root(
        list[CallStats] | None,
        "Calls in groups, and what they come to; in `LAST_30_DAYS` unless the filter says a period or a range. Groups of"
        " time without calls are there, too, with zeros.",
        Right.STATS_READ,
        Worked(_stats),
    )
    @staticmethod
    async def call_stats(
        info: Info,
        filter: CallFilterArgument = UNSET,
        group_by: GroupByArgument = UNSET,
        timezone: TimezoneArgument = UNSET,
        having: HavingArgument = UNSET,
        order_by: OrderArgument = UNSET,
        first: FirstGroupsArgument = UNSET,
        compare_to: CompareArgument = UNSET,
    ) -> Any:
        """Groups of calls."""
        arguments = {
            "filter": filter,
            "group_by": group_by,
            "timezone": timezone,
            "having": having,
            "order_by": order_by,
            "first": first,
            "compare_to": compare_to,
        }
        return await _stats(info.context, arguments, below(info), str(info.path.key))


def _groupings(context: Context, given: list[CallGrouping]) -> tuple[CallGrouping, ...]:
    found = tuple(dict.fromkeys(given))
    if len(found) > MOST_GROUPINGS:
        raise InputError(f"groupBy has {len(found)} values; at most {MOST_GROUPINGS} are allowed.")
    if CallGrouping.PHONE_NUMBER in found:
        demand(context.scope, Right.NUMBERS_READ, "groupBy: PHONE_NUMBER")
    return found


def _plain(kind: Any, given: Any) -> Any:
    values = {member.name: getattr(given, member.name) for member in mirror.members(kind)}
    return kind(**{name: value for name, value in values.items() if value is not None and value is not UNSET})


def _first(given: int | None) -> int | None:
    if not isinstance(given, int):
        return None
    if not 0 <= given <= MOST_GROUPS:
        raise InputError(f"first is {given}; it must be from 0 to {MOST_GROUPS}.")
    return given


def wanted_of(selected: Below) -> Wanted:
    """Which measures are selected below a field, those of the earlier range among them."""
    fragments = selected.fragments
    nodes = list(fields_below(selected.nodes, fragments))
    waiting = nodes
    while waiting := [node for node in waiting if node.name.value == "previous"]:
        waiting = fields_below(waiting, fragments)
        nodes += waiting
    names = {name for node in nodes for name in COLUMNS.get(node.name.value, ())}
    percentiles = []
    for duration in DURATIONS:
        parts = {node.name.value for node in fields_below(_named(nodes, duration), fragments)}
        names |= {f"{duration}_{column}" for part in parts for column in OF_SECONDS.get(part, ())}
        percentiles += [duration] if parts & _PERCENTILES else []
    return Wanted(
        frozenset(names),
        _thresholds(selected, _named(nodes, "serviceLevel")),
        tuple(percentiles),
        bool(_named(nodes, "firstTimeContacts")),
        bool(_named(nodes, "peakConcurrentCalls")),
    )


def _named(nodes: Iterable[FieldNode], name: str) -> list[FieldNode]:
    return [node for node in nodes if node.name.value == name]


def _thresholds(selected: Below, nodes: Iterable[FieldNode]) -> tuple[int, ...]:
    of_type = selected.schema.get_type("CallStats")
    assert isinstance(of_type, GraphQLObjectType)
    field = of_type.fields["serviceLevel"]
    found = {get_argument_values(field, node, selected.variables)["withinSeconds"] for node in nodes}
    if len(found) > MOST_THRESHOLDS or any(not 0 <= one <= LONGEST_THRESHOLD for one in found):
        raise InputError(
            f"serviceLevel takes at most {MOST_THRESHOLDS} thresholds, each from 0 to {LONGEST_THRESHOLD:,} seconds."
        )
    return tuple(sorted(found))

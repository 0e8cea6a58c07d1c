"""Query: the ways into the graph."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from app.domain.errors import InputError
from app.domain.filters import (
    AgentFilter,
    AgentOrder,
    CallOrder,
    ContactFilter,
    ContactOrder,
    Filter,
    Order,
    TypedNumber,
)
from app.domain.pages import Page, Row
from app.domain.scope import Right
from app.engine.declared import Every, Found, Listed, NumbersCounted, Told
from app.graphql import filters, ids
from app.graphql.context import Context
from app.graphql.declare import (
    AfterArgument,
    BeforeArgument,
    CallFilterArgument,
    CallOrderArgument,
    FirstArgument,
    Info,
    LastArgument,
    columns_of,
    connection_columns,
    root,
)
from app.graphql.loaders.row_by_id import row_by_id
from app.graphql.pagination import ConnectionValue, window_of
from app.graphql.rights import demand
from app.graphql.selection import names_below
from app.graphql.types.agent import Agent, AgentConnection
from app.graphql.types.call import Call, CallConnection
from app.graphql.types.call_count import CallCount
from app.graphql.types.contact import Contact, ContactConnection
from app.graphql.types.node import TYPE, Node
from app.graphql.types.org_unit import OrgUnit
from app.graphql.types.source import Source
from app.graphql.types.viewer import Viewer, viewer_of
from app.store import counts, pages, rows

# The noun behind each type that has an id.
NOUNS = {"Call": "calls", "Agent": "agents", "Contact": "contacts", "Source": "sources", "OrgUnit": "org_units"}
MAX_IDS = 500
_ONE_OF_TWO = "Give either id or phoneNumber."

IdArgument = Annotated[strawberry.ID, argument(description="The id.")]
IdsArgument = Annotated[list[strawberry.ID], argument(description="The ids, at most 500.")]
NumbersArgument = Annotated[
    list[TypedNumber], argument(description="The numbers, at most 500; each is answered, zeros included.")
]
AgentFilterArgument = Annotated[
    filters.AgentFilterInput | None, argument(description="Which agents; all where none is given.")
]
AgentOrderArgument = Annotated[
    filters.AgentOrderInput | None, argument(description="How they are sorted; by name where not given.")
]
ContactFilterArgument = Annotated[
    filters.ContactFilterInput | None, argument(description="Which contacts; all where none is given.")
]
ContactOrderArgument = Annotated[
    filters.ContactOrderInput | None, argument(description="How they are sorted; by name where not given.")
]
MaybeIdArgument = Annotated[strawberry.ID | None, argument(description="The id.")]
MaybeNumberArgument = Annotated[TypedNumber | None, argument(description="One of the contact's numbers.")]


def _found(type_name: str) -> Found:
    return Found(NOUNS[type_name], lambda context, node_id: ids.decode_as(context.scope, type_name, node_id))


def _contact_id(context: Context, node_id: str) -> str | None:
    if not node_id:
        raise InputError(_ONE_OF_TWO)
    return ids.decode_as(context.scope, "Contact", node_id)


def _viewer(context: Context) -> Viewer:
    return viewer_of(context.scope, context.zone, context.viewer_name)


@strawberry.type(description="The ways into the graph.")
class Query:
    """Every root field; none holds SQL."""

    @root(Node | None, "Anything by its id; null where there is no such thing.", Right.CALLS_READ)
    @staticmethod
    async def node(info: Info, id: IdArgument) -> Any:
        """Relay's node."""
        return await _node(info, id)

    @root(
        list[Node | None] | None,
        "Things by their ids, in the same order; null where there is no such thing.",
        Right.CALLS_READ,
    )
    @staticmethod
    async def nodes(info: Info, ids: IdsArgument) -> Any:
        """Relay's nodes."""
        if len(ids) > MAX_IDS:
            raise InputError(f"ids has {len(ids)} values; at most {MAX_IDS} are allowed. Ask in several queries.")
        return [_node(info, id) for id in ids]

    @root(Call | None, "One call by its id; null where there is none.", Right.CALLS_READ, _found("Call"))
    @staticmethod
    async def call(info: Info, id: IdArgument) -> Any:
        """A call."""
        return await _one(info, "Call", id)

    @root(CallConnection | None, "Calls, newest first.", Right.CALLS_READ, Listed("calls"))
    @staticmethod
    async def calls(
        info: Info,
        filter: CallFilterArgument = UNSET,
        order_by: CallOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """The list of calls."""
        given = filters.calls_of(info.context, filter)
        return _connection(
            info, "calls", given, filters.order_of(info.context, CallOrder, order_by), first, after, last, before
        )

    @root(Agent | None, "One agent by its id; null where there is none.", Right.CALLS_READ, _found("Agent"))
    @staticmethod
    async def agent(info: Info, id: IdArgument) -> Any:
        """An agent."""
        return await _one(info, "Agent", id)

    @root(AgentConnection | None, "Agents, by name.", Right.CALLS_READ, Listed("agents"))
    @staticmethod
    async def agents(
        info: Info,
        filter: AgentFilterArgument = UNSET,
        order_by: AgentOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """The list of agents."""
        given = filters.filter_of(info.context, AgentFilter, filter)
        return _connection(
            info, "agents", given, filters.order_of(info.context, AgentOrder, order_by), first, after, last, before
        )

    @root(
        Contact | None,
        "One contact by its id or by one of its numbers; null where there is none.",
        Right.CALLS_READ,
        Found("contacts", _contact_id),
    )
    @staticmethod
    async def contact(
        info: Info,
        id: MaybeIdArgument = UNSET,
        phone_number: MaybeNumberArgument = UNSET,
    ) -> Any:
        """A contact."""
        if bool(id) == bool(phone_number):
            raise InputError(_ONE_OF_TWO)
        if id:
            return await _one(info, "Contact", id)
        demand(info.context.scope, Right.NUMBERS_READ)
        wanted = columns_of("contacts", _names(info))
        given = ContactFilter(phone_numbers=(TypedNumber(str(phone_number)),))
        async with info.context.view.reading() as connection:
            window = window_of(info.context.scope, ContactOrder(), 1, None, None, None)
            page = await pages.page(connection, info.context.scope, "contacts", wanted, given, ContactOrder(), window)
        return page.rows[0] if page.rows else None

    @root(ContactConnection | None, "Contacts, by name.", Right.CALLS_READ, Listed("contacts"))
    @staticmethod
    async def contacts(
        info: Info,
        filter: ContactFilterArgument = UNSET,
        order_by: ContactOrderArgument = UNSET,
        first: FirstArgument = UNSET,
        after: AfterArgument = UNSET,
        last: LastArgument = UNSET,
        before: BeforeArgument = UNSET,
    ) -> Any:
        """The list of contacts."""
        given = filters.filter_of(info.context, ContactFilter, filter)
        return _connection(
            info, "contacts", given, filters.order_of(info.context, ContactOrder, order_by), first, after, last, before
        )

    @root(
        list[CallCount] | None,
        "How many calls there were with each number, in one go; in `LAST_30_DAYS` unless the filter says a period or a range.",
        Right.STATS_READ,
        NumbersCounted(),
    )
    @staticmethod
    async def call_counts(info: Info, phone_numbers: NumbersArgument, filter: CallFilterArgument = UNSET) -> Any:
        """Counts by number."""
        numbers, given = filters.numbers_counted(info.context, phone_numbers, filter)
        async with info.context.view.reading() as connection:
            return await counts.by_number(connection, info.context.scope, numbers, given)

    @root(list[Source] | None, "Every source, by name.", Right.CALLS_READ, Every("sources", ("name",)))
    @staticmethod
    async def sources(info: Info) -> Any:
        """The sources, which are few."""
        wanted = columns_of("sources", _names(info))
        async with info.context.view.reading() as connection:
            return await rows.all_rows(connection, info.context.scope, "sources", wanted, ("name",))

    @root(Viewer, "Who asks, and what they may.", declared=Told(_viewer))
    @staticmethod
    async def viewer(info: Info) -> Any:
        """The viewer."""
        return _viewer(info.context)


def _connection(
    info: Info,
    noun: str,
    given: Filter,
    order: Order,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> ConnectionValue:
    context = info.context
    wanted = connection_columns(noun, info)
    window = window_of(context.scope, order, first, after, last, before)

    async def read_page() -> Page:
        async with context.view.reading() as connection:
            return await pages.page(connection, context.scope, noun, wanted, given, order, window)

    async def read_total() -> int:
        async with context.view.reading() as connection:
            return await pages.count(connection, context.scope, noun, given)

    return ConnectionValue(context.scope, order, read_page, read_total)


async def _one(info: Info, type_name: str, node_id: str) -> Row | None:
    id = ids.decode_as(info.context.scope, type_name, node_id)
    return await _row(info, type_name, id) if id else None


async def _node(info: Info, node_id: str) -> Row | None:
    found = ids.decode(info.context.scope, node_id)
    if found is None or found[0] not in NOUNS:
        return None
    row = await _row(info, *found)
    return row and row | {TYPE: found[0]}


async def _row(info: Info, type_name: str, id: str) -> Row | None:
    noun = NOUNS[type_name]
    wanted = columns_of(noun, _names(info))
    return await row_by_id(info.context, noun, wanted).load(id)


def _names(info: Info) -> set[str]:
    return names_below(info._raw_info.field_nodes, info._raw_info.fragments)


TYPES: tuple[type, ...] = (Call, Agent, Contact, Source, OrgUnit)

"""Whatever a vendor's document filters or sorts calls by, the graph can, and it selects just those calls."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType, GraphQLObjectType

from app.domain.calls import CallRecord
from app.domain.scope import Scope
from app.domain.sources import Locale
from app.graphql.schema import schema
from app.providers.registry import spec_of
from app.store import excluded, sources
from app.store.database import Database
from tests.builders import a_shared_store
from tests.conftest import House
from tests.graphql.vendor_parameters import VENDORS
from tests.graphql.vendor_parameters.words import Counts, Recalls, Row, Selects, Sorts, Vendor

IN_ONE_LOOP = pytest.mark.asyncio(loop_scope="module")  # so that the rows share their connections
Store = Callable[[str], str]  # the address of the filled store of an engine
CALLS = """query ($filter: CallFilter, $orderBy: CallOrder) {
  calls(filter: $filter, orderBy: $orderBy, first: 1000) { nodes { providerCallId } totalCount }
}"""
COUNTS = """query ($numbers: [PhoneNumber!]!, $filter: CallFilter) {
  callCounts(phoneNumbers: $numbers, filter: $filter) { phoneNumber total inbound outbound }
}"""
HISTORY = """query ($number: PhoneNumber!, $filter: CallFilter) {
  contact(phoneNumber: $number) { calls(filter: $filter, first: 1000) { nodes { providerCallId } } }
}"""


def of_kind(kind: type[Row]) -> pytest.MarkDecorator:
    """Runs a test for each row of a kind, of every vendor."""
    found = [(vendor, row) for vendor in VENDORS for row in vendor.rows if isinstance(row, kind)]
    ids = [f"{vendor.provider.value.lower()}: {row.value}" for vendor, row in found]
    return pytest.mark.parametrize(("vendor", "row"), found, ids=ids)


@pytest.fixture(scope="module")
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Gives the store of an engine, filled once: each vendor's records are a workspace of their own."""
    with ExitStack() as stack:

        @cache
        def filled(engine_name: str) -> str:
            url = stack.enter_context(a_shared_store(engine_name, request, tmp_path_factory.mktemp("parameters")))
            asyncio.run(fill(url))
            return url

        yield filled


async def fill(url: str) -> None:
    database = Database(url)
    for vendor in VENDORS:
        house = house_of(vendor, database)
        async with database.write() as connection:
            await sources.ensure_workspace(connection, house.scope, "UTC", house.now)
            await excluded.add(connection, house.scope, vendor.excluded_numbers, house.now)
        counts = await house.take(vendor.provider, vendor.body)
        assert (counts.new, counts.rejected) == (len(vendor.records), 0)
    await database.close()


def house_of(vendor: Vendor, database: Database) -> House:
    spec = spec_of(vendor.provider)
    scope = Scope(vendor.provider.value.lower(), regions=(spec.default_region,) if spec.default_region else ())
    return House(database, scope, vendor.now)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def databases() -> AsyncIterator[dict[str, Database]]:
    """The stores that are open, by their addresses."""
    opened: dict[str, Database] = {}
    yield opened
    for database in opened.values():
        await database.close()


@pytest.fixture
def asked(stores: Store, databases: dict[str, Database], engine_name: str, vendor: Vendor) -> House:
    """The house in which the vendor's records are."""
    url = stores(engine_name)
    return house_of(vendor, databases.setdefault(url, Database(url)))


def names_of(vendor: Vendor, nodes: list[dict[str, str]]) -> list[str]:
    """The names of the calls of an answer."""
    return [NAMES[vendor.provider][node["providerCallId"]] for node in nodes]


def names_by_id(vendor: Vendor) -> dict[str, str]:
    """The name of each record by the vendor's id of its call."""
    spec = spec_of(vendor.provider)
    locale = Locale(ZoneInfo(spec.default_zone), spec.default_region)
    found = {
        record.provider_call_id: name
        for name, payload in vendor.records.items()
        for record in spec.records(payload, locale)
        if isinstance(record, CallRecord)
    }
    assert len(found) == len(vendor.records)
    return found


NAMES = {vendor.provider: names_by_id(vendor) for vendor in VENDORS}


@of_kind(Selects)
@IN_ONE_LOOP
async def test_filter_selects_the_calls_that_the_parameter_selects(asked: House, vendor: Vendor, row: Selects) -> None:
    found = (await asked.ask(CALLS, filter=row.filter))["calls"]
    names = names_of(vendor, found["nodes"])
    assert set(row.selects) <= set(names)
    assert not set(row.leaves_out) & set(names)
    assert found["totalCount"] == len(names)


@of_kind(Sorts)
@IN_ONE_LOOP
async def test_order_sorts_calls_as_the_parameter_does(asked: House, vendor: Vendor, row: Sorts) -> None:
    found = await asked.ask(CALLS, filter=row.filter, orderBy=row.order_by)
    assert names_of(vendor, found["calls"]["nodes"]) == list(row.names)


@of_kind(Counts)
@IN_ONE_LOOP
async def test_counts_are_those_that_the_parameter_counts(asked: House, row: Counts) -> None:
    found = await asked.ask(COUNTS, numbers=list(row.counts), filter=row.filter)
    assert found["callCounts"] == [
        {"phoneNumber": number, "total": total, "inbound": inbound, "outbound": outbound}
        for number, (total, inbound, outbound) in row.counts.items()
    ]


@of_kind(Recalls)
@IN_ONE_LOOP
async def test_history_of_a_number_has_the_calls_that_the_parameter_selects(
    asked: House, vendor: Vendor, row: Recalls
) -> None:
    found = await asked.ask(HISTORY, number=row.phone_number, filter=row.filter)
    names = names_of(vendor, found["contact"]["calls"]["nodes"])
    assert set(row.selects) <= set(names)
    assert not set(row.leaves_out) & set(names)


BY_NAME = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.provider.value.lower())


@BY_NAME
def test_every_parameter_is_a_row_or_has_something_in_its_stead(vendor: Vendor) -> None:
    in_rows = {row.parameter for row in vendor.rows}
    assert in_rows | vendor.instead.keys() == vendor.parameters.keys()
    assert not in_rows & vendor.instead.keys()


@BY_NAME
def test_every_row_names_records_that_there_are_and_could_fail(vendor: Vendor) -> None:
    for row in vendor.rows:
        if isinstance(row, Selects | Recalls):
            assert min(len(row.selects), len(row.leaves_out)) > 0, row.value
            assert set(row.selects + row.leaves_out) <= vendor.records.keys(), row.value
        if isinstance(row, Sorts):
            assert len(row.names) > 2, row.value
            assert set(row.names) <= vendor.records.keys(), row.value


@BY_NAME
def test_what_stands_instead_of_a_parameter_is_in_the_graph(vendor: Vendor) -> None:
    for parameter, instead in vendor.instead.items():
        assert in_the_graph(instead.field), parameter
        assert instead.why


def in_the_graph(path: str) -> bool:
    """Whether there is a field or an input field `Type.field`, or an argument `Type.field(argument:)`."""
    type_name, _, rest = path.partition(".")
    name, _, argument = rest.removesuffix(":)").partition("(")
    found = schema()._schema.get_type(type_name)
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType), path
    field = found.fields.get(name)
    return field is not None and (not argument or argument in field.args)

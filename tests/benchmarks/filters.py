"""How long a page takes of each single filter of calls: of what most calls have, what few have and what none has, at any depth.

Each page of fifty is a GraphQL query, answered in this process as the server would, from the newest call on, from the
middle of the list, and three times close to its end, where few calls are left. The median of several answers is told; the
slowest ones go into the table.

    python -m tests.benchmarks.filters
    python -m tests.benchmarks.filters --size 50000 --stores sqlite --into README.md
"""

import argparse
import asyncio
import gc
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress

from app.domain.scope import Scope
from app.graphql import ids
from app.store import sources
from app.store.database import Database
from tests.benchmarks import stores, tables
from tests.benchmarks.company import FEW, WORKSPACE, Company, agent_id, contact_id, location_id, number_of, source_id
from tests.benchmarks.growth import Asked, House

BEGIN_TABLE = "<!-- python -m tests.benchmarks.filters --into README.md -->"
WANTED = 20  # milliseconds
_STORES = {"sqlite": stores.sqlite_store, "postgresql": stores.postgresql_store}
_SLOWEST = 12
# Where pages begin: before the calls of these hours, the newest first. Of five million calls 14,000, 2,300 and 117 are left
# at the last three; of fewer calls none may be.
DEPTHS = {
    "first": "2025-01-01T00",
    "middle": "2024-07-01T00",
    "last day": "2024-01-02T00",
    "last hours": "2024-01-01T08",
    "last": "2024-01-01T03",
}


def _id(kind: str, id: str) -> str:
    return ids.encode(kind, Scope(WORKSPACE), id)


_MANY_AGENT, _FEW_AGENT = _id("Agent", agent_id(1)), _id("Agent", agent_id(0))
_NO_AGENT, _CONTACT = _id("Agent", agent_id(7_777)), _id("Contact", contact_id(10))
_DAY, _YEAR = '{from: "2024-06-01T00:00:00Z", to: "2024-06-02T00:00:00Z"}', '{from: "2024-01-01T00:00:00Z"}'
_MONTHS = '{from: "2024-03-01T00:00:00Z", to: "2024-05-01T00:00:00Z"}'
_LONG_AGO, _LATE = '{to: "2024-01-01T00:01:00Z"}', '{from: "2030-01-01T00:00:00Z"}'
_WITH_TIMES = ("startedAt", "endedAt", "modifiedAt", "providerSyncedAt", "syncedAt")
_LENGTHS = {"durationSeconds": 4, "talkSeconds": 60, "ringSeconds": 10, "waitSeconds": 10, "holdSeconds": 10}
_WITH_LABELS = (
    *("departments", "ivrs", "campaigns", "lists", "broadcasts", "services", "trunks", "mediums", "dispositions"),
    *("wrapUps", "hangupCauses", "crmStatuses", "leadIds", "circles", "carriers", "accounts", "contexts"),
)
_UNITS = [_id("OrgUnit", location_id(number)) for number in (0, 1, 2)]

# As they stand within `filter: {...}`.
FILTERS = (
    *(f"{name}: {bounds}" for name in _WITH_TIMES for bounds in (_DAY, _MONTHS, _YEAR, _LONG_AGO, _LATE)),
    *("period: LAST_30_DAYS", "period: LAST_1_MINUTE", 'timezone: "Asia/Kathmandu"'),
    *("weekdays: [SUNDAY]", "weekdays: [MONDAY, FRIDAY]", "weekdays: []"),
    *(f'timeOfDay: {{from: "{one}", to: "{end}"}}' for one, end in (("09:00", "17:00"), ("23:45", "00:15"))),
    *('timeOfDay: {from: "00:00", to: "00:05"}, timezone: "America/New_York"',),
    *("direction: [INBOUND]", "direction: [INTERNAL]", "direction: [INBOUND, OUTBOUND]", "direction: []"),
    *("outcome: [ANSWERED]", "outcome: [VOICEMAIL]", "outcome: [MISSED, VOICEMAIL]", "outcome: [VOICEMAIL, BLOCKED]"),
    *("kind: [CALL]", "kind: [TEXT]", "kind: [CALL, TEXT]", "connected: true"),
    *('providerStatuses: ["answered"]', 'providerStatuses: ["lost on the way"]', 'providerStatuses: ["nowhere"]'),
    *(f'phoneNumbers: ["{number_of(one)}"]' for one in (10, 77_777_777)),
    *(f'phoneNumber: {{startsWith: "+97798{digits}"}}' for digits in ("00", "002", "0020", "00207", "0000001", "99")),
    *(f'phoneNumber: {{contains: "{digits}"}}' for digits in ("95", "980", "0012", "00123", "987654")),
    *(f'callerNumber: {{endsWith: "{digits}"}}' for digits in ("95", "000", "01234", "98765")),
    *(f'{name}: {{endsWith: "95"}}' for name in ("phoneNumber", "dialedNumber")),
    *(f'callerNumber: {{contains: "{digits}"}}' for digits in ("123", "193", "0012")),
    'callerNumber: {startsWith: "+97798002"}',
    *(f'dialedNumber: {{equals: "{number}"}}' for number in (number_of(10), "+97715970000", "+97715970009")),
    *(f'destinationNumber: {{in: ["{number}"]}}' for number in (number_of(10), "+97715970000", "+97715970009")),
    *('countries: ["NP"]', 'countries: ["IN"]', 'countries: ["US"]', "includeExcludedNumbers: false"),
    *(f'agentIds: ["{one}"]' for one in (_MANY_AGENT, _NO_AGENT)),
    f'agentIds: ["{_MANY_AGENT}", "{_FEW_AGENT}"]',
    *(f'involvedAgentIds: ["{one}"]' for one in (_MANY_AGENT, _NO_AGENT, f'{_MANY_AGENT}", "{_NO_AGENT}')),
    *(f'agentNumbers: ["{one}"]' for one in ("2001", "3001")),
    *(f'agentTags: ["{one}"]' for one in ("many", "few", "none")),
    *(f'agentCodes: ["{one}"]' for one in ("A1", "B1")),
    *(f'agentNames: ["{one}"]' for one in ("Bikram Adhikari 1", "Nobody")),
    *('providerAgentIds: ["17"]', f'contactIds: ["{_CONTACT}"]', f'contactIds: ["{_id("Contact", "0" * 32)}"]'),
    *(f'sourceIds: ["{_id("Source", source_id(number))}"]' for number in (0, 1, 2)),
    *("providers: [SMARTFLO]", "providers: [ACEFONE]", "providers: [CALLYZER]", "providers: [SMARTFLO, ACEFONE]"),
    *('providerCallIds: ["c1000"]', 'providerCallIds: ["c1000", "c2000", "x"]'),
    *(f'orgUnitIds: ["{unit}"]' for unit in _UNITS),
    *(f'orgUnitProviderIds: ["{one}"]' for one in ("L0", "L1", "L2")),
    *('orgUnitExternalIds: ["X"]', 'orgUnit: {kinds: [LOCATION], providerIds: ["L1"]}'),
    *('label: {kind: QUEUE, names: ["Support"]}', 'label: {kind: QUEUE, names: ["Nobody"]}'),
    *('queues: ["Support"]', 'queues: ["Support", "Sales"]', 'queues: ["Nobody"]'),
    *(f'references: ["Order {FEW}"]', f'references: ["Order {FEW}", "Order {2 * FEW}"]'),
    *(f'{name}: ["Nobody"]' for name in _WITH_LABELS),
    *("broadcast: true", "broadcast: false", "features: [REVIEW]", "reviews: [POSITIVE]", "reviews: [UNWORKED]"),
    *("reviewChanges: [APPROVED]", "rescues: [SAVED]"),
    *(f"{name}: {{gt: {bound}}}" for name, many in _LENGTHS.items() for bound in (many, 3_600, 100_000)),
    *(f"{name}: {{lt: {bound}}}" for name in _LENGTHS for bound in (20, 0)),
    *(
        "durationSeconds: {gte: 17, lte: 17}",
        "durationSeconds: {gt: 16, lt: 30}",
        "durationSeconds: {gte: 4001, lte: 4020}",
        "talkSeconds: {gte: 4321, lte: 4321}",
        "talkSeconds: {gte: 100, lt: 110}",
        *("durationSeconds: {gte: 700}", "durationSeconds: {lte: 2}", "talkSeconds: {gte: 600}"),
    ),
    *("hasRecording: true", "hasRecording: false", "hasNotes: true", "hasNotes: false", "revenueEntered: true"),
    *(f"without: [{part}]" for part in ("QUEUE", "AGENT", "CONTACT", "PHONE_NUMBER", "LOCATION")),
    *(
        f'search: "{words}"'
        for words in (
            *(
                "asha",
                "invoice",
                "nobody",
                "asha invoice",
                "asha adhikari",
                "kiran thapa",
                "sharma thapa",
                "poudel thapa",
            ),
            *("adhi", "rai", "41"),
            *("00123", "123", "200", "7735", "asha 0012"),
        )
    ),
    *("and: [{outcome: [MISSED]}]", "or: [{outcome: [MISSED]}, {kind: [TEXT]}]", "not: {outcome: [ANSWERED]}"),
)


Found = dict[str, dict[str, float]]  # the slowest depth of each filter, by store


async def measured(address: str, times: int, progress: Progress | None = None) -> dict[str, float]:
    """The milliseconds of each filter's page at its slowest depth."""
    database = Database(address)
    try:
        await database.optimize()
        async with database.read() as connection:
            found = await sources.workspace(connection, Scope(WORKSPACE))
        assert found
        house = House(database, *found)
        begun = [await _cursor(house, before) for before in DEPTHS.values()]
        cursors = [cursor for cursor in begun if cursor is not None]
        task = progress.add_task("", total=len(FILTERS)) if progress else None
        told = {}
        for one in FILTERS:
            if progress and task is not None:
                progress.update(task, description=one[:40], advance=1)
            query = (
                f"query ($a: String) {{ calls(first: 50, after: $a, filter: {{{one}}}) {{ nodes {{ startedAt }} }} }}"
            )
            asked = Asked(one, query, WANTED)
            told[one] = max([await house.milliseconds(asked, {"a": cursor}, times) for cursor in cursors])
        return told
    finally:
        await database.close()


async def _cursor(house: House, before: str) -> str | None:
    """Of the newest call before an hour."""
    query = f'{{ calls(first: 1, filter: {{startedAt: {{to: "{before}:00:00Z"}}}}) {{ pageInfo {{ endCursor }} }} }}'
    data = await house.ask(query, {})
    told: Any = msgspec.json.decode(data) if isinstance(data, msgspec.Raw) else data
    cursor: str | None = told["calls"]["pageInfo"]["endCursor"]
    return cursor


def table(found: Found, all_of_them: bool = False) -> str:
    """The slowest filters, in Markdown; or all."""
    by_time = sorted(FILTERS, key=lambda one: -max(told[one] for told in found.values()))
    shown = by_time if all_of_them else by_time[:_SLOWEST]
    rows = [(f"`{shortened(one)}`", [f"{told[one]:.1f}" for told in found.values()]) for one in shown]
    quick = [
        f"{sum(milliseconds < WANTED for milliseconds in told.values())} of {len(told)}" for told in found.values()
    ]
    rows.append((f"under {WANTED} ms", quick))
    return tables.markdown("milliseconds", [tables.STORES[store] for store in found], rows)


def shortened(filter: str) -> str:
    """A filter as it is told: of an id the last letters, which tell ids of one kind apart."""
    return re.sub(r'"\w{20,}(\w{4})"', r'"…\1"', filter)


def main(given: Sequence[str] | None = None) -> None:
    """Measures and prints the table of all; puts that of the slowest into a file where asked to."""
    options = _parser().parse_args(given)
    # As the server does: what was made at the start is no garbage, and few rows are.
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
    options.cache.mkdir(parents=True, exist_ok=True)
    found: Found = {}
    with Progress(console=Console(stderr=True)) as shown:
        for store in options.stores:
            with _STORES[store](options.cache, Company(options.size)) as address:
                found[store] = asyncio.run(measured(address, options.times, shown))
    print(table(found, all_of_them=True))
    if options.into:
        _put(options.into, found)


def _put(into: Path, found: Mapping[str, dict[str, float]]) -> None:
    try:
        text = tables.put_into(into.read_text(), table(dict(found)), BEGIN_TABLE)
    except tables.NoPlaceError as error:
        sys.exit(str(error))
    into.write_text(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.filters", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--size", type=int, default=5_000_000, help="how many calls")
    parser.add_argument("--stores", nargs="+", choices=_STORES, default=list(_STORES), help="in which stores")
    parser.add_argument("--times", type=int, default=3, help="how often each page is asked for")
    parser.add_argument(
        "--cache", type=Path, default=Path(gettempdir()) / "switchboard-benchmarks", help="where stores are kept"
    )
    parser.add_argument("--into", type=Path, help="put the table of the slowest into this Markdown file")
    return parser


if __name__ == "__main__":
    main()

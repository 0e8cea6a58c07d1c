"""How answers grow with the calls there are: statistics, counts and pages of 50,000, 500,000 and 5,000,000 calls of a year.

Each question is a GraphQL query, answered in this process as the server would: parsed, planned, read and encoded. The
median of several answers is told, of a store that nobody else uses, with all totals made.

    python -m tests.benchmarks.growth
    python -m tests.benchmarks.growth --sizes 50000 500000 --stores sqlite --plot tests/benchmarks/growth.png --into README.md
"""

import argparse
import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress

from app.domain.scope import Scope
from app.domain.times import zone_named
from app.engine.engine import Engine
from app.graphql.context import Context
from app.graphql.documents import LIMITS, Document
from app.graphql.execution import Answer, Question, answer
from app.graphql.exporting import Rewritten
from app.graphql.graph import Declared
from app.graphql.limits import Cost
from app.graphql.schema import schema
from app.store import sources
from app.store.database import Database
from app.sync.compacting import compacting
from tests.benchmarks import stores, tables
from tests.benchmarks.company import END, WORKSPACE, Company

SIZES = (50_000, 500_000, 5_000_000)
BEGIN_TABLE = "<!-- python -m tests.benchmarks.growth --into README.md -->"
_STORES = {"sqlite": stores.sqlite_store, "postgresql": stores.postgresql_store}
_DAYS_180 = 'startedAt: {from: "2024-06-30T18:15:00Z", to: "2024-12-27T18:15:00Z"}'
_DAYS_90 = 'startedAt: {from: "2024-09-28T18:15:00Z", to: "2024-12-27T18:15:00Z"}'
_DAYS_30 = 'startedAt: {from: "2024-11-27T18:15:00Z", to: "2024-12-27T18:15:00Z"}'


@dataclass(frozen=True)
class Asked:
    """A question, and in how many milliseconds its answer is wanted of 5,000,000 calls."""

    name: str
    query: str
    wanted: int


QUESTIONS = (
    Asked(
        "180 days by day",
        f"{{ callStats(filter: {{{_DAYS_180}}}, groupBy: [DAY]) {{ key {{ start }} total answered talk {{ sum }} }} }}",
        50,
    ),
    Asked(
        "hour of day x weekday, 180 days",
        f"{{ callStats(filter: {{{_DAYS_180}}}, groupBy: [WEEKDAY, HOUR_OF_DAY]) {{ key {{ weekday hourOfDay }} total answered }} }}",
        100,
    ),
    Asked(
        "agents of 90 days",
        f"{{ callStats(filter: {{{_DAYS_90}}}, groupBy: [AGENT]) {{ key {{ agent {{ name }} }} total answered talk {{ sum }} }} }}",
        100,
    ),
    Asked(
        "counts of 100 numbers, 30 days",
        f"query ($numbers: [PhoneNumber!]!) {{ callCounts(phoneNumbers: $numbers, filter: {{{_DAYS_30}}}) {{ total inbound }} }}",
        20,
    ),
    Asked(
        "30 days of one contact",
        "query ($number: PhoneNumber!) { calls(filter: {phoneNumbers: [$number], "
        + _DAYS_30
        + "}) { totalCount nodes { startedAt outcome } } }",
        50,
    ),
    Asked("first page", "{ calls(filter: {direction: [INBOUND]}) { nodes { startedAt outcome } } }", 20),
    Asked(
        "page in the middle",
        "query ($after: String) { calls(first: 50, after: $after) { nodes { startedAt outcome } } }",
        20,
    ),
    Asked(
        "page of a missed day",
        f"{{ calls(filter: {{outcome: [MISSED], {_DAYS_30}}}) {{ nodes {{ startedAt }} }} }}",
        20,
    ),
    Asked("page of internal calls: none", "{ calls(filter: {direction: [INTERNAL]}) { nodes { startedAt } } }", 20),
)


class _Unhindered:
    """No budget and no access log."""

    limits = LIMITS

    def begin(self, document: Document, cost: Cost) -> None:
        """Always."""

    def worked(self, parts: int) -> None:
        """Nobody is charged."""


class House:
    """A store, asked as the server would."""

    def __init__(self, database: Database, scope: Scope, zone: str) -> None:
        self._database, self._scope, self._zone = database, scope, zone_named(zone)
        self._documents, self._engine = Rewritten(), Engine(Declared(), schema()._schema, database.dialect)

    async def ask(self, query: str, variables: Mapping[str, Any]) -> Any:
        """What a query is answered."""
        context = Context(self._scope, self._zone, self._database, END)
        question = Question(query, None, dict(variables))
        found: Answer = await answer(question, self._documents, context, _Unhindered(), True, "growth", self._engine)
        assert not found.errors, found.errors
        return found.data

    async def milliseconds(self, asked: Asked, variables: Mapping[str, Any], times: int) -> float:
        """The median time of an answer; the first one, which is planned, is not counted."""
        told = []
        for _ in range(times + 1):
            begun = time.perf_counter()
            await self.ask(asked.query, variables)
            told.append((time.perf_counter() - begun) * 1000)
        return statistics.median(told[1:])


async def measured(address: str, times: int) -> dict[str, float]:
    """The milliseconds of each question, on one store."""
    database = Database(address)
    try:
        async for _ in compacting(database, Scope(WORKSPACE)):
            pass
        await database.optimize()
        async with database.read() as connection:
            found = await sources.workspace(connection, Scope(WORKSPACE))
        assert found
        house = House(database, *found)
        variables = await _variables(house)
        return {asked.name: await house.milliseconds(asked, variables, times) for asked in QUESTIONS}
    finally:
        await database.close()


async def _variables(house: House) -> dict[str, Any]:
    """A hundred numbers, one of them, and the cursor of the middle of the list."""

    def read(data: Any) -> Any:
        return msgspec.json.decode(data) if isinstance(data, msgspec.Raw) else data

    query = "{ calls(first: 1000) { nodes { phoneNumber } } }"
    told = read(await house.ask(query, {}))["calls"]["nodes"]
    numbers = list(dict.fromkeys(one["phoneNumber"] for one in told))[:100]
    middle = '{ calls(first: 1, filter: {startedAt: {to: "2024-07-01T00:00:00Z"}}) { pageInfo { endCursor } } }'
    cursor = read(await house.ask(middle, {}))["calls"]["pageInfo"]["endCursor"]
    return {"numbers": numbers, "number": numbers[0], "after": cursor}


Found = dict[tuple[str, int], dict[str, float]]


def table(found: Found) -> str:
    """The milliseconds in Markdown."""
    names = [f"{tables.STORES[store]}, {size:,}" for store, size in found]
    rows = [
        (asked.name, [*(f"{of[asked.name]:.1f}" for of in found.values()), str(asked.wanted)]) for asked in QUESTIONS
    ]
    return tables.markdown("milliseconds", [*names, "at most"], rows)


def plot(found: Found, into: Path) -> None:
    """The curves of each question over the sizes, as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len({store for store, _ in found}), figsize=(12, 5.6), sharey=True, squeeze=False)
    for axis, store in zip(axes[0], dict.fromkeys(store for store, _ in found), strict=True):
        sizes = [size for of, size in found if of == store]
        for asked in QUESTIONS:
            axis.plot(sizes, [found[store, size][asked.name] for size in sizes], marker="o", label=asked.name)
        axis.set(xscale="log", yscale="log", xlabel="calls", title=tables.STORES[store])
        axis.grid(visible=True, which="both", alpha=0.2)
    axes[0][0].set_ylabel("milliseconds")
    names = axes[0][0].get_legend_handles_labels()
    figure.legend(*names, loc="lower center", ncols=5, fontsize=8)  # beside the curves, which it would hide
    figure.tight_layout(rect=(0, 0.09, 1, 1))
    figure.savefig(into, dpi=110)


def main(given: Sequence[str] | None = None) -> None:
    """Measures and prints a table; puts it into a file, and a picture beside it, where these are asked for."""
    options = _parser().parse_args(given)
    # As the server does: what was made at the start is no garbage, and few rows are.
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
    options.cache.mkdir(parents=True, exist_ok=True)
    found: Found = {}
    with Progress(console=Console(stderr=True)) as shown:
        task = shown.add_task("Measuring", total=len(options.stores) * len(options.sizes))
        for store in options.stores:
            for size in options.sizes:
                shown.update(task, description=f"{store}, {size:,} calls")
                with _STORES[store](options.cache, Company(size)) as address:
                    found[store, size] = asyncio.run(measured(address, options.times))
                shown.advance(task)
    report = table(found)
    print(report)
    if options.plot:
        plot(found, options.plot)
    if options.into:
        try:
            text = tables.put_into(options.into.read_text(), report, BEGIN_TABLE)
        except tables.NoPlaceError as error:
            sys.exit(str(error))
        options.into.write_text(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.growth", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many calls")
    parser.add_argument("--stores", nargs="+", choices=_STORES, default=list(_STORES), help="in which stores")
    parser.add_argument("--times", type=int, default=7, help="how often each question is asked")
    parser.add_argument(
        "--cache", type=Path, default=Path(gettempdir()) / "switchboard-benchmarks", help="where stores are kept"
    )
    parser.add_argument("--plot", type=Path, help="draw the curves into this PNG")
    parser.add_argument("--into", type=Path, help="put the table into this Markdown file")
    return parser


if __name__ == "__main__":
    main()
